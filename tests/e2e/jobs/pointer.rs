//! By pointer, while a second window at another desk shows the same day.

use anyhow::{Context, Result, ensure};
use tests::{
    host::Host,
    wait::{PATIENCE, until},
    window::Window,
    workstation::Workstation,
};
use thirtyfour::{By, Key, WebElement};

use super::{another_day, card, date, patients, provider, says, select, spoken, stands, status};

#[tokio::test]
async fn each_job_of_the_front_desk_is_done_by_pointer_while_another_desk_looks_on() -> Result<()> {
    let host = Host::with_demo(&["--patients", "60", "--providers", "3"]).await?;
    let (desk, elsewhere) = (Workstation::enrolled(&host)?, Workstation::enrolled(&host)?);
    let (member, other) = (host.demo.member("front_desk")?.clone(), host.demo.member("clinical")?.clone());
    desk.ctl_as(&member, &["sync"])?;
    let all = patients(&desk.ctl_as(&member, &["find", "a"])?);
    ensure!(all.len() >= 4, "too few patients to work with");
    let (window, onlooker) = (Window::open(&desk).await?, Window::open(&elsewhere).await?);
    window.sign_in(&member).await?;
    onlooker.sign_in(&other).await?;
    for one in [&window, &onlooker] {
        one.reads("connection", "Up to date").await?;
        one.watch().await?;
        let today = date(one).await?;
        one.click("day-after").await?;
        another_day(one, &today).await?;
    }

    looks_at_the_schedule(&window).await.context("1: day, week, list, rooms")?;
    book(&window, &all[0].0, "9:15 pm", "By pointer").await.context("booking")?;
    says(&onlooker, "By pointer", "9:15").await?;
    moves_and_resizes(&window).await.context("2: move and resize")?;
    says(&onlooker, "By pointer", "10:00").await?;
    pins(&window).await.context("2: pinboard")?;
    finds_an_opening(&window, &all[1].0).await.context("3: openings")?;
    follows_a_visit(&window).await.context("4: status")?;
    status(&onlooker, "By pointer", "checked-in").await?;
    both_change(&host, &window, &onlooker).await.context("5: two desks at one visit")?;
    overbooks(&window, &all[2].0).await.context("5: overbooking")?;
    waits_and_tells(&window, &all[3].0).await.context("6, 7: lists and history")?;
    merges(&window, &all[1], &all[3]).await.context("10: merging")?;
    for one in [&window, &onlooker] {
        one.gone("pending").await?;
        ensure!(one.errors().await?.is_empty(), "the page had errors: {:?}", one.errors().await?);
    }
    window.picture("jobs-pointer").await?;
    onlooker.picture("jobs-onlooker").await?;
    onlooker.close().await?;
    window.close().await
}

async fn looks_at_the_schedule(window: &Window) -> Result<()> {
    choose(window, "shape-week").await?;
    window.see("week-overview").await?;
    choose(window, "shape-list").await?;
    window.see("list-grid").await?;
    choose(window, "shape-day").await?;
    window.see("sheet").await?;
    window.click("views-open").await?;
    choose(window, "columns-of-rooms").await?;
    until("columns of rooms", PATIENCE, || async {
        let head = window.see("sheet").await?.prop("innerText").await?.unwrap_or_default();
        ensure!(head.contains("Room"), "no room is named");
        Ok(())
    })
    .await?;
    choose(window, "columns-of-providers").await?;
    window.click("views-open").await?;
    window.gone("views-menu").await
}

/// Clicks the word beside a round button, which has no picture of its own.
async fn choose(window: &Window, id: &str) -> Result<()> {
    let label = By::Css(format!("label:has([data-testid={id}])"));
    until(&format!("a click on {id}"), PATIENCE, || async {
        Ok(window.driver().find(label.clone()).await?.click().await?)
    })
    .await
}

async fn book(window: &Window, name: &str, time: &str, reason: &str) -> Result<()> {
    begin(window, name, time, reason).await?;
    window.click("booking-go").await
}

