//! The real desktop window, driven as a person would: by what is on screen, by mouse and keys.

use crate::{
    ask, build,
    demo::Member,
    port,
    process::Running,
    wait::{PATIENCE, until},
    workstation::Workstation,
};
use anyhow::{Context, Result, bail, ensure};
use serde_json::json;
use std::{env, process::Command, time::Duration};
use thirtyfour::{By, Capabilities, Key, WebDriver, WebElement, error::WebDriverErrorInner};

/// Of one form.
const MOST_FIELDS: usize = 40;

/// From now on the page keeps its longest frame, and whatever went wrong in it.
const WATCH: &str = "
    if (!window.watched) {
        const watched = (window.watched = { frame: 0, errors: [] });
        addEventListener('error', (event) => watched.errors.push(String(event.message)));
        addEventListener('unhandledrejection', (event) => watched.errors.push(String(event.reason?.stack ?? event.reason)));
        let last = performance.now();
        const tick = (now) => {
            watched.frame = Math.max(watched.frame, now - last);
            last = now;
            requestAnimationFrame(tick);
        };
        requestAnimationFrame(tick);
    }
";

/// A window on a workstation. Ends with its driver when dropped.
pub struct Window {
    session: Option<WebDriver>,
    // Dropped after the session, so that the window closes before its driver goes.
    _driver: Running,
}

impl Window {
    /// Opens the app on a workstation's folder.
    ///
    /// # Errors
    /// There is no display, or the app or its driver does not start.
    pub async fn open(desk: &Workstation) -> Result<Self> {
        ensure!(
            env::var_os("DISPLAY").is_some(),
            "a window needs a screen: run this under scripts/in-session.sh, as `make test` does"
        );
        let (port, native) = (port::free()?, port::free()?);
        let mut command = Command::new(build::tauri_driver()?);
        // The workstation's own zone is never the practice's.
        command.env("TZ", "Asia/Kolkata");
        command.args(["--port", &port.to_string(), "--native-port", &native.to_string()]);
        let mut driver = Running::start(&mut command, &desk.log("window.log"))?;
        let url = format!("http://127.0.0.1:{port}");
        // The port answers before the driver behind it does: only its status says that it is ready.
        until("the driver's start", PATIENCE, || {
            let ready = driver.still_there().and_then(|()| ask::answers(&format!("{url}/status"), None));
            async move { ready }
        })
        .await?;
        let session = connect(&url, desk).await.with_context(|| driver.output())?;
        Ok(Self { session: Some(session), _driver: driver })
    }

    /// The WebDriver session, for what the methods here do not say.
    ///
    /// # Panics
    /// Never: it is there until [`Self::close`] takes the window.
    pub fn driver(&self) -> &WebDriver {
        self.session.as_ref().expect("the session is there until the window is closed")
    }

    /// The element with this test id, once it is on screen.
    ///
    /// # Errors
    /// It did not come within [`PATIENCE`].
    pub async fn see(&self, id: &str) -> Result<WebElement> {
        self.see_within(id, PATIENCE).await
    }

    /// As [`Self::see`], with a limit of its own.
    ///
    /// # Errors
    /// It did not come within the limit.
    pub async fn see_within(&self, id: &str, limit: Duration) -> Result<WebElement> {
        until(&format!("{id} on screen"), limit, || self.displayed(id)).await
    }

    /// Waits until an element's visible text holds some words.
    ///
    /// # Errors
    /// It never did; the message has the text that was there.
    pub async fn reads(&self, id: &str, words: &str) -> Result<()> {
        until(&format!("{words:?} in {id}"), PATIENCE, || async {
            // The driver's own idea of visible text is empty inside a dialog that clips; the page's is not.
            let text = self.displayed(id).await?.prop("innerText").await?.unwrap_or_default();
            ensure!(text.contains(words), "{text:?}");
            Ok(())
        })
        .await
    }

    /// Waits until no such element is on screen.
    ///
    /// # Errors
    /// It stayed.
    pub async fn gone(&self, id: &str) -> Result<()> {
        until(&format!("{id} gone"), PATIENCE, || async {
            ensure!(self.displayed(id).await.is_err(), "it is still there");
            Ok(())
        })
        .await
    }

    /// Clicks an element, once it is there and can be clicked.
    ///
    /// # Errors
    /// It never could.
    pub async fn click(&self, id: &str) -> Result<()> {
        until(&format!("a click on {id}"), PATIENCE, || async { Ok(self.displayed(id).await?.click().await?) }).await
    }

    /// Empties a field and types into it.
    ///
    /// # Errors
    /// There is no such field.
    pub async fn fill(&self, id: &str, text: &str) -> Result<()> {
        let field = self.see(id).await?;
        field.clear().await?;
        Ok(field.send_keys(text).await?)
    }

    /// Presses keys wherever the focus is ([`thirtyfour::Key`] for the special ones).
    ///
    /// # Errors
    /// The window is gone.
    pub async fn press(&self, keys: impl Into<thirtyfour::TypingData>) -> Result<()> {
        Ok(self.driver().action_chain().send_keys(keys).perform().await?)
    }

    /// Presses a key while others are held.
    ///
    /// # Errors
    /// The window is gone.
    pub async fn chord(&self, held: &[Key], key: impl Into<thirtyfour::TypingData>) -> Result<()> {
        let mut chain = self.driver().action_chain();
        for held in held {
            chain = chain.key_down(held.clone());
        }
        chain = chain.send_keys(key);
        for held in held {
            chain = chain.key_up(held.clone());
        }
        Ok(chain.perform().await?)
    }

