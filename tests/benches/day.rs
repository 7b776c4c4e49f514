//! What a person waits for in the window: from the key to the answer's pixels.
//!
//! Time is taken from outside, as a person would: from a key of the screen's keyboard to the pixels on the screen.
//!
//! Who looks at the day they came to gives the page time to draw the one ahead; who hurries through the days does not. Both
//! are measured.
#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::{
    collections::BTreeMap,
    env,
    fmt::Write,
    fs,
    path::PathBuf,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use jiff::{Span, Timestamp, civil::Date};
use serde_json::Value;
use tests::{
    demo::Member, figures::percentile, host::Host, screen::Part, seat::Seat, window::Window, workstation::Workstation,
};
use thirtyfour::Key;
use tokio::time::{MissedTickBehavior, interval};

/// Enough for twelve full columns a day.
const PATIENTS: &str = "2000";
const PROVIDERS: &str = "12";
/// Days walked into the past, which is booked up, and back again; those with fewer appointments do not count.
const DAYS: usize = 21;
const WALKS: usize = 2;
const FULL: usize = 300;
/// The demo's fullest days have some two hundred visits: on those with more than so many, some come again until there are a few
/// more than [`FULL`] (not all are drawn), so many hours later, when nobody works.
const BUSY: usize = 100;
const FILLED: usize = 380;
const LATER: i64 = 10;
/// Milliseconds to the painted day.
const LIMIT: f64 = 100.0;
/// Patients among whom a search is measured. SHADOWCHART_BENCH_FOUND says another number.
const FOUND: usize = 100_000;
/// Milliseconds from a key to its answer.
const KEY_LIMIT: f64 = 50.0;

/// Three seconds, and what a try at a slot is made to cost.
const HAND_OVER: Duration = Duration::from_millis(3600);

/// Where the screen shows the date, and a band across all of the day's columns near its end.
const DATE_AT: Part = (210, 10, 200, 28);
const DAY_AT: Part = (110, 400, 920, 60);
/// Who looks at a day does so for longer; a key that takes longer has no answer.
const GLANCE: Duration = Duration::from_secs(1);
const PATIENCE: Duration = Duration::from_secs(5);

/// Where the screen shows them: the first of the palette's rows, not the field above.
const FOUND_AT: Part = (340, 160, 640, 120);
/// What is typed letter by letter: a first name's beginning and a family name's.
const TYPED: [&str; 12] = [
    "gre sam", "ada pla", "bor exa", "car dem", "dmi moc", "est pat", "far spe", "hir tri", "ine sam", "jon pla",
    "kat exa", "leo dem",
];
/// Of the letters, so many change who is found.
const ANSWERS: usize = 30;

#[tokio::main]
async fn main() -> Result<()> {
    let host = Host::with_demo(&["--patients", PATIENTS, "--providers", PROVIDERS]).await?;
    let found = env::var("SHADOWCHART_BENCH_FOUND").ok().map_or(Ok(FOUND), |number| number.parse())?;
    host.import(&others(&host, found)?)?;
    host.import(&evenings(&host)?)?;
    let desk = Workstation::enrolled(&host)?;
    let member = host.demo.member("front_desk")?;
    desk.ctl_as(member, &["sync"])?;
    let next = host.demo.member("clinical")?;
    desk.ctl_as(next, &["status"])?;
    let visits = visits(&desk, member)?;
    let seat = Seat::taken(&desk, member)?;
    let mut app = seat.sign_in().await?;
    seat.settled().await?;
    for hurries in [false, true] {
        walk(&seat, &visits, hurries).await?;
    }
    keystrokes(&seat, found).await?;
    app.kill();
    let window = Window::open(&desk).await?;
    window.sign_in(member).await?;
    hand_over(&window, next).await?;
    window.close().await
}

/// How many visits are drawn of today and of each day before it that is walked to, backwards.
fn visits(desk: &Workstation, member: &Member) -> Result<Vec<usize>> {
    let today: Date = desk.ctl_as(member, &["day"])?["date"].as_str().context("the day has a date")?.parse()?;
    (0..=i64::try_from(DAYS)?)
        .map(|back| {
            let date = today.checked_sub(Span::new().days(back))?.to_string();
            let day = desk.ctl_as(member, &["day", "--date", &date])?;
            let all = day["appointments"].as_array().context("a day has visits")?;
            let drawn =
                |visit: &&Value| !matches!(visit["status"].as_str(), Some("cancelled" | "noshow" | "entered-in-error"));
            Ok(all.iter().filter(drawn).count())
        })
        .collect()
}

/// There and back again through the days, from a key of the screen's own keyboard to the first pixel of the day it leads to: a
/// day comes as one picture.
async fn walk(seat: &Seat<'_>, visits: &[usize], hurries: bool) -> Result<()> {
    let mut days = Vec::new();
    let mut pace = interval(GLANCE);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let there_and_back = (1..=DAYS).map(|back| ("[", back)).chain((0..DAYS).rev().map(|back| ("]", back)));
    let full = visits.iter().filter(|visits| **visits >= FULL).count();
    for (step, back) in std::iter::repeat_n(there_and_back, WALKS).flatten() {
        if !hurries {
            pace.tick().await;
        }
        let is_full = visits[back] >= FULL;
        let part = if is_full { DAY_AT } else { DATE_AT };
        let before = seat.screen.look(part)?;
        let began = Instant::now();
        seat.hands.type_text(step)?;
        let took = seat.screen.changed(part, &before, began, PATIENCE).await.context(step)?;
        if is_full {
            days.push(took.as_secs_f64() * 1000.0);
        }
    }
    ensure!(full >= DAYS / 2, "only {full} days are full: the demo is not what this measures");
    let figure = percentile(&mut days, 95);
    let verdict = if figure < LIMIT { "ok" } else { "MISSED" };
    println!(
        "a day of {PROVIDERS} providers in the window, {}, {} keys to their pixels, p95 | {figure:.0} ms (p50 {:.0} ms, up to {} visits) | < {LIMIT:.0} ms | {verdict}",
        if hurries { "hurried through" } else { "looked at" },
        days.len(),
        percentile(&mut days, 50),
        visits.iter().max().context("there are days")?,
    );
    Ok(())
}

