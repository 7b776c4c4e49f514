//! Changes of one resource at two places: kept side by side where they touch different fields, settled by a person where
//! they touch the same.

use practice::{
    text::{raw, string},
    views::AppointmentStatus,
};
use workstation::screen::{Take, Taken};

use super::world::{Act, World};

fn text(world: &World, appointment: &str) -> String {
    world.desk.ws.show(&format!("Appointment/{appointment}")).unwrap().0
}

fn is_told(world: &World, action: &str) -> bool {
    let events = world.desk.ws.audit(false).unwrap().events;
    events.iter().any(|line| line.event["subtype"][0]["code"] == action)
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_of_different_fields_are_both_kept_and_the_merge_is_told() {
    let world = World::at_work("admin").await;
    let ws = &world.desk.ws;
    let booked = world.desk.book(&world.host.practitioner(), "03:00", None).unwrap().card.id;
    ws.sync_once().await.unwrap();
    world.set_elsewhere(&booked, "/comment", "Bring the letter");
    let mine = world.desk.set_status(&booked, AppointmentStatus::Arrived, None).unwrap();
    let report = ws.sync_once().await.unwrap();
    assert_eq!((report.pushed, report.conflicts, report.set_aside), (1, 0, 0));
    for at in ["/status", "/comment"] {
        let expected = if at == "/status" { "arrived" } else { "Bring the letter" };
        assert_eq!(string(&text(&world, &booked), at).as_deref(), Some(expected));
    }
    assert!(raw(&text(&world, &booked), "/extension").is_some(), "since when the patient is here");

    let fields = ws.history(&format!("Appointment/{booked}")).unwrap().remove(0).merged;
    let told: Vec<_> =
        fields.iter().map(|f| (f.field.as_str(), f.taken, f.mine.as_deref(), f.theirs.as_deref())).collect();
    assert!(told.contains(&("Status", Taken::Mine, Some("arrived"), Some("booked"))), "{told:?}");
    assert!(told.contains(&("Note", Taken::Theirs, None, Some("Bring the letter"))), "{told:?}");
    assert!(is_told(&world, "merge"));

    ws.undo(&mine.change).unwrap();
    assert_eq!(ws.sync_once().await.unwrap().pushed, 1);
    assert_eq!(string(&text(&world, &booked), "/status").as_deref(), Some("booked"));
    assert_eq!(
        string(&text(&world, &booked), "/comment").as_deref(),
        Some("Bring the letter"),
        "taken back, theirs stays"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_says_what_each_did_and_is_settled_either_way() {
    let world = World::at_work("admin").await;
    let other = world.another("desk2").await;
    let ws = &world.desk.ws;
    for (start, take, status) in [("03:00", Take::Mine, "arrived"), ("05:00", Take::Theirs, "cancelled")] {
        let booked = world.desk.book(&world.host.practitioner(), start, None).unwrap().card.id;
        ws.sync_once().await.unwrap();
        other.ws.sync_once().await.unwrap();
        other.set_status(&booked, AppointmentStatus::Cancelled, Some("called off")).unwrap();
        other.ws.sync_once().await.unwrap();
        let mine = world.desk.set_status(&booked, AppointmentStatus::Arrived, None).unwrap();
        assert_eq!(ws.sync_once().await.unwrap().conflicts, 1);
        assert_eq!(ws.sync_once().await.unwrap().conflicts, 0, "it is told once, and waits");

        let line = ws.attention().unwrap().remove(0);
        let conflict = line.conflict.unwrap();
        assert_eq!(conflict.theirs, "Dana Desk cancelled it.");
        assert_eq!(conflict.mine, "This computer's change: marked it arrived.");
        assert!(conflict.fields.iter().any(|f| f.field == "Status" && f.taken == Taken::Open), "{conflict:?}");

        let old = ws.settle(&mine.change, take, Some("1")).unwrap_err();
        assert_eq!(old.code, practice::Code::Conflict, "nobody chooses over what they have not seen");
        ws.settle(&mine.change, take, Some(&conflict.version)).unwrap();
        assert!(ws.attention().unwrap().is_empty());
        assert_eq!(ws.state().sync.pending, u32::from(take == Take::Mine), "what says nothing new is not sent");
        ws.sync_once().await.unwrap();
        other.ws.sync_once().await.unwrap();
        let seen = other.ws.show(&format!("Appointment/{booked}")).unwrap().0;
        assert_eq!(string(&seen, "/status").as_deref(), Some(status));
        assert_eq!(string(&text(&world, &booked), "/status").as_deref(), Some(status));
        ws.settle(&mine.change, take, None).unwrap_err();
    }
    assert!(is_told(&world, "settle"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_the_host_may_have_is_sent_as_it_was_before_it_is_merged() {
    let world = World::at_work("admin").await;
    let ws = &world.desk.ws;
    let booked = world.desk.book(&world.host.practitioner(), "03:00", None).unwrap().card.id;
    ws.sync_once().await.unwrap();
    world.desk.set_status(&booked, AppointmentStatus::Arrived, None).unwrap();
    world.gate.rule(|asked| if asked == "POST /fhir" { Act::Swallow } else { Act::Pass });
    ws.sync_once().await.unwrap_err();
    world.gate.open();
    world.set_elsewhere(&booked, "/comment", "Bring the letter");
    let report = ws.sync_once().await.unwrap();
    assert_eq!((report.pushed, report.conflicts), (1, 0));
    assert_eq!(ws.state().sync.pending, 0);
    assert_eq!(string(&text(&world, &booked), "/comment").as_deref(), Some("Bring the letter"));
}

fn refused_as_changed() -> Act {
    Act::Answer(409, br#"{"code":"conflict","say":"Somebody else changed this meanwhile."}"#.to_vec())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_with_nothing_to_choose_from_goes_on_by_itself() {
    let world = World::at_work("admin").await;
    let ws = &world.desk.ws;
    world.desk.book(&world.host.practitioner(), "03:00", None).unwrap();
    let mut refused = 0;
    world.gate.rule(move |asked| {
        refused += usize::from(asked == "POST /fhir");
        if asked == "POST /fhir" && refused == 1 { refused_as_changed() } else { Act::Pass }
    });
    let report = ws.sync_once().await.unwrap();
    assert_eq!((report.pushed, report.conflicts, report.set_aside), (1, 0, 0));
    assert_eq!((ws.state().sync.pending, ws.state().sync.attention), (0, 0));
    assert!(is_told(&world, "retry"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_that_never_shows_itself_waits_for_a_person_in_the_end() {
    let world = World::at_work("admin").await;
    let ws = &world.desk.ws;
    let booked = world.desk.book(&world.host.practitioner(), "03:00", None).unwrap();
    world.gate.rule(|asked| if asked == "POST /fhir" { refused_as_changed() } else { Act::Pass });
    world.gate.asked();
    assert_eq!(ws.sync_once().await.unwrap().conflicts, 1);
    let sent = world.gate.asked().iter().filter(|asked| *asked == "POST /fhir").count();
    assert_eq!(sent, 3, "a few times, and no more");
    ws.sync_once().await.unwrap();
    assert!(!world.gate.asked().contains(&"POST /fhir".to_owned()));
    assert_eq!(ws.attention().unwrap()[0].change, booked.change);
    world.gate.open();
    ws.retry(&booked.change).unwrap();
    assert_eq!(ws.sync_once().await.unwrap().pushed, 1);
}
