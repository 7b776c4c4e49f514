//! One member leaves, the next sits down: a key, a name, a password, and nothing of the first is left.

use anyhow::{Context, Result, ensure};
use tests::{
    host::Host,
    wait::{PATIENCE, until},
    window::Window,
    workstation::Workstation,
};
use thirtyfour::Key;

#[tokio::test]
async fn a_desk_is_handed_over_with_one_key_and_shows_the_next_member_nothing_of_the_first() -> Result<()> {
    let host = Host::with_demo(&["--patients", "60", "--providers", "3"]).await?;
    let (first, next) = (host.demo.member("front_desk")?, host.demo.member("clinical")?);
    let desk = Workstation::enrolled(&host)?;
    desk.ctl_as(next, &["sync"])?;
    let found = desk.ctl_as(next, &["find", "a"])?;
    let text = |field: &str| found["patients"][0][field].as_str().map(str::to_owned).context("somebody is found");
    let (patient, number) = (text("name")?, text("record_number")?);

    let window = Window::open(&desk).await?;
    window.sign_in(first).await?;
    window.chord(&[Key::Control], "k").await?;
    window.fill("palette-input", &number).await?;
    window.reads("palette-row", &patient).await?;
    window.press(Key::Enter + "").await?;
    window.see("chart").await?;

    let drawn = wide(&window).await?;
    window.chord(&[Key::Control], "=").await?;
    until("larger letters", PATIENCE, || async {
        ensure!(wide(&window).await? < drawn, "they are as before");
        Ok(())
    })
    .await?;

    window.chord(&[Key::Control, Key::Shift], "B").await?;
    window.see("names-hidden").await?;
    window.picture("hand-over-1-hidden").await?;
    window.chord(&[Key::Control, Key::Shift], "B").await?;
    window.gone("names-hidden").await?;

    window.chord(&[Key::Control, Key::Shift], "L").await?;
    window.locked("member-picker").await?;
    window.picture("hand-over-2-picker").await?;
    ensure!(desk.open_vault_files()? == 0, "the vault's file is still open");
    ensure!(!window.driver().source().await?.contains(&patient), "the patient's name is still in the page");
    window.fill("picker-input", &next.name).await?;
    window.press(Key::Enter + "").await?;
    window.fill("lock-password", &next.password).await?;
    window.press(Key::Enter + "").await?;
    window.see("day-grid").await?;
    until("the next one's own size of letters", PATIENCE, || async {
        ensure!(wide(&window).await? == drawn, "they are the first one's");
        Ok(())
    })
    .await?;
    window.gone("chart").await?;
    ensure!(!window.driver().source().await?.contains(&number), "the patient that the first had open is offered");
    window.picture("hand-over-3-next").await?;
    window.close().await
}

/// How much of a page has room beside itself, in its own measure.
async fn wide(window: &Window) -> Result<u64> {
    let width = window.driver().execute("return innerWidth", vec![]).await?;
    width.json().as_u64().context("a width is a number")
}
