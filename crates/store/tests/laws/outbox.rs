use practice::{Code, ids::ChangeId};
use store::{Accepted, StoreError};

use crate::world::{World, appointment, at, change, key, patient, record};

fn booked(minute: i64) -> String {
    appointment("a1", minute, 15, "booked")
}

/// A world that has pulled appointment a1 as version 1.
fn world() -> World {
    let world = World::new();
    world.pull(&[("Appointment/a1", "1", Some(&booked(0)))]).unwrap();
    world
}

#[test]
fn a_change_is_sent_word_for_word_against_what_it_started_from() {
    let world = world();
    world.edit("c1", "Appointment/a1", &booked(30), Some("1")).unwrap();
    let (id, bundle) = world.next().unwrap();
    assert_eq!(id, "c1");
    assert!(bundle.contains(&booked(30)));
    let json: serde_json::Value = serde_json::from_str(&bundle).unwrap();
    assert_eq!(json["type"], "transaction");
    assert_eq!(json["entry"][0]["request"]["url"], "Appointment/a1");
    assert_eq!(json["entry"][0]["request"]["ifMatch"], "W/\"1\"");
    assert_eq!(json["entry"][1]["request"]["url"], "Provenance/c1");
    assert_eq!(json["entry"][1]["request"]["ifNoneMatch"], "*");
}

#[test]
fn an_edit_of_what_has_changed_meanwhile_is_refused() {
    let world = world();
    world.pull(&[("Appointment/a1", "2", Some(&booked(60)))]).unwrap();
    let before = world.dump_all();
    for base in [Some("1"), Some("local-c9"), None] {
        let refused = world.edit("c1", "Appointment/a1", &booked(30), base);
        assert!(matches!(refused, Err(StoreError::Changed)), "{base:?}");
    }
    assert!(matches!(
        world.edit("c2", "Appointment/gone", &appointment("gone", 0, 15, "booked"), Some("1")),
        Err(StoreError::Changed)
    ));
    assert_eq!(world.dump_all(), before);
    assert_eq!(StoreError::Changed.refusal().code, Code::Conflict);
}

#[test]
fn the_same_change_committed_twice_is_kept_once() {
    let world = world();
    world.edit("c1", "Appointment/a1", &booked(30), Some("1")).unwrap();
    let before = world.dump_all();
    world.edit("c1", "Appointment/a1", &booked(30), Some("1")).unwrap();
    assert_eq!(world.dump_all(), before);
}

#[test]
fn a_change_commits_with_its_audit_or_not_at_all() {
    let world = world();
    let before = world.dump_all();
    world.sql().execute_batch("CREATE TRIGGER t BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'x'); END").unwrap();
    assert!(world.edit("c1", "Appointment/a1", &booked(30), Some("1")).is_err());
    world.sql().execute_batch("DROP TRIGGER t").unwrap();
    assert_eq!(world.dump_all(), before);
}

