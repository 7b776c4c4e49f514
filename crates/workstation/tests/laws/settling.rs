//! A conflict settled by what a person enters, and giving way undone.

use practice::{Code, text::string, views::AppointmentStatus};
use workstation::screen::{ByHand, Changed, Conflict, FieldWish, MoveRequest, Take, Taken, VisitWish};

use super::world::{Desk, World};

fn text(desk: &Desk, appointment: &str) -> String {
    desk.ws.show(&format!("Appointment/{appointment}")).unwrap().0
}

fn of(desk: &Desk, appointment: &str, pointer: &str) -> Option<String> {
    string(&text(desk, appointment), pointer).map(Into::into)
}

/// Somebody marks a visit arrived here, which was moved to 4:00 on another computer.
async fn conflict(world: &World, other: &Desk) -> (Changed, Conflict) {
    let booked = world.desk.book(&world.host.practitioner(), "03:00", None).unwrap().card.id;
    world.desk.ws.sync_once().await.unwrap();
    other.ws.sync_once().await.unwrap();
    let wish = MoveRequest {
        appointment: booked.clone(),
        start: "2027-12-24T04:00".into(),
        minutes: None,
        practitioner: None,
        room: None,
        comment: None,
        overbook: None,
    };
    other.ws.move_appointment(wish).unwrap();
    other.ws.sync_once().await.unwrap();
    let mine = world.desk.set_status(&booked, AppointmentStatus::Arrived, None).unwrap();
    assert_eq!(world.desk.ws.sync_once().await.unwrap().conflicts, 1);
    let conflict = world.desk.ws.attention().unwrap().remove(0).conflict.unwrap();
    (mine, conflict)
}

