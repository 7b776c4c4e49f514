//! Rounds of trouble from a seed. `FAULTS_ROUNDS=1000` plays more of them than the two hundred of each run of the tests;
//! `FAULTS_FIRST=4711 FAULTS_ROUNDS=1` one again, on a fresh practice.
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]

mod desk;
#[path = "../../sim/dice.rs"]
mod dice;
mod first_sync;
mod office;
mod person;
mod proxy;
mod truth;

use anyhow::{Context, Result, ensure};

use dice::Dice;
use first_sync::{Kills, Practice};
use office::Office;

/// Rounds between two diagnoses of the file.
const DIAGNOSED: u64 = 25;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

fn in_a_session() {
    let alone = std::env::var_os("SHADOWCHART_MARK").is_some();
    assert!(alone, "These rounds write to the keyring: scripts/in-session.sh cargo nextest run -p faults");
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_the_line_does_and_whoever_is_killed_nothing_is_lost_or_done_twice() -> Result<()> {
    in_a_session();
    let (first, rounds) = (number("FAULTS_FIRST", 0), number("FAULTS_ROUNDS", 200));
    let mut office = Office::open().await?;
    for seed in first..first + rounds {
        office.round(&mut Dice(seed)).await.with_context(|| format!("FAULTS_FIRST={first}, round {seed}"))?;
        if (seed - first) % DIAGNOSED == DIAGNOSED - 1 || seed == first + rounds - 1 {
            office.diagnose().await.with_context(|| format!("FAULTS_FIRST={first}, after round {seed}"))?;
        }
    }
    let merges = office.merges().await?;
    println!("{rounds} rounds, {merges} merges: {:?}", office.seen);
    // One round again is about itself.
    if rounds < 50 {
        return Ok(());
    }
    let faults = ["Cut", "Stall", "Corrupt", "Replay", "Slow", "Down"];
    let kills = ["killed one workstation", "killed both workstations", "killed the host", "killed all three"];
    office.seen.insert("merged".to_owned(), merges as usize);
    for what in faults.iter().chain(&kills).chain(&["did move", "did put", "merged"]) {
        let times = office.seen.get(*what).copied().unwrap_or(0) as u64;
        ensure!(times >= rounds / 50, "{what} {times} times in {rounds} rounds: they are not what this is about");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_sync_that_is_killed_again_and_again_keeps_what_it_had() -> Result<()> {
    in_a_session();
    let (first, times) = (number("FAULTS_FIRST", 0), number("FAULTS_FIRST_SYNCS", 3));
    let mut practice = Practice::open().await?;
    let mut all = Kills::default();
    for seed in first..first + times {
        let kills = practice.first_sync(&mut Dice(seed), 5).await.with_context(|| format!("FAULTS_FIRST={seed}"))?;
        all.times += kills.times;
        all.stored += kills.stored;
        all.kept += kills.kept;
        all.bytes += kills.bytes;
    }
    let Kills { times: killed, stored, kept, bytes } = all;
    println!(
        "{times} first syncs of {} records, killed {killed} times: {kept} of {stored} stored rows kept; {bytes} bytes for {} of an undisturbed one each",
        practice.records(),
        practice.bytes
    );
    ensure!(killed >= times && stored > 0, "nothing was killed in the middle");
    ensure!(kept * 100 >= stored * 95, "{kept} of {stored} rows that were stored were kept");
    Ok(())
}
