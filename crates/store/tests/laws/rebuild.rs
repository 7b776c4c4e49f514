use practice::text::set;

use crate::world::{World, appointment, call, open, patient, provenance, recall, record, text};

/// Made again by `rebuild_projections`.
pub const PROJECTIONS: [&str; 11] = [
    "appointment",
    "block",
    "booked",
    "call",
    "patient",
    "patient_word",
    "practitioner",
    "recall",
    "same_as",
    "touched",
    "waitlist",
];
/// Lost when deleted.
const TRUTH: [&str; 13] = [
    "audit",
    "compartment",
    "given_up",
    "life",
    "merged",
    "meta",
    "outbox",
    "outbox_item",
    "parted",
    "refinery_schema_history",
    "resource",
    "undo",
    "unsent",
];

#[test]
fn every_table_is_truth_or_can_be_made_again() {
    let mut known: Vec<&str> = PROJECTIONS.into_iter().chain(TRUTH).collect();
    known.sort_unstable();
    assert_eq!(World::new().tables(), known, "a new table must say which it is");
}

/// Somebody on the waitlist, without a time.
fn waiting(id: &str, status: &str) -> String {
    let who = r#""participant":[{"actor":{"reference":"Patient/p1"},"status":"accepted"}]"#;
    text(&format!("Appointment/{id}"), &format!("{who}{status}"))
}

/// A visit of one of the practice's types, confirmed and left.
fn typed(id: &str) -> String {
    let code = r#"{"coding":[{"system":"urn:shadowchart:visit-type","code":"NP"}]}"#;
    let visit = set(&appointment(id, 45, 15, "fulfilled"), "/appointmentType", code).unwrap();
    let stamps = ["confirmed", "left"]
        .map(|step| format!(r#"{{"url":"urn:shadowchart:{step}","valueInstant":"2026-11-23T14:00:00Z"}}"#));
    set(&visit, "/extension", &format!("[{}]", stamps.join(","))).unwrap()
}

/// One of a series.
fn repeating(id: &str) -> String {
    let series = r#""identifier":[{"system":"urn:shadowchart:series","value":"s"}],
        "extension":[{"url":"urn:shadowchart:repeats","valueString":"FREQ=WEEKLY;INTERVAL=2"}]"#;
    appointment(id, 600, 15, "booked").replacen('{', &format!("{{{series},"), 1)
}

fn world() -> World {
    let world = World::new();
    let slot = r#""schedule":{"reference":"Schedule/s"},"status":"busy-tentative","start":"2026-11-23T12:00:00Z","end":"2026-11-23T13:00:00Z""#;
    world
        .pull(&[
            (
                "Patient/p1",
                "1",
                Some(&patient(
                    "p1",
                    "O'Hára-Smith",
                    "Jo",
                    r#""birthDate":"1961-03-14","telecom":[{"value":"555-0142"}],"identifier":[{"value":"T-0042"}]"#,
                )),
            ),
            (
                "Patient/p2",
                "1",
                Some(&patient(
                    "p2",
                    "Smithe",
                    "Jo",
                    r#""link":[{"type":"replaced-by","other":{"reference":"Patient/p1"}}]"#,
                )),
            ),
            ("Appointment/a1", "1", Some(&appointment("a1", 0, 15, "booked"))),
            ("Appointment/a2", "1", Some(&appointment("a2", 30, 15, "booked"))),
            ("Appointment/a3", "1", Some(&typed("a3"))),
            ("Appointment/s1", "1", Some(&repeating("s1"))),
            ("Appointment/w1", "1", Some(&waiting("w1", r#","status":"waitlist""#))),
            ("Appointment/w2", "1", Some(&waiting("w2", r#","status":"waitlist""#))),
            ("Communication/k1", "1", Some(&call("k1", "Appointment/a2", 5, "no-answer"))),
            ("Communication/k2", "1", Some(&call("k2", "Appointment/a2", 6, "spoke"))),
            ("Task/r1", "1", Some(&recall("r1", "requested", "2027-05-29"))),
            ("Task/r2", "1", Some(&recall("r2", "requested", "2027-06-30"))),
            ("Slot/s1", "1", Some(&text("Slot/s1", slot))),
            ("Practitioner/d1", "1", Some(&text("Practitioner/d1", ""))),
            ("Provenance/c0", "1", Some(&provenance("c0", "Appointment/a1"))),
        ])
        .unwrap();
    // Everything that changes a projection: a move, a new name, an acknowledgement, a withdrawal, a deletion,
    // a call that was a mistake, a recall that is done.
    world.edit("c5", "Communication/k2", &call("k2", "Appointment/a2", 6, "sang"), Some("1")).unwrap();
    world.edit("c6", "Task/r2", &recall("r2", "completed", "2027-06-30"), Some("1")).unwrap();
    world.edit("c1", "Appointment/a1", &appointment("a1", 60, 15, "booked"), Some("1")).unwrap();
    world.edit("c2", "Patient/p1", &patient("p1", "Smith", "Joan", ""), Some("1")).unwrap();
    world.accept("c2", "Patient/p1", "2", &patient("p1", "Smith", "Joan", "")).unwrap();
    world.edit("c3", "Appointment/a2", &appointment("a2", 90, 15, "cancelled"), Some("1")).unwrap();
    world.edit("c4", "Appointment/w2", &appointment("w2", 240, 15, "pending"), Some("1")).unwrap();
    world.store.withdraw(&crate::world::change("c3"), &record()).unwrap();
    world
        .pull(&[("Practitioner/d1", "2", None), ("Practitioner/d2", "1", Some(&text("Practitioner/d2", "")))])
        .unwrap();
    world
}

#[test]
fn projections_thrown_away_and_made_again_are_equal() {
    let world = world();
    let before = world.dump_all();
    for table in PROJECTIONS {
        assert!(!world.dump(table).is_empty(), "{table} is not tried here");
        world.sql().execute(&format!("DELETE FROM {table}"), []).unwrap();
    }
    world.store.rebuild_projections().unwrap();
    assert_eq!(world.dump_all(), before);
}

#[test]
fn a_store_whose_projections_were_made_differently_makes_them_again_when_it_opens() {
    let world = world();
    let before = world.dump_all();
    world.sql().execute_batch("DELETE FROM patient; UPDATE meta SET value = '0' WHERE key = '_projections'").unwrap();
    drop(open(world.path()).unwrap());
    assert_eq!(world.dump_all(), before);
}
