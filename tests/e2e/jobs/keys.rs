//! By keys alone, while the host is gone; then it comes back, and has all of it.

use anyhow::{Context, Result, ensure};
use tests::{
    demo::Member,
    host::Host,
    wait::{PATIENCE, until},
    window::Window,
    workstation::Workstation,
};
use thirtyfour::{By, Key};

use super::{another_day, card, date, patients, provider, says, spoken, stands, status, walk_to};

#[tokio::test]
async fn each_job_of_the_front_desk_is_done_by_keys_while_the_host_is_gone() -> Result<()> {
    let mut host = Host::with_demo(&["--patients", "60", "--providers", "3"]).await?;
    let (desk, elsewhere) = (Workstation::enrolled(&host)?, Workstation::enrolled(&host)?);
    let member = host.demo.member("front_desk")?.clone();
    desk.ctl_as(&member, &["sync"])?;
    let all = patients(&desk.ctl_as(&member, &["find", "a"])?);
    ensure!(all.len() >= 4, "too few patients to work with");
    let window = Window::open(&desk).await?;
    window.sign_in(&member).await?;
    window.reads("connection", "Up to date").await?;
    window.watch().await?;
    host.kill();
    window.reads("connection", "Offline").await?;

    looks_at_the_schedule(&window).await.context("1: day, week, list, views")?;
    book(&window, &all[0].0, "9:15 pm", "First of all").await.context("booking")?;
    moves_copies_and_pins(&window).await.context("2: move, copy, pinboard")?;
    finds_an_opening(&window, &all[1].0).await.context("3: openings")?;
    follows_a_visit(&window, &all[2].0).await.context("4: status")?;
    overbooks(&window, &all[3].0).await.context("5: overbooking")?;
    repeats_and_waits(&window, &all).await.context("6: series and lists")?;
    tells_the_story(&window).await.context("7: history")?;
    finds_a_patient(&window, &all[0]).await.context("9: finding")?;
    registers(&window).await.context("10: registering")?;
    keeps_what_is_half_done(&window, &member).await.context("11: palette and drafts")?;
    window.picture("jobs-keys").await?;
    suits_the_eye(&window).await.context("12: text and keys")?;
    ensure!(window.errors().await?.is_empty(), "the page had errors: {:?}", window.errors().await?);

    host.start().await?;
    window.gone("pending").await?;
    window.reads("connection", "Up to date").await?;
    let today = date(&window).await?;
    until("all of it at another desk", PATIENCE, || async {
        elsewhere.ctl_as(&member, &["sync"])?;
        let day = elsewhere.ctl_as(&member, &["day", "--date", &today])?.to_string();
        for reason in ["Second of all", "Third of all", "Over another"] {
            ensure!(day.contains(reason), "{reason} is not on {today} there");
        }
        ensure!(elsewhere.ctl_as(&member, &["find", "keyboard"])?.to_string().contains("Keyboard"), "nobody new");
        Ok(())
    })
    .await?;
    window.close().await
}

async fn press(window: &Window, keys: &[Key]) -> Result<()> {
    for key in keys {
        window.press(key.clone() + "").await?;
    }
    Ok(())
}

/// Books from the day, with nothing but keys.
async fn book(window: &Window, name: &str, time: &str, reason: &str) -> Result<()> {
    begin(window, name, time, reason).await?;
    window.press(Key::Enter + "").await
}

/// Fills a booking in, up to the last key.
async fn begin(window: &Window, name: &str, time: &str, reason: &str) -> Result<()> {
    window.press("b").await?;
    window.focuses("booking-patient").await?;
    window.press(name).await?;
    window.reads("booking-found", name).await?;
    window.press(Key::Enter + "").await?;
    window.focuses("booking-reason").await?;
    window.press(reason).await?;
    window.tab_to("booking-time", true).await?;
    window.press(time).await
}

