//! The host against its limits: `cargo bench -p hosted`. One line a figure: name, figure, limit, verdict. A limit that is
//! missed is no failure of the run, since a busy machine misses it too.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod backups;
mod office;
mod office_at_work;
mod pages;
#[path = "../../tests/support/postgres.rs"]
mod postgres;

use std::{error::Error, process::ExitCode, time::Duration};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Resources that the feed has to give a second to one workstation, over TLS on loopback.
const FEED: f64 = 60_000.0;

/// Resources that the store has to take in a second.
const TAKE: f64 = 10_000.0;

/// Patients of the practice that is served; each has about 45 resources. SHADOWCHART_BENCH_PATIENTS says another number:
/// 22,000 have a million.
const PATIENTS: u64 = 1_000;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit })?;
    let _ = rustls::crypto::ring::default_provider().install_default();
    on("file", None)?;
    match postgres::database() {
        Some(database) => on("PostgreSQL", Some(&database)),
        None => on("PostgreSQL", Some(&postgres::Server::start().database())),
    }
}

/// The host on one of its stores.
fn on(store: &str, database: Option<&str>) -> Result<(), Box<dyn Error>> {
    let patients = std::env::var("SHADOWCHART_BENCH_PATIENTS").ok().map(|number| number.parse()).transpose()?;
    let (office, count, took) = office::Office::make(patients.unwrap_or(PATIENTS), database)?;
    let taken = count as f64 / took.as_secs_f64();
    match office.megabytes()? {
        Some(megabytes) => {
            line("take in resources a second", taken, TAKE);
            note("host's file, MB", megabytes);
            note("the same as JSON, MB", office.json_bytes as f64 / 1e6);
            backups::run(&office)?;
        }
        None => note(&format!("{store}: take in resources a second"), taken),
    }
    let runtime = tokio::runtime::Runtime::new()?;
    let serving = runtime.block_on(office.serve())?;
    for (name, zstd, page) in [
        ("feed, zstd, pages of 1,000, resources a second", true, 1000),
        ("feed, zstd, pages of 2,000, resources a second", true, 2000),
        ("feed, plain, pages of 2,000, resources a second", false, 2000),
    ] {
        let name = format!("{store}: {name}");
        // The first pass warms the caches of both ends, as a workstation's first page does.
        pages::pull(&runtime, &serving, zstd, page)?;
        let mut best: Option<(usize, u64, Duration)> = None;
        for _ in 0..3 {
            let now = pages::pull(&runtime, &serving, zstd, page)?;
            best = Some(best.filter(|old| old.2 <= now.2).unwrap_or(now));
        }
        let Some((seen, bytes, took)) = best else { continue };
        if seen != count {
            return Err(format!("the feed gave {seen} of {count}").into());
        }
        line(&name, count as f64 / took.as_secs_f64(), FEED);
        note("on the wire, MB", bytes as f64 / 1e6);
    }
    let seen = runtime.block_on(office_at_work::at_work(&serving))?;
    let connected = format!("{store}: {} connected", office::LINES);
    note(&format!("{connected}, changes taken a second, 16 at once"), seen.pushes);
    note(&format!("{connected}, a change, p99, ms"), seen.push.as_secs_f64() * 1e3);
    note(&format!("{connected}, a pull of nothing, p99, ms"), seen.empty_pull.as_secs_f64() * 1e3);
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the table is what this program is for")]
fn line(name: &str, figure: f64, limit: f64) {
    println!("{name} | {figure:.0} | >= {limit:.0} | {}", if figure >= limit { "ok" } else { "MISSED" });
}

#[expect(clippy::print_stdout, reason = "the table is what this program is for")]
fn note(name: &str, figure: f64) {
    println!("{name} | {figure:.2} | |");
}
