//! How old the data is, and what is said of it.

use std::{sync::Arc, time::Duration};

use jiff::{ToSpan, civil::Date};
use practice::time::Stamp;
use workstation::Notice;

use super::world::{Act, World, heard};

const MINUTE: Duration = Duration::from_secs(60);

/// How strongly the age is said, if it is; on screen and in the terminal.
async fn said(world: &World) -> Option<bool> {
    let ws = &world.desk.ws;
    let (screen, terminal) = (ws.state().sync.stale, ws.status().await.unwrap().stale);
    assert_eq!(screen, terminal, "both say the same");
    screen.map(|stale| stale.strong)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_age_of_the_data_is_said_at_ten_minutes_and_again_at_thirty_until_a_round_ends_well() {
    let world = World::at_work("desk").await;
    let (ws, clock) = (&world.desk.ws, &world.desk.clock);
    let synced = ws.state().sync.last_synced;
    // Told in the audit chain, which the rounds then can't send.
    ws.day(None).unwrap();
    world.gate.rule(|asked| if asked.starts_with("POST /audit") { Act::Cut } else { Act::Pass });
    for (passed, strong) in [(9, None), (2, Some(false)), (18, Some(false)), (2, Some(true))] {
        clock.pass(MINUTE * passed);
        ws.sync_once().await.unwrap_err();
        assert_eq!(ws.state().sync.last_synced, synced, "a round that fails in its last step moves nothing");
        assert_eq!(said(&world).await, strong, "{passed} minutes later");
    }
    world.gate.open();
    ws.sync_once().await.unwrap();
    assert_eq!(said(&world).await, None);
    assert_ne!(ws.state().sync.last_synced, synced);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_windows_are_told_when_the_data_becomes_old_though_nothing_else_happens() {
    let world = World::at_work("desk").await;
    let ws = &world.desk.ws;
    let watch = tokio::spawn(Arc::clone(ws).watch_health());
    for strong in [false, true] {
        let mut notices = ws.notices();
        world.desk.clock.pass(MINUTE * 20);
        heard(&mut notices, |notice| (notice == Notice::Shell).then_some(())).await;
        assert_eq!(ws.state().sync.stale.map(|stale| stale.strong), Some(strong));
    }
    watch.abort();
}

fn as_of(world: &World, date: &str) -> Option<Stamp> {
    let day = world.desk.ws.day(Some(date)).unwrap();
    assert!(!day.columns.is_empty() && day.columns.iter().all(|column| column.as_of == day.as_of), "{day:?}");
    day.as_of.map(|at| Stamp::parse(&at).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_is_as_of_when_the_last_page_was_asked_for_whatever_became_of_the_round() {
    let world = World::at_work("desk").await;
    let (ws, clock) = (&world.desk.ws, &world.desk.clock);
    let (today, synced) = (ws.day(None).unwrap().date, ws.state().sync.last_synced);
    let first = as_of(&world, &today).unwrap();
    clock.pass(MINUTE * 5);
    world.gate.rule(|asked| if asked.starts_with("GET /fhir/_history") { Act::Cut } else { Act::Pass });
    ws.sync_once().await.unwrap_err();
    assert_eq!(as_of(&world, &today), Some(first), "no page has come");
    let moved = Arc::clone(clock);
    world.gate.rule(move |asked| {
        if asked.starts_with("GET /fhir/_history") {
            // The answer takes a minute.
            moved.pass(MINUTE);
        }
        if asked.starts_with("POST /audit") { Act::Cut } else { Act::Pass }
    });
    ws.sync_once().await.unwrap_err();
    let second = as_of(&world, &today).unwrap();
    let passed = second.since(first);
    assert!(passed >= MINUTE * 5 && passed < MINUTE * 6, "as of the asking: {passed:?}");
    assert_eq!(ws.state().sync.last_synced, synced);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_sync_that_was_cut_off_knows_today_and_no_other_day() {
    let world = World::enrolled().await;
    world.desk.sign_in(world.host.account("provider1")).await.unwrap();
    let ws = &world.desk.ws;
    world.gate.rule(|asked| if asked.starts_with("GET /fhir/_history") { Act::Cut } else { Act::Pass });
    ws.sync_once().await.unwrap_err();
    let today = ws.day(None).unwrap();
    let tomorrow = today.date.parse::<Date>().unwrap().checked_add(1.day()).unwrap().to_string();
    assert!(as_of(&world, &today.date).is_some(), "all of today is here");
    assert_eq!(as_of(&world, &tomorrow), None, "of tomorrow nobody can say");
    let chart = &today.appointments[0].patient.as_ref().unwrap().id;
    assert_eq!(ws.chart(chart).unwrap().as_of, None);
    assert_eq!((ws.state().sync.last_synced, said(&world).await), (None, None));
    world.gate.open();
    ws.sync_once().await.unwrap();
    assert!(as_of(&world, &tomorrow).is_some() && as_of(&world, &today.date) >= as_of(&world, &tomorrow));
}