async fn looks_at_the_schedule(window: &Window) -> Result<()> {
    let today = date(window).await?;
    window.press("w").await?;
    window.see("week-overview").await?;
    window.press("w").await?;
    window.see("sheet").await?;
    window.press("l").await?;
    window.see("list-grid").await?;
    window.chord(&[Key::Shift], Key::F2 + "").await?;
    window.press("l").await?;
    window.see("sheet").await?;
    window.press(Key::F2 + "").await?;
    window.see("list-grid").await?;
    window.press("l").await?;
    window.see("sheet").await?;
    window.press("]").await?;
    let next = another_day(window, &today).await?;
    window.press("[").await?;
    another_day(window, &next).await?;
    window.press("g").await?;
    window.see("month-picker").await?;
    press(window, &[Key::Down, Key::Down, Key::Enter]).await?;
    window.gone("month-picker").await?;
    let later = another_day(window, &today).await?;
    window.press("t").await?;
    another_day(window, &later).await?;
    // What is booked from here on is tomorrow's: today's visits are past their statuses.
    window.press("]").await?;
    another_day(window, &today).await?;
    Ok(())
}

async fn moves_copies_and_pins(window: &Window) -> Result<()> {
    says(window, "First of all", "9:15").await?;
    says(window, "First of all", "Not confirmed yet").await?;
    window.press("m").await?;
    window.see("move-panel").await?;
    press(window, &[Key::Down, Key::Enter]).await?;
    says(window, "First of all", "9:30").await?;
    window.chord(&[Key::Control], "z").await?;
    says(window, "First of all", "9:15").await?;

    window.press("k").await?;
    window.focuses("booking-reason").await?;
    window.chord(&[Key::Control], "a").await?;
    window.press("Second of all").await?;
    window.tab_to("booking-time", true).await?;
    window.press("9:45 pm" + Key::Enter).await?;
    says(window, "Second of all", "9:45").await?;

    let today = date(window).await?;
    window.press("x").await?;
    window.see("pin").await?;
    window.press("]").await?;
    another_day(window, &today).await?;
    window.press("j").await?;
    window.see("move-panel").await?;
    window.press(Key::Enter + "").await?;
    window.gone("pins").await?;
    says(window, "Second of all", "9:45").await?;
    window.chord(&[Key::Control], "z").await?;
    window.press("[").await?;
    says(window, "Second of all", "9:45").await?;

    // The copy's original is cancelled, with a reason.
    walk_to(window, "First of all").await?;
    window.press("c").await?;
    window.focuses("cancel-reason").await?;
    window.press("Booked twice" + Key::Enter).await?;
    window.gone("cancel-dialog").await?;
    window.reads("panel", "Cancelled").await
}

async fn finds_an_opening(window: &Window, name: &str) -> Result<()> {
    let today = date(window).await?;
    window.press("o").await?;
    window.focuses("openings-words").await?;
    window.press("20 min mornings").await?;
    window.reads("openings-said", "20 min").await?;
    window.see("found-start").await?;
    window.tab_to("pick-patient", false).await?;
    window.press(name).await?;
    window.reads("pick-found", name).await?;
    window.press(Key::Enter + "").await?;
    window.focuses("found-start").await?;
    window.press(Key::Enter + "").await?;
    window.gone("openings").await?;
    window.reads("panel", name).await?;
    window.reads("panel", "20 min").await?;
    window.press("t").await?;
    window.press(Key::Escape + "").await?;
    window.press("]").await?;
    until("the day that was left", PATIENCE, || async {
        ensure!(date(window).await? == today, "it is another");
        Ok(())
    })
    .await
}

async fn follows_a_visit(window: &Window, name: &str) -> Result<()> {
    book(window, name, "10:15 pm", "Third of all").await?;
    says(window, "Third of all", "10:15").await?;
    window.press("y").await?;
    stands(window, "confirmed").await?;
    window.press("a").await?;
    status(window, "Third of all", "arrived").await?;
    if window.driver().find(By::Testid("alerts-seen")).await.is_ok() {
        window.focuses("alerts-seen").await?;
        window.press(Key::Enter + "").await?;
        window.gone("alerts-seen").await?;
    }
    window.press("r").await?;
    status(window, "Third of all", "checked-in").await?;
    window.press("d").await?;
    status(window, "Third of all", "fulfilled").await?;
    window.press("q").await?;
    stands(window, "left").await?;
    window.press("i").await?;
    window.focuses("recall-due").await?;
    window.chord(&[Key::Control], "a").await?;
    window.press("+20" + Key::Enter).await?;
    window.gone("recall-dialog").await
}

