//! The host against its limits: `cargo bench -p hosted`. One line a figure: name, figure, limit, verdict. A limit that is
//! missed is no failure of the run, since a busy machine misses it too.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod backups;
mod bare;
mod growth;
mod office;
mod office_at_work;
mod pages;
#[path = "../../tests/support/postgres.rs"]
mod postgres;

use std::{error::Error, process::ExitCode, time::Duration};

use office::{Office, Size};
use pages::Pulled;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Resources that the feed has to give a second to one workstation, over TLS on loopback.
const FEED: f64 = 60_000.0;

/// Resources that the store has to take in a second.
const TAKE: f64 = 10_000.0;

/// Patients of the practice that is served; each has about 45 resources. SHADOWCHART_BENCH_PATIENTS says another number:
/// 22,000 have a million.
const PATIENTS: u64 = 1_000;

/// Computers that are connected.
const LINES: usize = 1_000;

/// Changes that have to be taken in a second while sixteen computers write at once.
const TAKEN: f64 = 100.0;

/// The slowest change in a hundred while sixteen computers write at once, in milliseconds.
const CHANGE: f64 = 250.0;

/// The slowest answer in a hundred to who has everything already, while sixteen ask at once, in milliseconds.
const NOTHING_NEW: f64 = 50.0;

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
    let private = std::cell::OnceCell::new();
    let database = || postgres::database().unwrap_or_else(|| private.get_or_init(postgres::Server::start).database());
    let patients = std::env::var("SHADOWCHART_BENCH_PATIENTS").ok().map(|number| number.parse()).transpose()?;
    let size = Size { practices: 1, patients: patients.unwrap_or(PATIENTS), providers: 12 };
    let (office, made) = Office::make(&size, None)?;
    note("resources", made.resources as f64);
    line("file: take in, resources a second", made.resources as f64 / made.took.as_secs_f64(), TAKE);
    note("file, MB", office.megabytes()?);
    note("the same as JSON, MB", made.json_bytes as f64 / 1e6);
    let restored = backups::run(&office, &database())?;
    serve("file", office, made.resources, bare::in_a_file()?)?;
    serve("PostgreSQL", restored, made.resources, bare::in_a_database(&database())?)?;
    growth::run("file", || None)?;
    growth::run("PostgreSQL", || Some(database()))
}

/// A first sync of everything, and an office at work.
fn serve(store: &str, office: Office, resources: usize, bare: f64) -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Runtime::new()?;
    let all = runtime.block_on(office.serve(LINES))?;
    let serving = all.first().ok_or("no practice")?;
    for (how, zstd, page) in [
        ("zstd, pages of 1,000", true, 1000),
        ("zstd, pages of 2,000", true, 2000),
        ("plain, pages of 2,000", false, 2000),
    ] {
        // The first pass warms the caches of both ends, as a workstation's first page does.
        pages::pull(&runtime, serving, zstd, page)?;
        let mut best: Option<Pulled> = None;
        for _ in 0..3 {
            let now = pages::pull(&runtime, serving, zstd, page)?;
            best = Some(best.filter(|old| old.took <= now.took).unwrap_or(now));
        }
        let Some(best) = best else { continue };
        if best.resources != resources {
            return Err(format!("the feed gave {} of {resources}", best.resources).into());
        }
        let (name, seconds) = (format!("{store}: feed, {how}"), best.took.as_secs_f64());
        line(&format!("{name}, resources a second"), resources as f64 / seconds, FEED);
        if zstd {
            note(&format!("{name}, zstd alone"), resources as f64 / best.packing.as_secs_f64());
        }
        note(&format!("{name}, MB a second on the wire"), best.bytes as f64 / 1e6 / seconds);
    }
    let seen = runtime.block_on(office_at_work::at_work(&all))?;
    let connected = format!("{store}: {LINES} connected");
    line(&format!("{connected}, changes taken a second, 16 at once"), seen.pushes, TAKEN);
    note(&format!("{store}: bare commits a second, one at a time"), bare);
    most(&format!("{connected}, a change, p99, ms"), seen.push.as_secs_f64() * 1e3, CHANGE);
    most(&format!("{connected}, a pull of nothing, p99, ms"), seen.empty_pull.as_secs_f64() * 1e3, NOTHING_NEW);
    runtime.shutdown_timeout(Duration::from_secs(10));
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the table is what this program is for")]
fn line(name: &str, figure: f64, limit: f64) {
    println!("{name} | {figure:.2} | >= {limit} | {}", if figure >= limit { "ok" } else { "MISSED" });
}

#[expect(clippy::print_stdout, reason = "the table is what this program is for")]
fn most(name: &str, figure: f64, limit: f64) {
    println!("{name} | {figure:.2} | <= {limit} | {}", if figure <= limit { "ok" } else { "MISSED" });
}

#[expect(clippy::print_stdout, reason = "the table is what this program is for")]
fn note(name: &str, figure: f64) {
    println!("{name} | {figure:.2} | |");
}
