use practice::{ids::AppointmentId, text::set, views::AppointmentStatus};

use crate::world::{World, appointment, at, patient, record, text};

fn world() -> World {
    let world = World::new();
    let hours = r#""actor":[{"reference":"Practitioner/d1"}],"extension":[{"url":"urn:shadowchart:hours","extension":[
        {"url":"day","valueCode":"mon"},{"url":"start","valueTime":"08:00:00"},{"url":"end","valueTime":"12:00:00"}]}]"#;
    let lunch = format!(
        r#""schedule":{{"reference":"Schedule/s1"}},"status":"busy-unavailable","start":"{}","end":"{}","comment":"Lunch""#,
        at(60),
        at(90)
    );
    world
        .pull(&[
            ("Patient/p1", "1", Some(&patient("p1", "Testcase", "Dmitri", ""))),
            ("Practitioner/d1", "1", Some(&text("Practitioner/d1", r#""name":[{"family":"Sample","given":["Ann"]}]"#))),
            ("Practitioner/d2", "1", Some(&text("Practitioner/d2", ""))),
            ("Schedule/s1", "1", Some(&text("Schedule/s1", hours))),
            ("Slot/l1", "1", Some(&text("Slot/l1", &lunch))),
            ("Appointment/before", "1", Some(&appointment("before", -60, 60, "booked"))),
            ("Appointment/across", "1", Some(&appointment("across", -30, 60, "booked"))),
            ("Appointment/inside", "1", Some(&appointment("inside", 30, 15, "arrived"))),
            ("Appointment/moment", "1", Some(&appointment("moment", 0, 0, "proposed"))),
            ("Appointment/after", "1", Some(&appointment("after", 120, 15, "booked"))),
            ("Appointment/leave", "1", Some(&appointment("leave", -5_000, 10_000, "booked"))),
            ("Appointment/timeless", "1", Some(&text("Appointment/timeless", r#""status":"waitlist""#))),
        ])
        .unwrap();
    world
}

#[test]
fn a_day_has_what_shares_a_moment_with_it() {
    let world = world();
    let day = world.store.day(at(0), at(120), &record()).unwrap();
    let ids: Vec<_> = day.appointments.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids, ["leave", "across", "moment", "inside"]);
    let inside = &day.appointments[3];
    assert_eq!(inside.patient.as_ref().unwrap().name, "Testcase, Dmitri");
    assert_eq!(
        (inside.status, inside.reason.as_deref(), inside.unsent),
        (AppointmentStatus::Arrived, Some("Check up"), false)
    );
    assert_eq!(
        day.practitioners.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(),
        ["Ann Sample"],
        "d2 has neither hours nor patients"
    );
    assert_eq!(day.hours[0].week.len(), 1);
    assert_eq!(day.blocks[0].label.as_deref(), Some("Lunch"));
}

#[test]
fn the_time_of_who_has_hours_is_told_without_whose_visits_it_is() {
    let world = world();
    let time = world.store.time(at(0), at(120), &record()).unwrap();
    assert_eq!(time.practitioners.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["d1"]);
    let [(who, busy)] = time.busy.as_slice() else { panic!("a list for each who has hours") };
    let ids: Vec<_> = busy.iter().map(|busy| busy.appointment.as_str()).collect();
    assert_eq!((who.as_str(), ids), ("d1", vec!["leave", "across", "moment", "inside"]));
    assert_eq!((time.blocks.len(), time.hours[0].week.len()), (1, 1));
}

#[test]
fn a_moved_appointment_is_only_where_it_is_now_and_says_that_it_waits() {
    let world = world();
    world.edit("c1", "Appointment/inside", &appointment("inside", 200, 15, "booked"), Some("1")).unwrap();
    let day = world.store.day(at(0), at(120), &record()).unwrap();
    assert!(day.appointments.iter().all(|row| row.id.as_str() != "inside"));
    let id = AppointmentId::parse("inside").unwrap();
    let row = world.store.appointment(&id, &record()).unwrap().unwrap();
    assert_eq!((row.start, row.unsent), (at(200), true));
    world.accept("c1", "Appointment/inside", "2", &appointment("inside", 200, 15, "booked")).unwrap();
    assert!(!world.store.appointment(&id, &record()).unwrap().unwrap().unsent);
}

#[test]
fn a_practitioners_time_is_known_to_the_rules() {
    let world = world();
    let busy = world.store.taken("d1", at(0), at(120)).unwrap().busy;
    let ids: Vec<_> = busy.iter().map(|row| row.appointment.as_str()).collect();
    assert_eq!(ids, ["leave", "across", "moment", "inside"]);
    assert!(world.store.taken("d2", at(0), at(120)).unwrap().busy.is_empty());
}

#[test]
fn an_appointment_without_a_time_is_on_no_day() {
    let world = world();
    assert!(world.store.appointment(&AppointmentId::parse("timeless").unwrap(), &record()).unwrap().is_none());
}

#[test]
fn types_of_visit_come_by_name_once_a_code_and_a_visit_tells_its_own() {
    let service = |id: &str, name: &str, code: &str| {
        let coding = format!(r#""type":[{{"coding":[{{"system":"urn:shadowchart:visit-type","code":"{code}"}}]}}]"#);
        text(&format!("HealthcareService/{id}"), &format!(r#""name":"{name}",{coding}"#))
    };
    let world = world();
    let coded = r#"{"coding":[{"system":"urn:shadowchart:visit-type","code":"NP"}]}"#;
    let visit = set(&appointment("typed", 45, 15, "booked"), "/appointmentType", coded).unwrap();
    world
        .pull(&[
            ("HealthcareService/t1", "1", Some(&service("t1", "New patient", "NP"))),
            ("HealthcareService/t2", "1", Some(&service("t2", "Acute", "AC"))),
            ("HealthcareService/t3", "1", Some(&service("t3", "Another of that code", "NP"))),
            ("HealthcareService/t4", "1", Some(&text("HealthcareService/t4", r#""name":"Laundry""#))),
            ("Appointment/typed", "1", Some(&visit)),
        ])
        .unwrap();
    let types = world.store.visit_types().unwrap();
    let told: Vec<_> = types.iter().map(|(key, known)| (key.to_string(), known.name.as_str())).collect();
    assert_eq!(told, [("HealthcareService/t2".into(), "Acute"), ("HealthcareService/t1".into(), "New patient")]);
    let day = world.store.day(at(0), at(120), &record()).unwrap();
    let of = |id: &str| day.appointments.iter().find(|row| row.id.as_str() == id).unwrap().visit_type.clone();
    assert_eq!((of("typed").as_deref(), of("inside")), (Some("NP"), None));
    let alone = world.store.appointment(&AppointmentId::parse("typed").unwrap(), &record()).unwrap().unwrap();
    assert_eq!(alone.visit_type.as_deref(), Some("NP"));
}
