//! What a workstation does all day: rounds that bring nothing new, and a day's changes that came while it was away.

use std::{
    io::Write,
    time::{Duration, Instant},
};

use speed::percentile;
use tests::host::Host;

use crate::{desk::Desk, feed::Row, line, ms, process::cpu_time};

const QUIET_ROUNDS: usize = 300;
/// The processor's time of a round that brings nothing new.
const QUIET: Duration = Duration::from_millis(2);
/// Changes of a day in a busy office.
const CHANGES: usize = 2_000;
const DAYS: usize = 5;
const DAY: Duration = Duration::from_secs(1);

pub async fn measure(host: &Host, rows: &[Row]) {
    let desk = Desk::signed_in(host).await;
    desk.sync().await;
    // What the first sync left to tell, and what a session asks for once.
    desk.sync().await;
    quiet(host, &desk).await;
    day(host, &desk, rows).await;
}

/// The host says how often it was asked. The processor's time is that of this whole process, in which nothing else goes on:
/// the request and TLS, the keyring, the file, and what the windows are told.
async fn quiet(host: &Host, desk: &Desk) {
    let (asked, mut cpu, mut wall) = (host.answered(), Vec::new(), Vec::new());
    for _ in 0..QUIET_ROUNDS {
        let (used, began) = (cpu_time(), Instant::now());
        let report = desk.sync().await;
        wall.push(began.elapsed());
        cpu.push(cpu_time() - used);
        assert_eq!((report.pulled, report.pushed), (0, 0));
    }
    let requests = (host.answered() - asked) as f64 / QUIET_ROUNDS as f64;
    line("a round that brings nothing new, requests", &requests.to_string(), "1", requests == 1.0);
    let half = percentile(&mut cpu, 50);
    let figure = format!("{} (p95 {})", ms(half), ms(percentile(&mut cpu, 95)));
    line(
        "a round that brings nothing new, CPU of the workstation, p50",
        &figure,
        &format!("<= {}", ms(QUIET)),
        half <= QUIET,
    );
    let figure = format!("{} (p95 {})", ms(percentile(&mut wall, 50)), ms(percentile(&mut wall, 95)));
    crate::note("a round that brings nothing new, time, p50", &figure);
}

async fn day(host: &Host, desk: &Desk, rows: &[Row]) {
    let mut times = Vec::new();
    for day in 0..DAYS {
        let changes = import_changes(host, rows, day);
        let began = Instant::now();
        let report = desk.sync().await;
        times.push(began.elapsed());
        assert!(report.pulled >= changes, "{} came of {changes}", report.pulled);
    }
    let half = percentile(&mut times, 50);
    let figure = format!("{} (slowest of {DAYS}: {})", ms(half), ms(percentile(&mut times, 100)));
    let name = format!("a day with {} changes, pulled, p50", CHANGES.min(rows.len()));
    line(&name, &figure, &format!("<= {}", ms(DAY)), half <= DAY);
}

/// Changes some of every kind, all over the practice; gives how many.
fn import_changes(host: &Host, rows: &[Row], day: usize) -> usize {
    let mut file = tempfile::Builder::new().suffix(".ndjson").tempfile().unwrap();
    let step = (rows.len() / CHANGES).max(1);
    let changed: Vec<&Row> = rows.iter().step_by(step).take(CHANGES).collect();
    for row in &changed {
        writeln!(file, r#"{{"implicitRules":"urn:day:{day}",{}"#, row.body.strip_prefix('{').unwrap()).unwrap();
    }
    host.import(file.path()).unwrap();
    changed.len()
}
