//! What changes at the host is here at once, and a locked desk is never stale.

use std::{fs, path::PathBuf, sync::Arc, time::Duration};

use tokio::task::JoinHandle;
use workstation::{
    Notice,
    screen::{LockReason, Phase},
};

use super::world::{Act, Desk, World, heard};

/// Design: an admin's change reaches a workstation within two seconds.
const SOON: Duration = Duration::from_secs(2);

fn in_step(desk: &Desk) -> JoinHandle<()> {
    tokio::spawn(Arc::clone(&desk.ws).keep_in_step())
}

/// Waits for news until `true_now`.
async fn until(desk: &Desk, true_now: impl Fn() -> bool) {
    let mut notices = desk.ws.notices();
    while !true_now() {
        heard(&mut notices, |notice| (notice == Notice::Shell).then_some(())).await;
    }
}

/// Locked, with a line to the host.
async fn locked(world: &World) -> JoinHandle<()> {
    let desk = &world.desk;
    desk.ws.lock(LockReason::Asked);
    world.gate.asked();
    let driver = in_step(desk);
    until(desk, || world.gate.asked().iter().any(|asked| asked.starts_with("GET /fhir/_history"))).await;
    driver
}

fn pages(desk: &Desk) -> Vec<PathBuf> {
    let numbered = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().parse::<u64>().is_ok();
    let files = fs::read_dir(desk.home.path().join("sealed")).into_iter().flatten();
    let mut pages: Vec<PathBuf> = files.map(|file| file.unwrap().path()).filter(numbered).collect();
    pages.sort();
    pages
}

/// Books at `other`, and waits until the locked desk has a page more.
async fn booked_elsewhere(world: &World, other: &Desk, start: &str) -> String {
    let before = pages(&world.desk).len();
    let card = other.book(&world.host.practitioner(), start, Some("Canarynote")).unwrap().card;
    other.ws.sync_once().await.unwrap();
    until(&world.desk, || pages(&world.desk).len() > before).await;
    card.id
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admins_change_reaches_a_desk_at_work_and_a_locked_one_within_two_seconds() {
    let world = World::at_work("desk").await;
    let working = world.another("desk2").await;
    let drivers = [locked(&world).await, in_step(&working)];
    until(&working, || working.ws.state().sync.reachable).await;
    for seconds in [120, 60, 240] {
        world.host.tell(&["policy", "set", &format!("time_out.front_desk.front_counter={seconds}")], "");
        let at_work = until(&working, || working.ws.state().time_out_seconds == seconds);
        tokio::time::timeout(SOON, at_work).await.expect("at work");
        let at_the_door = until(&world.desk, || world.desk.ws.state().time_out_seconds == seconds);
        tokio::time::timeout(SOON, at_the_door).await.expect("locked");
    }
    assert_eq!(world.desk.ws.state().phase, Phase::Locked);
    drivers.iter().for_each(JoinHandle::abort);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_while_the_desk_was_locked_is_there_before_the_first_look_and_was_never_readable() {
    let mut world = World::at_work("desk").await;
    let other = world.another("desk2").await;
    let driver = locked(&world).await;
    let first = booked_elsewhere(&world, &other, "03:00").await;
    let second = booked_elsewhere(&world, &other, "04:00").await;
    for (path, bytes) in world.desk.files() {
        assert!(!bytes.windows(10).any(|word| word == b"Canarynote"), "{}", path.display());
    }
    driver.abort();
    world.gate.close();
    let me = world.host.account("desk");
    for restart in [false, true] {
        if restart {
            world.desk.restart();
        }
        world.desk.unlock(&me, &me.password).await.unwrap();
        let day = world.desk.ws.day(Some("2027-12-24")).unwrap();
        let shown: Vec<&str> = day.appointments.iter().map(|card| card.id.as_str()).collect();
        assert!(shown.contains(&&*first) && shown.contains(&&*second), "{shown:?}");
        assert_eq!(pages(&world.desk), Vec::<PathBuf>::new());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_are_lost_repeated_forged_or_from_elsewhere_make_no_gap() {
    let world = World::at_work("desk").await;
    let other = world.another("desk2").await;
    let driver = locked(&world).await;
    let mut cards = Vec::new();
    for start in ["03:00", "04:00", "05:00"] {
        cards.push(booked_elsewhere(&world, &other, start).await);
    }
    driver.abort();
    let sealed = pages(&world.desk);
    let folder = sealed[0].parent().unwrap();
    fs::copy(&sealed[0], folder.join("00000009")).unwrap();
    fs::remove_file(&sealed[1]).unwrap();
    fs::write(folder.join("00000000"), "forged").unwrap();
    fs::write(folder.join("00000005"), "").unwrap();
    let me = world.host.account("desk");
    world.desk.unlock(&me, &me.password).await.unwrap();
    assert!(pages(&world.desk).is_empty());
    let shows = |id: &String| world.desk.ws.appointment(id).is_ok();
    assert_eq!(cards.iter().map(shows).collect::<Vec<_>>(), [true, false, false], "as far as there is no gap");
    let report = world.desk.ws.sync_once().await.unwrap();
    assert!(report.pulled >= 2);
    assert!(cards.iter().all(shows), "the rest comes by sync");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_lives_anew_is_left_to_the_open_vault() {
    let world = World::at_work("desk").await;
    let other = world.another("desk2").await;
    let driver = locked(&world).await;
    world.gate.rule(|asked| match asked.starts_with("GET /fhir/_history") {
        true => Act::OfAnotherLife(410, Vec::new()),
        false => Act::Pass,
    });
    world.gate.asked();
    other.book(&world.host.practitioner(), "03:00", None).unwrap();
    assert!(other.ws.sync_once().await.is_err(), "this one is told too");
    until(&world.desk, || world.gate.asked().iter().any(|asked| asked.starts_with("GET /fhir/_history"))).await;
    assert_eq!(pages(&world.desk), Vec::<PathBuf>::new());
    driver.abort();
}
