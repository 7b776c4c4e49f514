//! The first whole path through the house, on what is on screen: enrol, sign in, sync, search, open a chart, lose the
//! host, book, get the host back, see it at another workstation, walk away, find it locked, unlock.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::time::{Duration, Instant};
use tests::{
    demo::Member,
    host::Host,
    wait::{PATIENCE, until},
    window::Window,
    workstation::Workstation,
};
use thirtyfour::Key;

/// A minute without input, and the second that the lock may be late; the rest is for looking.
const TIME_OUT: Duration = Duration::from_secs(60);

#[tokio::test]
async fn one_desk_works_without_its_host_and_locks_when_nobody_is_there() -> Result<()> {
    let mut host = Host::with_demo(&["--patients", "60", "--providers", "3"]).await?;
    let (desk, elsewhere) = (Workstation::new()?, Workstation::enrolled(&host)?);
    let admin = host.demo.member("admin")?.clone();
    let window = Window::open(&desk).await?;

    enrol(&window, &host).await?;
    sign_in(&window, &admin).await?;
    window.reads("connection", "Up to date").await?;
    window.picture("walk-1-day").await?;
    one_minute_for_the_admin(&window).await?;

    let patient = find_and_open(&window, &desk, &admin).await?;
    host.kill();
    window.reads("connection", "Offline").await?;
    window.picture("walk-2-chart-offline").await?;
    book(&window, &patient).await?;
    window.picture("walk-3-booked-offline").await?;

    host.start().await?;
    window.gone("pending").await?;
    window.reads("connection", "Up to date").await?;
    arrives_elsewhere(&host, &elsewhere, &patient).await?;

    lock_comes(&window, &desk, &elsewhere, &patient).await?;
    window.fill("lock-password", "not the password").await?;
    window.click("lock-unlock").await?;
    window.see("lock-refusal").await?;
    window.fill("lock-password", &admin.password).await?;
    window.click("lock-unlock").await?;
    window.see("chart").await?;
    window.reads("patient-name", &patient.name).await?;
    window.picture("walk-5-back").await?;
    whole_story_is_told(&desk, &admin)?;
    window.close().await
}

struct Patient {
    id: String,
    name: String,
}

async fn enrol(window: &Window, host: &Host) -> Result<()> {
    window.fill("enrol-host", &host.url()).await?;
    paste(window, "enrol-ca", &host.ca_pem()?).await?;
    window.fill("enrol-code", &host.enrol_code()?).await?;
    window.fill("enrol-name", "Front desk").await?;
    window.picture("walk-0-enrol").await?;
    window.click("enrol-go").await
}

/// Puts text of many lines into a field at once: a driver's keys leave line ends out.
async fn paste(window: &Window, id: &str, text: &str) -> Result<()> {
    let field = window.see(id).await?;
    let put = "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input', {bubbles: true}));";
    window.driver().execute(put, vec![field.to_json()?, text.into()]).await?;
    Ok(())
}

async fn sign_in(window: &Window, member: &Member) -> Result<()> {
    window.fill("sign-in-email", &member.email).await?;
    window.fill("sign-in-password", "not the password").await?;
    window.click("sign-in-go").await?;
    window.see("sign-in-refusal").await?;
    window.sign_in(member).await
}

/// Sets the time-out on the admin's page, and sees it in force here.
async fn one_minute_for_the_admin(window: &Window) -> Result<()> {
    window.click("nav-policy").await?;
    window.fill("policy-admin-front_counter", "1").await?;
    window.click("policy-review").await?;
    window.fill("policy-comment", "The counter is in sight of the street").await?;
    window.click("policy-save").await?;
    window.reads("policy-signed", "Version 2").await?;
    window.reads("policy-force", "1 min").await?;
    window.picture("walk-1-policy").await
}

/// Searches by a few letters, and opens the first chart by keyboard.
async fn find_and_open(window: &Window, desk: &Workstation, member: &Member) -> Result<Patient> {
    let found = desk.ctl_as(member, &["find", "a"])?;
    let name = found["patients"][0]["name"].as_str().context("somebody's name begins with A")?.to_owned();
    let id = found["patients"][0]["id"].as_str().context("they have an id")?.to_owned();
    let number = found["patients"][0]["record_number"].as_str().context("they have a record number")?.to_owned();
    window.chord(&[Key::Control], "k").await?;
    window.fill("palette-input", &number).await?;
    window.reads("palette-row", &name).await?;
    window.press(Key::Enter + "").await?;
    window.reads("patient-name", &name).await?;
    window.reads("patient-number", &number).await?;
    window.see("patient-born").await?;
    window.see("shadow-notice").await?;
    Ok(Patient { id, name })
}

