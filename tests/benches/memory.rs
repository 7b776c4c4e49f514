//! An hour at a computer of the office, by seeded keys and clicks of the screen's own, with locks, and a host that goes and comes:
//! the memory of all of the window's processes beyond that of a bare one.
//!
//! No driver is there: one would keep each page's process beyond the lock that ends it.
#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::{
    collections::BTreeMap,
    env,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use fastrand::Rng;
use tests::{
    bare,
    hands::{ARROWS, ENTER, ESCAPE, TAB},
    host::Host,
    process,
    screen::Screen,
    seat::Seat,
    wait::{PATIENCE, until},
    workstation::Workstation,
};
use tokio::time::{MissedTickBehavior, interval};

/// SHADOWCHART_BENCH_MINUTES says another number.
const MINUTES: u64 = 60;
/// Megabytes beyond a bare window, of all of the program's processes.
const LIMIT: f64 = 80.0;
const SEED: u64 = 1;
const BETWEEN_ACTIONS: Duration = Duration::from_millis(100);
/// Actions from one look at the memory to the next, and to the host's next going or coming.
const LOOK: usize = 100;
/// Actions from one lock to the next.
const LOCK: usize = 500;
/// The days and the panel beside them, in pixels: from what would leave the window, the pointer keeps away.
const PLACE: (std::ops::Range<i16>, std::ops::Range<i16>) = (110..1040, 60..680);
const KEYS: &str = "t[]gwlsbopjvardnmkxcfuhyq127?";
/// Each finds somebody of the demo's.
const WORDS: [&str; 4] = ["sam", "ex", "1/2/19", "pla"];

#[tokio::main]
async fn main() -> Result<()> {
    let bare = bare::memory().await?;
    let mut host = Host::with_demo(&["--patients", "300", "--providers", "12"]).await?;
    let desk = Workstation::enrolled(&host)?;
    let member = host.demo.member("front_desk")?.clone();
    desk.ctl_as(&member, &["sync"])?;
    let seat = Seat::taken(&desk, &member)?;
    let app = seat.sign_in().await?;
    is_open(&desk).await?;
    seat.settled().await?;

    let beyond = || anyhow::Ok(total(&process::memory(app.id())?) - total(&bare));
    let fresh = beyond()?;
    let minutes = env::var("SHADOWCHART_BENCH_MINUTES").ok().map_or(Ok(MINUTES), |number| number.parse())?;
    let (began, limit) = (Instant::now(), Duration::from_secs(minutes * 60));
    let mut dice = Rng::with_seed(SEED);
    let mut pace = interval(BETWEEN_ACTIONS);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut seen = vec![fresh];
    let mut done = 0;
    while began.elapsed() < limit {
        pace.tick().await;
        act(&seat, &mut dice)?;
        done += 1;
        if done % LOOK == 0 {
            let now = beyond()?;
            eprintln!("after {done}: {now:.0} MB; {}", each(&process::memory(app.id())?));
            seen.push(now);
            if host.process_id().is_ok() { host.kill() } else { host.start().await? }
        }
        if done % LOCK == 0 {
            lock(&seat, &desk).await.with_context(|| format!("the lock after {done}"))?;
        }
    }
    let now = beyond()?;
    let most = seen.iter().copied().fold(now, f64::max);
    println!(
        "memory of all its processes beyond a bare window, after {minutes} minutes and {done} things done | {now:.0} MB ({fresh:.0} at the start, {most:.0} at most) | <= {LIMIT:.0} MB | {}",
        if now <= LIMIT { "ok" } else { "MISSED" },
    );
    println!("each at the end: {}; of the bare window: {}", each(&process::memory(app.id())?), each(&bare));
    Ok(())
}

fn act(seat: &Seat<'_>, dice: &mut Rng) -> Result<()> {
    let hands = &seat.hands;
    match dice.u32(0..100) {
        0..20 => hands.click(dice.i16(PLACE.0), dice.i16(PLACE.1)),
        20..25 => {
            hands.control('k')?;
            hands.type_text(WORDS[dice.usize(..WORDS.len())])?;
            hands.key(if dice.bool() { ENTER } else { ESCAPE })
        }
        25..40 => hands.key(ESCAPE),
        40..45 => hands.key(ENTER),
        45..60 => hands.key(ARROWS[dice.usize(..ARROWS.len())]),
        60..64 => hands.key(TAB),
        64..68 => hands.control('z'),
        _ => {
            let nth = dice.usize(..KEYS.len());
            hands.type_text(&KEYS[nth..=nth])
        }
    }
}

/// As a computer does that is left alone; and back to the desk.
async fn lock(seat: &Seat<'_>, desk: &Workstation) -> Result<()> {
    Screen::start_saver()?;
    until("a locked vault", PATIENCE, || async {
        ensure!(desk.open_vault_files()? == 0, "it is open");
        Ok(())
    })
    .await?;
    seat.unlock().await?;
    is_open(desk).await?;
    seat.settled().await
}

async fn is_open(desk: &Workstation) -> Result<()> {
    until("an open vault", PATIENCE, || async {
        ensure!(desk.open_vault_files()? > 0, "it is locked");
        Ok(())
    })
    .await
}

/// In megabytes.
fn total(memory: &BTreeMap<String, u64>) -> f64 {
    memory.values().sum::<u64>() as f64 / 1e6
}

fn each(memory: &BTreeMap<String, u64>) -> String {
    let each = memory.iter().map(|(name, bytes)| format!("{name} {:.0} MB", *bytes as f64 / 1e6));
    each.collect::<Vec<_>>().join(", ")
}
