use practice::schedule::calls::CallOutcome;

use crate::world::{World, appointment, at, call, patient, recall, record, text};

/// Patient `who` at minute `start`, having answered or not.
fn visit(id: &str, who: &str, start: i64, status: &str, answer: &str) -> String {
    let rest = format!(
        r#""status":"{status}","start":"{}","end":"{}","participant":[{{"actor":{{"reference":"Practitioner/d1"}},"status":"accepted"}},
        {{"actor":{{"reference":"Patient/{who}"}},"status":"{answer}"}}]"#,
        at(start),
        at(start + 15)
    );
    text(&format!("Appointment/{id}"), &rest)
}

fn world() -> World {
    let world = World::new();
    world
        .pull(&[
            ("Patient/p1", "1", Some(&patient("p1", "Testcase", "Dmitri", ""))),
            ("Patient/p2", "1", Some(&patient("p2", "Sample", "Rosa", ""))),
        ])
        .unwrap();
    world
}

#[test]
fn a_visit_waits_for_its_patients_word_and_for_nobody_elses() {
    let world = world();
    world
        .pull(&[
            ("Appointment/a1", "1", Some(&visit("a1", "p1", 30, "booked", "needs-action"))),
            ("Appointment/a2", "1", Some(&visit("a2", "p2", 20, "pending", "tentative"))),
            ("Appointment/said", "1", Some(&visit("said", "p2", 40, "booked", "accepted"))),
            ("Appointment/here", "1", Some(&visit("here", "p2", 50, "arrived", "needs-action"))),
            ("Appointment/off", "1", Some(&visit("off", "p2", 60, "cancelled", "needs-action"))),
            ("Appointment/began", "1", Some(&visit("began", "p1", -5, "booked", "needs-action"))),
            ("Appointment/later", "1", Some(&visit("later", "p1", 90, "booked", "needs-action"))),
            ("Communication/k1", "1", Some(&call("k1", "Appointment/a1", 1, "no-answer"))),
            ("Communication/k2", "1", Some(&call("k2", "Appointment/a1", 2, "left-message"))),
        ])
        .unwrap();
    let rows = world.store.unconfirmed(at(0), at(90), &record()).unwrap();
    let last = |of: &store::VisitRow| of.last.as_ref().map(|last| (last.outcome, last.at, last.by.clone()));
    let told: Vec<_> = rows.iter().map(|row| (row.visit.id.as_str(), last(row))).collect();
    let message = (CallOutcome::LeftMessage, at(2), Some("Rosa Desk".to_owned()));
    assert_eq!(told, [("a2", None), ("a1", Some(message))], "by time, with the last that came of calling");
}

#[test]
fn who_missed_a_visit_is_listed_until_another_is_booked_or_nobody_is_to_call() {
    let world = world();
    let missed = |world: &World| -> Vec<String> {
        let rows = world.store.missed(at(0), at(100), &record()).unwrap();
        rows.into_iter().map(|row| row.visit.id.as_str().to_owned()).collect()
    };
    world
        .pull(&[
            ("Appointment/m1", "1", Some(&visit("m1", "p1", 10, "noshow", "accepted"))),
            ("Appointment/m2", "1", Some(&visit("m2", "p2", 20, "noshow", "accepted"))),
            ("Appointment/long-ago", "1", Some(&visit("long-ago", "p2", -30, "noshow", "accepted"))),
            ("Appointment/before", "1", Some(&appointment("before", 5, 5, "fulfilled"))),
            ("Appointment/off", "1", Some(&appointment("off", 500, 15, "cancelled"))),
            ("Communication/k1", "1", Some(&call("k1", "Appointment/m2", 30, "no-answer"))),
        ])
        .unwrap();
    assert_eq!(missed(&world), ["m2", "m1"], "what was before or is off is no other visit");
    world.pull(&[("Appointment/next", "1", Some(&appointment("next", 5_000, 15, "pending")))]).unwrap();
    assert_eq!(missed(&world), ["m2"]);
    world.pull(&[("Communication/k2", "1", Some(&call("k2", "Appointment/m2", 31, "no-more")))]).unwrap();
    assert!(missed(&world).is_empty());
}

#[test]
fn who_is_due_is_listed_by_day_with_the_visit_that_is_to_come() {
    let world = world();
    world
        .pull(&[
            ("Task/r1", "1", Some(&recall("r1", "requested", "2027-05-29"))),
            ("Task/r2", "1", Some(&recall("r2", "requested", "2026-05-29"))),
            ("Task/done", "1", Some(&recall("done", "completed", "2026-05-29"))),
            ("Task/far", "1", Some(&recall("far", "requested", "2029-05-29"))),
            ("Appointment/before", "1", Some(&appointment("before", 5, 5, "booked"))),
            ("Appointment/next", "1", Some(&appointment("next", 5_000, 15, "booked"))),
            ("Communication/k1", "1", Some(&call("k1", "Task/r1", 30, "left-message"))),
        ])
        .unwrap();
    let rows = world.store.recalls("2028-01-01", at(100), &record()).unwrap();
    let told: Vec<_> = rows.iter().map(|row| (row.key.id.as_str(), row.next, row.last.is_some())).collect();
    assert_eq!(told, [("r2", Some(at(5_000)), false), ("r1", Some(at(5_000)), true)]);
    assert_eq!(rows[0].patient.as_ref().unwrap().name, "Testcase, Dmitri");
}
