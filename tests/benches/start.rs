//! From the start of the program to its sign-in screen, beside a bare Tauri window of the same build.
//!
//! Both are started in turn on one screen, and both are timed the same way: by looking at the screen's pixels until
//! the page stands as it then stays.
#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::{
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use tests::{build, host::Host, process::Running, screen::Screen, workstation::Workstation};

/// A figure is the median of as many starts; the first of each, from a cold disk, does not count.
const STARTS: usize = 9;
/// Of a bare window.
const LIMIT: f64 = 1.3;
/// A start that takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let host = Host::with_demo(&["--patients", "20"]).await?;
    let desk = Workstation::enrolled(&host)?;
    let member = host.demo.member("front_desk")?;
    desk.ctl_as(member, &["sync"])?;
    let screen = Screen::open()?;
    let (mut bare, mut ours) = (Vec::new(), Vec::new());
    for turn in 0..=STARTS {
        let one = start(&screen, &mut Command::new(build::program("examples/bare")?)).await.context("bare window")?;
        let mut command = Command::new(build::program("shadowchart")?);
        let other = start(&screen, command.arg("--home").arg(desk.home())).await.context("shadowchart")?;
        if turn > 0 {
            bare.push(one);
            ours.push(other);
        }
    }
    let (bare, ours) = (median(bare), median(ours));
    let of_bare = ours.as_secs_f64() / bare.as_secs_f64();
    let verdict = if of_bare <= LIMIT { "ok" } else { "MISSED" };
    println!(
        "start to sign-in screen, of a bare window | {of_bare:.2} ({} of {} ms) | <= {LIMIT:.2} | {verdict}",
        ours.as_millis(),
        bare.as_millis(),
    );
    Ok(())
}

/// How long until the page of `command` is on the screen.
async fn start(screen: &Screen, command: &mut Command) -> Result<Duration> {
    screen.emptied().await?;
    let log = tempfile::NamedTempFile::new()?;
    let began = Instant::now();
    let mut program = Running::start(command, log.path())?;
    let painted = screen.painted(began, PATIENCE).await;
    program.still_there()?;
    program.kill();
    painted
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
