use practice::resource::ResourceType;
use store::{Incoming, Known, Page, PreparedPage, StoreError};

use crate::world::{World, appointment, at, key, patient, record, text};

#[test]
fn a_text_is_kept_byte_for_byte() {
    let world = World::new();
    let odd = r#"{ "resourceType":"Patient", "id":"p1","x":1.10, "unknown":{"ä":"\u00e4🙂","n":[1e-7 ,-0.0]} }"#;
    world.pull(&[("Patient/p1", "1", Some(odd))]).unwrap();
    assert_eq!(world.text_of("Patient/p1").unwrap(), odd);
}

#[test]
fn a_page_with_one_bad_row_leaves_nothing_and_the_cursor_stays() {
    let world = World::new();
    world.pull(&[("Patient/p0", "1", Some(&patient("p0", "Before", "A", "")))]).unwrap();
    let before = world.dump_all();
    for bad in ["{", "[]", r#"{"resourceType":"Patient","id":"other"}"#, r#"{"resourceType":"Patient"}"#, ""] {
        let refused = world.pull(&[
            ("Patient/p1", "1", Some(&patient("p1", "Testcase", "A", ""))),
            ("Appointment/a1", "1", Some(&appointment("a1", 0, 15, "booked"))),
            ("Patient/p2", "1", Some(bad)),
            ("Patient/p3", "1", Some(&patient("p3", "Testcase", "C", ""))),
        ]);
        assert!(matches!(refused, Err(StoreError::BadResource)), "{bad}");
        assert_eq!(world.dump_all(), before, "{bad}");
    }
}

#[test]
fn a_page_that_the_disk_refuses_halfway_leaves_nothing() {
    let world = World::new();
    world
        .sql()
        .execute_batch(
            "CREATE TRIGGER full BEFORE INSERT ON resource WHEN new.id = 'p8' BEGIN SELECT RAISE(ROLLBACK, 'x'); END",
        )
        .unwrap();
    let before = world.dump_all();
    let texts: Vec<String> = (0..10).map(|n| patient(&format!("p{n}"), "Testcase", "A", "")).collect();
    let names: Vec<String> = (0..10).map(|n| format!("Patient/p{n}")).collect();
    let rows: Vec<_> = names.iter().zip(&texts).map(|(name, text)| (name.as_str(), "1", Some(text.as_str()))).collect();
    assert!(world.pull(&rows).is_err());
    assert_eq!(world.dump_all(), before);
    world.sql().execute_batch("DROP TRIGGER full").unwrap();
    assert_eq!(world.pull(&rows).unwrap().patients, 10, "the store goes on");
}

#[test]
fn a_page_may_come_twice() {
    let world = World::new();
    let (one, two) = (patient("p1", "Testcase", "A", ""), appointment("a1", 0, 15, "booked"));
    let rows = [("Patient/p1", "3", Some(one.as_str())), ("Appointment/a1", "4", Some(two.as_str()))];
    let first = world.pull(&rows).unwrap();
    assert_eq!((first.patients, first.appointments, first.others), (1, 1, 0));
    assert!(first.kinds.contains(&ResourceType::APPOINTMENT));
    let before = world.dump_all();
    assert_eq!(world.pull(&rows).unwrap(), store::Taken::default());
    assert_eq!(world.dump_all(), before);
}

#[test]
fn an_older_version_never_replaces_a_newer() {
    let world = World::new();
    let (old, new) = (patient("p1", "Old", "A", ""), patient("p1", "New", "A", ""));
    world.pull(&[("Patient/p1", "10", Some(&new))]).unwrap();
    world.pull(&[("Patient/p1", "9", Some(&old))]).unwrap();
    assert_eq!(world.text_of("Patient/p1").unwrap(), new);
    world.pull(&[("Patient/p1", "9", None)]).unwrap();
    assert_eq!(world.text_of("Patient/p1").unwrap(), new);
}

#[test]
fn two_versions_in_one_page_end_with_the_newer() {
    let world = World::new();
    let (old, new) = (patient("p1", "Old", "A", ""), patient("p1", "New", "A", ""));
    world.pull(&[("Patient/p1", "1", Some(&old)), ("Patient/p1", "2", Some(&new))]).unwrap();
    assert_eq!(world.text_of("Patient/p1").unwrap(), new);
    assert!(world.store.find_patients("old", 9, &record()).unwrap().hits.is_empty());
}

