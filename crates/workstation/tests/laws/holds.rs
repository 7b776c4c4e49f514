//! Time that is kept for one computer, bookings that wait for the host's word, and how far a schedule is overbooked.

use std::time::Duration;

use practice::{Code, views::AppointmentStatus};
use workstation::{
    Outcome,
    screen::{BookRequest, Changed, Kept, MoveRequest, ToRoom},
};

use super::world::{Desk, World};

/// Books 15 minutes.
fn book(desk: &Desk, practitioner: &str, start: &str, overbook: Option<&str>) -> Outcome<Changed> {
    desk.ws.book(BookRequest {
        patient: desk.patient(),
        practitioner: practitioner.into(),
        start: start.into(),
        minutes: 15,
        reason: None,
        comment: None,
        overbook: overbook.map(str::to_owned),
        room: None,
        visit_type: None,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_walk_in_in_time_that_is_kept_here_can_not_be_lost_to_another_desk() {
    let world = World::at_work("desk").await;
    let (desk, other, late) = (&world.desk, world.another("desk2").await, world.another("provider1").await);
    let held = desk.hold();
    assert_eq!(held.kept, Kept::Nobody);
    desk.ws.keep_hold(&held.slot, true).unwrap();
    assert_eq!(desk.hold().kept, Kept::Here);
    desk.ws.sync_once().await.unwrap();
    other.ws.sync_once().await.unwrap();
    assert_eq!(other.hold().kept, Kept::Elsewhere);

    // Now nobody reaches the host. One desk knows whose the time is, one has not heard of it yet.
    let refused = book(&other, &held.practitioner, &held.start, Some("urgent")).unwrap_err();
    assert_eq!(refused.code, Code::Overlap);
    assert!(refused.say.contains("kept for another computer"), "{refused:?}");
    assert_eq!(other.ws.keep_hold(&held.slot, true).unwrap_err().code, Code::NotNow);
    let lost = book(&late, &held.practitioner, &held.start, None).unwrap();
    let walk_in = book(desk, &held.practitioner, &held.start, None).unwrap();

    // The one that has not heard comes first.
    let report = late.ws.sync_once().await.unwrap();
    assert_eq!((report.pushed, report.set_aside), (0, 1));
    assert!(late.ws.attention().unwrap()[0].lost_time);
    assert_eq!(desk.ws.sync_once().await.unwrap().pushed, 1);
    let card = desk.ws.appointment(&walk_in.card.id).unwrap().card;
    assert_eq!((card.status, card.provisional), (AppointmentStatus::Booked, false));
    late.ws.withdraw(&lost.change).unwrap();

    other.ws.keep_hold(&held.slot, false).unwrap();
    other.ws.sync_once().await.unwrap();
    desk.ws.sync_once().await.unwrap();
    assert_eq!(desk.hold().kept, Kept::Nobody, "given up, from another desk");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_booking_is_pending_until_the_host_has_found_it_free() {
    let world = World::at_work("desk").await;
    let (desk, provider) = (&world.desk, world.host.practitioner());
    let booked = desk.book(&provider, "03:00", None).unwrap();
    assert_eq!((booked.card.status, booked.card.provisional), (AppointmentStatus::Pending, true));
    // What is entered on top of it meanwhile stands, whether the host's word is heard before or after.
    let seen = desk.book(&provider, "04:00", None).unwrap();
    desk.set_status(&seen.card.id, AppointmentStatus::Arrived, None).unwrap();
    desk.ws.sync_once().await.unwrap();
    let card = |id: &str| desk.ws.appointment(id).unwrap().card;
    assert_eq!((card(&booked.card.id).status, card(&booked.card.id).provisional), (AppointmentStatus::Booked, false));
    assert_eq!((card(&seen.card.id).status, card(&seen.card.id).provisional), (AppointmentStatus::Arrived, false));
    assert_eq!(desk.ws.attention().unwrap(), []);

    desk.set_status(&booked.card.id, AppointmentStatus::Cancelled, Some("ill")).unwrap();
    let taker = desk.book(&provider, "03:00", None).unwrap();
    let back = desk.set_status(&booked.card.id, AppointmentStatus::Booked, None).unwrap_err();
    assert_eq!(back.code, Code::Overlap, "its time went to another");
    desk.set_status(&taker.card.id, AppointmentStatus::Cancelled, Some("ill")).unwrap();
    let back = desk.set_status(&booked.card.id, AppointmentStatus::Booked, None).unwrap();
    assert_eq!(back.card.status, AppointmentStatus::Pending, "time that is taken anew waits again");
    desk.ws.sync_once().await.unwrap();
    assert_eq!(card(&booked.card.id).status, AppointmentStatus::Booked);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schedule_is_overbooked_as_far_as_the_admin_says() {
    let world = World::at_work("admin").await;
    let (desk, provider) = (&world.desk, world.host.practitioner());
    let name = desk.ws.day(None).unwrap().columns.into_iter().find(|column| column.practitioner == provider);
    let name = name.map(|column| column.name).unwrap();
    let limit = || desk.ws.overbook_limits().unwrap().into_iter().find(|limit| limit.name == name).unwrap();
    desk.ws.set_overbook_limit(&limit().schedule, Some(1)).unwrap();
    assert_eq!(limit().limit, Some(1));
    let [line] = &desk.ws.outbox().unwrap()[..] else { panic!("one change waits") };
    assert_eq!(desk.ws.undo(&line.change).unwrap_err().code, Code::Invalid, "it is no visit");
    assert_eq!((limit().limit, desk.ws.outbox().unwrap().len()), (Some(1), 1), "and nothing was written");
    assert_eq!(desk.ws.set_overbook_limit(&limit().schedule, Some(10)).unwrap_err().code, Code::Invalid);
    let at = "2027-12-24T03:00";
    book(desk, &provider, at, None).unwrap();
    assert_eq!(book(desk, &provider, at, None).unwrap_err().code, Code::Overlap);
    book(desk, &provider, at, Some("sick child")).unwrap();
    let full = book(desk, &provider, at, Some("another")).unwrap_err();
    assert!(full.code == Code::Overlap && full.say.contains("as far as"), "{full:?}");
    assert_eq!(desk.ws.sync_once().await.unwrap().set_aside, 0, "the host says the same");
    desk.ws.set_overbook_limit(&limit().schedule, None).unwrap();
    book(desk, &provider, at, Some("another")).unwrap();
    let front = world.another("desk").await;
    assert_eq!(front.ws.overbook_limits().unwrap_err().code, Code::Forbidden);
    assert_eq!(front.ws.set_overbook_limit(&limit().schedule, None).unwrap_err().code, Code::Forbidden);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_has_one_visit_at_a_time_here_and_at_the_host() {
    let world = World::at_work("desk").await;
    let other = world.another("desk2").await;
    let rooms = world.desk.ws.rooms().unwrap();
    let [room, free] = &rooms[..2] else { panic!("{rooms:?}") };
    let book = |desk: &Desk, place: usize, start: &str, room: &str| {
        desk.ws.book(BookRequest {
            patient: desk.patient(),
            practitioner: world.host.other_practitioner(place),
            start: format!("2027-12-24T{start}"),
            minutes: 15,
            reason: None,
            comment: None,
            overbook: None,
            room: Some(room.to_owned()),
            visit_type: None,
        })
    };
    let first = book(&world.desk, 0, "03:00", &room.id).unwrap();
    assert_eq!(first.card.room.as_ref(), Some(room));
    let taken = book(&world.desk, 1, "03:00", &room.id).unwrap_err();
    assert!(taken.code == Code::Overlap && taken.say.contains("room"), "{taken:?}");
    book(&world.desk, 1, "03:00", &free.id).unwrap();
    assert_eq!(book(&world.desk, 0, "05:00", "nowhere").unwrap_err().code, Code::NotFound);
    let unheard = book(&other, 0, "04:00", &room.id).unwrap();
    let beaten = book(&world.desk, 1, "04:00", &room.id).unwrap();
    other.ws.sync_once().await.unwrap();
    let report = world.desk.ws.sync_once().await.unwrap();
    assert_eq!((report.pushed, report.set_aside), (2, 1), "the room was given to {unheard:?}");
    assert_eq!(world.desk.ws.attention().unwrap()[0].change, beaten.change);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_gives_the_old_room_back_and_takes_the_new_one() {
    let world = World::at_work("desk").await;
    let other = world.another("desk2").await;
    let ws = &world.desk.ws;
    let rooms = ws.rooms().unwrap();
    let [one, two] = &rooms[..2] else { panic!("{rooms:?}") };
    let into = |desk: &Desk, visit: &str, room: Option<&str>| {
        desk.ws.move_appointment(MoveRequest {
            appointment: visit.to_owned(),
            start: "2027-12-24T03:00".into(),
            minutes: None,
            practitioner: None,
            room: Some(room.map_or(ToRoom::None, |id| ToRoom::Room(id.to_owned()))),
            comment: None,
            overbook: None,
        })
    };
    let said = |desk: &Desk, visit: &str| {
        desk.clock.pass(Duration::from_secs(1));
        desk.ws.history(&format!("Appointment/{visit}")).unwrap()[0].what.clone()
    };
    let first = world.desk.book(&world.host.practitioner(), "03:00", None).unwrap().card.id;
    let second = world.desk.book(&world.host.other_practitioner(1), "03:00", None).unwrap().card.id;
    said(&world.desk, &first);
    assert_eq!(into(&world.desk, &first, Some(&one.id)).unwrap().card.room.as_ref(), Some(one));
    assert_eq!(said(&world.desk, &first), format!("moved from no room to {}", one.name));
    let taken = into(&world.desk, &second, Some(&one.id)).unwrap_err();
    assert!(taken.code == Code::Overlap && taken.say.contains("room"), "{taken:?}");
    assert_eq!(into(&world.desk, &second, Some("nowhere")).unwrap_err().code, Code::NotFound);
    into(&world.desk, &first, Some(&two.id)).unwrap();
    assert_eq!(said(&world.desk, &first), format!("moved from {} to {}", one.name, two.name));
    into(&world.desk, &second, Some(&one.id)).unwrap();
    said(&world.desk, &second);
    let out = into(&world.desk, &second, None).unwrap();
    assert_eq!(out.card.room, None);
    assert_eq!(said(&world.desk, &second), format!("moved from {} to no room", one.name));
    assert_eq!(ws.undo(&out.change).unwrap().card.room.as_ref(), Some(one), "taken back");
    said(&world.desk, &second);
    into(&world.desk, &second, None).unwrap();
    assert_eq!(ws.sync_once().await.unwrap().set_aside, 0, "the host says the same");

    other.ws.sync_once().await.unwrap();
    let theirs = into(&other, &first, Some(&one.id)).unwrap();
    let mine = into(&world.desk, &second, Some(&one.id)).unwrap();
    other.ws.sync_once().await.unwrap();
    let report = ws.sync_once().await.unwrap();
    assert_eq!((report.pushed, report.set_aside), (0, 1), "the room was given to {theirs:?}");
    assert_eq!(ws.attention().unwrap()[0].change, mine.change);
    into(&other, &first, None).unwrap();
    other.ws.sync_once().await.unwrap();
    ws.retry(&mine.change).unwrap();
    assert_eq!(ws.sync_once().await.unwrap().pushed, 1, "it is free again");
    assert_eq!(ws.appointment(&second).unwrap().card.room.as_ref(), Some(one));
}
