//! Ten thousand things done in the window, by a seed: no error, nothing lost, and the longest frame.
#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::{env, time::Instant};

use anyhow::Result;
use tests::{host::Host, monkey::FRAME, monkey::Monkey, window::Window, workstation::Workstation};

/// SHADOWCHART_BENCH_ACTIONS says another number.
const ACTIONS: usize = 10_000;
const SEED: u64 = 1;

#[tokio::main]
async fn main() -> Result<()> {
    let mut host = Host::with_demo(&["--patients", "300", "--providers", "12"]).await?;
    let (desk, elsewhere) = (Workstation::enrolled(&host)?, Workstation::enrolled(&host)?);
    let member = host.demo.member("front_desk")?.clone();
    let window = Window::open(&desk).await?;
    window.sign_in(&member).await?;
    let actions = env::var("SHADOWCHART_BENCH_ACTIONS").ok().map_or(Ok(ACTIONS), |number| number.parse())?;
    let began = Instant::now();
    let mut monkey = Monkey::new(&window, &member, SEED);
    monkey.act(actions, &mut host, &elsewhere).await?;
    monkey.ends_in_order(&mut host).await?;
    let minutes = began.elapsed().as_secs_f64() / 60.0;
    let ((longest, did), slow) = (monkey.slowest.clone(), monkey.slow.len());
    println!(
        "{actions} things done in the window in {minutes:.0} minutes, the longest frame | {longest:.0} ms ({did}; {slow} over the limit) | <= {FRAME:.0} ms | {}",
        if longest <= FRAME { "ok" } else { "MISSED" },
    );
    for (frame, did) in &monkey.slow {
        eprintln!("{frame:.0} ms: {did}");
    }
    window.close().await
}
