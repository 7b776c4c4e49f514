//! Who walks through the days for hours needs no more memory than who has walked through a few.

use anyhow::{Context, Result, ensure};
use tests::{
    host::Host,
    process,
    wait::{PATIENCE, until},
    window::Window,
    workstation::Workstation,
};
use thirtyfour::By;

/// Days there, and as many back again.
const DAYS: usize = 10;
const WALKS: usize = 9;
/// Megabytes that the page may grow by after its first walk: less than what a hundred days leave, were something kept of each card.
const GROWTH: u64 = 40;

#[tokio::test]
async fn the_page_keeps_nothing_of_the_days_that_were_left() -> Result<()> {
    let host = Host::with_demo(&["--patients", "300", "--providers", "12"]).await?;
    let desk = Workstation::enrolled(&host)?;
    let member = host.demo.member("front_desk")?;
    desk.ctl_as(member, &["sync"])?;
    let window = Window::open(&desk).await?;
    window.sign_in(member).await?;
    walk(&window).await?;
    let before = page(&desk)?;
    for _ in 1..WALKS {
        walk(&window).await?;
    }
    let after = page(&desk)?;
    ensure!(after < before + GROWTH, "the page has grown from {before} to {after} MB");
    window.close().await
}

/// Some days on and back again.
async fn walk(window: &Window) -> Result<()> {
    for step in [["]"; DAYS], ["["; DAYS]].concat() {
        let left = date(window).await?;
        window.press(step).await?;
        until("another day", PATIENCE, || async {
            ensure!(date(window).await? != left, "it is still {left}");
            Ok(())
        })
        .await?;
    }
    Ok(())
}

async fn date(window: &Window) -> Result<String> {
    let grid = window.driver().find(By::Testid("day-grid")).await?;
    grid.attr("data-date").await?.context("the day has a date")
}

/// Megabytes of the page's process.
fn page(desk: &Workstation) -> Result<u64> {
    let memory = process::memory(desk.program()?)?;
    let page = memory.iter().find(|(name, _)| name.starts_with("WebKitWeb")).context("the window has a page")?;
    Ok(page.1 / 1_000_000)
}
