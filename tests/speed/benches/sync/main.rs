//! The sync against its limits. One line a figure: name, figure, limit, verdict. A limit that is missed is no failure of
//! the run, since a busy machine misses it too.
//!
//! A real host process serves a demo practice over TLS on the loopback; real workstations enrol, sign in and sync, with a
//! real keyring. `cargo bench -p speed --bench sync -- grow` measures that part alone; the parts are the functions below.
//! `SHADOWCHART_BENCH_SHRINK=5` makes every practice so many times smaller, to try the bench itself.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

mod bare;
mod desk;
mod feed;
mod first;
mod grow;
mod lines;
mod live;
mod openings;
mod peer;
mod process;
mod round;

use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use speed::load;
use tests::host::Host;

/// With the diaries of twelve providers 100,000 resources.
const PATIENTS: u64 = 2_050;

#[tokio::main]
async fn main() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }).unwrap();
    let named: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let wanted = |part: &str| named.is_empty() || named.iter().any(|name| name == part);
    println!("# load {}", load());
    if ["first", "round", "live", "openings"].into_iter().any(wanted) {
        let mut host = office(PATIENTS, 12).await;
        let rows = feed::everything(&host).await;
        // First of all: what is entered later makes more versions of the same resources.
        if wanted("first") {
            first::measure(&mut host, &rows).await;
        }
        if wanted("openings") {
            openings::measure(&host).await;
        }
        if wanted("round") {
            round::measure(&host, &rows).await;
        }
        if wanted("live") {
            live::measure(&host).await;
            lines::measure(&host).await;
        }
    }
    if wanted("grow") {
        grow::measure().await;
    }
    println!("# load {}", load());
}

/// A host with a demo practice of so many patients, or a part of them.
async fn office(patients: u64, providers: u64) -> Host {
    let shrink = std::env::var("SHADOWCHART_BENCH_SHRINK").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    let (patients, providers) = ((patients / shrink).max(5).to_string(), (providers / shrink).max(1).to_string());
    Host::with_demo(&["--patients", &patients, "--providers", &providers]).await.unwrap()
}

fn line(name: &str, figure: &str, limit: &str, ok: bool) {
    println!("{name} | {figure} | {limit} | {}", if ok { "ok" } else { "MISSED" });
}

/// A figure without a limit.
fn note(name: &str, figure: &str) {
    println!("{name} | {figure} | |");
}

fn rate(rows: usize, took: Duration) -> f64 {
    rows as f64 / took.as_secs_f64()
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let began = Instant::now();
    let done = work();
    (done, began.elapsed())
}

fn ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}