#[test]
fn an_edit_made_while_its_forerunner_is_sent_stays_unsent_and_starts_from_what_the_host_accepted() {
    let world = world();
    world.edit("c1", "Appointment/a1", &booked(30), Some("1")).unwrap();
    let (sent, _) = world.next().unwrap();
    world.edit("c2", "Appointment/a1", &booked(45), Some("local-c1")).unwrap();
    assert_eq!(world.next().unwrap().0, sent, "the second waits for the first");
    assert!(world.accept("c1", "Appointment/a1", "2", &booked(30)).unwrap());
    let stored = world.store.peek(&key("Appointment/a1")).unwrap().unwrap();
    assert!(stored.unsent, "what was not sent is not acknowledged");
    assert_eq!(stored.text, booked(45));
    let (id, bundle) = world.next().unwrap();
    assert_eq!(id, "c2");
    assert!(bundle.contains(r#""ifMatch":"W/\"2\"""#), "{bundle}");
    world.accept("c2", "Appointment/a1", "3", &booked(45)).unwrap();
    let stored = world.store.peek(&key("Appointment/a1")).unwrap().unwrap();
    assert_eq!((stored.unsent, stored.version.as_str()), (false, "3"));
    assert!(world.next().is_none() && world.dump("unsent").is_empty());
}

#[test]
fn an_editor_opened_before_the_answer_came_may_still_save() {
    let world = world();
    world.edit("c1", "Appointment/a1", &booked(30), Some("1")).unwrap();
    world.accept("c1", "Appointment/a1", "2", &booked(30)).unwrap();
    world.edit("c2", "Appointment/a1", &booked(45), Some("local-c1")).unwrap();
    assert!(world.next().unwrap().1.contains(r#""ifMatch":"W/\"2\"""#));
    world.accept("c2", "Appointment/a1", "3", &booked(45)).unwrap();
    world.pull(&[("Appointment/a1", "4", Some(&booked(50)))]).unwrap();
    let stale = world.edit("c3", "Appointment/a1", &booked(60), Some("local-c2"));
    assert!(matches!(stale, Err(StoreError::Changed)), "somebody else's text is another text");
}

#[test]
fn an_answer_that_comes_after_later_news_does_not_hide_the_news() {
    let world = world();
    world.edit("c1", "Appointment/a1", &booked(30), Some("1")).unwrap();
    // The host accepted, the answer was lost, somebody went on from there, and the pull was first.
    world.pull(&[("Appointment/a1", "2", Some(&booked(30))), ("Appointment/a1", "3", Some(&booked(75)))]).unwrap();
    assert_eq!(world.text_of("Appointment/a1").unwrap(), booked(30), "still the local text");
    world.accept("c1", "Appointment/a1", "2", &booked(30)).unwrap();
    assert_eq!(world.text_of("Appointment/a1").unwrap(), booked(75));
    assert_eq!(world.version_of("Appointment/a1"), "3");
}

#[test]
fn an_echo_of_our_own_change_is_no_news() {
    let world = world();
    world.edit("c1", "Appointment/a1", &booked(30), Some("1")).unwrap();
    world.edit("c2", "Appointment/a1", &booked(45), Some("local-c1")).unwrap();
    world.pull(&[("Appointment/a1", "2", Some(&booked(30)))]).unwrap();
    world.accept("c1", "Appointment/a1", "2", &booked(30)).unwrap();
    world.pull(&[("Appointment/a1", "2", Some(&booked(30)))]).unwrap();
    assert!(world.dump("unsent").iter().any(|row| row.contains("a1") && row.ends_with("Null, Null, Null, Null]")));
}

#[test]
fn entries_of_one_resource_stay_in_order_and_others_pass() {
    let world = world();
    world.edit("c1", "Appointment/a1", &booked(30), Some("1")).unwrap();
    world.edit("c2", "Appointment/a1", &booked(45), Some("local-c1")).unwrap();
    world.edit("c3", "Patient/p1", &patient("p1", "Testcase", "A", ""), None).unwrap();
    world.store.set_aside(&change("c1"), Code::Overlap, "The time is taken.", at(2)).unwrap();
    assert_eq!(world.next().unwrap().0, "c3", "what builds on the refused one waits, the rest flows");
    world.accept("c3", "Patient/p1", "1", &patient("p1", "Testcase", "A", "")).unwrap();
    assert!(world.next().is_none());
    let waiting = world.store.outbox(&record()).unwrap();
    assert_eq!(waiting[0].aside, Some((Some(Code::Overlap), "The time is taken.".into())));
    assert_eq!(waiting[0].note.as_ref().unwrap().member_name, "Front Desk One");
    assert_eq!(world.store.outbox_count().unwrap(), (2, 1));
    world.store.retry(&change("c1"), &record()).unwrap();
    assert_eq!(world.next().unwrap().0, "c1");
}

#[test]
fn a_failed_try_waits_until_it_is_due() {
    let world = world();
    world.edit("c1", "Appointment/a1", &booked(30), Some("1")).unwrap();
    world.store.failed_try(&change("c1"), at(10)).unwrap();
    assert!(world.store.outbox_next(at(9)).unwrap().is_none());
    assert_eq!(world.store.outbox_next(at(10)).unwrap().unwrap().tries, 1);
}

#[test]
fn an_answer_counts_once_and_only_when_whole() {
    let world = world();
    world.edit("c1", "Appointment/a1", &booked(30), Some("1")).unwrap();
    let before = world.dump_all();
    let half = [Accepted { key: key("Appointment/a1"), version: "2", updated: at(2), text: &booked(30) }];
    assert!(matches!(world.store.acknowledge(&change("c1"), &half), Err(StoreError::BadAnswer)));
    assert_eq!(world.dump_all(), before);
    assert!(world.accept("c1", "Appointment/a1", "2", &booked(30)).unwrap());
    assert!(!world.accept("c1", "Appointment/a1", "2", &booked(30)).unwrap());
}

#[test]
fn a_withdrawn_change_leaves_what_was_there_before_it() {
    let world = world();
    world.edit("c1", "Appointment/a1", &booked(30), Some("1")).unwrap();
    world.edit("c2", "Appointment/a1", &booked(45), Some("local-c1")).unwrap();
    world.edit("c3", "Patient/p1", &patient("p1", "Testcase", "A", ""), None).unwrap();
    let withdraw = |id: &str| world.store.withdraw(&ChangeId::parse(id).unwrap(), &record());
    assert!(matches!(withdraw("c1"), Err(StoreError::LaterChange)));
    withdraw("c2").unwrap();
    assert_eq!(
        (world.text_of("Appointment/a1").unwrap(), world.version_of("Appointment/a1")),
        (booked(30), "local-c1".into())
    );
    withdraw("c1").unwrap();
    assert_eq!((world.text_of("Appointment/a1").unwrap(), world.version_of("Appointment/a1")), (booked(0), "1".into()));
    withdraw("c3").unwrap();
    assert_eq!(world.text_of("Patient/p1"), None);
    assert_eq!(world.text_of("Provenance/c3"), None);
    assert!(matches!(withdraw("c3"), Err(StoreError::NoSuchChange)));
    assert!(world.dump("unsent").is_empty() && world.dump("outbox").is_empty() && world.dump("outbox_item").is_empty());
}

#[test]
fn what_a_change_replaced_is_known_after_the_host_has_it() {
    let world = world();
    world.edit("c1", "Appointment/a1", &booked(30), Some("1")).unwrap();
    world.accept("c1", "Appointment/a1", "2", &booked(30)).unwrap();
    assert_eq!(world.store.replaced_by(&change("c1")).unwrap(), [(key("Appointment/a1"), Some(booked(0)))]);
    for n in 0..70 {
        let text = patient(&format!("p{n}"), "Testcase", "A", "");
        world.edit(&format!("d{n}"), &format!("Patient/p{n}"), &text, None).unwrap();
    }
    assert!(world.store.replaced_by(&change("c1")).unwrap().is_empty(), "only recent changes are kept");
    assert_eq!(world.store.replaced_by(&change("d69")).unwrap(), [(key("Patient/p69"), None)]);
}
