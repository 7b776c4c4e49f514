//! What no desk would write and a host can send: shown as far as it makes sense, and in nobody's way.

use practice::{ids::PatientId, patient};

use crate::world::{World, appointment, at, record, text};

fn found(world: &World, typed: &str) -> Vec<String> {
    let found = world.store.find_patients(typed, 20, &record()).unwrap();
    found.hits.into_iter().map(|hit| hit.id.to_string()).collect()
}

fn chart(world: &World, id: &str) -> store::ChartRows {
    world.store.chart(&PatientId::parse(id).unwrap(), &record()).unwrap().unwrap()
}

#[test]
fn names_dates_and_phones_of_anywhere_are_kept_and_found() {
    let long = "Ab".repeat(100);
    let long = format!(r#""name":[{{"family":"{long}","given":["{long}"]}}]"#);
    let cases = [
        ("one", r#""name":[{"family":"O"}]"#, "o"),
        ("long", long.as_str(), "ababab"),
        ("arabic", r#""name":[{"family":"نموذج","given":["سلمى"]}]"#, "نموذج"),
        ("thai", r#""name":[{"family":"ตัวอย่าง","given":["สมชาย"]}]"#, "ตัวอย่าง"),
        ("emoji", r#""name":[{"family":"🙂🙂","given":["👩‍⚕️"]}],"identifier":[{"value":"E-1"}]"#, "e-1"),
        (
            "marks",
            "\"name\":[{\"family\":\"\u{202e}Reversed\u{200f}\",\"given\":[\"\u{2067}Ann\u{2069}\"]}]",
            "reversed ann",
        ),
        ("future", r#""name":[{"family":"Tomorrow"}],"birthDate":"2099-01-01""#, "tomorrow"),
        ("old", r#""name":[{"family":"Elder"}],"birthDate":"1890-02-28""#, "28 feb 1890"),
        ("year", r#""name":[{"family":"Yearly"}],"birthDate":"1890""#, "yearly"),
        ("nodate", r#""name":[{"family":"Dateless"}],"birthDate":"1961-13-45T99""#, "dateless"),
        (
            "phones",
            r#""name":[{"family":"Caller"}],"telecom":[{"value":"+20 2 5555 0199"},{"value":"٠١٢٣٤٥٦٧"},{"value":"ext. only"},{"value":""}]"#,
            "550199",
        ),
        ("nameless", r#""identifier":[{"value":"N-77"}]"#, "n-77"),
    ];
    let world = World::new();
    let rows: Vec<(String, String)> =
        cases.iter().map(|(id, rest, _)| (format!("Patient/{id}"), text(&format!("Patient/{id}"), rest))).collect();
    let rows: Vec<_> = rows.iter().map(|(key, text)| (key.as_str(), "1", Some(text.as_str()))).collect();
    world.pull(&rows).unwrap();
    for (id, rest, typed) in cases {
        assert!(found(&world, typed).contains(&id.to_owned()), "{id} by {typed:?}: {:?}", found(&world, typed));
        let chart = chart(&world, id);
        assert_eq!(chart.text, text(&format!("Patient/{id}"), rest), "every letter is kept");
        let form = patient::read(&chart.text);
        assert_eq!(
            patient::write(&chart.text, &form, &form).unwrap(),
            chart.text,
            "and an edit of nothing changes nothing"
        );
    }
    for typed in ["🙂", "\u{202e}", "\u{0}", "%", "_", "'", "\"", "((((", "x".repeat(5_000).as_str(), "\u{10ffff}"] {
        found(&world, typed);
    }
}

/// Resources whose fields are missing, of another kind, or say what can't be.
const ODD: &[(&str, &str)] = &[
    (
        "Patient/p1",
        r#""name":{"family":"Listless"},"telecom":"none","birthDate":19610314,"gender":["male"],"link":{"other":1},"extension":"x","photo":[{"data":7}]"#,
    ),
    (
        "Patient/p2",
        r#""name":[null,[],{"family":null,"given":"Text"},{"text":"Given As Text"}],"active":"yes","deceasedBoolean":"no","identifier":[{"value":{"a":1}}]"#,
    ),
    ("Patient/p3", ""),
    ("Appointment/a1", r#""status":"booked","start":"2026-11-18T09:00:00Z""#),
    ("Appointment/a2", r#""status":"absurd","start":"2026-11-18T09:00:00Z","end":"2026-11-18T10:00:00Z""#),
    ("Appointment/a3", r#""status":"booked","start":"yesterday","end":"tomorrow","participant":"everybody""#),
    (
        "Appointment/a4",
        r#""status":"booked","start":"2026-11-18T10:00:00Z","end":"2026-11-18T09:00:00Z","participant":[{"actor":{"reference":"Patient/p1"}},{"actor":null},7]"#,
    ),
    (
        "Appointment/a5",
        r#""status":"proposed","participant":[{"type":[{"coding":[{"code":"ATND"}]}],"required":"required","status":"needs-action"}]"#,
    ),
    (
        "Appointment/a6",
        r#""status":"booked","start":"2026-11-18T00:00:00Z","end":"2026-11-19T02:00:00Z","participant":[{"actor":{"reference":"Patient/p2"}},{"actor":{"reference":"Practitioner/nobody"}}]"#,
    ),
    (
        "Appointment/a7",
        r#""status":"booked","start":"2026-11-18T09:00:00Z","end":"2026-11-18T09:15:00Z","participant":[{"actor":{"reference":"https://elsewhere.example/Patient/p1"}},{"actor":{"display":"A name alone"}}]"#,
    ),
    ("Slot/s1", r#""schedule":"none","status":"free","start":"x","end":"y""#),
    (
        "Schedule/h1",
        r#""actor":[{"reference":"Practitioner/d1"}],"planningHorizon":{"start":"never"},"extension":[{"url":"urn:shadowchart:hours"}]"#,
    ),
    ("Practitioner/d1", r#""name":"Doctor","active":"perhaps""#),
    (
        "Observation/o1",
        r#""subject":{"reference":"Patient/p1"},"status":"final","code":{},"valueQuantity":{"value":1e999,"unit":7},"effectiveDateTime":"9999-99-99""#,
    ),
    (
        "Observation/o2",
        r#""subject":{"reference":"Patient/p1"},"component":[null,{"code":"x"}],"category":"vital-signs","valueString":["a"]"#,
    ),
    ("Condition/c1", r#""subject":{"reference":"Patient/p1"},"code":"flu","onsetAge":{"value":"old"}"#),
    (
        "AllergyIntolerance/l1",
        r#""patient":{"reference":"Patient/p1"},"criticality":9,"reaction":{"manifestation":[]}"#,
    ),
    (
        "MedicationRequest/m1",
        r#""subject":{"reference":"Patient/p1"},"medicationCodeableConcept":[],"dosageInstruction":{}"#,
    ),
    ("Immunization/i1", r#""patient":{"reference":"Patient/p1"},"vaccineCode":null,"occurrenceDateTime":{}"#),
    (
        "DocumentReference/n1",
        r#""subject":{"reference":"Patient/p1"},"content":[{"attachment":[{"data":1}]}],"date":-1"#,
    ),
    ("Encounter/e1", r#""subject":{"reference":"Patient/p1"},"period":"long","participant":{"individual":[]}"#),
    ("Coverage/v1", r#""beneficiary":{"reference":"Patient/p1"},"payor":"someone","status":[]"#),
    ("Provenance/x1", r#""target":"all","recorded":7,"agent":{}"#),
];

#[test]
fn absurd_resources_spoil_no_day_no_chart_and_no_search() {
    let world = World::new();
    let texts: Vec<(&str, String)> = ODD.iter().map(|(key, rest)| (*key, text(key, rest))).collect();
    let rows: Vec<_> = texts.iter().map(|(key, text)| (*key, "1", Some(text.as_str()))).collect();
    world.pull(&rows).unwrap();
    world.pull(&[("Appointment/good", "1", Some(&appointment("good", 0, 15, "booked")))]).unwrap();

    let day = world.store.day(at(-1_440), at(1_440), &record()).unwrap();
    let shown: Vec<&str> = day.appointments.iter().map(|row| row.id.as_str()).collect();
    assert!(shown.contains(&"good"), "{shown:?}");
    assert!(!shown.contains(&"a2") && !shown.contains(&"a3"), "no status, no time: {shown:?}");
    assert!(day.appointments.iter().all(|row| row.end >= row.start), "nothing ends before it begins");
    for id in ["p1", "p2", "p3"] {
        let chart = chart(&world, id);
        assert!(chart.appointments.iter().all(|row| row.end >= row.start));
        patient::read(&chart.text);
    }
    assert_eq!(found(&world, "given as text"), ["p2"]);
    world.store.waitlist(&record()).unwrap();
    world.store.rebuild_projections().unwrap();
    for (key, text) in &texts {
        assert_eq!(world.text_of(key).as_ref(), Some(text), "{key} is kept word for word");
        world.store.history_of(&crate::world::key(key), &record()).unwrap();
    }
    // Each can be replaced by something sane, and taken away.
    for (key, _) in &texts {
        world.pull(&[(key, "2", Some(&text(key, "")))]).unwrap();
        world.pull(&[(key, "3", None)]).unwrap();
    }
    assert_eq!(found(&world, "given"), [""; 0]);
}

#[test]
fn eighty_visits_at_one_minute_are_all_on_the_day() {
    let world = World::new();
    let texts: Vec<(String, String)> = (0..80)
        .map(|n| (format!("Appointment/v{n}"), appointment(&format!("v{n}"), 60, n % 3 * 15, "booked")))
        .collect();
    let rows: Vec<_> = texts.iter().map(|(key, text)| (key.as_str(), "1", Some(text.as_str()))).collect();
    world.pull(&rows).unwrap();
    assert_eq!(world.store.day(at(0), at(120), &record()).unwrap().appointments.len(), 80);
    let busy = world.store.taken("d1", at(0), at(120)).unwrap().busy;
    assert_eq!(busy.len(), 80);
}
