//! The host has news of what was changed here: the changes are put onto them, or stay as they are.

use practice::{Code, ids::ChangeId};
use store::{Fork, GiveUp, Rebase, Retold, Settlement};

use crate::world::{World, appointment, at, change, key, provenance, record};

fn booked(minute: i64) -> String {
    appointment("a1", minute, 15, "booked")
}

/// A world that began from version 1, has two changes, and hears of version 2.
fn forked() -> World {
    let world = World::new();
    world.pull(&[("Appointment/a1", "1", Some(&booked(0)))]).unwrap();
    world.edit("c1", "Appointment/a1", &booked(30), Some("1")).unwrap();
    world.edit("c2", "Appointment/a1", &booked(45), Some("local-c1")).unwrap();
    world.pull(&[("Appointment/a1", "2", Some(&appointment("a1", 0, 20, "booked")))]).unwrap();
    world
}

fn rebase(world: &World, onto: &str, texts: &[(&str, &str)]) -> bool {
    let key = key("Appointment/a1");
    let ids: Vec<ChangeId> = texts.iter().map(|(id, _)| change(id)).collect();
    let texts = ids.iter().zip(texts).map(|(id, (_, text))| (id, *text)).collect();
    let notes = ids.iter().map(|id| format!("[\"{id}\"]")).collect();
    world.store.rebase(&[Rebase { key: &key, onto, texts, notes }], at(5), &[record()]).unwrap()
}

#[test]
fn a_fork_tells_what_both_sides_made_of_what_they_began_from() {
    let world = forked();
    let fork = Fork {
        key: key("Appointment/a1"),
        base: Some(booked(0)),
        version: "2".into(),
        theirs: Some(appointment("a1", 0, 20, "booked")),
        mine: vec![(change("c1"), booked(30)), (change("c2"), booked(45))],
    };
    assert_eq!(world.store.forks().unwrap(), [fork]);
    world.pull(&[("Appointment/a1", "3", None)]).unwrap();
    assert_eq!(world.store.forks().unwrap()[0].theirs, None, "deleted there");
}

#[test]
fn what_was_sent_and_not_answered_is_not_written_anew() {
    let world = forked();
    assert_eq!(world.next().unwrap().0, "c1");
    assert_eq!(world.store.forks().unwrap(), [], "the host may have it");
    world.store.failed_try(&change("c1"), at(0)).unwrap();
    assert_eq!(world.store.forks().unwrap(), []);
    world.store.set_aside(&change("c1"), Code::Conflict, "changed", at(0)).unwrap();
    assert_eq!(world.store.forks().unwrap().len(), 1, "it said that it has not");
}

