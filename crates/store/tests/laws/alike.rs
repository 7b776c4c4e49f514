use practice::patient::{PatientForm, likely::Sought};

use crate::world::{World, patient, record, text};

fn world() -> World {
    let world = World::new();
    let people = [
        ("p1", "Smith", "Catherine Anne", r#""birthDate":"1961-03-14","telecom":[{"value":"(617) 555-0142"}]"#),
        ("p2", "Smith", "Robert", r#""birthDate":"1959-01-01","telecom":[{"value":"617 555 0142"}]"#),
        ("p3", "Smyth", "Kathryn", r#""birthDate":"1985-07-07""#),
        ("p4", "مثال", "ليلى", r#""birthDate":"1990-01-02","identifier":[{"value":"T-0042"}]"#),
        ("p5", "Jones", "Omar", r#""birthDate":"1961-03-14""#),
    ];
    let texts: Vec<(String, String)> = people
        .iter()
        .map(|(id, family, given, more)| (format!("Patient/{id}"), patient(id, family, given, more)))
        .collect();
    let rows: Vec<_> = texts.iter().map(|(key, text)| (key.as_str(), "1", Some(text.as_str()))).collect();
    world.pull(&rows).unwrap();
    world
}

fn alike(world: &World, [family, given, birth_date, mobile]: [&str; 4]) -> Vec<String> {
    let [family, given, birth_date, mobile] = [family, given, birth_date, mobile].map(str::to_owned);
    let form = PatientForm { family, given, birth_date, mobile, ..PatientForm::default() };
    let Some(sought) = Sought::of(&form) else { return Vec::new() };
    world.store.alike(&sought, 5, &record()).unwrap().into_iter().map(|(hit, _)| hit.id.to_string()).collect()
}

#[test]
fn who_is_here_already_is_found_by_sound_by_birth_date_and_by_phone() {
    let world = world();
    for (typed, found) in [
        (["Smythe", "Cathryn", "1961-03-14", ""], &["p1"][..]),
        (["Katherine", "Smith", "", ""], &["p1", "p3"]),
        (["Smith", "Kate", "1961-03-15", "555-0142"], &["p1"]),
        (["Married", "Catherine", "1999-09-09", "617-555-0142"], &["p1"]),
        (["Smith", "Bob", "", ""], &["p2"]),
        (["مثال", "ليلى", "", ""], &["p4"]),
        (["Jones", "", "1961-03-14", ""], &["p5"]),
        (["Nobody", "Here", "2001-09-09", "999-9999"], &[]),
        (["Smith", "", "", ""], &[]),
    ] {
        assert_eq!(alike(&world, typed), found, "{typed:?}");
    }
}

#[test]
fn a_patient_of_another_name_is_not_found_by_the_old_one() {
    let world = world();
    let renamed = patient("p1", "Jonson", "Zoe", r#""birthDate":"1999-01-01""#);
    world.edit("c1", "Patient/p1", &renamed, Some("1")).unwrap();
    assert_eq!(alike(&world, ["Smith", "Catherine", "1961-03-14", ""]), [""; 0]);
    assert_eq!(alike(&world, ["Johnson", "Zoë", "", ""]), ["p1"]);
}

#[test]
fn a_record_number_is_taken_by_whoever_has_it_and_by_nobody_else() {
    let world = world();
    let p4 = practice::ids::PatientId::parse("p4").unwrap();
    for (number, but, taken) in [
        ("T-0042", None, true),
        ("t0042", None, true),
        ("42", None, false),
        ("T-0042", Some(&p4), false),
        ("", None, false),
    ] {
        assert_eq!(world.store.has_record_number(number, but).unwrap(), taken, "{number}");
    }
    world.pull(&[("Patient/p9", "1", Some(&text("Patient/p9", r#""identifier":[{"value":"42"}]"#)))]).unwrap();
    assert!(world.store.has_record_number("42", None).unwrap());
}