/// Fills a booking in, up to the last click.
async fn begin(window: &Window, name: &str, time: &str, reason: &str) -> Result<()> {
    window.click("book").await?;
    window.fill("booking-patient", name).await?;
    window.reads("booking-found", name).await?;
    window.click("booking-found").await?;
    window.see("booking-patient-chosen").await?;
    window.fill("booking-time", time).await?;
    window.fill("booking-reason", reason).await
}

/// Presses on a place of an element, and lets go so many pixels on.
async fn drag(window: &Window, from: &WebElement, inside: (i64, i64), by: (i64, i64)) -> Result<()> {
    from.scroll_into_view().await?;
    let chain = window.driver().action_chain().move_to_element_with_offset(from, inside.0, inside.1);
    let chain =
        chain.click_and_hold().move_by_offset(by.0 / 2, by.1 / 2).move_by_offset(by.0 - by.0 / 2, by.1 - by.1 / 2);
    Ok(chain.release().perform().await?)
}

/// Pixels of a quarter of an hour.
async fn quarter(visit: &WebElement, minutes: i64) -> Result<f64> {
    Ok(visit.rect().await?.height * 15.0 / minutes as f64)
}

async fn moves_and_resizes(window: &Window) -> Result<()> {
    says(window, "By pointer", "9:15").await?;
    let visit = card(window, "By pointer").await?;
    let quarter = quarter(&visit, 30).await?;
    drag(window, &visit, (0, 0), (0, (quarter * 2.0).round() as i64)).await?;
    says(window, "By pointer", "9:45").await?;
    window.click("undo").await?;
    says(window, "By pointer", "9:15").await?;
    drag(window, &card(window, "By pointer").await?, (0, 0), (0, (quarter * 3.0).round() as i64)).await?;
    says(window, "By pointer", "10:00").await?;
    let visit = card(window, "By pointer").await?;
    let edge = visit.rect().await?.height / 2.0 - 2.0;
    drag(window, &visit, (0, edge.floor() as i64), (0, quarter.round() as i64)).await?;
    says(window, "By pointer", "10:45").await
}

async fn pins(window: &Window) -> Result<()> {
    let today = date(window).await?;
    select(window, "By pointer").await?;
    window.click("panel-pin").await?;
    window.see("pin").await?;
    window.click("day-after").await?;
    let next = another_day(window, &today).await?;
    window.click("pin").await?;
    window.see("move-panel").await?;
    window.click("move-set").await?;
    window.gone("pins").await?;
    card(window, "By pointer").await?;
    window.click("undo").await?;
    window.click("day-before").await?;
    another_day(window, &next).await?;
    card(window, "By pointer").await?;
    Ok(())
}

async fn finds_an_opening(window: &Window, name: &str) -> Result<()> {
    let today = date(window).await?;
    window.click("find-opening").await?;
    window.click("wish-minutes").await?;
    window.chord(&[Key::Control], "a").await?;
    window.press("20").await?;
    window.click("wish-fri").await?;
    window.fill("pick-patient", name).await?;
    window.reads("pick-found", name).await?;
    window.click("pick-found").await?;
    window.reads("openings-said", "20 min").await?;
    window.click("found-start").await?;
    window.gone("openings").await?;
    window.reads("panel", name).await?;
    window.click("undo").await?;
    window.click("panel-close").await?;
    window.click("day-today").await?;
    window.click("day-after").await?;
    until("the day that was left", PATIENCE, || async {
        ensure!(date(window).await? == today, "it is another");
        Ok(())
    })
    .await
}

async fn follows_a_visit(window: &Window) -> Result<()> {
    select(window, "By pointer").await?;
    window.click("status-confirmed").await?;
    stands(window, "confirmed").await?;
    window.click("status-arrived").await?;
    status(window, "By pointer", "arrived").await?;
    if window.driver().find(By::Testid("alerts-seen")).await.is_ok() {
        window.click("alerts-seen").await?;
        window.gone("alerts-seen").await?;
    }
    window.click("status-checked-in").await?;
    status(window, "By pointer", "checked-in").await
}