async fn overbooks(window: &Window, name: &str) -> Result<()> {
    walk_to(window, "Second of all").await?;
    begin(window, name, "9:45 pm", "Over another").await?;
    let provider = provider(window, "Second of all").await?.prop("text").await?.context("they have a name")?;
    window.tab_to("booking-provider", true).await?;
    window.press(provider).await?;
    window.tab_to("booking-reason", false).await?;
    window.press(Key::Enter + "").await?;
    window.focuses("booking-overbook").await?;
    window.press("Sisters, seen together" + Key::Enter).await?;
    window.gone("booking").await?;
    says(window, "Over another", "9:45").await?;
    says(window, "Over another", "Not confirmed yet").await?;
    window.press("n").await?;
    status(window, "Over another", "noshow").await
}

async fn repeats_and_waits(window: &Window, all: &[(String, String, String)]) -> Result<()> {
    begin(window, &all[0].0, "11 pm", "Every week").await?;
    window.tab_to("repeats", false).await?;
    window.press(" ").await?;
    window.tab_to("repeats-times", false).await?;
    window.press("3" + Key::Enter).await?;
    window.see("series-visits").await?;
    window.tab_to("series-go", false).await?;
    window.press(Key::Enter + "").await?;
    window.gone("series-dialog").await?;
    window.reads("panel", "every week").await?;
    window.press("c").await?;
    window.focuses("cancel-reason").await?;
    window.press("Better" + Key::Enter).await?;
    window.see("scope-dialog").await?;
    window.press("1").await?;
    window.gone("scope-dialog").await?;
    window.reads("panel", "Cancelled").await?;

    // Somebody who would come sooner is offered what a visit leaves.
    let today = date(window).await?;
    window.press("7").await?;
    window.see("waitlist").await?;
    window.press("a").await?;
    window.focuses("pick-patient").await?;
    window.press(all[1].0.as_str()).await?;
    window.reads("pick-found", &all[1].0).await?;
    window.press(Key::Enter + "").await?;
    window.focuses("join-words").await?;
    window.press("15 min").await?;
    window.reads("join-said", "15 min").await?;
    window.press(Key::Enter + "").await?;
    window.gone("join-dialog").await?;
    window.reads("waitlist", &all[1].0).await?;
    for list in ["list-confirm", "list-missed", "list-recall"] {
        window.press("]").await?;
        window.see(list).await?;
    }
    window.reads("list-recall", &all[2].0).await?;
    window.press("1").await?;
    ensure!(date(window).await? == today, "the day is where it was left");
    let visit = window.driver().find(By::Css("[data-testid=sheet] [data-status=booked]")).await?;
    let visit = spoken(&visit).await?;
    walk_to(window, &visit).await?;
    window.press("c").await?;
    window.focuses("cancel-reason").await?;
    window.press("Patient is ill" + Key::Enter).await?;
    window.see("freed").await?;
    window.press("u").await?;
    let offer = window.see("offer").await?.find(By::Css("b")).await?.prop("innerText").await?;
    let name = offer.context("who is offered it has a name")?;
    window.press("1").await?;
    window.gone("offers-dialog").await?;
    window.reads("panel", &name).await?;
    window.chord(&[Key::Control], "z").await?;
    window.press("7").await?;
    window.see("list-recall").await?;
    window.press("[[[").await?;
    window.reads("waitlist", &name).await?;
    window.press("1").await?;
    card(window, "Second of all").await?;
    Ok(())
}

