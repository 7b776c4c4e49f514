//! A bare Tauri window of the same build, with nothing in it: what others are measured by.

use std::{
    collections::BTreeMap,
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};

use crate::{
    build,
    process::{self, Running},
    screen::Screen,
};

/// Its memory once its page stands, as [`process::memory`] tells it.
///
/// # Errors
/// It is not built, or no window comes.
pub async fn memory() -> Result<BTreeMap<String, u64>> {
    let screen = Screen::open()?;
    screen.emptied().await?;
    let log = tempfile::NamedTempFile::new()?;
    let mut window = Running::start(&mut Command::new(build::program("examples/bare")?), log.path())?;
    screen.painted(Instant::now(), Duration::from_secs(60)).await.context("the bare window")?;
    let memory = process::memory(window.id())?;
    window.kill();
    Ok(memory)
}
