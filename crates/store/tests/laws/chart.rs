use practice::ids::PatientId;

use crate::world::{World, appointment, patient, record, text};

#[test]
fn a_chart_is_one_patients_and_nobody_elses() {
    let world = World::new();
    let of = |reference: &str, patient: &str, rest: &str| {
        text(reference, &format!(r#""subject":{{"reference":"Patient/{patient}"}},{rest}"#))
    };
    let weight = r#""category":[{"coding":[{"code":"vital-signs"}]}],"code":{"text":"Body weight"},"valueQuantity":{"value":81.60,"unit":"kg"}"#;
    world
        .pull(&[
            ("Patient/p1", "1", Some(&patient("p1", "Testcase", "Dmitri", ""))),
            ("Patient/p2", "2", Some(&patient("p2", "Other", "O", ""))),
            ("Condition/c1", "3", Some(&of("Condition/c1", "p1", r#""code":{"text":"Hypertension"}"#))),
            ("Condition/c2", "4", Some(&of("Condition/c2", "p2", r#""code":{"text":"Not his"}"#))),
            ("Observation/o1", "5", Some(&of("Observation/o1", "p1", weight))),
            ("Claim/x", "6", Some(&text("Claim/x", r#""patient":{"reference":"Patient/p1"}"#))),
            ("Appointment/a1", "7", Some(&appointment("a1", 0, 15, "booked"))),
        ])
        .unwrap();
    let chart = world.store.chart(&PatientId::parse("p1").unwrap(), &record()).unwrap().unwrap();
    assert_eq!(chart.patient.name, "Testcase, Dmitri");
    assert_eq!(chart.chart.problems.iter().map(|line| line.title.as_str()).collect::<Vec<_>>(), ["Hypertension"]);
    assert_eq!(chart.chart.vitals[0].points[0].text, "81.60");
    assert_eq!(chart.appointments.len(), 1);
    assert_eq!(chart.updated, crate::world::at(7));
    assert!(world.store.chart(&PatientId::parse("p9").unwrap(), &record()).unwrap().is_none());
}

#[test]
fn an_entry_that_waits_for_the_host_says_so() {
    let world = World::new();
    world.pull(&[("Patient/p1", "1", Some(&patient("p1", "Testcase", "Dmitri", "")))]).unwrap();
    let condition = text("Condition/c1", r#""subject":{"reference":"Patient/p1"},"code":{"text":"Cough"}"#);
    world.edit("c1", "Condition/c1", &condition, None).unwrap();
    let chart = world.store.chart(&PatientId::parse("p1").unwrap(), &record()).unwrap().unwrap();
    assert!(chart.chart.problems[0].unsent);
    let history = world.store.history_of(&crate::world::key("Condition/c1"), &record()).unwrap();
    assert_eq!((history[0].note.member_name.as_str(), history[0].unsent), ("Front Desk One", true));
}
