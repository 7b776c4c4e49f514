//! What the front desk does all day, in the window: checking in, booking somebody known, booking somebody new, moving a visit
//! by pointer. Keys come at five a second, from the first to the frame that shows the answer.
#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tests::{
    figures::percentile,
    host::Host,
    wait::{PATIENCE, until},
    window::Window,
    workstation::Workstation,
};
use thirtyfour::{By, Key, TypingData};
use tokio::time::{Interval, MissedTickBehavior, interval};

const PATIENTS: &str = "2000";
const PROVIDERS: &str = "12";
const BETWEEN_KEYS: Duration = Duration::from_millis(200);
const CHECK_IN_KEYS: usize = 2;
/// After the name.
const KNOWN_KEYS: usize = 12;
const KNOWN_SECONDS: f64 = 15.0;
const NEW_SECONDS: f64 = 40.0;
/// Milliseconds.
const DRAG_FRAME: f64 = 20.0;
/// Appointments of a day that is worth a look.
const BUSY: usize = 100;

/// Takes the time from the next key to the frame in which what is asked for stands.
const TIME: &str = "
    const timed = (window.timed = { first: null, took: null });
    const first = () => { timed.first ??= performance.now(); look(); };
    const look = () => {
        if (timed.first === null || !there()) return;
        watch.disconnect();
        removeEventListener('keydown', first, true);
        requestAnimationFrame(() => requestAnimationFrame(() => (timed.took = performance.now() - timed.first)));
    };
    const watch = new MutationObserver(look);
    watch.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    addEventListener('keydown', first, true);
";

/// From the first move of a drag to its end keeps how long each frame was.
const FRAMES: &str = "
    const frames = (window.frames_of_drag = []);
    let last = null;
    const tick = (now) => {
        const moving = document.querySelector('[data-testid=ghost]') !== null;
        if (moving && last !== null) frames.push(now - last);
        last = moving ? now : null;
        requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
";

/// A person at the keyboard.
struct Typist<'a> {
    window: &'a Window,
    pace: Interval,
    keys: usize,
}

impl<'a> Typist<'a> {
    fn new(window: &'a Window) -> Self {
        let mut pace = interval(BETWEEN_KEYS);
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { window, pace, keys: 0 }
    }

    async fn press(&mut self, key: impl Into<TypingData>) -> Result<()> {
        self.pace.tick().await;
        self.keys += 1;
        self.window.press(key).await
    }

    async fn chord(&mut self, held: Key, key: impl Into<TypingData>) -> Result<()> {
        self.pace.tick().await;
        self.keys += 1;
        self.window.chord(&[held], key).await
    }

    async fn write(&mut self, text: &str) -> Result<()> {
        for letter in text.chars() {
            self.press(letter.to_string()).await?;
        }
        Ok(())
    }