async fn tells_the_story(window: &Window) -> Result<()> {
    walk_to(window, "Third of all").await?;
    window.press("h").await?;
    window.reads("history-dialog", "arrived").await?;
    let told = window.driver().find_all(By::Testid("history-line")).await?.len();
    ensure!(told >= 5, "{told} sentences");
    window.press(Key::Escape + "").await?;
    window.gone("history-dialog").await
}

async fn finds_a_patient(window: &Window, (name, born, number): &(String, String, String)) -> Result<()> {
    let (family, given) = name.split_once(", ").context("a name of two words")?;
    let [year, month, day] = born.split('-').collect::<Vec<_>>()[..] else { anyhow::bail!("born {born}") };
    let other_way = format!("{} {}", given.to_lowercase(), family.to_lowercase());
    let mistyped: String = family.chars().enumerate().filter(|(at, _)| *at != 2).map(|(_, letter)| letter).collect();
    let mistyped = format!("{mistyped} {given}");
    for typed in
        [number.as_str(), &other_way, &mistyped, &format!("{month}/{day}/{year}"), &format!("{day}.{month}.{year}")]
    {
        // The fourth is written as the practice writes dates, the fifth as others do.
        window.chord(&[Key::Control], "k").await?;
        window.focuses("palette-input").await?;
        ensure!(window.driver().find_all(By::Testid("palette-row")).await?.is_empty(), "somebody before a letter");
        window.press(typed).await?;
        window.reads("palette-row", name).await.with_context(|| format!("{name} by {typed:?}"))?;
        window.press(Key::Escape + "").await?;
        window.gone("palette").await?;
    }
    Ok(())
}

async fn registers(window: &Window) -> Result<()> {
    window.press("p").await?;
    window.focuses("patient-family").await?;
    for word in ["Keyboard", "Kim", "", "2/29/1988"] {
        window.press(word).await?;
        window.press(Key::Tab + "").await?;
    }
    window.press(Key::Enter + "").await?;
    window.gone("patient-dialog").await?;
    window.reads("booking-patient-chosen", "Keyboard, Kim").await?;
    window.press(Key::Escape + "").await?;
    window.gone("booking").await
}

async fn keeps_what_is_half_done(window: &Window, member: &Member) -> Result<()> {
    window.chord(&[Key::Control], "k").await?;
    window.focuses("palette-input").await?;
    window.press("book from").await?;
    window.reads("palette-deed", "Book, from the selected time").await?;
    press(window, &[Key::Escape]).await?;
    window.gone("palette").await?;
    window.press("b").await?;
    window.focuses("booking-reason").await?;
    window.press("Half a thought").await?;
    window.chord(&[Key::Control], "l").await?;
    window.locked("lock-screen").await?;
    ensure!(!window.driver().source().await?.contains("Half a thought"), "it is there while locked");
    window.fill("lock-password", &member.password).await?;
    window.press(Key::Enter + "").await?;
    window.see("booking").await?;
    let reason = window.see("booking-reason").await?.prop("value").await?;
    ensure!(reason.as_deref() == Some("Half a thought"), "it became {reason:?}");
    window.watch().await?;
    press(window, &[Key::Escape]).await?;
    window.gone("booking").await
}

async fn suits_the_eye(window: &Window) -> Result<()> {
    let wide = "return innerWidth;";
    let before: f64 = window.driver().execute(wide, vec![]).await?.convert()?;
    window.chord(&[Key::Control], "+").await?;
    until("larger text", PATIENCE, || async {
        let now: f64 = window.driver().execute(wide, vec![]).await?.convert()?;
        ensure!(now < before, "as much as before fits: {now}");
        Ok(())
    })
    .await?;
    window.chord(&[Key::Control], "0").await?;
    window.press("?").await?;
    window.reads("shortcuts", "Waitlist").await.or(window.reads("shortcuts", "waitlist").await)?;
    window.press(Key::Escape + "").await?;
    window.gone("shortcuts").await?;
    let kept = spoken(&card(window, "Third of all").await?).await?;
    ensure!(kept.contains("10:15"), "the day is as it was: {kept}");
    Ok(())
}
