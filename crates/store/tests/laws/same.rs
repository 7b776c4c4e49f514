use practice::{
    ids::PatientId,
    patient::{PatientForm, likely::Sought, mistake, same},
};

use crate::world::{World, appointment, at, patient, record, text};

fn id(id: &str) -> PatientId {
    PatientId::parse(id).unwrap()
}

fn merged(text: &str, into: &str) -> String {
    same::retire(text, &id(into)).unwrap()
}

fn old() -> String {
    let more = r#""birthDate":"1961-03-14","telecom":[{"value":"(617) 555-0142"}],"identifier":[{"value":"T-0042"}]"#;
    patient("p1", "Smith", "Catherine", more)
}

fn world() -> World {
    let world = World::new();
    let kept = patient("p2", "Smyth", "Kathryn", r#""birthDate":"1961-03-14","identifier":[{"value":"T-0099"}]"#);
    let waits = text(
        "Appointment/w1",
        r#""status":"waitlist","participant":[{"actor":{"reference":"Patient/p1"},"status":"accepted"}]"#,
    );
    let note = text(
        "DocumentReference/n1",
        r#""status":"current","subject":{"reference":"Patient/p1"},"description":"Old note""#,
    );
    let rows = [
        ("Patient/p1", Some(old())),
        ("Patient/p2", Some(kept)),
        ("Appointment/a1", Some(appointment("a1", 0, 15, "booked"))),
        ("Appointment/w1", Some(waits)),
        ("DocumentReference/n1", Some(note)),
    ];
    let rows: Vec<_> = rows.iter().map(|(key, text)| (*key, "1", text.as_deref())).collect();
    world.pull(&rows).unwrap();
    world
}

fn found(world: &World, typed: &str) -> Vec<String> {
    let found = world.store.find_patients(typed, 20, &record()).unwrap();
    found.hits.into_iter().map(|hit| hit.id.to_string()).collect()
}

fn on_the_day(world: &World) -> String {
    let day = world.store.day(at(-60), at(600), &record()).unwrap();
    day.appointments[0].patient.as_ref().unwrap().id.to_string()
}

#[test]
fn what_a_merged_record_says_finds_the_one_that_stayed() {
    let world = world();
    assert_eq!(found(&world, "smith"), ["p1"]);
    world.edit("c1", "Patient/p1", &merged(&old(), "p2"), Some("1")).unwrap();
    for typed in ["smith", "smyth", "t-0042", "0142", "catherine", "14 mar 1961"] {
        assert_eq!(found(&world, typed), ["p2"], "{typed}");
    }
    let form = PatientForm { family: "Smith".into(), given: "Catherine".into(), ..PatientForm::default() };
    let alike = world.store.alike(&Sought::of(&form).unwrap(), 5, &record()).unwrap();
    assert_eq!(alike.iter().map(|(hit, _)| hit.id.as_str()).collect::<Vec<_>>(), ["p2"], "likely once, not twice");
    assert!(!world.store.has_record_number("T-0042", Some(&id("p2"))).unwrap(), "it is their own number now");
    assert!(world.store.has_record_number("T-0042", None).unwrap());
    let recent = world.store.patients(&[id("p1"), id("p2")], &record()).unwrap();
    assert_eq!(recent.len(), 1, "one person is had lately once");
}

#[test]
fn the_surviving_patient_has_the_visits_the_notes_and_the_waitlist_of_both() {
    let world = world();
    world.edit("c1", "Patient/p1", &merged(&old(), "p2"), Some("1")).unwrap();
    assert_eq!(on_the_day(&world), "p2");
    let chart = world.store.chart(&id("p2"), &record()).unwrap().unwrap();
    assert_eq!((chart.appointments.len(), chart.chart.notes.len() + chart.chart.documents.len()), (1, 1));
    assert_eq!(chart.appointments[0].patient.as_ref().unwrap().id, id("p2"));
    assert_eq!(chart.merged.iter().map(|hit| hit.id.as_str()).collect::<Vec<_>>(), ["p1"]);
    let by_the_old = world.store.chart(&id("p1"), &record()).unwrap().unwrap();
    assert!(by_the_old == chart, "the old number leads to the same chart");
    assert_eq!(world.store.survivor_of(&id("p1")).unwrap(), id("p2"));
    assert_eq!(world.store.waitlist(&record()).unwrap()[0].patient.as_ref().unwrap().id, id("p2"));
    assert_eq!(world.text_of("Appointment/a1").unwrap(), appointment("a1", 0, 15, "booked"), "nothing is re-pointed");
}

#[test]
fn a_merge_taken_apart_is_as_if_it_had_never_been() {
    let world = world();
    let projected = || ["patient", "patient_word", "same_as", "appointment"].map(|table| world.dump(table));
    let before = projected();
    world.edit("c1", "Patient/p1", &merged(&old(), "p2"), Some("1")).unwrap();
    let version = world.version_of("Patient/p1");
    world.edit("c2", "Patient/p1", &old(), Some(&version)).unwrap();
    assert_eq!(projected(), before);
    assert_eq!((found(&world, "smith"), on_the_day(&world)), (vec!["p1".into()], "p1".into()));
}

#[test]
fn merges_of_merges_lead_to_the_last_and_a_ring_to_nobody() {
    let world = world();
    let kept = world.text_of("Patient/p2").unwrap();
    let third = patient("p3", "Smithe", "Cath", "");
    world.pull(&[("Patient/p1", "2", Some(&merged(&old(), "p2"))), ("Patient/p3", "1", Some(&third))]).unwrap();
    world.pull(&[("Patient/p2", "2", Some(&merged(&kept, "p3")))]).unwrap();
    assert_eq!((found(&world, "smith"), on_the_day(&world)), (vec!["p3".into()], "p3".into()));
    assert_eq!(world.store.chart(&id("p3"), &record()).unwrap().unwrap().merged.len(), 2);

    world.pull(&[("Patient/p3", "2", Some(&merged(&third, "p1")))]).unwrap();
    assert_eq!(on_the_day(&world), "p1");
    assert!(world.store.chart(&id("p1"), &record()).unwrap().is_some());
    let nowhere = merged(&patient("p4", "Alone", "Ann", ""), "p9");
    world.pull(&[("Patient/p4", "1", Some(&nowhere))]).unwrap();
    assert_eq!(found(&world, "alone"), ["p4"], "the other has not come here");
}

#[test]
fn whoever_was_registered_by_mistake_is_found_by_nothing() {
    let world = world();
    assert!(world.store.in_use(&id("p1")).unwrap() && !world.store.in_use(&id("p2")).unwrap());
    let text = mistake::take_out(&world.text_of("Patient/p2").unwrap()).unwrap();
    world.edit("c1", "Patient/p2", &text, Some("1")).unwrap();
    assert_eq!(found(&world, "smith"), ["p1"]);
    assert_eq!(found(&world, "t-0099"), [""; 0]);
    assert!(!world.store.has_record_number("T-0099", None).unwrap());
    world.edit("c2", "Appointment/a1", &appointment("a1", 0, 15, "entered-in-error"), Some("1")).unwrap();
    assert!(world.store.in_use(&id("p1")).unwrap(), "a note is there still");
}
