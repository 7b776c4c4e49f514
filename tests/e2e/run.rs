//! `make run`, as a newcomer meets it on a computer without a screen: started, interrupted, started again.

use std::{fs, future::ready, path::Path, process::Command, time::Duration};

use anyhow::{Context, Result, ensure};
use rustix::process::Signal;
use tests::{build, demo::Demo, process::Running, wait::until};

/// A first start makes a practice, and three programs come up one after the other on a busy machine.
const START: Duration = Duration::from_secs(150);
/// From Ctrl-C to the prompt.
const END: Duration = Duration::from_secs(30);
/// Found in the environment of every process that the script starts, and of their children.
const MARK: &str = "SHADOWCHART_TEST_OF_RUN";

#[tokio::test]
async fn ctrl_c_ends_everything_whenever_it_comes_and_a_second_start_finds_the_first_ones_data() -> Result<()> {
    let folder = tempfile::Builder::new().prefix("shadowchart-run").tempdir()?;

    let mut early = start(folder.path(), "early")?;
    until("the first words", START, || ready(says(&mut early, "Making an invented practice"))).await?;
    interrupt(&mut early, folder.path())?;

    let mut first = start(folder.path(), "first")?;
    until("the first picture", START, || ready(says(&mut first, "The picture of the screen is"))).await?;
    let demo = Demo::read(&serde_json::from_slice(&fs::read(folder.path().join("run/demo.json"))?)?)?;
    for member in &demo.members {
        for word in [&member.email, &member.password, &member.role] {
            ensure!(first.output().contains(word), "{word} is not on screen: {}", first.output());
        }
    }
    ensure!(fs::metadata(folder.path().join("run/screen.png"))?.len() > 10_000, "the picture is empty");
    interrupt(&mut first, folder.path())?;

    let mut second = start(folder.path(), "second")?;
    until("the second picture", START, || ready(says(&mut second, "The picture of the screen is"))).await?;
    ensure!(!second.output().contains("Making"), "the practice is made once");
    interrupt(&mut second, folder.path())
}

/// In a session of its own, with none of ours: no screen, no keyring, no bus.
fn start(folder: &Path, name: &str) -> Result<Running> {
    let mut command = Command::new("bash");
    command.arg(build::root().join("scripts/run.sh")).env_clear().env(MARK, folder).env("HOME", folder);
    command.env("SHADOWCHART_RUN", folder.join("run")).env("CARGO_TARGET_DIR", build::target()?);
    command.env("PATH", std::env::var_os("PATH").context("there is a path")?);
    Running::start(&mut command, &folder.join(name))
}

fn says(running: &mut Running, words: &str) -> Result<()> {
    running.still_there()?;
    ensure!(running.output().contains(words), "so far: {}", running.output());
    Ok(())
}

/// As Ctrl-C in a terminal, which reaches the whole group; then nothing may be left.
fn interrupt(running: &mut Running, folder: &Path) -> Result<()> {
    running.signal(Signal::INT)?;
    let status = running.wait(END)?;
    ensure!(!status.success(), "an interrupted run is not a success");
    let left = marked(folder);
    ensure!(left.is_empty(), "left behind: {left:?}");
    Ok(())
}

fn marked(folder: &Path) -> Vec<String> {
    let mark = format!("{MARK}={}", folder.display());
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let theirs = processes.filter(|process| {
        let environment = fs::read(process.path().join("environ")).unwrap_or_default();
        environment.split(|byte| *byte == 0).any(|variable| variable == mark.as_bytes())
    });
    theirs.filter_map(|process| fs::read_to_string(process.path().join("cmdline")).ok()).collect()
}
