//! What a booked visit is can be changed without booking it again.

use std::time::Duration;

use practice::{Code, text::string, views::AppointmentStatus};
use workstation::{
    Outcome,
    screen::{Changed, ToRoom, VisitChange},
};

use super::world::{Desk, World};

pub fn wish(appointment: &str) -> VisitChange {
    VisitChange {
        appointment: appointment.into(),
        visit_type: None,
        minutes: None,
        room: None,
        reason: None,
        comment: None,
        overbook: None,
    }
}

/// At a moment of its own, since the story is told by them.
fn change(desk: &Desk, wish: VisitChange) -> Outcome<Changed> {
    desk.clock.pass(Duration::from_secs(1));
    desk.ws.change_visit(wish)
}

fn length(changed: &Changed) -> i32 {
    changed.card.end_minute - changed.card.start_minute
}

#[tokio::test(flavor = "multi_thread")]
async fn a_booked_visit_becomes_another_without_the_host_and_every_desk_hears_what_it_became() {
    let mut world = World::at_work("desk").await;
    let visit = world.desk.book(&world.host.practitioner(), "03:00", None).unwrap().card.id;
    let next = world.desk.book(&world.host.practitioner(), "03:30", None).unwrap().card.id;
    world.desk.ws.sync_once().await.unwrap();
    world.host.kill();

    let (desk, ws) = (&world.desk, &world.desk.ws);
    let types = ws.visit_types().unwrap();
    let kind = types.iter().find(|kind| kind.active && kind.minutes > 30).unwrap();
    let rooms = ws.rooms().unwrap();
    let room = &rooms[0];
    let into = |id: &str| Some(ToRoom::Room(id.to_owned()));
    let other = VisitChange {
        visit_type: Some(kind.code.clone()),
        room: into(&room.id),
        reason: Some(" blood pressure ".into()),
        comment: Some("asked on the phone".into()),
        ..wish(&visit)
    };
    let changed = change(desk, other.clone()).unwrap();
    assert!(changed.say.ends_with(&format!(": changed to {}, now in {}, for: blood pressure", kind.name, room.name)));
    assert_eq!(changed.card.visit_type.as_ref(), Some(&kind.code));
    assert_eq!((changed.card.room.as_ref(), changed.card.reason.as_deref()), (Some(room), Some("blood pressure")));
    assert_eq!(length(&changed), 30, "another type is no other length");
    let (text, _) = ws.show(&format!("Appointment/{visit}")).unwrap();
    assert_eq!(string(&text, "/appointmentType/text").as_deref(), Some(&kind.name[..]), "for who knows no code");
    assert_eq!(change(desk, other).unwrap_err().code, Code::Invalid, "nothing is left to change");
    let back = ws.undo(&changed.change).unwrap().card;
    assert_eq!((back.visit_type, back.room, back.reason), (None, None, None), "taken back");
    let kept = change(desk, VisitChange { reason: Some("cough".into()), ..wish(&visit) }).unwrap();

    // What is taken is refused, and given with a reason, as when a visit is moved.
    let longer = VisitChange { minutes: Some(kind.minutes), ..wish(&visit) };
    assert_eq!(change(desk, longer.clone()).unwrap_err().code, Code::Overlap, "somebody comes after it");
    let overbooked = VisitChange { overbook: Some("a long talk".into()), ..longer };
    assert_eq!(length(&change(desk, overbooked).unwrap()), i32::try_from(kind.minutes).unwrap());
    change(desk, VisitChange { room: into(&room.id), ..wish(&next) }).unwrap();
    let taken = change(desk, VisitChange { room: into(&room.id), ..wish(&visit) }).unwrap_err();
    assert!(taken.code == Code::Overlap && taken.say.contains("room"), "{taken:?}");
    let shorter = change(desk, VisitChange { minutes: Some(30), room: into(&room.id), ..wish(&visit) }).unwrap();
    assert_eq!((length(&shorter), shorter.card.room.as_ref()), (30, Some(room)), "they only touch now");
    for (wrong, code) in [
        (VisitChange { visit_type: Some("XX".into()), ..wish(&visit) }, Code::NotFound),
        (VisitChange { room: into("nowhere"), ..wish(&visit) }, Code::NotFound),
        (VisitChange { minutes: Some(4), ..wish(&visit) }, Code::Invalid),
    ] {
        assert_eq!(change(desk, wrong).unwrap_err().code, code);
    }
    desk.set_status(&next, AppointmentStatus::Cancelled, Some("ill")).unwrap();
    let over = change(desk, VisitChange { reason: Some("cough".into()), ..wish(&next) }).unwrap_err();
    assert_eq!(over.code, Code::NotNow, "{}", over.say);

    world.host.resume();
    assert_eq!(world.desk.ws.sync_once().await.unwrap().set_aside, 0, "the host says the same");
    let elsewhere = world.another("desk2").await;
    let told: Vec<String> =
        elsewhere.ws.history(&format!("Appointment/{visit}")).unwrap().into_iter().map(|line| line.say).collect();
    for said in [
        " made it 30 minutes long, now in ".to_owned(),
        " said what it is for: cough, on ".to_owned(),
        format!(" changed it to {}, now in {}, for: blood pressure, on ", kind.name, room.name),
    ] {
        assert!(told.iter().any(|line| line.contains(&said)), "{said}: {told:?}");
    }
    assert!(told.iter().any(|line| line.ends_with(": “asked on the phone”.")), "{told:?}");
    let card = elsewhere.ws.appointment(&visit).unwrap().card;
    assert_eq!((card.reason, card.room), (kept.card.reason, shorter.card.room));
}
