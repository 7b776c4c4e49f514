//! The first sync of 100,000 resources, beside a bare bulk insert of the same rows and beside PouchDB; and what is kept of
//! it when the host dies in the middle.
//!
//! The same texts go into a plain table of a SQLCipher file, with nothing else done to them. Both happen in each round, one
//! after the other, so that what else the machine does weighs on both.

use std::time::{Duration, Instant};

use speed::{load, median};
use tests::host::Host;
use workstation::Notice;

use crate::{bare, desk::Desk, feed::Row, line, note, peer, rate};

/// A figure is the median of as many rounds.
const ROUNDS: usize = 5;
/// Of the bare insert's rate.
const OF_BARE: f64 = 0.7;
/// Of PouchDB's rate.
const OF_POUCHDB: f64 = 10.0;
/// Of what was there when the host died.
const KEPT: f64 = 0.95;

pub async fn measure(host: &mut Host, rows: &[Row]) {
    let bytes: usize = rows.iter().map(|row| row.body.len()).sum();
    println!("# {} resources, {} MB of JSON, load {}", rows.len(), bytes / 1_000_000, load());
    let mut rounds: Vec<(f64, f64)> = Vec::new();
    for _ in 0..ROUNDS {
        let synced = first_sync(host, rows.len()).await;
        let inserted = bare::insert(rows);
        eprintln!("synced {synced:?} inserted {inserted:?}");
        rounds.push((rate(rows.len(), synced), rate(rows.len(), inserted)));
    }
    let ours = median(rounds.iter().map(|(ours, _)| *ours));
    let bare = median(rounds.iter().map(|(_, bare)| *bare));
    // The quotient of each round, so that a moment in which the machine was slow counts on both sides.
    let of_bare = median(rounds.iter().map(|(ours, bare)| ours / bare));
    let name = format!("first sync, {} resources over TLS, of a bare insert", rows.len());
    let figure = format!("{of_bare:.2} ({ours:.0} of {bare:.0} a second)");
    line(&name, &figure, &format!(">= {OF_BARE}"), of_bare >= OF_BARE);
    beside_pouchdb(rows, ours);
    broken(host, rows.len()).await;
}

fn beside_pouchdb(rows: &[Row], ours: f64) {
    let name = format!("first sync, {} resources, of PouchDB 9 over plain HTTP", rows.len());
    match peer::pouchdb(rows) {
        Ok(theirs) => {
            let of_theirs = ours / theirs;
            let figure = format!("{of_theirs:.1} ({ours:.0} of {theirs:.0} a second)");
            line(&name, &figure, &format!(">= {OF_POUCHDB}"), of_theirs >= OF_POUCHDB);
        }
        Err(why) => note(&name, &format!("not measured: {why}")),
    }
}

/// How long a new workstation takes to have all of the practice.
async fn first_sync(host: &Host, all: usize) -> Duration {
    let desk = Desk::signed_in(host).await;
    let began = Instant::now();
    let report = desk.sync().await;
    let took = began.elapsed();
    assert_eq!(report.pulled, all, "the sync brings everything");
    took
}

/// Kills the host when the first of it is there and more is on its way, starts it again, and syncs the rest.
async fn broken(host: &mut Host, all: usize) {
    let desk = Desk::signed_in(host).await;
    let mut notices = desk.ws.notices();
    let syncing = desk.syncing();
    while desk.progress() == 0 {
        assert!(!syncing.is_finished(), "the sync was over before any of it was seen");
        while !matches!(notices.recv().await, Ok(Notice::Data(_))) {}
    }
    host.kill();
    assert!(syncing.await.unwrap().is_err(), "a sync can't end well without its host");
    let before = desk.progress();
    assert!(before > 0, "the host died when all was there");
    host.start().await.unwrap();
    let after = desk.sync().await.pulled;
    let kept = (all.saturating_sub(after) as f64 / before as f64).min(1.0);
    let figure = format!("{kept:.2} ({before} were there, {after} came after)");
    line("first sync, kept when the host dies in the middle", &figure, &format!(">= {KEPT}"), kept >= KEPT);
}