#[test]
fn changes_put_onto_what_the_host_has_are_sent_again_from_there() {
    let world = forked();
    world.next().unwrap();
    world.store.set_aside(&change("c1"), Code::Conflict, "changed", at(0)).unwrap();
    let (first, second) = (appointment("a1", 30, 20, "booked"), appointment("a1", 45, 20, "booked"));
    assert!(rebase(&world, "2", &[("c1", &first), ("c2", &second)]));

    assert_eq!(world.text_of("Appointment/a1").as_deref(), Some(&second[..]));
    assert_eq!(world.version_of("Appointment/a1"), "local-c2");
    assert_eq!((world.store.forks().unwrap(), world.store.outbox_count().unwrap()), (vec![], (2, 0)));
    let told = |id: &str| world.store.merged(&change(id), &key("Appointment/a1")).unwrap();
    assert_eq!(told("c2").as_deref(), Some("[\"c2\"]"));
    let (id, bundle) = world.next().unwrap();
    assert!(id == "c1" && bundle.contains(&first) && bundle.contains(r#""ifMatch":"W/\"2\"""#), "{bundle}");
    world.accept("c1", "Appointment/a1", "3", &first).unwrap();
    let (id, bundle) = world.next().unwrap();
    assert!(id == "c2" && bundle.contains(&second) && bundle.contains(r#""ifMatch":"W/\"3\"""#), "{bundle}");
    world.accept("c2", "Appointment/a1", "4", &second).unwrap();
    assert_eq!(
        world.store.replaced_by(&change("c1")).unwrap()[0].1,
        Some(appointment("a1", 0, 20, "booked")),
        "taken back, theirs stays"
    );
    assert_eq!(world.store.replaced_by(&change("c2")).unwrap()[0].1, Some(first));
    let before = world.dump_all();
    world.store.rebuild_projections().unwrap();
    assert_eq!(world.dump_all(), before);
}

#[test]
fn a_plan_that_has_become_old_changes_nothing() {
    let world = forked();
    let before = world.dump_all();
    let text = appointment("a1", 45, 20, "booked");
    for (onto, texts) in
        [("1", vec!["c1", "c2"]), ("2", vec!["c1"]), ("2", vec!["c2", "c1"]), ("2", vec!["c1", "c2", "c3"])]
    {
        let texts: Vec<_> = texts.into_iter().map(|id| (id, &text[..])).collect();
        assert!(!rebase(&world, onto, &texts), "{onto} {texts:?}");
    }
    let (settled, open) = (key("Patient/p9"), key("Appointment/a1"));
    let ids = [change("c1"), change("c2")];
    let rebases = [&open, &settled].map(|key| Rebase {
        key,
        onto: "2",
        texts: ids.iter().map(|id| (id, &text[..])).collect(),
        notes: vec![String::new(); 2],
    });
    assert!(!world.store.rebase(&rebases, at(5), &[record()]).unwrap(), "all of it, or nothing");
    assert_eq!(world.dump_all(), before);
}

#[test]
fn what_was_refused_for_another_reason_stays_refused() {
    let world = forked();
    world.store.set_aside(&change("c1"), Code::Overlap, "taken", at(0)).unwrap();
    let text = appointment("a1", 45, 20, "booked");
    assert!(rebase(&world, "2", &[("c1", &text), ("c2", &text)]));
    assert_eq!(world.store.outbox_count().unwrap(), (2, 1));
    assert!(world.next().is_none());
}

#[test]
fn only_the_newest_merges_are_told() {
    let world = forked();
    let text = appointment("a1", 45, 20, "booked");
    assert!(rebase(&world, "2", &[("c1", &text), ("c2", &text)]));
    let filler = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 64)
        INSERT INTO merged SELECT 'x' || i, 'Patient', 'p', 9000000000000 + i, dict, body FROM n, (SELECT dict, body FROM merged LIMIT 1)";
    world.sql().execute_batch(filler).unwrap();
    world.pull(&[("Appointment/a1", "3", Some(&booked(0)))]).unwrap();
    assert!(rebase(&world, "3", &[("c1", &text), ("c2", &text)]));
    assert_eq!(world.dump("merged").len(), 64);
    assert_eq!(world.store.merged(&change("c1"), &key("Appointment/a1")).unwrap(), None);
}

#[test]
fn what_was_decided_is_kept_with_its_texts_or_not_at_all() {
    let world = forked();
    let (key, ids) = (key("Appointment/a1"), [change("c1"), change("c2")]);
    let (theirs, decided) = (appointment("a1", 0, 20, "booked"), appointment("a1", 60, 20, "booked"));
    let kept = booked(45);
    let settle = |onto| {
        let texts = ids.iter().map(|id| (id, decided.as_str())).collect();
        let rebase = Rebase { key: &key, onto, texts, notes: vec![String::new(); 2] };
        let told = provenance("c2", "Appointment/a1").replace("changed", "settled a conflict");
        let settlement = Settlement {
            retold: Some(Retold { change: &ids[1], provenance: &told, what: "Settled it" }),
            given_up: vec![GiveUp { change: &ids[0], key: &key, onto: &theirs, text: &kept }],
        };
        world.store.settle(&[rebase], &settlement, at(5), &[record()]).unwrap()
    };
    let before = world.dump_all();
    assert!(!settle("1"), "the host has another version by now");
    assert_eq!(world.dump_all(), before);
    assert!(settle("2"));
    let given = world.store.given_up().unwrap();
    assert_eq!((given.len(), &given[0].change, &given[0].what[..]), (1, &ids[0], "Changed something"));
    assert_eq!((given[0].onto.as_str(), given[0].text.as_str()), (theirs.as_str(), kept.as_str()));
    assert!(world.text_of("Provenance/c2").unwrap().contains("settled a conflict"));
    assert!(world.text_of("Provenance/c1").unwrap().contains("changed"));
    let bundle = world.store.outbox_bundle("c2").unwrap().unwrap();
    assert!(bundle.contains(&decided) && bundle.contains("settled a conflict"), "{bundle}");
    world.store.forget_given_up(&ids[0]).unwrap();
    assert!(world.store.given_up().unwrap().is_empty());
}
