//! Two windows at two desks want the same time of the same provider: once while neither reaches the host, once while both
//! do. One of them has it, the other sees at once that it hasn't, and is offered other times.

use anyhow::{Context, Result, bail, ensure};
use tests::{
    demo::Member,
    host::Host,
    wait::{PATIENCE, until},
    window::Window,
    workstation::Workstation,
};
use thirtyfour::{By, Key};

#[tokio::test]
async fn of_two_windows_that_want_one_time_the_loser_is_offered_another() -> Result<()> {
    let mut host = Host::with_demo(&["--patients", "60", "--providers", "3"]).await?;
    let desks = [Workstation::enrolled(&host)?, Workstation::enrolled(&host)?];
    let [one, other] = [host.demo.member("front_desk")?.clone(), host.demo.member("admin")?.clone()];
    let windows = [Window::open(&desks[0]).await?, Window::open(&desks[1]).await?];
    for (window, member) in windows.iter().zip([&one, &other]) {
        sign_in(window, member).await?;
    }
    let provider = provider(&windows[0]).await?;

    host.kill();
    for window in &windows {
        window.reads("connection", "Offline").await?;
        fill(window, &provider, "21:15", "Raced offline").await?;
        window.press(Key::Enter + "").await?;
        window.gone("booking").await?;
        window.reads("day-grid", "Not confirmed yet").await?;
    }
    windows[0].picture("race-1-both-offline").await?;
    host.start().await?;
    let loser = &windows[loser(&windows, "lost").await?];
    let winner = windows.iter().find(|window| !std::ptr::eq(*window, loser)).context("there are two")?;
    winner.gone("pending").await?;
    winner.picture("race-2-winner").await?;
    loser.picture("race-2-loser").await?;
    another_time(loser, "race-3-offered").await?;

    // With the host there, and both entered before either is sent.
    for window in &windows {
        window.press(Key::Escape + "").await?;
        fill(window, &provider, "22:00", "Raced online").await?;
    }
    let (first, second) = tokio::join!(windows[0].press(Key::Enter + ""), windows[1].press(Key::Enter + ""));
    first.and(second)?;
    let beaten = &windows[self::loser(&windows, "either").await?];
    beaten.picture("race-4-online").await?;
    if beaten.driver().find(By::Testid("booking-refusal")).await.is_ok() {
        // It had heard of the other's booking by then.
        beaten.reads("booking-refusal", "That time is taken").await?;
    } else {
        another_time(beaten, "race-5-offered").await?;
    }
    for window in windows {
        window.close().await?;
    }
    Ok(())
}

async fn sign_in(window: &Window, member: &Member) -> Result<()> {
    window.sign_in(member).await?;
    window.reads("connection", "Up to date").await
}

async fn provider(window: &Window) -> Result<String> {
    let column = window.see("column").await?;
    column.attr("data-practitioner").await?.context("a column is somebody's")
}

/// Fills a booking in for some patient, up to the last key.
async fn fill(window: &Window, provider: &str, time: &str, reason: &str) -> Result<()> {
    window.press("b").await?;
    window.fill("booking-patient", "a").await?;
    window.see("booking-found").await?;
    window.press(Key::Enter + "").await?;
    window.see("booking-patient-chosen").await?;
    let choose = "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('change', {bubbles: true}));";
    let field = window.see("booking-provider").await?;
    window.driver().execute(choose, vec![field.to_json()?, provider.into()]).await?;
    window.fill("booking-time", time).await?;
    window.fill("booking-reason", reason).await
}

/// Which of the windows shows that its time went to the other; with `either`, also by the words of its form.
async fn loser(windows: &[Window; 2], how: &str) -> Result<usize> {
    until("one of two to have lost", PATIENCE, || async {
        for (place, window) in windows.iter().enumerate() {
            let page = window.driver().find(By::Testid("day-grid")).await?.prop("innerText").await?.unwrap_or_default();
            let refused = how == "either" && window.driver().find(By::Testid("booking-refusal")).await.is_ok();
            if page.contains("Time taken") || refused {
                return Ok(place);
            }
        }
        bail!("nobody has lost")
    })
    .await
}

/// The loser opens the visit where it stands, finds another time by keyboard, and the host takes it.
async fn another_time(window: &Window, picture: &str) -> Result<()> {
    let lost = "return [...document.querySelectorAll('[data-testid=card]')].find((card) => card.innerText.includes('Time taken'));";
    let card = window.driver().execute(lost, vec![]).await?.element()?;
    card.click().await?;
    window.see("panel-rebook").await?;
    window.press("f").await?;
    window.see("opening").await?;
    let offered = window.driver().find_all(By::Testid("opening")).await?.len();
    ensure!(offered >= 3, "{offered} times are offered");
    window.picture(picture).await?;
    window.press("1").await?;
    window.gone("rebook-dialog").await?;
    window.gone("pending").await?;
    window.reads("connection", "Up to date").await
}