/// Each desk says how the visit stands before it hears of the other: whoever was later is asked, and settles it.
async fn both_change(host: &Host, window: &Window, onlooker: &Window) -> Result<()> {
    select(onlooker, "By pointer").await?;
    onlooker.see("panel").await?;
    host.stall()?;
    window.click("status-fulfilled").await?;
    onlooker.click("status-left").await?;
    for one in [window, onlooker] {
        one.see("pending").await?;
    }
    host.go_on()?;
    let asked = until("one of two to be asked", PATIENCE, || async {
        for one in [window, onlooker] {
            if one.driver().find(By::Testid("attention")).await.is_ok() {
                return Ok(one);
            }
        }
        anyhow::bail!("nobody is")
    })
    .await?;
    asked.click("attention").await?;
    asked.click("settle-mine").await?;
    asked.gone("attention").await?;
    asked.click("nav-day").await?;
    let left = std::ptr::eq(asked, onlooker);
    for one in [window, onlooker] {
        one.gone("pending").await?;
        select(one, "By pointer").await?;
        status(one, "By pointer", "fulfilled").await?;
        stands(one, if left { "left" } else { "fulfilled" }).await?;
    }
    Ok(())
}

async fn overbooks(window: &Window, name: &str) -> Result<()> {
    begin(window, name, "10:15 pm", "Over another").await?;
    provider(window, "By pointer").await?.click().await?;
    window.click("booking-go").await?;
    window.fill("booking-overbook", "Sisters, seen together").await?;
    window.click("booking-overbook-go").await?;
    window.gone("booking").await?;
    says(window, "Over another", "10:15").await?;
    let (one, other) =
        (card(window, "By pointer").await?.rect().await?, card(window, "Over another").await?.rect().await?);
    ensure!(one.x + one.width <= other.x + 1.0 || other.x + other.width <= one.x + 1.0, "one lies over the other");
    Ok(())
}

async fn waits_and_tells(window: &Window, name: &str) -> Result<()> {
    select(window, "By pointer").await?;
    window.click("panel-history").await?;
    window.reads("history-dialog", "booked").await?;
    window.click("history-close").await?;
    window.click("panel-recall").await?;
    window.click("recall-in-6").await?;
    window.click("recall-go").await?;
    window.gone("recall-dialog").await?;
    window.click("nav-lists").await?;
    window.click("waitlist-add").await?;
    window.fill("pick-patient", name).await?;
    window.reads("pick-found", name).await?;
    window.click("pick-found").await?;
    window.fill("join-words", "30 min mornings").await?;
    window.reads("join-said", "mornings").await?;
    window.click("join-go").await?;
    window.gone("join-dialog").await?;
    window.reads("waitlist", name).await?;
    window.click("waitlist-leave").await?;
    window.fill("leave-reason", "Moved away").await?;
    window.click("leave-go").await?;
    window.click("undo").await?;
    window.reads("waitlist", name).await?;
    window.click("nav-day").await?;
    window.see("day-grid").await?;
    Ok(())
}

async fn merges(window: &Window, one: &(String, String, String), other: &(String, String, String)) -> Result<()> {
    window.click("find").await?;
    window.fill("palette-input", &one.2).await?;
    window.reads("palette-row", &one.0).await?;
    window.click("palette-row").await?;
    window.reads("patient-name", &one.0).await?;
    window.press("m").await?;
    window.fill("merge-find", &other.2).await?;
    window.reads("merge-found", &other.0).await?;
    window.click("merge-found").await?;
    window.click("merge-go").await?;
    window.reads("chart-merged", &other.0).await?;
    window.click("apart").await?;
    window.click("apart-sure").await?;
    window.gone("chart-merged").await?;
    window.click("nav-day").await?;
    let kept = spoken(&card(window, "Over another").await?).await?;
    ensure!(kept.contains("10:15"), "the day is as it was: {kept}");
    Ok(())
}
