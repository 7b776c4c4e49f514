//! The door of a workstation with a million resources: how long it takes to open, the key derivation aside, how long to
//! shut, and whether a wrong password takes as long as the right one.
//!
//! A real host enrols a real workstation; its chart is then filled up with copies of what the sync brought. The
//! keychain is in memory: what a real one takes is its own.
//!
//! `SHADOWCHART_BENCH_RESOURCES` makes the chart smaller, to try the bench itself.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

mod desk;
mod host;
mod kdf;

use std::time::{Duration, Instant};

use desk::Desk;
use host::Host;

const RESOURCES: u32 = 1_000_000;
/// A sync of them goes on for a while.
const PATIENTS: u64 = 600;
const ROUNDS: usize = 31;
/// Rounds of a lock that something is in the way of.
const BUSY_ROUNDS: usize = 7;

const OPEN: Duration = Duration::from_millis(60);
const SHUT: Duration = Duration::from_millis(200);
const SHUT_AT_WORST: Duration = Duration::from_secs(1);

fn main() {
    let resources = std::env::var("SHADOWCHART_BENCH_RESOURCES").ok().and_then(|text| text.parse().ok());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(run(resources.unwrap_or(RESOURCES)));
    println!("# load {}", load());
}

async fn run(resources: u32) {
    let host = Host::with_demo(PATIENTS);
    let desk = Desk::at_work(&host).await;
    let began = Instant::now();
    let (rows, bytes) = desk.fill(resources);
    println!("# {rows} resources, {} MB, filled in {:?}, load {}", bytes / 1_000_000, began.elapsed(), load());
    let of = format!("{rows} resources");

    let mut syncing = Vec::new();
    for round in 1..=BUSY_ROUNDS as u32 {
        // Each time at another step of it: it asks, reads a page, writes one.
        syncing.push(desk.lock_while_syncing(Duration::from_millis(60) * round).await);
    }
    drop(host);
    println!("# the whole file is read in {:?}", desk.read_whole().await);

    let (mut opened, mut without, mut shut, mut reading) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        // Beside each other, so that what else the machine does weighs on both.
        let derived = kdf::derive();
        let whole = desk.unlock().await;
        opened.push(whole);
        without.push(whole.saturating_sub(derived));
        shut.push(desk.lock());
    }
    for _ in 0..BUSY_ROUNDS {
        reading.push(desk.lock_while_reading().await);
    }
    let name = format!("unlock without the key derivation, {of}, p50 of {ROUNDS}");
    limit(&name, median(&mut without), OPEN, &format!("of {} in all", milliseconds(median(&mut opened))));
    limit(&format!("lock, {of}, p50 of {ROUNDS}"), median(&mut shut), SHUT, "");
    for (what, mut times) in [("at rest", shut), ("while it syncs", syncing), ("while the whole file is read", reading)]
    {
        times.sort();
        let most = times.last().copied().unwrap_or_default();
        limit(&format!("lock {what}, the longest of {}", times.len()), most, SHUT_AT_WORST, "");
    }

    let (mut right, mut wrong) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        // A right one after a wrong one, so that no wait begins, and the other way round.
        wrong.push(desk.try_password("a guess"));
        right.push(desk.try_password(&desk.password));
        right.push(desk.try_password(&desk.password));
        wrong.push(desk.try_password("a guess"));
    }
    let ratio = median(&mut wrong).as_secs_f64() / median(&mut right).as_secs_f64();
    let ok = (0.9..=1.1).contains(&ratio);
    line("a wrong password's time, of a right one's", &format!("{ratio:.2}"), "0.9 .. 1.1", ok);
}

fn limit(name: &str, figure: Duration, limit: Duration, note: &str) {
    let note = if note.is_empty() { String::new() } else { format!(" ({note})") };
    let figure_text = format!("{}{note}", milliseconds(figure));
    line(name, &figure_text, &format!("<= {}", milliseconds(limit)), figure <= limit);
}

fn line(name: &str, figure: &str, limit: &str, ok: bool) {
    println!("{name} | {figure} | {limit} | {}", if ok { "ok" } else { "MISSED" });
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1_000.0)
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// How busy the machine is: a figure taken beside other work says little.
fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().unwrap_or("unknown").to_owned()
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let began = Instant::now();
    let done = work();
    (done, began.elapsed())
}