    /// A picture in `target/screenshots`, after the page has painted what it shows.
    ///
    /// # Errors
    /// No picture can be taken.
    pub async fn picture(&self, name: &str) -> Result<()> {
        // The first frame of a page that just changed may be the one before it.
        let painted =
            "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done(true)));";
        self.driver().execute_async(painted, vec![]).await?;
        let file = build::screenshots()?.join(format!("{name}.png"));
        Ok(self.driver().screenshot(&file).await?)
    }

    /// From now on its page keeps what goes wrong in it, and its longest frame (`window.watched`).
    ///
    /// # Errors
    /// The window is gone.
    pub async fn watch(&self) -> Result<()> {
        self.driver().execute(WATCH, vec![]).await?;
        Ok(())
    }

    /// What went wrong in its page since [`Self::watch`].
    ///
    /// # Errors
    /// The window is gone, or was never watched.
    pub async fn errors(&self) -> Result<Vec<String>> {
        Ok(self.driver().execute("return window.watched.errors;", vec![]).await?.convert()?)
    }

    /// Signs a member in, and waits for the day.
    ///
    /// # Errors
    /// It does not come.
    pub async fn sign_in(&self, member: &Member) -> Result<()> {
        self.fill("sign-in-email", &member.email).await?;
        self.fill("sign-in-password", &member.password).await?;
        self.click("sign-in-go").await?;
        self.see("day-grid").await?;
        self.came_in().await
    }

    /// Tells the page that it is an open one, for [`Self::locked`]. Whoever unlocks it says so.
    ///
    /// # Errors
    /// The window is gone.
    pub async fn came_in(&self) -> Result<()> {
        self.driver().execute("window.cameIn = true;", vec![]).await?;
        Ok(())
    }

    /// Waits until this of the lock screen is there to stay. The page that was open shows it too, until the program gives the
    /// window a fresh one, and what is typed in between goes with it.
    ///
    /// # Errors
    /// It never is.
    pub async fn locked(&self, id: &str) -> Result<()> {
        until(&format!("{id} of a fresh page"), PATIENCE, || async {
            self.displayed(id).await?;
            let open: bool = self.driver().execute("return window.cameIn === true;", vec![]).await?.convert()?;
            ensure!(!open, "it is still the page that was open");
            Ok(())
        })
        .await
    }

    /// The test id of what has the keyboard.
    ///
    /// # Errors
    /// The window is gone.
    pub async fn focused(&self) -> Result<String> {
        let script = "return document.activeElement?.dataset.testid ?? document.activeElement?.tagName ?? '';";
        Ok(self.driver().execute(script, vec![]).await?.convert()?)
    }

    /// Goes from field to field with Tab, or back with Shift, until that one has the keyboard.
    ///
    /// # Errors
    /// It can't be reached so.
    pub async fn tab_to(&self, id: &str, back: bool) -> Result<()> {
        for _ in 0..MOST_FIELDS {
            if self.focused().await? == id {
                return Ok(());
            }
            let held: &[Key] = if back { &[Key::Shift] } else { &[] };
            self.chord(held, Key::Tab + "").await?;
        }
        bail!("Tab does not lead to {id}, but to {}", self.focused().await?)
    }

    /// Waits until that has the keyboard.
    ///
    /// # Errors
    /// It never did.
    pub async fn focuses(&self, id: &str) -> Result<()> {
        until(&format!("the keyboard in {id}"), PATIENCE, || async {
            let at = self.focused().await?;
            ensure!(at == id, "it is in {at}");
            Ok(())
        })
        .await
    }

    /// Closes the app as its window's cross does.
    ///
    /// # Errors
    /// It was gone already.
    pub async fn close(mut self) -> Result<()> {
        match self.session.take() {
            Some(session) => Ok(session.quit().await?),
            None => Ok(()),
        }
    }

    async fn displayed(&self, id: &str) -> Result<WebElement> {
        let found = self.driver().find(By::Testid(id)).await;
        if let Err(error) = &found
            && matches!(error.as_inner(), WebDriverErrorInner::NoSuchWindow(_))
        {
            self.follow().await?;
        }
        found?;
        for element in self.driver().find_all(By::Testid(id)).await? {
            // The driver's own idea of what is displayed ends at a scrolled or clipped parent; the page's does not.
            let script = "return arguments[0].checkVisibility({ visibilityProperty: true, opacityProperty: true });";
            if self.driver().execute(script, vec![element.to_json()?]).await?.json() == true {
                return Ok(element);
            }
        }
        bail!("{id} is there but not shown")
    }

    /// The app replaces its window by a fresh one when it locks; a person just goes on in that.
    async fn follow(&self) -> Result<()> {
        let windows = self.driver().windows().await?;
        let fresh = windows.last().context("the app has no window")?.clone();
        Ok(self.driver().switch_to_window(fresh).await?)
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        // A test that failed must not wait for a polite goodbye; ending the driver ends the window.
        if let Some(session) = self.session.take() {
            let _ = session.leak();
        }
    }
}

async fn connect(url: &str, desk: &Workstation) -> Result<WebDriver> {
    // One provider for the whole tree; the second window of a test finds it installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut wishes = Capabilities::new();
    let home = desk.home();
    wishes.set("tauri:options", json!({ "application": build::program("shadowchart")?, "args": ["--home", home] }))?;
    Ok(WebDriver::new(url, wishes).await?)
}