/// As many patients, of whom nothing but who they are is known.
fn others(host: &Host, number: usize) -> Result<PathBuf> {
    const FIRST: [&str; 12] =
        ["Ada", "Boris", "Carla", "Dmitri", "Esther", "Farid", "Greta", "Hiro", "Ines", "Jonas", "Katya", "Leon"];
    const LAST: [&str; 8] = ["Sample", "Placeholder", "Example", "Demo", "Mockman", "Pattern", "Specimen", "Trial"];
    let mut lines = String::new();
    for nth in 0..number {
        let (first, last) = (FIRST[nth % FIRST.len()], LAST[nth / FIRST.len() % LAST.len()]);
        writeln!(
            lines,
            r#"{{"resourceType":"Patient","id":"found-{nth}","name":[{{"family":"{last}{}","given":["{first}"]}}],"birthDate":"{}-0{}-1{}","telecom":[{{"system":"phone","value":"555{nth:07}"}}]}}"#,
            nth / 96 % 40,
            1930 + nth % 80,
            1 + nth % 9,
            nth % 10,
        )?;
    }
    let file = host.folder().join("found.ndjson");
    fs::write(&file, lines)?;
    Ok(file)
}

/// The morning's visits of each busy day again, in the evening, until it is full.
fn evenings(host: &Host) -> Result<PathBuf> {
    let all = host.folder().join("all.ndjson");
    host.operate("export", &["--out", &all.to_string_lossy()])?;
    let mut days = BTreeMap::<String, Vec<Value>>::new();
    for line in fs::read_to_string(&all)?.lines().filter(|line| line.contains(r#""resourceType":"Appointment""#)) {
        let visit: Value = serde_json::from_str(line)?;
        let date = visit["start"].as_str().and_then(|start| start.get(..10)).context("a visit has a date")?.to_owned();
        days.entry(date).or_default().push(visit);
    }
    let mut lines = String::new();
    for mut visits in days.into_values().filter(|visits| visits.len() > BUSY) {
        let missing = FILLED.saturating_sub(visits.len());
        visits.sort_by_key(|visit| visit["start"].to_string());
        visits.truncate(visits.len() / 2);
        for (nth, mut visit) in visits.iter().cloned().cycle().take(missing).enumerate() {
            let later = Span::new().hours(LATER).minutes(i64::try_from(nth / visits.len() * 15)?);
            for end in ["start", "end"] {
                let time: Timestamp = visit[end].as_str().context("a visit starts and ends")?.parse()?;
                visit[end] = (time + later).to_string().into();
            }
            visit["id"] = format!("evening-{nth}-{}", visit["id"].as_str().context("it has an id")?).into();
            visit.as_object_mut().context("it is an object")?.remove("meta");
            writeln!(lines, "{visit}")?;
        }
    }
    let file = host.folder().join("evenings.ndjson");
    fs::write(&file, lines)?;
    Ok(file)
}

/// From a key of the screen's own keyboard to the last pixel of its answer on the screen.
async fn keystrokes(seat: &Seat<'_>, patients: usize) -> Result<()> {
    let Seat { hands, screen, .. } = seat;
    hands.control('k')?;
    seat.settled().await?;
    let mut keys = Vec::new();
    for name in TYPED {
        hands.control('a')?;
        for letter in name.chars() {
            let before = screen.look(FOUND_AT)?;
            let began = Instant::now();
            hands.type_text(&letter.to_string())?;
            // Some letters find the same people.
            keys.extend(screen.answered(FOUND_AT, before, began).await?.map(|took| took.as_secs_f64() * 1000.0));
        }
    }
    ensure!(keys.len() >= ANSWERS, "only {} letters changed who is found", keys.len());
    let figure = percentile(&mut keys, 95);
    println!(
        "a search keystroke in the window, {patients} patients, {} keys to their pixels, p95 | {figure:.0} ms (p50 {:.0} ms) | < {KEY_LIMIT:.0} ms | {}",
        keys.len(),
        percentile(&mut keys, 50),
        if figure < KEY_LIMIT { "ok" } else { "MISSED" },
    );
    Ok(())
}

/// From the key with which one member leaves to the day of the next, who types a name and a password as fast as the
/// driver does.
async fn hand_over(window: &Window, next: &Member) -> Result<()> {
    let began = Instant::now();
    window.chord(&[Key::Control, Key::Shift], "L").await?;
    window.locked("member-picker").await?;
    window.fill("picker-input", &next.name).await?;
    window.press(Key::Enter + "").await?;
    window.fill("lock-password", &next.password).await?;
    window.press(Key::Enter + "").await?;
    window.see("day-grid").await?;
    let took = began.elapsed();
    let verdict = if took < HAND_OVER { "ok" } else { "MISSED" };
    println!(
        "a hand-over, from the key to the next member's day | {:.2} s | < {:.1} s (3 s and the key derivation) | {verdict}",
        took.as_secs_f64(),
        HAND_OVER.as_secs_f64(),
    );
    Ok(())
}