fn by_hand(start: &str, minutes: u32, status: AppointmentStatus) -> ByHand {
    let visit = VisitWish {
        start: format!("2027-12-24T{start}"),
        minutes,
        practitioner: None,
        status,
        cancel_reason: None,
        overbook: None,
    };
    ByHand { visit: Some(visit), fields: Vec::new(), comment: Some("asked on the phone".into()) }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_enters_stands_is_told_once_and_can_be_taken_back() {
    use AppointmentStatus::{Arrived, Booked};
    let world = World::at_work("desk").await;
    let other = world.another("desk2").await;
    let ws = &world.desk.ws;
    let (mine, conflict) = conflict(&world, &other).await;
    let id = &mine.card.id;
    let form = conflict.form.unwrap().visit.unwrap();
    assert_eq!(
        (form.start.as_str(), form.minutes, form.status),
        ("2027-12-24T04:00", 30, Booked),
        "as the host has it"
    );
    assert_eq!(form.statuses[..2], [Booked, Arrived]);
    assert!(form.practitioners.iter().any(|choice| Some(&choice.id) == form.practitioner.as_ref()));

    let told = ws.settle_by_hand(&mine.change, &by_hand("09:00", 45, Arrived), Some(&conflict.version)).unwrap();
    assert!(told.say.ends_with("settled a conflict: moved it to 24 Dec 9:00, marked it arrived"), "{}", told.say);
    assert!(ws.attention().unwrap().is_empty());
    assert_eq!(ws.sync_once().await.unwrap().pushed, 1);
    other.ws.sync_once().await.unwrap();
    for desk in [&world.desk, &other] {
        let card = desk.ws.appointment(id).unwrap().card;
        assert_eq!((&card.start[..16], card.status), ("2027-12-24T09:00", Arrived));
        assert_eq!(card.end_minute - card.start_minute, 45);
        assert!(card.arrived_at.is_some());
    }
    let story = other.ws.history(&format!("Appointment/{id}")).unwrap();
    assert_eq!(story.len(), 3, "booked, moved, settled: {story:?}");
    assert!(story[0].what.starts_with("settled a conflict: moved it to 24 Dec 9:00"), "{story:?}");
    assert_eq!((story[0].who.as_str(), story[0].comment.as_deref()), ("Frankie Desk", Some("asked on the phone")));

    let fields = ws.history(&format!("Appointment/{id}")).unwrap().remove(0).merged;
    let told_of = |name: &str| fields.iter().find(|field| field.field == name).unwrap();
    let begins = told_of("Begins");
    assert_eq!((begins.before.as_deref(), begins.theirs.as_deref()), (Some("24 Dec 3:00"), Some("24 Dec 4:00")));
    assert_eq!((begins.taken, begins.result.as_deref()), (Taken::Other, Some("24 Dec 9:00")));
    assert_eq!(told_of("Status").taken, Taken::Mine);

    ws.undo(&told.undo.unwrap()).unwrap();
    assert_eq!(ws.sync_once().await.unwrap().pushed, 1);
    let card = ws.appointment(id).unwrap().card;
    assert_eq!((&card.start[..16], card.status), ("2027-12-24T04:00", Booked), "as the host had it");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_entered_is_said_and_loses_nothing() {
    use AppointmentStatus::{Arrived, Booked, Cancelled, Fulfilled, Waitlist};
    let world = World::at_work("desk").await;
    let other = world.another("desk2").await;
    let ws = &world.desk.ws;
    let (mine, conflict) = conflict(&world, &other).await;
    world.desk.book(&world.host.practitioner(), "09:00", None).unwrap();
    assert_eq!(ws.sync_once().await.unwrap().pushed, 1);
    let before = ws.outbox().unwrap();
    let with = |change: fn(&mut ByHand)| {
        let mut wish = by_hand("10:00", 30, Arrived);
        change(&mut wish);
        wish
    };
    for (wish, code, say) in [
        (by_hand("soon", 30, Arrived), Code::Invalid, "The start is a date and time like 2026-11-23T09:45."),
        (by_hand("10:00", 3, Arrived), Code::Invalid, "A visit lasts between 5 minutes and 8 hours."),
        (by_hand("10:00", 481, Arrived), Code::Invalid, "A visit lasts between 5 minutes and 8 hours."),
        (
            by_hand("09:15", 30, Arrived),
            Code::Overlap,
            "That time is taken. Choose another, or give a reason to overbook.",
        ),
        (
            by_hand("10:00", 30, Waitlist),
            Code::NotNow,
            "That can't follow where this visit stands now. Look at it again.",
        ),
        (
            by_hand("10:00", 30, Cancelled),
            Code::Invalid,
            "Say why it is cancelled. The reason is kept with the appointment.",
        ),
        (
            with(|wish| wish.visit.as_mut().unwrap().practitioner = Some("nobody".into())),
            Code::NotFound,
            "That provider is not in this practice.",
        ),
        (
            with(|wish| wish.visit = None),
            Code::Invalid,
            "That is not what has to be decided here. Look at the change again.",
        ),
        (
            with(|wish| wish.fields.push(FieldWish { path: "comment".into(), value: "x".into() })),
            Code::Invalid,
            "That is not what has to be decided here. Look at the change again.",
        ),
        (
            with(|wish| wish.comment = Some("x".repeat(1_001))),
            Code::Invalid,
            "The comment is longer than 1,000 characters. Shorten it.",
        ),
    ] {
        let refused = ws.settle_by_hand(&mine.change, &wish, Some(&conflict.version)).unwrap_err();
        assert_eq!((refused.code, refused.say.as_str()), (code, say), "{wish:?}");
        assert_eq!(ws.outbox().unwrap(), before, "{say}");
    }
    let old = ws.settle_by_hand(&mine.change, &by_hand("10:00", 30, Arrived), Some("1")).unwrap_err();
    assert_eq!(old.code, Code::Conflict, "nobody chooses over what they have not seen");
    assert_eq!(ws.outbox().unwrap(), before);

    // Time that is taken, with a reason; and done, which may follow where the host has it.
    let mut wish = by_hand("09:15", 30, Fulfilled);
    wish.visit.as_mut().unwrap().overbook = Some("family".into());
    ws.settle_by_hand(&mine.change, &wish, None).unwrap();
    assert_eq!(ws.sync_once().await.unwrap().pushed, 1);
    assert_eq!(of(&world.desk, &mine.card.id, "/status").as_deref(), Some("fulfilled"));

    let (mine, conflict) = self::conflict(&world, &other).await;
    let as_there = by_hand("04:00", 30, Booked);
    let told = ws.settle_by_hand(&mine.change, &as_there, Some(&conflict.version)).unwrap();
    assert_eq!((told.undo, ws.state().sync.pending), (None, 0), "what says nothing new is not sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn words_that_both_changed_can_be_entered_anew() {
    let mut world = World::at_work("desk").await;
    let booked = world.desk.book(&world.host.practitioner(), "03:00", None).unwrap().card.id;
    world.desk.ws.sync_once().await.unwrap();
    let copy = world.host.copy();
    world.set_elsewhere(&booked, "/comment", "Bring the letter");
    world.desk.ws.sync_once().await.unwrap();
    world.host.restore(&copy);
    world.set_elsewhere(&booked, "/comment", "Bring the X-ray");
    world.desk.ws.sync_once().await.unwrap();
    let ws = &world.desk.ws;
    let line = ws.attention().unwrap().remove(0);
    let form = line.conflict.unwrap().form.unwrap();
    assert!(form.visit.is_none());
    assert_eq!((form.fields[0].path.as_str(), form.fields[0].name.as_str()), ("comment", "Note"));
    let wish = |value: &str| ByHand {
        visit: None,
        fields: vec![FieldWish { path: "comment".into(), value: value.into() }],
        comment: None,
    };
    let long = ws.settle_by_hand(&line.change, &wish(&"x".repeat(1_001)), None).unwrap_err();
    assert_eq!(long.code, Code::Invalid);
    ws.settle_by_hand(&line.change, &wish("  Bring both \"papers\"  "), None).unwrap();
    assert_eq!(ws.sync_once().await.unwrap().pushed, 1);
    assert_eq!(of(&world.desk, &booked, "/comment").as_deref(), Some("Bring both \"papers\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_given_up_comes_back_upon_what_the_host_has_now() {
    let world = World::at_work("desk").await;
    let other = world.another("desk2").await;
    let ws = &world.desk.ws;
    let (mine, conflict) = conflict(&world, &other).await;
    let id = &mine.card.id;
    ws.settle(&mine.change, Take::Theirs, Some(&conflict.version)).unwrap();
    assert_eq!(ws.state().sync.pending, 0);
    let given = ws.given_up().unwrap();
    assert_eq!((given.len(), &given[0].change), (1, &mine.change));
    assert!(given[0].what.ends_with("arrived") && given[0].fields.iter().any(|f| f.taken == Taken::Theirs));

    world.set_elsewhere(id, "/comment", "Bring the letter");
    ws.sync_once().await.unwrap();
    let back = ws.bring_back(&mine.change).unwrap();
    assert_ne!(back.change, mine.change, "a change of its own");
    assert_eq!(ws.sync_once().await.unwrap().pushed, 1);
    other.ws.sync_once().await.unwrap();
    assert_eq!(of(&other, id, "/status").as_deref(), Some("arrived"));
    assert_eq!(of(&other, id, "/comment").as_deref(), Some("Bring the letter"), "what came since is kept");
    let story = other.ws.history(&format!("Appointment/{id}")).unwrap();
    assert!(story[0].what.starts_with("brought back what was given up: "), "{story:?}");
    assert!(ws.given_up().unwrap().is_empty());
    assert_eq!(ws.bring_back(&mine.change).unwrap_err().code, Code::NotNow, "once");
    ws.undo(&back.change).unwrap();
    ws.sync_once().await.unwrap();
    assert_eq!(of(&world.desk, id, "/status").as_deref(), Some("booked"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_given_up_does_not_come_back_over_a_change_that_nobody_here_has_seen() {
    let world = World::at_work("desk").await;
    let other = world.another("desk2").await;
    let ws = &world.desk.ws;
    let (mine, conflict) = conflict(&world, &other).await;
    ws.settle(&mine.change, Take::Theirs, Some(&conflict.version)).unwrap();
    other.set_status(&mine.card.id, AppointmentStatus::Cancelled, Some("called off")).unwrap();
    other.ws.sync_once().await.unwrap();
    ws.sync_once().await.unwrap();
    let before = text(&world.desk, &mine.card.id);
    let refused = ws.bring_back(&mine.change).unwrap_err();
    assert!(refused.say.starts_with("Somebody changed it again meanwhile."), "{}", refused.say);
    assert_eq!((text(&world.desk, &mine.card.id), ws.state().sync.pending), (before, 0));
}
