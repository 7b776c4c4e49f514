//! A member of staff who presses and clicks whatever there is: seeded, so that what it did can be done again.
//!
//! It has the keys of the day, the palette and the forms, and clicks whatever is on screen. Left out is what would leave
//! the window: printing, files, the system's own choosers, and signing out.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use fastrand::Rng;
use serde_json::{Value, json};
use thirtyfour::{By, Key};

use crate::{
    demo::Member,
    host::Host,
    wait::{PATIENCE, until},
    window::Window,
    workstation::Workstation,
};

/// Actions between two pieces of trouble.
const UNTROUBLED: usize = 50;

/// A frame that nobody notices, in milliseconds.
pub const FRAME: f64 = 200.0;

/// Two frames later: the longest since it was last asked for, what went wrong, and where the page is.
const SEEN: &str = "
    const done = arguments[0];
    requestAnimationFrame(() => requestAnimationFrame(() => {
        const { frame, errors } = window.watched;
        window.watched.frame = 0;
        const blank = document.body.innerText.trim() === '';
        const locked = document.querySelector('[data-testid=lock-screen]') !== null;
        done({ frame, errors: errors.splice(0), blank, locked });
    }));
";

/// Something on screen that can be clicked, the nth of them: what it is called, and its middle. Whatever lies over the page
/// comes first. No element is handed out: the driver would keep it, and all around it, after the page has let go of it.
const CLICKABLE: &str = "
    const over = [...document.querySelectorAll('dialog[open]')].at(-1) ?? document;
    const leaves = /sign out|hand over|print|pdf|save|lock|quit|photo|file|idle/i;
    const all = [...over.querySelectorAll('button, [role=button], [role=option], [role=tab], a, input, textarea')].filter((one) => {
        if (one.matches(':disabled, [type=date], [type=file], [type=time]') || !one.checkVisibility()) return false;
        const box = one.getBoundingClientRect();
        const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
        return top !== null && (one.contains(top) || top.contains(one)) && !leaves.test(`${one.innerText} ${one.ariaLabel} ${one.title} ${one.dataset.testid}`);
    });
    const one = all[arguments[0] % all.length];
    const box = one?.getBoundingClientRect();
    return one ? [one.dataset.testid ?? 'something', Math.floor(box.x + box.width / 2), Math.floor(box.y + box.height / 2)] : null;
";

/// What stands in a booking that is not made yet.
const DRAFT: &str = "
    const fields = document.querySelectorAll('[data-testid=booking] input, [data-testid=booking] textarea, [data-testid=booking] select');
    return [...fields].map((field) => [field.dataset.testid ?? field.name, field.type === 'checkbox' ? field.checked : field.value]);
";

/// The visits that the window shows, and those that the program keeps, of the day that is shown.
const DAY: &str = "
    const done = arguments[0];
    const grid = document.querySelector('[data-testid=day-grid]');
    const card = (id, status) => `${id} ${status}`;
    const shown = [...grid.querySelectorAll('[data-testid=sheet] [data-card]')].map(({ dataset }) => card(dataset.card, dataset.status));
    window.__TAURI_INTERNALS__.invoke('day', { date: grid.dataset.date }).then(
        ({ day }) => done({ shown, kept: day.appointments.map(({ id, status }) => card(id, status)) }),
        (refused) => done({ refused }),
    );
";

const KEYS: &[&str] = &[
    "t", "[", "]", "g", "w", "l", "s", "b", "o", "p", "j", "v", "a", "r", "d", "n", "m", "k", "x", "c", "f", "u", "h",
    "y", "q", "1", "2", "7", "?",
];

const WORDS: &[&str] =
    &["a", "sam", "o'n", "1/2/1980", "30 min morning", "ไทย", "العربية", "21:15", "9", "called back", "🦷", "x, y, z"];

/// What it did, and what came of it.
pub struct Monkey<'a> {
    window: &'a Window,
    member: &'a Member,
    dice: Rng,
    /// The longest frame, in milliseconds, and what was done then.
    pub slowest: (f64, String),
    /// Frames over [`FRAME`], with what was done.
    pub slow: Vec<(f64, String)>,
}

impl<'a> Monkey<'a> {
    /// One for a window whose member is signed in.
    pub fn new(window: &'a Window, member: &'a Member, seed: u64) -> Self {
        Self { window, member, dice: Rng::with_seed(seed), slowest: (0.0, String::new()), slow: Vec::new() }
    }

    /// Does `actions` things. In between the host goes and comes back, the window is locked, and another computer sends
    /// what it booked.
    ///
    /// # Errors
    /// The page had an error, went blank, or lost what was half entered.
    pub async fn act(&mut self, actions: usize, host: &mut Host, elsewhere: &Workstation) -> Result<()> {
        self.window.watch().await?;
        for nth in 1..=actions {
            let did = self.act_once().await?;
            self.look(&did).await.with_context(|| format!("action {nth}: {did}"))?;
            if nth % UNTROUBLED == 0 {
                self.trouble(host, elsewhere).await.with_context(|| format!("after action {nth}: {did}"))?;
            }
        }
        Ok(())
    }

    async fn act_once(&mut self) -> Result<String> {
        match self.dice.u32(0..100) {
            0..20 => self.click().await,
            20..30 => {
                let word = WORDS[self.dice.usize(..WORDS.len())];
                self.window.press(word).await?;
                Ok(format!("typed {word}"))
            }
            30..45 => self.press(Key::Escape, "Escape").await,
            45..52 => self.press(Key::Enter, "Enter").await,
            52..62 => {
                let (key, name) = [(Key::Up, "up"), (Key::Down, "down"), (Key::Left, "left"), (Key::Right, "right")]
                    [self.dice.usize(..4)]
                .clone();
                self.press(key, name).await
            }
            62..66 => self.press(Key::Tab, "Tab").await,
            66..70 => self.chord("k").await,
            70..74 => self.chord("z").await,
            _ => {
                let key = KEYS[self.dice.usize(..KEYS.len())];
                self.window.press(key).await?;
                Ok(key.to_owned())
            }
        }
    }

