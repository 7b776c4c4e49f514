//! The first sync of a workstation, beside a bare bulk insert of the same rows.
//!
//! A real host process serves a demo practice over TLS on the loopback; a real workstation enrols, signs in and takes
//! all of it. The same texts then go into a plain table of a SQLCipher file, with nothing else done to them. Both
//! happen in each round, one after the other, so that what else the machine does weighs on both.
//!
//! `SHADOWCHART_BENCH_PATIENTS` makes the practice smaller, to try the bench itself.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

mod bare;
mod desk;
mod feed;
mod host;

use std::time::{Duration, Instant};

use host::Host;

/// With twelve providers' diaries a little over 50,000 resources.
const PATIENTS: u64 = 950;
/// A figure is the median of as many rounds.
const ROUNDS: usize = 5;
/// Of the bare insert's rate.
const LIMIT: f64 = 0.6;
/// Of what was there when the host died.
const KEPT: f64 = 0.95;

fn main() {
    let patients = std::env::var("SHADOWCHART_BENCH_PATIENTS").ok().and_then(|text| text.parse().ok());
    let mut host = Host::with_demo(patients.unwrap_or(PATIENTS));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let rows = runtime.block_on(feed::everything(&host));
    let bytes: usize = rows.iter().map(|row| row.body.len()).sum();
    println!("# {} resources, {} MB of JSON, load {}", rows.len(), bytes / 1_000_000, load());

    let mut rounds: Vec<(f64, f64)> = Vec::new();
    for _ in 0..ROUNDS {
        let synced = runtime.block_on(desk::first_sync(&host, rows.len()));
        let inserted = bare::insert(&rows);
        eprintln!("synced {synced:?} inserted {inserted:?}");
        rounds.push((rate(rows.len(), synced), rate(rows.len(), inserted)));
    }
    let ours = median(rounds.iter().map(|(ours, _)| *ours));
    let bare = median(rounds.iter().map(|(_, bare)| *bare));
    // The quotient of each round, so that a moment in which the machine was slow counts on both sides.
    let of_bare = median(rounds.iter().map(|(ours, bare)| ours / bare));
    let name = format!("first sync, {} resources over TLS, of a bare insert", rows.len());
    line(&name, &format!("{of_bare:.2} ({ours:.0} of {bare:.0} a second)"), &format!(">= {LIMIT}"), of_bare >= LIMIT);

    let broken = runtime.block_on(desk::broken_sync(&mut host, rows.len()));
    let kept = broken.kept();
    let figure = format!("{kept:.2} ({} were there, {} came after)", broken.before, broken.after);
    line("first sync, kept when the host dies in the middle", &figure, &format!(">= {KEPT}"), kept >= KEPT);
    println!("# load {}", load());
}

fn rate(rows: usize, took: Duration) -> f64 {
    rows as f64 / took.as_secs_f64()
}

fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

fn line(name: &str, figure: &str, limit: &str, ok: bool) {
    println!("{name} | {figure} | {limit} | {}", if ok { "ok" } else { "MISSED" });
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
