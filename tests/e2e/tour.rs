//! The pictures of the README and the documents, of the demo practice: `make tour`.

use anyhow::{Context, Result};
use jiff::{Timestamp, tz::TimeZone};
use tests::{host::Host, window::Window, workstation::Workstation};
use thirtyfour::Key;

#[tokio::test]
#[ignore = "it makes pictures and asserts nothing: make tour"]
async fn tour() -> Result<()> {
    let (zone, time) = at_ten();
    let demo = ["--patients", "400", "--providers", "6", "--time-zone", &zone, "--time", &time];
    let mut host = Host::with_demo(&demo).await?;
    let desk = Workstation::enrolled(&host)?;
    let (member, admin) = (host.demo.member("front_desk")?.clone(), host.demo.member("admin")?.clone());
    desk.ctl_as(&member, &["sync"])?;
    desk.ctl_as(&admin, &["sync"])?;
    let window = Window::open(&desk).await?;
    window.sign_in(&member).await?;

    window.reads("connection", "Up to date").await?;
    both(&window, "day").await?;
    window.press("w").await?;
    window.see("week-overview").await?;
    both(&window, "week").await?;
    window.press("w").await?;
    window.see("day-grid").await?;

    window.chord(&[Key::Control], "k").await?;
    window.fill("palette-input", "sam").await?;
    window.see("palette-row").await?;
    both(&window, "find").await?;
    window.press(Key::Enter + "").await?;
    window.see("chart").await?;
    both(&window, "chart").await?;

    window.click("chart-book").await?;
    window.see("booking").await?;
    both(&window, "booking").await?;
    window.press(Key::Escape + "").await?;
    window.gone("booking").await?;

    window.press("o").await?;
    window.fill("openings-words", "30 minutes, mornings").await?;
    window.reads("openings-said", "mornings").await?;
    window.see("found-start").await?;
    both(&window, "openings").await?;
    window.click("openings-close").await?;

    window.press("7").await?;
    window.see("waitlist").await?;
    both(&window, "waitlist").await?;

    host.kill();
    window.press("1").await?;
    window.reads("connection", "Offline").await?;
    both(&window, "offline").await?;
    host.start().await?;
    window.reads("connection", "Up to date").await?;

    window.chord(&[Key::Control], "l").await?;
    window.see("lock-screen").await?;
    both(&window, "locked").await?;
    window.close().await?;

    let window = Window::open(&desk).await?;
    window.sign_in(&admin).await?;
    window.press("3").await?;
    window.see("policy-force").await?;
    both(&window, "policy").await?;
    window.close().await
}

/// A time zone in which it is after ten in the morning, when a demo's day is busy, and what its clock says.
fn at_ten() -> (String, String) {
    let now = Timestamp::now().to_zoned(TimeZone::UTC);
    let east = match 10 - now.hour() {
        -13 => 11,
        east => east,
    };
    // These names say how far it is to UTC, not from it.
    (format!("Etc/GMT{:+}", -east), format!("10:{:02}", now.minute()))
}

/// A picture in light and one in dark.
async fn both(window: &Window, name: &str) -> Result<()> {
    for theme in ["light", "dark"] {
        let choose = format!(
            "document.documentElement.dataset.theme = '{theme}';
            document.getAnimations().forEach((one) => one.finish());"
        );
        window.driver().execute(choose, vec![]).await.context("a theme")?;
        window.picture(&format!("tour-{name}-{theme}")).await?;
    }
    Ok(())
}