#[test]
fn what_the_host_deletes_is_gone_from_every_projection() {
    let world = World::new();
    world
        .pull(&[
            ("Patient/p1", "1", Some(&patient("p1", "Testcase", "A", r#""telecom":[{"value":"555-0142"}],"link":[{"type":"replaced-by","other":{"reference":"Patient/p9"}}]"#))),
            ("Appointment/a1", "1", Some(&appointment("a1", 0, 15, "booked"))),
            ("Appointment/a2", "1", Some(&appointment("a2", 0, 15, "waitlist"))),
            ("Slot/s1", "1", Some(&text("Slot/s1", r#""schedule":{"reference":"Schedule/x"},"status":"busy-tentative","start":"2026-11-23T12:00:00Z","end":"2026-11-23T13:00:00Z""#))),
            ("Patient/p3", "1", Some(&patient("p3", "Testcase", "B", r#""link":[{"type":"replaced-by","other":{"reference":"Patient/p1"}}]"#))),
            ("Communication/k1", "1", Some(&crate::world::call("k1", "Appointment/a1", 5, "no-answer"))),
            ("Task/r1", "1", Some(&crate::world::recall("r1", "requested", "2027-05-29"))),
            ("Practitioner/d1", "1", Some(&text("Practitioner/d1", ""))),
            ("Provenance/c1", "1", Some(&crate::world::provenance("c1", "Appointment/a1"))),
        ])
        .unwrap();
    let filled =
        |world: &World| crate::rebuild::PROJECTIONS.iter().filter(|table| !world.dump(table).is_empty()).count();
    assert_eq!(filled(&world), crate::rebuild::PROJECTIONS.len());
    world
        .pull(&[
            ("Patient/p1", "2", None),
            ("Patient/p3", "2", None),
            ("Communication/k1", "2", None),
            ("Task/r1", "2", None),
            ("Appointment/a1", "2", None),
            ("Appointment/a2", "2", None),
            ("Slot/s1", "2", None),
            ("Practitioner/d1", "2", None),
            ("Provenance/c1", "2", None),
        ])
        .unwrap();
    assert_eq!(filled(&world), 0);
    assert!(world.dump("resource").is_empty());
}

#[test]
fn a_resource_whose_patient_changes_moves_to_the_other_chart() {
    let world = World::new();
    let note = |patient: &str| {
        text("Condition/c", &format!(r#""subject":{{"reference":"Patient/{patient}"}},"code":{{"text":"Cough"}}"#))
    };
    world
        .pull(&[
            ("Patient/p1", "1", Some(&patient("p1", "One", "A", ""))),
            ("Patient/p2", "1", Some(&patient("p2", "Two", "A", ""))),
            ("Condition/c", "1", Some(&note("p1"))),
        ])
        .unwrap();
    world.pull(&[("Condition/c", "2", Some(&note("p2")))]).unwrap();
    let problems = |id: &str| {
        let id = practice::ids::PatientId::parse(id).unwrap();
        world.store.chart(&id, &record()).unwrap().unwrap().chart.problems.len()
    };
    assert_eq!((problems("p1"), problems("p2")), (0, 1));
}

#[test]
fn an_unsent_change_keeps_its_text_when_the_host_has_news() {
    let world = World::new();
    let (base, mine, theirs) =
        (patient("p1", "Base", "A", ""), patient("p1", "Mine", "A", ""), patient("p1", "Theirs", "A", ""));
    world.pull(&[("Patient/p1", "1", Some(&base))]).unwrap();
    world.edit("c1", "Patient/p1", &mine, Some("1")).unwrap();
    world.pull(&[("Patient/p1", "1", Some(&base))]).unwrap();
    assert!(
        world.dump("unsent").iter().all(|row| row.ends_with("Null, Null, Null, Null]")),
        "the base itself is no news"
    );
    world.pull(&[("Patient/p1", "2", Some(&theirs))]).unwrap();
    world.pull(&[("Patient/p1", "1", Some(&base))]).unwrap();
    assert_eq!(world.text_of("Patient/p1").unwrap(), mine);
    assert_eq!(world.store.find_patients("mine", 9, &record()).unwrap().hits.len(), 1);
    assert!(world.next().unwrap().1.contains(r#""ifMatch":"W/\"1\"""#), "it is sent against what it started from");
    world.store.withdraw(&crate::world::change("c1"), &record()).unwrap();
    assert_eq!(world.text_of("Patient/p1").unwrap(), theirs, "the host's news was kept beside it");
    assert_eq!(world.version_of("Patient/p1"), "2");
}

#[test]
fn an_unsent_change_survives_that_the_host_deletes_the_resource() {
    let world = World::new();
    let (base, mine) = (patient("p1", "Base", "A", ""), patient("p1", "Mine", "A", ""));
    world.pull(&[("Patient/p1", "1", Some(&base))]).unwrap();
    world.edit("c1", "Patient/p1", &mine, Some("1")).unwrap();
    world.pull(&[("Patient/p1", "2", None)]).unwrap();
    assert_eq!(world.text_of("Patient/p1").unwrap(), mine);
    world.store.withdraw(&crate::world::change("c1"), &record()).unwrap();
    assert_eq!(world.text_of("Patient/p1"), None);
}

#[test]
fn a_page_of_another_life_is_not_taken_and_the_cursor_of_one_means_nothing_in_the_next() {
    let world = World::new();
    world.pull(&[("Patient/p1", "7", Some(&patient("p1", "A", "B", "")))]).unwrap();
    let page = Page { rows: &[], cursor: "c2", epoch: "e2" };
    assert!(matches!(world.store.take_page(&page), Err(StoreError::OtherEpoch)));
    assert_eq!(world.store.cursor().unwrap().as_deref(), Some("c"));
    world.store.set_epoch("e2").unwrap();
    assert_eq!(world.store.cursor().unwrap(), None);
    world.store.take_page(&page).unwrap();
}

#[test]
fn pages_taken_in_together_leave_the_newer_versions_and_the_later_cursor() {
    let world = World::new();
    let (first, second) = (appointment("a1", 0, 15, "booked"), appointment("a1", 0, 15, "arrived"));
    let page = |version, text, cursor| {
        let updated = crate::world::at(5);
        let rows = [store::Incoming { key: key("Appointment/a1"), version, updated, life: None, text: Some(text) }];
        store::PreparedPage::of(&Page { rows: &rows, cursor, epoch: "e1" }).unwrap()
    };
    let both = page("1", &first, "after-one").and(page("2", &second, "after-two"));
    assert_eq!(both.len(), 2);
    assert_eq!(world.store.take_prepared(both).unwrap().appointments, 2);
    assert_eq!(world.text_of("Appointment/a1").unwrap(), second);
    assert_eq!(world.store.cursor().unwrap().as_deref(), Some("after-two"));
}

#[test]
fn only_the_very_version_that_was_stored_ahead_is_passed_over() {
    let world = World::new();
    world.pull(&[]).unwrap();
    let (ahead, later) = (patient("p1", "Testcase", "A", ""), patient("p1", "Testcase", "B", ""));
    let other = patient("p2", "Testcase", "C", "");
    let told = |name: &str, version: &'static str, minute, life, text| Incoming {
        key: key(name),
        version,
        updated: at(minute),
        life,
        text,
    };
    let page = |rows: &[Incoming<'_>], known: &Known| {
        PreparedPage::but_for(&Page { rows, cursor: "next", epoch: "e1" }, known).unwrap()
    };
    let known = Known::default();
    let first = page(&[told("Patient/p1", "1", 0, None, Some(&ahead))], &known);
    known.add(first.versions());
    world.store.take_ahead(first).unwrap();
    let made_ready = |rows: &[Incoming<'_>]| page(rows, &known).versions().len();
    assert_eq!(made_ready(&[told("Patient/p1", "1", 0, None, Some(&ahead))]), 0);
    assert_eq!(made_ready(&[told("Patient/p1", "2", 0, None, Some(&later))]), 1, "another version");
    assert_eq!(made_ready(&[told("Patient/p1", "1", 5, None, Some(&ahead))]), 1, "of another time");
    assert_eq!(made_ready(&[told("Patient/p1", "1", 0, Some("before"), Some(&ahead))]), 1, "of another life");
    assert_eq!(made_ready(&[told("Patient/p1", "1", 0, None, None)]), 1, "deleted");
    let all = page(
        &[
            told("Patient/p1", "1", 0, None, Some(&ahead)),
            told("Patient/p1", "2", 9, None, Some(&later)),
            told("Patient/p2", "1", 0, None, Some(&other)),
        ],
        &known,
    );
    assert_eq!((all.len(), all.versions().len()), (3, 2), "what is passed over counts as told");
    world.store.take_prepared(all).unwrap();
    assert_eq!(world.text_of("Patient/p1").unwrap(), later);
    assert_eq!(world.text_of("Patient/p2").unwrap(), other);
}