    async fn press(&self, key: Key, name: &str) -> Result<String> {
        self.window.press(key + "").await?;
        Ok(name.to_owned())
    }

    async fn chord(&self, key: &str) -> Result<String> {
        self.window.chord(&[Key::Control], key).await?;
        Ok(format!("Ctrl {key}"))
    }

    async fn click(&mut self) -> Result<String> {
        let found = self.window.driver().execute(CLICKABLE, vec![json!(self.dice.u32(..))]).await?;
        let Some((what, x, y)) = found.convert::<Option<(String, i64, i64)>>()? else {
            return Ok("nothing to click".to_owned());
        };
        self.window.driver().action_chain().move_to(x, y).click().perform().await?;
        Ok(format!("clicked {what}"))
    }

    async fn look(&mut self, did: &str) -> Result<()> {
        // To lock is among what the palette does; the page goes in the middle of a look then.
        let may_lock = did == "clicked palette-deed" || did == "Enter";
        let seen = match self.window.driver().execute_async(SEEN, vec![]).await {
            Ok(seen) if seen.json()["locked"] == true && may_lock => return self.unlock().await,
            Err(_) if may_lock => return self.unlock().await,
            seen => seen?.json().clone(),
        };
        ensure!(seen["errors"].as_array().is_some_and(Vec::is_empty), "the page had errors: {}", seen["errors"]);
        ensure!(seen["blank"] == false, "the page is blank");
        ensure!(seen["locked"] == false, "the window locked by itself");
        let frame = seen["frame"].as_f64().context("a frame has a length")?;
        if frame > self.slowest.0 {
            self.slowest = (frame, did.to_owned());
        }
        if frame > FRAME {
            self.slow.push((frame, did.to_owned()));
        }
        Ok(())
    }

    async fn trouble(&mut self, host: &mut Host, elsewhere: &Workstation) -> Result<()> {
        match self.dice.u32(..3) {
            0 => self.lock().await,
            1 => {
                host.kill();
                self.window.reads("connection", "Offline").await
            }
            _ => {
                if host.process_id().is_err() {
                    host.start().await?;
                }
                elsewhere.ctl_as(self.member, &["sync"])?;
                Ok(())
            }
        }
    }

    /// Locks, and comes back to what was there.
    async fn lock(&self) -> Result<()> {
        let before = self.draft().await?;
        self.window.chord(&[Key::Control], "l").await?;
        self.unlock().await?;
        until("what was half entered", PATIENCE, || async {
            let after = self.draft().await?;
            ensure!(before == after, "{before} became {after}");
            Ok(())
        })
        .await
    }

    async fn unlock(&self) -> Result<()> {
        self.window.locked("lock-screen").await?;
        self.window.fill("lock-password", &self.member.password).await?;
        self.window.click("lock-unlock").await?;
        self.window.gone("lock-screen").await?;
        self.window.see("desk").await?;
        self.window.came_in().await?;
        self.window.watch().await
    }

    async fn draft(&self) -> Result<Value> {
        Ok(self.window.driver().execute(DRAFT, vec![]).await?.json().clone())
    }

    /// Ends whatever is begun, and sees that the day on screen is the one that the program keeps, and the host.
    ///
    /// # Errors
    /// It is not.
    pub async fn ends_in_order(&self, host: &mut Host) -> Result<()> {
        if host.process_id().is_err() {
            host.start().await?;
        }
        until("an empty desk", PATIENCE, || async {
            self.window.press(Key::Escape + "").await?;
            let open = self.window.driver().find_all(By::Css("dialog[open], [data-testid=booking]")).await?;
            ensure!(open.is_empty(), "{} are open", open.len());
            Ok(())
        })
        .await?;
        until("the day's columns", PATIENCE, || async {
            self.window.click("nav-day").await?;
            for (shape, key) in [("day-list", "l"), ("week-grid", "w"), ("week-overview", "w")] {
                if self.window.driver().find(By::Testid(shape)).await.is_ok() {
                    self.window.press(key).await?;
                    self.window.gone(shape).await?;
                }
            }
            self.window.driver().find(By::Testid("day-grid")).await.context("the page shows something else")?;
            Ok(())
        })
        .await?;
        until("the day in the window as it is kept", Duration::from_secs(60), || async {
            let day = self.window.driver().execute_async(DAY, vec![]).await?.json().clone();
            let all = |which: &str| -> Result<Vec<String>> {
                let mut all: Vec<String> = serde_json::from_value(day[which].clone())?;
                all.sort();
                Ok(all)
            };
            let (shown, kept) = (all("shown")?, all("kept")?);
            let hidden = self.window.driver().find(By::Testid("show-all-columns")).await.is_ok();
            let odd: Vec<_> = shown.iter().filter(|card| !kept.contains(card)).collect();
            ensure!(odd.is_empty(), "shown and not kept: {odd:?}");
            let gone = |card: &&String| {
                !shown.contains(card)
                    && !["cancelled", "noshow", "entered-in-error"].iter().any(|off| card.ends_with(off))
            };
            let missing: Vec<_> = kept.iter().filter(gone).collect();
            ensure!(hidden || missing.is_empty(), "kept and not shown: {missing:?}");
            Ok(())
        })
        .await
    }
}