    /// Types each text and goes on to the next field.
    async fn fill(&mut self, texts: &[&str]) -> Result<()> {
        for text in texts {
            self.write(text).await?;
            self.press(Key::Tab + "").await?;
        }
        Ok(())
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let host = Host::with_demo(&["--patients", PATIENTS, "--providers", PROVIDERS]).await?;
    let desk = Workstation::enrolled(&host)?;
    let member = host.demo.member("front_desk")?;
    desk.ctl_as(member, &["sync"])?;
    let found = desk.ctl_as(member, &["find", "a"])?;
    let known = found["patients"][0]["name"].as_str().context("somebody's name begins with A")?.to_owned();
    let window = Window::open(&desk).await?;
    window.sign_in(member).await?;

    if let Err(error) = works(&window, &known).await {
        window.picture("desk-bench").await?;
        return Err(error);
    }
    window.close().await
}

async fn works(window: &Window, known: &str) -> Result<()> {
    window.press("]").await?;
    busy(window, "]").await?;
    check_in(window).await?;
    known_patient(window, known).await?;
    new_patient(window).await?;
    busy(window, "[").await?;
    drag(window).await
}

/// Goes on to a day with many visits, by `step`.
async fn busy(window: &Window, step: &str) -> Result<()> {
    until("a busy day", PATIENCE, || async {
        let cards = window.driver().find_all(By::Css("[data-testid=sheet] [data-status=booked]")).await?.len();
        if cards < BUSY {
            window.press(step).await?;
        }
        ensure!(cards >= BUSY, "{cards} visits");
        Ok(())
    })
    .await
}

async fn check_in(window: &Window) -> Result<()> {
    // Some of the visits are only proposed. The one after the first that was booked is come to from above.
    until("a booked visit", PATIENCE, || async {
        window.press(Key::Down + "").await?;
        window.driver().find(By::Css("[data-testid=sheet] [aria-current][data-status=booked]")).await?;
        Ok(())
    })
    .await?;
    window.press(Key::Up + "").await?;
    let arrived = "document.querySelector('[data-testid=sheet] [aria-current][data-status=arrived]') !== null";
    let mut typist = Typist::new(window);
    time(window, arrived).await?;
    typist.press(Key::Down + "").await?;
    typist.press("a").await?;
    let took = took(window).await?;
    say(
        "a check-in, from the day, keystrokes",
        typist.keys as f64,
        CHECK_IN_KEYS as f64,
        &format!("keys, {took:.1} s"),
        typist.keys <= CHECK_IN_KEYS,
    );
    window.press(Key::Escape + "").await?;
    window.gone("panel").await
}

async fn known_patient(window: &Window, name: &str) -> Result<()> {
    let mut typist = Typist::new(window);
    time(window, "document.querySelector('[data-testid=panel]')?.innerText.includes('flu shot')").await?;
    typist.chord(Key::Control, "k").await?;
    typist.write(&name.to_lowercase()).await?;
    let before = typist.keys;
    typist.chord(Key::Alt, Key::Enter + "").await?;
    typist.write("flu shot").await?;
    typist.press(Key::Enter + "").await?;
    let (took, after) = (took(window).await?, typist.keys - before);
    say(
        "a known patient booked, keystrokes after the name",
        after as f64,
        KNOWN_KEYS as f64,
        "keys",
        after <= KNOWN_KEYS,
    );
    say("a known patient booked, from the first key to paint", took, KNOWN_SECONDS, "s", took <= KNOWN_SECONDS);
    window.press(Key::Escape + "").await?;
    window.gone("panel").await
}

async fn new_patient(window: &Window) -> Result<()> {
    let mut typist = Typist::new(window);
    let booked =
        "document.querySelector('[data-testid=panel] [data-testid=patient-name]')?.innerText.includes('Newcomer')";
    time(window, booked).await?;
    typist.press("b").await?;
    typist.write("newcomer, zz").await?;
    typist.press(Key::Enter + "").await?;
    typist.fill(&["3/14/1988", "f", "she", "6175550188", "", "ada@mail.example", "12 Sample St"]).await?;
    typist.fill(&["Exampleton", "MA", "02139", "Example Health", "EX12345678"]).await?;
    typist.press(Key::Enter + "").await?;
    window.see("booking-patient-chosen").await?;
    typist.write("first visit").await?;
    typist.press(Key::Enter + "").await?;
    let took = took(window).await?;
    let what = format!("a new patient with address and coverage, registered and booked, {} keys", typist.keys);
    say(&what, took, NEW_SECONDS, "s", took <= NEW_SECONDS);
    window.press(Key::Escape + "").await?;
    window.gone("panel").await
}

async fn drag(window: &Window) -> Result<()> {
    let driver = window.driver();
    driver.execute(FRAMES, vec![]).await?;
    let card = driver.find(By::Css("[data-testid=sheet] [data-status=booked]")).await?;
    let mut chain = driver.action_chain_with_delay(None, Some(Duration::from_millis(16)));
    chain = chain.move_to_element_center(&card).click_and_hold();
    for step in 0..120 {
        let (x, y) = if step % 40 < 20 { (12, 4) } else { (-12, 5) };
        chain = chain.move_by_offset(x, y);
    }
    chain.perform().await?;
    let mut frames: Vec<f64> = driver.execute("return window.frames_of_drag;", vec![]).await?.convert()?;
    window.press(Key::Escape + "").await?;
    driver.action_chain().release().perform().await?;
    ensure!(frames.len() > 50, "only {} frames of a drag were seen", frames.len());
    let worst = percentile(&mut frames, 95);
    let what = format!("a visit dragged over {BUSY} others, {} frames, p95", frames.len());
    say(&what, worst, DRAG_FRAME, "ms", worst <= DRAG_FRAME);
    Ok(())
}

async fn time(window: &Window, there: &str) -> Result<()> {
    window.driver().execute(format!("const there = () => {there};{TIME}"), vec![]).await?;
    Ok(())
}

/// Seconds from the first key since [`time`].
async fn took(window: &Window) -> Result<f64> {
    until("the answer", PATIENCE, || async {
        let took = window.driver().execute("return window.timed.took;", vec![]).await?;
        Ok(took.json().as_f64().context("it is not there")? / 1000.0)
    })
    .await
}

fn say(what: &str, figure: f64, limit: f64, unit: &str, ok: bool) {
    println!("{what} | {figure:.1} {unit} | <= {limit:.0} | {}", if ok { "ok" } else { "MISSED" });
}