/// Books from the chart, by keyboard, on a Sunday evening that nobody else wants.
async fn book(window: &Window, patient: &Patient) -> Result<()> {
    window.click("chart-book").await?;
    window.reads("booking-patient-chosen", &patient.name).await?;
    window.fill("booking-time", "21:15").await?;
    window.fill("booking-reason", "Offline booking").await?;
    window.fill("booking-comment", "on the phone").await?;
    window.press(Key::Enter + "").await?;
    window.gone("booking").await?;
    window.reads("pending", "1 change").await?;
    window.reads("day-grid", "Offline booking").await?;
    window.reads("day-grid", "Not confirmed yet").await
}

/// What was entered is at another workstation, with who entered it and why.
async fn arrives_elsewhere(host: &Host, elsewhere: &Workstation, patient: &Patient) -> Result<()> {
    let front_desk = host.demo.member("front_desk")?;
    until("the booking at the other workstation", PATIENCE, || async {
        elsewhere.ctl_as(front_desk, &["sync"])?;
        let day = elsewhere.ctl_as(front_desk, &["day"])?;
        let booked = visits(&day).find(|visit| visit["reason"] == "Offline booking").context("not there yet")?;
        ensure!(booked["patient"]["id"] == *patient.id, "it is for somebody else");
        ensure!(booked["provisional"] == false, "the host confirmed it");
        let id = booked["id"].as_str().context("it has an id")?;
        let story = elsewhere.ctl_as(front_desk, &["show", &format!("Appointment/{id}"), "--history"])?;
        let told = &story["entries"][0];
        ensure!(told["comment"] == "on the phone" && told["who"] == "Avery Admin", "its story is {told}");
        Ok(())
    })
    .await
}

fn visits(day: &Value) -> impl Iterator<Item = &Value> {
    day["appointments"].as_array().into_iter().flatten()
}

/// Leaves a chart open, touches nothing, and sees the warning, then the lock, neither early nor late.
/// Another window that comes and goes under a pointer that rests is nobody's doing.
async fn lock_comes(window: &Window, desk: &Workstation, other: &Workstation, patient: &Patient) -> Result<()> {
    window.chord(&[Key::Control], "k").await?;
    window.fill("palette-input", &patient.name).await?;
    window.reads("palette-row", &patient.name).await?;
    window.press(Key::Enter + "").await?;
    window.see("chart").await?;
    ensure!(desk.open_vault_files()? > 0, "an open session holds the vault's file");
    let untouched = Instant::now();
    window.see_within("idle-warning", TIME_OUT).await?;
    ensure!(untouched.elapsed() < TIME_OUT, "the warning comes before the lock");
    Window::open(other).await?.close().await?;
    window.see_within("lock-screen", TIME_OUT).await?;
    let waited = untouched.elapsed();
    ensure!(waited > TIME_OUT - Duration::from_secs(3), "locked after {waited:?}, before the time-out");
    ensure!(waited < TIME_OUT + Duration::from_secs(3), "locked after {waited:?}, later than the time-out");
    window.picture("walk-4-locked").await?;

    let page = window.driver().source().await?;
    ensure!(!page.contains(&patient.name), "the patient's name is still in the page");
    ensure!(desk.open_vault_files()? == 0, "the vault's file is still open");
    for command in ["day', {date: null}", "find', {text: 'a'}", "outbox'", "policy'", "chart', {patient: 'x'}"] {
        let script = format!(
            "const done = arguments[0]; window.__TAURI_INTERNALS__.invoke('{command}).then(() => done('ok'), (e) => done(e.code))"
        );
        let answer = window.driver().execute_async(script, vec![]).await?;
        ensure!(answer.json() == "locked", "{command} answered {}", answer.json());
    }
    Ok(())
}

/// The audit chain holds, and tells of everything that was done, the bad tries too.
fn whole_story_is_told(desk: &Workstation, admin: &Member) -> Result<()> {
    let audit = desk.ctl_as(admin, &["audit", "--verify"])?;
    ensure!(audit["verified"] == true && audit["broken"].is_null(), "the chain is broken");
    let told: Vec<&str> = audit["events"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|line| line["event"]["subtype"][0]["code"].as_str())
        .collect();
    for action in ["sign-in", "policy-change", "search", "read-chart", "read-schedule", "create", "lock", "unlock"] {
        ensure!(told.contains(&action), "{action} is not told; what is: {told:?}");
    }
    let bad = |line: &&Value| line["event"]["outcome"] == "4" && line["event"]["subtype"][0]["code"] == "unlock";
    ensure!(audit["events"].as_array().into_iter().flatten().any(|line| bad(&line)), "the wrong password is not told");
    Ok(())
}
