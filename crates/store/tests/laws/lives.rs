//! After a restore: what the host does not tell of any more is found, and nothing that is here is overwritten by it.

use practice::{Code, ids::MemberId};
use store::{Incoming, LookedThrough, Page, Taken, Write};

use crate::world::{World, at, change, key, patient, provenance, record};

const RESTORED: &str = "e1.b7";

/// Takes `(reference, version, life, text)` from the restored host.
fn told(world: &World, rows: &[(&str, &str, Option<&str>, &str)]) -> Taken {
    let rows: Vec<Incoming<'_>> = rows
        .iter()
        .map(|(reference, version, life, text)| Incoming {
            key: key(reference),
            version,
            updated: at(version.parse().unwrap()),
            life: *life,
            text: Some(text),
        })
        .collect();
    world.store.take_page(&Page { rows: &rows, cursor: "c9", epoch: RESTORED }).unwrap()
}

fn lost(world: &World) -> Vec<(String, String)> {
    let found = world.store.lost(LookedThrough::default(), 9).unwrap();
    assert_eq!(found.life, "e1");
    found.lost.into_iter().map(|one| (one.key.to_string(), one.text)).collect()
}

fn all_stand(world: &World) {
    let found = world.store.lost(LookedThrough::default(), 9).unwrap().lost;
    world.store.stands_again(&found.iter().collect::<Vec<_>>()).unwrap();
}

fn make_change(world: &World, reason: Code) -> bool {
    let found = world.store.lost(LookedThrough::default(), 9).unwrap().lost;
    let write = Write {
        change: &change("again"),
        at: at(9),
        member: &MemberId::parse("m1").unwrap(),
        resources: &[],
        provenance: &provenance("again", &found[0].key.to_string()),
        what: "Kept",
        audit: &[record()],
    };
    world.store.make_change_of(&found[0], reason, &write).unwrap()
}

/// One patient at version 7, and then a host that was restored.
fn restored() -> (World, String) {
    let world = World::new();
    let ours = patient("p1", "Seven", "A", "");
    world.pull(&[("Patient/p1", "7", Some(&ours))]).unwrap();
    world.store.set_epoch(RESTORED).unwrap();
    (world, ours)
}

#[test]
fn the_first_life_gives_nothing_back_and_another_one_does() {
    let world = World::new();
    assert!(!world.store.is_giving_back().unwrap());
    world.store.set_epoch("e1").unwrap();
    assert!(!world.store.is_giving_back().unwrap(), "the same life");
    world.store.set_epoch(RESTORED).unwrap();
    assert!(world.store.is_giving_back().unwrap());
    world.store.gave_back().unwrap();
    assert!(!world.store.is_giving_back().unwrap());
}

#[test]
fn what_the_host_is_behind_on_stays_here_and_is_lost_there() {
    let (world, ours) = restored();
    told(&world, &[("Patient/p1", "5", Some("e1"), &patient("p1", "Five", "A", ""))]);
    assert_eq!(world.text_of("Patient/p1").unwrap(), ours);
    assert_eq!(lost(&world), [("Patient/p1".to_owned(), ours.clone())]);
    all_stand(&world);
    assert!(lost(&world).is_empty());
    assert_eq!((world.text_of("Patient/p1").unwrap(), world.version_of("Patient/p1")), (ours, "7".to_owned()));
}

#[test]
fn what_the_host_still_has_or_is_ahead_with_is_not_lost() {
    let (world, ours) = restored();
    told(&world, &[("Patient/p1", "7", Some("e1"), &ours)]);
    assert!(lost(&world).is_empty());
    let (world, _) = restored();
    let newer = patient("p1", "Eight", "A", "");
    told(&world, &[("Patient/p1", "8", Some("e1"), &newer)]);
    assert!(lost(&world).is_empty());
    assert_eq!(world.text_of("Patient/p1").unwrap(), newer);
}

