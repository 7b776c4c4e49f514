//! Ten thousand things done in the window, by a seed: the longest frame, and the memory beyond that of a bare window.
#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::{
    collections::BTreeMap,
    env,
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use tests::{
    build, host::Host, monkey::FRAME, monkey::Monkey, process, process::Running, screen::Screen, window::Window,
    workstation::Workstation,
};

/// SHADOWCHART_BENCH_ACTIONS says another number.
const ACTIONS: usize = 10_000;
/// Megabytes beyond a bare window, of all of the program's processes.
const MEMORY: f64 = 80.0;
const SEED: u64 = 1;
/// Actions from one look at the memory to the next.
const LOOK: usize = 500;

#[tokio::main]
async fn main() -> Result<()> {
    let bare = bare().await?;
    let mut host = Host::with_demo(&["--patients", "300", "--providers", "12"]).await?;
    let (desk, elsewhere) = (Workstation::enrolled(&host)?, Workstation::enrolled(&host)?);
    let member = host.demo.member("front_desk")?.clone();
    let window = Window::open(&desk).await?;
    window.sign_in(&member).await?;
    let program = desk.program()?;
    let fresh = process::memory(program)?;
    let actions = env::var("SHADOWCHART_BENCH_ACTIONS").ok().map_or(Ok(ACTIONS), |number| number.parse())?;
    let began = Instant::now();
    let mut monkey = Monkey::new(&window, &member, SEED);
    for done in (0..actions).step_by(LOOK) {
        monkey.act(LOOK.min(actions - done), &mut host, &elsewhere).await?;
        eprintln!("after {}: {}", done + LOOK, each(&process::memory(program)?));
    }
    monkey.ends_in_order(&mut host).await?;
    let minutes = began.elapsed().as_secs_f64() / 60.0;
    let ((longest, did), slow) = (monkey.slowest.clone(), monkey.slow.len());
    println!(
        "{actions} things done in the window in {minutes:.0} minutes, the longest frame | {longest:.0} ms ({did}; {slow} over the limit) | <= {FRAME:.0} ms | {}",
        verdict(longest <= FRAME),
    );
    for (frame, did) in &monkey.slow {
        eprintln!("{frame:.0} ms: {did}");
    }
    let now = process::memory(program)?;
    let beyond = total(&now) - total(&bare);
    println!(
        "memory of all its processes beyond a bare window | {beyond:.0} MB ({:.0} at the start) | <= {MEMORY:.0} MB | {}",
        total(&fresh) - total(&bare),
        verdict(beyond <= MEMORY),
    );
    println!("each at the end: {}; of the bare window: {}", each(&now), each(&bare));
    window.close().await
}

/// In megabytes.
fn total(memory: &BTreeMap<String, u64>) -> f64 {
    memory.values().sum::<u64>() as f64 / 1e6
}

fn each(memory: &BTreeMap<String, u64>) -> String {
    let each = memory.iter().map(|(name, bytes)| format!("{name} {:.0} MB", *bytes as f64 / 1e6));
    each.collect::<Vec<_>>().join(", ")
}

fn verdict(ok: bool) -> &'static str {
    if ok { "ok" } else { "MISSED" }
}

/// The memory of a bare window once its page stands.
async fn bare() -> Result<BTreeMap<String, u64>> {
    let screen = Screen::open()?;
    screen.emptied().await?;
    let log = tempfile::NamedTempFile::new()?;
    let mut window = Running::start(&mut Command::new(build::program("examples/bare")?), log.path())?;
    screen.painted(Instant::now(), Duration::from_secs(60)).await.context("the bare window")?;
    let memory = process::memory(window.id())?;
    window.kill();
    Ok(memory)
}
