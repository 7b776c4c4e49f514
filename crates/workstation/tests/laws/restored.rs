//! The host's disk was lost and a copy put back: what came after the copy is at the workstations, and comes back.

use practice::{text::string, views::AppointmentStatus};
use workstation::screen::{PolicyChange, Take};

use super::world::{Desk, World};

fn status(desk: &Desk, appointment: &str) -> Option<String> {
    let shown = desk.ws.show(&format!("Appointment/{appointment}")).ok()?;
    string(&shown.0, "/status").map(Into::into)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_host_had_accepted_after_the_copy_is_there_again_with_its_history() {
    let mut world = World::at_work("desk").await;
    let before = world.desk.book(&world.host.practitioner(), "03:00", None).unwrap().card.id;
    world.desk.ws.sync_once().await.unwrap();
    let copy = world.host.copy();
    world.desk.set_status(&before, AppointmentStatus::Arrived, None).unwrap();
    let after = world.desk.book(&world.host.practitioner(), "05:00", Some("by phone")).unwrap().card.id;
    world.desk.ws.sync_once().await.unwrap();
    world.host.restore(&copy);

    let waits = world.desk.book(&world.host.practitioner(), "07:00", None).unwrap().card.id;
    let moved = world.desk.set_status(&after, AppointmentStatus::Arrived, None).unwrap();
    let report = world.desk.ws.sync_once().await.unwrap();
    assert_eq!((report.pushed, report.conflicts, report.set_aside), (2, 0, 0), "what waited, on top of what came back");
    let state = world.desk.ws.state().sync;
    assert_eq!(state.attention, 0);
    let told = state.restored.expect("it says so");
    assert!(told.given_back >= 4 && told.changed == 0, "two visits, and who made them so: {told:?}");
    let other = world.another("desk2").await;
    assert_eq!(status(&other, &before).as_deref(), Some("arrived"));
    assert_eq!(status(&other, &after).as_deref(), Some("arrived"));
    assert_eq!(status(&other, &waits).as_deref(), Some("booked"));
    let told = other.ws.history(&format!("Appointment/{after}")).unwrap();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.iter().any(|line| line.comment.as_deref() == Some("by phone")), "{told:?}");
    world.desk.ws.undo(&moved.change).unwrap();
    assert_eq!(world.desk.ws.sync_once().await.unwrap().pushed, 1, "the rounds after it are like any");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_at_the_restored_host_meanwhile_is_a_conflict_for_a_person() {
    let mut world = World::at_work("desk").await;
    let other = world.another("desk2").await;
    let booked = world.desk.book(&world.host.practitioner(), "03:00", None).unwrap().card.id;
    world.desk.ws.sync_once().await.unwrap();
    other.ws.sync_once().await.unwrap();
    let copy = world.host.copy();
    world.desk.set_status(&booked, AppointmentStatus::Arrived, None).unwrap();
    world.desk.ws.sync_once().await.unwrap();
    world.host.restore(&copy);
    other.set_status(&booked, AppointmentStatus::Cancelled, Some("called")).unwrap();
    assert_eq!(other.ws.sync_once().await.unwrap().pushed, 1);

    world.desk.ws.sync_once().await.unwrap();
    let lines = world.desk.ws.outbox().unwrap();
    let line = lines.iter().find(|line| line.conflict.is_some()).unwrap_or_else(|| panic!("{lines:?}"));
    assert_eq!(status(&world.desk, &booked).as_deref(), Some("arrived"), "nothing is overwritten");
    world.desk.ws.settle(&line.change, Take::Mine, None).unwrap();
    assert_eq!(world.desk.ws.sync_once().await.unwrap().pushed, 1);
    other.ws.sync_once().await.unwrap();
    assert_eq!(status(&other, &booked).as_deref(), Some("arrived"));
}

#[tokio::test(flavor = "multi_thread")]
async fn time_that_was_given_away_meanwhile_is_not_booked_twice_in_silence() {
    let mut world = World::at_work("desk").await;
    let other = world.another("desk2").await;
    let copy = world.host.copy();
    let lost = world.desk.book(&world.host.practitioner(), "03:00", None).unwrap().card.id;
    world.desk.ws.sync_once().await.unwrap();
    world.host.restore(&copy);
    let taken = other.book(&world.host.practitioner(), "03:00", None).unwrap().card.id;
    assert_eq!(other.ws.sync_once().await.unwrap().pushed, 1);

    world.desk.ws.sync_once().await.unwrap();
    let lines = world.desk.ws.outbox().unwrap();
    assert!(lines.iter().any(|line| line.lost_time), "{lines:?}");
    assert_eq!(status(&world.desk, &lost).as_deref(), Some("booked"), "the patient may still come");
    assert_eq!(status(&world.desk, &taken).as_deref(), Some("booked"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_policy_in_force_stays_in_force() {
    let mut world = World::at_work("admin").await;
    let copy = world.host.copy();
    let change = |base_version| PolicyChange {
        base_version,
        time_outs: Vec::new(),
        lease_hours: Some(48),
        grace_hours: None,
        days_back: None,
        days_ahead: None,
        names: None,
        second_factor: None,
        comment: None,
    };
    world.desk.ws.set_policy(change(1)).await.unwrap();
    world.host.restore(&copy);
    assert_eq!(world.host.tell(&["policy", "show"], "")["version"], 1);
    world.desk.ws.sync_once().await.unwrap();
    let there = world.host.tell(&["policy", "show"], "");
    assert_eq!((&there["version"], &there["lease_hours"]), (&2.into(), &48.into()), "{there}");
    assert_eq!(world.desk.ws.set_policy(change(2)).await.unwrap().version, 3, "and can be changed");
}
