use practice::ids::PatientId;
use proptest::prelude::*;

use crate::world::{World, patient, record};

fn world() -> World {
    let world = World::new();
    let people = [
        (
            "p1",
            "Testcase",
            "Dmitri",
            r#""birthDate":"1961-03-14","telecom":[{"system":"phone","value":"(617) 555-0142"}],"identifier":[{"value":"T-0042"}]"#,
        ),
        ("p2", "Montañez", "Clara", r#""birthDate":"1961","telecom":[{"value":"617 555 0199"}]"#),
        ("p3", "O'Hara-Smith", "Jo Ann", r#""birthDate":"2001-03-14""#),
        ("p4", "Smith", "Clara", r#""birthDate":"1980-12-01""#),
        ("p5", "Smithson", "Dmitri", r#""birthDate":"1980-12-02""#),
        ("p6", "Clara", "Zoe", ""),
        ("p7", "", "", r#""birthDate":"absurd","telecom":[{"value":"n/a"}]"#),
    ];
    let texts: Vec<(String, String)> = people
        .iter()
        .map(|(id, family, given, more)| (format!("Patient/{id}"), patient(id, family, given, more)))
        .collect();
    let rows: Vec<_> = texts.iter().map(|(key, text)| (key.as_str(), "1", Some(text.as_str()))).collect();
    world.pull(&rows).unwrap();
    world
}

fn find(world: &World, typed: &str) -> Vec<String> {
    let found = world.store.find_patients(typed, 20, &record()).unwrap();
    found.hits.into_iter().map(|hit| hit.id.to_string()).collect()
}

#[test]
fn a_patient_is_found_by_whatever_the_desk_knows() {
    let world = world();
    for typed in [
        "testcase",
        "TEST",
        "t",
        "dmitri test",
        "test dmi",
        "Testcase, Dmitri",
        "d t",
        "1961-03-14",
        "3/14/1961",
        "14 mar 61",
        "march 14 1961 test",
        "14.3.1961",
        "031461",
        "1961",
        "3/14",
        "0142",
        "5550142",
        "555-0142",
        "617 0142",
        "T-0042",
        "t0042",
        "0042",
        "42",
        "test 1961",
        "1961 test",
        "dmitri 3/14",
        "dmitri 0142",
        "0142 t",
        "test 42",
    ] {
        assert!(find(&world, typed).contains(&"p1".into()), "{typed}");
    }
    for typed in ["testpersonx", "dmitri clara", "test 1962", "test 0199", "smith 0142", "1961-03-15", "9999"] {
        assert!(!find(&world, typed).contains(&"p1".into()), "{typed}");
    }
}

#[test]
fn accents_apostrophes_and_hyphens_do_not_matter() {
    let world = world();
    for (typed, id) in [
        ("montanez", "p2"),
        ("MONTAÑEZ", "p2"),
        ("ohara", "p3"),
        ("o'h", "p3"),
        ("hara", "p3"),
        ("o'hara-sm", "p3"),
        ("jo ann", "p3"),
    ] {
        assert_eq!(find(&world, typed), [id], "{typed}");
    }
}

#[test]
fn a_whole_family_name_comes_first_then_its_beginnings_then_given_names() {
    let world = world();
    assert_eq!(find(&world, "smith"), ["p4", "p3", "p5"], "a part of a double name counts as a beginning");
    assert_eq!(find(&world, "clara"), ["p6", "p2", "p4"]);
    assert_eq!(find(&world, "cl"), ["p6", "p2", "p4"]);
}

#[test]
fn a_name_that_begins_so_comes_before_however_many_that_have_it_inside() {
    let world = World::new();
    let mut people: Vec<(String, String)> = (0..300)
        .map(|nth| (format!("Patient/d{nth}"), patient(&format!("d{nth}"), &format!("Abel{nth:03}-Sample"), "Ada", "")))
        .collect();
    for (id, family) in [("one", "Sample"), ("longer", "Sampleworth"), ("double", "Sample-Zoll")] {
        people.push((format!("Patient/{id}"), patient(id, family, "Zoe", "")));
    }
    let rows: Vec<_> = people.iter().map(|(key, text)| (key.as_str(), "1", Some(text.as_str()))).collect();
    world.pull(&rows).unwrap();
    for typed in ["s", "sam", "sampl", "sam zo", "zoe sam"] {
        assert_eq!(find(&world, typed)[..3], ["one", "longer", "double"], "{typed}");
    }
    assert_eq!(find(&world, "sam").len(), 20, "those who have it inside follow");
}

#[test]
fn who_has_it_otherwise_is_counted_apart() {
    let world = world();
    for typed in ["smith", "smiht", "clara", "nobody at all"] {
        let found = world.store.find_patients(typed, 20, &record()).unwrap();
        let as_typed = found.hits[..found.as_typed].iter().map(|hit| hit.id.to_string()).collect::<Vec<_>>();
        let expected: &[&str] = match typed {
            "smith" => &["p4", "p3", "p5"],
            "clara" => &["p6", "p2", "p4"],
            _ => &[],
        };
        assert_eq!(as_typed, expected, "{typed}");
    }
    assert!(!find(&world, "smiht").is_empty(), "they are found all the same");
}

#[test]
fn the_patients_of_a_list_come_in_its_order_without_strangers() {
    let world = world();
    let ids = ["p4", "nobody", "p1"].map(|id| PatientId::parse(id).unwrap());
    let hits = world.store.patients(&ids, &record()).unwrap();
    assert_eq!(hits.into_iter().map(|hit| hit.id.to_string()).collect::<Vec<_>>(), ["p4", "p1"]);
}

#[test]
fn nobody_fits_an_empty_text() {
    let world = world();
    for typed in ["", " ", ",", "\"", "🙂", "\0", "-", "' --"] {
        assert!(find(&world, typed).is_empty(), "{typed:?}");
    }
}

#[test]
fn the_limit_holds() {
    let world = world();
    assert_eq!(world.store.find_patients("s", 1, &record()).unwrap().hits.len(), 1);
    assert!(world.store.find_patients("s", 0, &record()).unwrap().hits.is_empty());
}

#[test]
fn odd_texts_are_only_texts() {
    let world = world();
    let long = "x".repeat(10_000);
    let words = "s ".repeat(5_000);
    for typed in [
        "'; DROP TABLE patient; --",
        "\"smith\" OR 1",
        "smith*",
        "NEAR(a b)",
        "name:smith",
        "%",
        "_",
        "sm%th",
        "smith\0x",
        "^",
        "{}",
        "\u{202e}smith",
        "\u{10FFFF}",
        "a\u{10FFFF}",
        &long,
        &words,
        "99999999999999999999999999",
        "1/1/1/1/1",
        "0/0/0",
        "////",
        "....",
        "-1--1",
    ] {
        find(&world, typed);
    }
    assert_eq!(find(&world, "smith\0").len(), 3);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn no_text_is_an_error(typed in proptest::collection::vec(any::<String>(), 24)) {
        let world = WORLD.with(std::rc::Rc::clone);
        for typed in typed {
            prop_assert!(world.store.find_patients(&typed, 20, &record()).is_ok());
        }
    }
}

thread_local! {
    static WORLD: std::rc::Rc<World> = std::rc::Rc::new(world());
}

#[test]
fn a_word_with_a_slip_finds_who_has_it_spelt_otherwise_and_never_comes_before_who_has_it_so() {
    let world = world();
    for typed in [
        "testacse",
        "testcaes",
        "estcase",
        "etstcase",
        "tetcase",
        "tesstcase",
        "restcase",
        "testcass",
        "testcasex",
        "tescts",
        "dmitry testcase",
        "dimtri test",
        "montanes",
        "mountanez",
        "testcas 0142",
        "dmirti 1961",
    ] {
        let id = if typed.starts_with("mo") { "p2" } else { "p1" };
        assert!(find(&world, typed).contains(&id.into()), "{typed}");
    }
    // Somebody has it as it was typed: nobody else is meant.
    assert_eq!(find(&world, "smithso"), ["p5"]);
    assert_eq!(find(&world, "clara smith"), ["p4"]);
    for typed in ["xy", "qwertz", "testcasexyz", "0143", "t0043", "test 0143", "🙂"] {
        assert_eq!(find(&world, typed), [""; 0], "{typed}");
    }
}

#[test]
fn a_nickname_finds_the_name_and_the_name_the_nickname_behind_who_has_it_so() {
    let world = World::new();
    let people = [("p1", "Ray", "William"), ("p2", "Ray", "Bill"), ("p3", "Williams", "Zoe"), ("p4", "Stone", "Peggy")];
    let texts: Vec<(String, String)> =
        people.iter().map(|(id, family, given)| (format!("Patient/{id}"), patient(id, family, given, ""))).collect();
    let rows: Vec<_> = texts.iter().map(|(key, text)| (key.as_str(), "1", Some(text.as_str()))).collect();
    world.pull(&rows).unwrap();
    assert_eq!(find(&world, "bill"), ["p2", "p1"], "a whole name: Williams is no William");
    assert_eq!(find(&world, "william ray"), ["p1", "p2"]);
    assert_eq!(find(&world, "ray bill"), ["p2", "p1"]);
    assert_eq!(find(&world, "margaret stone"), ["p4"]);
    assert_eq!(find(&world, "magraret stone"), [""; 0], "a slip and a nickname are too far");
}