#[test]
fn what_was_made_there_instead_meets_ours_as_a_change() {
    let (world, ours) = restored();
    let (base, theirs) = (patient("p1", "Five", "A", ""), patient("p1", "Six", "B", ""));
    told(&world, &[("Patient/p1", "5", Some("e1"), &base), ("Patient/p1", "6", None, &theirs)]);
    assert_eq!(world.text_of("Patient/p1").unwrap(), ours, "nothing is overwritten");
    assert!(make_change(&world, Code::Conflict));
    let forks = world.store.forks().unwrap();
    assert_eq!((forks[0].base.as_ref(), forks[0].theirs.as_ref()), (Some(&base), Some(&theirs)));
    assert_eq!(forks[0].mine, [(change("again"), ours)]);
    assert!(lost(&world).is_empty());
}

#[test]
fn a_conflict_waits_until_it_is_known_what_the_host_has() {
    let (world, ours) = restored();
    told(&world, &[("Patient/p1", "5", Some("e1"), &patient("p1", "Five", "A", ""))]);
    assert!(!make_change(&world, Code::Conflict));
    assert_eq!(lost(&world), [("Patient/p1".to_owned(), ours)], "it is still to be given back");
}

#[test]
fn what_can_not_be_given_back_is_sent_on_top_of_what_the_host_has() {
    let (world, ours) = restored();
    told(&world, &[("Patient/p1", "5", Some("e1"), &patient("p1", "Five", "A", ""))]);
    assert!(make_change(&world, Code::Overlap));
    let (sent, bundle) = world.next().unwrap();
    assert_eq!(sent, "again");
    assert!(bundle.contains(&ours) && bundle.contains(r#""ifMatch":"W/\"5\"""#), "{bundle}");
    let (world, _) = restored();
    assert!(make_change(&world, Code::Overlap));
    assert!(world.next().unwrap().1.contains(r#""ifNoneMatch":"*""#), "the host has nothing of it");
}

#[test]
fn the_same_change_in_both_lives_is_no_news() {
    let world = World::new();
    let first =
        r#"{"resourceType":"Patient","id":"p1","meta":{"versionId":"1","lastUpdated":"2026-01-01T00:00:00.000Z"}}"#;
    world.pull(&[("Patient/p1", "1", Some(first))]).unwrap();
    world.store.set_epoch(RESTORED).unwrap();
    let again = practice::text::stamp_meta(first, "2", &at(2).to_string()).unwrap();
    told(&world, &[("Patient/p1", "2", None, &again)]);
    assert!(lost(&world).is_empty());
    assert_eq!(world.text_of("Patient/p1").unwrap(), again);
}

#[test]
fn the_same_number_at_another_time_is_not_what_ours_came_from() {
    let (world, ours) = restored();
    let theirs = patient("p1", "Other", "A", "");
    let row = Incoming { key: key("Patient/p1"), version: "7", updated: at(70), life: Some("e1"), text: Some(&theirs) };
    world.store.take_page(&Page { rows: &[row], cursor: "c9", epoch: RESTORED }).unwrap();
    assert_eq!(world.text_of("Patient/p1").unwrap(), ours);
    assert!(make_change(&world, Code::Conflict), "it is known what the host has instead");
    assert_eq!(world.store.forks().unwrap()[0].theirs.as_ref(), Some(&theirs));
}

#[test]
fn under_a_waiting_change_lies_what_is_given_back() {
    let world = World::new();
    let (base, mine) = (patient("p1", "Seven", "A", ""), patient("p1", "Mine", "A", ""));
    world.pull(&[("Patient/p1", "7", Some(&base))]).unwrap();
    world.edit("c1", "Patient/p1", &mine, Some("7")).unwrap();
    world.store.set_epoch(RESTORED).unwrap();
    told(&world, &[("Patient/p1", "5", Some("e1"), &patient("p1", "Five", "A", ""))]);
    assert_eq!(lost(&world), [("Patient/p1".to_owned(), base)], "and not what was never there");
    world.store.set_aside(&change("c1"), Code::Conflict, "Changed.", at(8)).unwrap();
    all_stand(&world);
    assert_eq!(world.text_of("Patient/p1").unwrap(), mine);
    let (sent, bundle) = world.next().unwrap();
    assert!(sent == "c1" && bundle.contains(r#""ifMatch":"W/\"7\"""#), "refused for what was lost, it goes once more");
}

#[test]
fn a_change_that_was_refused_for_what_came_back_by_another_way_goes_once_more() {
    let world = World::new();
    let base = patient("p1", "Seven", "A", "");
    world.pull(&[("Patient/p1", "7", Some(&base))]).unwrap();
    world.edit("c1", "Patient/p1", &patient("p1", "Mine", "A", ""), Some("7")).unwrap();
    world.store.set_epoch(RESTORED).unwrap();
    world.store.set_aside(&change("c1"), Code::Conflict, "Not here.", at(8)).unwrap();
    assert_eq!(world.next(), None);
    told(&world, &[("Patient/p1", "7", Some("e1"), &base)]);
    assert_eq!(world.next().unwrap().0, "c1");
}

#[test]
fn a_change_entered_while_it_is_lost_does_not_hide_that() {
    let (world, ours) = restored();
    world.edit("c1", "Patient/p1", &patient("p1", "Mine", "A", ""), Some("7")).unwrap();
    assert_eq!(lost(&world), [("Patient/p1".to_owned(), ours.clone())]);
    world.store.withdraw(&change("c1"), &record()).unwrap();
    assert_eq!(lost(&world), [("Patient/p1".to_owned(), ours)], "nor does taking it back");
}

#[test]
fn what_tells_of_a_change_goes_after_what_was_changed() {
    let world = World::new();
    let (note, text) = (provenance("c1", "Patient/p1"), patient("p1", "A", "B", ""));
    world.pull(&[("Provenance/c1", "1", Some(&note)), ("Patient/p1", "2", Some(&text))]).unwrap();
    world.store.set_epoch(RESTORED).unwrap();
    let first = world.store.lost(LookedThrough::default(), 9).unwrap();
    assert_eq!(first.lost.iter().map(|one| one.key.to_string()).collect::<Vec<_>>(), ["Patient/p1"]);
    let second = world.store.lost(first.next, 9).unwrap();
    assert_eq!(second.lost.iter().map(|one| one.key.to_string()).collect::<Vec<_>>(), ["Provenance/c1"]);
    assert!(world.store.lost(second.next, 9).unwrap().lost.is_empty());
}

#[test]
fn an_edit_of_the_text_as_entered_is_refused_when_the_host_answered_with_more() {
    let world = World::new();
    let (mine, more) = (patient("p1", "Mine", "A", ""), patient("p1", "Mine", "A", r#""gender":"other""#));
    world.edit("c1", "Patient/p1", &mine, None).unwrap();
    world.next().unwrap();
    world.accept("c1", "Patient/p1", "3", &more).unwrap();
    let late = world.edit("c2", "Patient/p1", &patient("p1", "Late", "A", ""), Some("local-c1"));
    assert!(matches!(late, Err(store::StoreError::Changed)), "it would take the gender away");
}

#[test]
fn what_was_entered_on_top_does_not_take_away_what_the_host_answered_beside_it() {
    let world = World::new();
    let (first, second) = (patient("p1", "Mine", "A", ""), patient("p1", "Mine", "B", ""));
    let more = patient("p1", "Mine", "A", r#""gender":"other""#);
    world.edit("c1", "Patient/p1", &first, None).unwrap();
    world.edit("c2", "Patient/p1", &second, Some("local-c1")).unwrap();
    world.accept("c1", "Patient/p1", "3", &more).unwrap();
    let forks = world.store.forks().unwrap();
    assert_eq!((forks[0].base.as_ref(), forks[0].theirs.as_ref()), (Some(&first), Some(&more)));
    assert!(!world.next().unwrap().1.contains(r#""ifMatch":"W/\"3\"""#), "it was not made from that version");
}
