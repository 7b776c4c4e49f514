//! Files that are not what they should be.

use super::*;

const GOOD: &str = r#"{"resource":{"resourceType":"Patient","id":"good"}}"#;

/// Imports one file; its name, what of it is accepted, and the entry and reason of each refusal.
fn check(name: &str, bytes: &[u8], accepted: u64, expected: &[(Option<u64>, Reason)]) {
    let got = import(&mut Memory::default(), LIMITS, &[(name, bytes)]);
    let expected = expected
        .iter()
        .map(|(entry, reason)| format!("{name} {}: {reason}", entry.map_or("-".to_owned(), |entry| entry.to_string())));
    let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).into_owned();
    assert_eq!(got, (accepted, expected.collect()), "{name}: {shown}");
}

#[test]
fn what_is_no_fhir_file_is_named_as_a_whole() {
    for (bytes, reason) in [
        (&b""[..], Reason::Empty),
        (b" \r\n ", Reason::Empty),
        (b"<Bundle xmlns='http://hl7.org/fhir'/>", Reason::Xml),
        (b"%PDF-1.4", Reason::NotJson),
        (b"\x00\x01\x02", Reason::NotJson),
        (b"[]", Reason::List),
    ] {
        check("a.json", bytes, 0, &[(None, reason.clone())]);
        check("a.json.gz", &gz(bytes), 0, &[(None, reason)]);
    }
}

#[test]
fn a_bundle_that_is_no_set_of_records_is_refused_whole() {
    for kind in ["document", "message", "history", "transaction-response", "batch-response", "x"] {
        check("a.json", &bundle(kind, &[GOOD]), 0, &[(None, Reason::BundleType)]);
    }
    check("a.json", br#"{"resourceType":"Bundle"}"#, 0, &[(None, Reason::BundleType)]);
    check("a.json", &bundle("batch", &[]), 0, &[]);
    let both = [bundle("history", &[GOOD]), b"\n".to_vec(), bundle("batch", &[GOOD])].concat();
    check("a.ndjson", &both, 1, &[(Some(0), Reason::BundleType)]);
}

#[test]
fn a_file_that_is_cut_off_gives_what_came_before() {
    // Words that hardly compress, so that the first half of an archive holds something.
    let entry = |n: u64| {
        let words: String =
            (0..20).map(|m| format!("{:x} ", (n * 31 + m).wrapping_mul(0x9E37_79B9_7F4A_7C15))).collect();
        format!(r#"{{"resource":{{"resourceType":"Patient","id":"{n}","x":"{words}"}}}}"#)
    };
    let entries: Vec<String> = (0..2000).map(entry).collect();
    let whole = bundle("transaction", &entries.iter().map(String::as_str).collect::<Vec<_>>());
    let cut = whole.len() - 10;
    check("a.json", &whole[..cut], 1999, &[(Some(1999), Reason::CutOff)]);
    for packed in [gz(&whole), zstd::encode_all(&*whole, 3).unwrap()] {
        let half = &packed[..packed.len() / 2];
        let (accepted, rejected) = import(&mut Memory::default(), LIMITS, &[("a.json.gz", half)]);
        assert!(accepted > 100, "{accepted}");
        assert!(rejected.len() == 1 && rejected[0].contains(&format!("a.json.gz {accepted}: ")), "{rejected:?}");
        assert!(rejected[0].ends_with(&Reason::CutOff.to_string()), "{rejected:?}");
    }
}

#[test]
fn a_damaged_archive_is_named_where_the_damage_is_noticed() {
    let mut packed = gz(&bundle("batch", &[GOOD]));
    let checksum = packed.len() - 6;
    packed[checksum] ^= 1;
    check("a.json.gz", &packed, 1, &[(Some(1), Reason::Damaged)]);
}

#[test]
fn an_archive_that_expands_without_end_is_stopped() {
    let limits = Limits { expanded: 1 << 20, ..LIMITS };
    let bomb = [bundle("batch", &[GOOD]), vec![b' '; 2 << 20]].concat();
    let (accepted, rejected) = import(&mut Memory::default(), limits, &[("a.json.gz", &gz(&bomb))]);
    assert_eq!((accepted, rejected), (1, vec![format!("a.json.gz 1: {}", Reason::ExpandsTooFar)]));
    let (accepted, _) = import(&mut Memory::default(), limits, &[("a.json", &bomb)]);
    assert_eq!(accepted, 1, "a plain file is as large as it is");
}

#[test]
fn a_file_of_nothing_but_faults_is_given_up() {
    let limits = Limits { refusals: 3, ..LIMITS };
    let files: &[(&str, &[u8])] =
        &[("a.ndjson", &b"{}\n".repeat(50)), ("b.json", br#"{"resourceType":"Patient","id":"a"}"#)];
    let (accepted, rejected) = import(&mut Memory::default(), limits, files);
    assert_eq!((accepted, rejected.len()), (1, 4));
    assert_eq!(rejected[3], format!("a.ndjson -: {}", Reason::TooMany));
}

#[test]
fn a_bare_resource_is_judged_like_an_entry() {
    use practice::text::TextError;
    let deep =
        format!(r#"{{"resourceType":"Patient","id":"d","x":{}{}}}"#, "[".repeat(1_000_000), "]".repeat(1_000_000));
    let large = format!(r#"{{"resourceType":"Patient","id":"l","x":"{}"}}"#, "x".repeat(5 << 20));
    for (resource, reason) in [
        (deep.as_str(), Reason::Text(TextError::TooDeep)),
        (&large, Reason::Text(TextError::TooLarge)),
        ("{}", Reason::NoType),
        (r#"{"resourceType":7}"#, Reason::Text(TextError::Unexpected)),
        (r#"{"resourceType":"Patient","id":7}"#, Reason::Text(TextError::Unexpected)),
        (r#"{"resourceType":"Patient","id":"a_b"}"#, Reason::BadId),
        (r#"{"resourceType":"Elephant","id":"a"}"#, Reason::UnknownType),
        (r#"{"resourceType":"Patient","id":"a","id":"b"}"#, Reason::Text(TextError::DuplicateKey(43))),
    ] {
        check("a.json", resource.as_bytes(), 0, &[(Some(0), reason.clone())]);
        let entry = format!(r#"{{"resource":{resource}}}"#);
        check("b.json", &bundle("batch", &[&entry, GOOD]), 1, &[(Some(0), reason.clone())]);
        check(
            "c.ndjson",
            format!("{resource}\n{resource}").as_bytes(),
            0,
            &[(Some(0), reason.clone()), (Some(1), reason)],
        );
    }
}

#[test]
fn an_entry_that_adds_no_record_is_named() {
    for (entry, reason) in [
        ("{}", Reason::NoResource),
        (r#"{"resource":null}"#, Reason::NoResource),
        (r#"{"request":{"method":"DELETE","url":"Patient/1"}}"#, Reason::Request),
        (r#"{"resource":{"resourceType":"Patient","id":"a"},"request":{"method":"PATCH"}}"#, Reason::Request),
        (r#"{"resource":{"resourceType":"OperationOutcome","id":"a"},"search":{"mode":"outcome"}}"#, Reason::Outcome),
    ] {
        check("a.json", &bundle("searchset", &[entry, GOOD]), 1, &[(Some(0), reason)]);
    }
}

#[test]
fn another_version_of_fhir_is_named_and_an_unknown_element_is_none() {
    for (resource, version) in [
        (r#"{"resourceType":"MedicationOrder","id":"a"}"#, "DSTU2"),
        (r#"{"resourceType":"ProcedureRequest","id":"a"}"#, "STU3"),
        (r#"{"resourceType":"NutritionIntake","id":"a"}"#, "R5"),
        (r#"{"resourceType":"Condition","id":"a","clinicalStatus":"active"}"#, "STU3"),
        (r#"{"resourceType":"Encounter","id":"a","class":"ambulatory"}"#, "DSTU2"),
        (r#"{"resourceType":"Encounter","id":"a","class":[{}]}"#, "R5"),
        (r#"{"resourceType":"Patient","id":"a","meta":{"fhirVersion":"3.0.1"}}"#, "STU3"),
        (r#"{"resourceType":"Patient","id":"a","meta":{"fhirVersion":"4.3.0"}}"#, "R4B"),
        (
            r#"{"resourceType":"Patient","id":"a","meta":{"profile":["http://x","http://hl7.org/fhir/STU3/StructureDefinition/Patient"]}}"#,
            "STU3",
        ),
    ] {
        check(
            "a.json",
            resource.as_bytes(),
            0,
            &[(
                Some(0),
                Reason::OtherVersion(["DSTU2", "STU3", "R4B", "R5"].into_iter().find(|v| *v == version).unwrap()),
            )],
        );
    }
    for resource in [
        r#"{"resourceType":"Patient","id":"a","meta":{"fhirVersion":"4.0.1"}}"#,
        r#"{"resourceType":"Patient","id":"a","clinicalStatus":"x","notGiven":true}"#,
        r#"{"resourceType":"Condition","id":"a","clinicalStatus":{"coding":[]}}"#,
        r#"{"resourceType":"StructureDefinition","id":"a","fhirVersion":"5.0.0"}"#,
        r#"{"resourceType":"Patient","id":"a","text":{"div":"see http://hl7.org/fhir/STU3/ and \"fhirVersion\""}}"#,
        r#"{"resourceType":"List","id":"a","entry":[{"item":{"reference":"Patient/a"}}]}"#,
    ] {
        check("a.json", resource.as_bytes(), 1, &[]);
    }
    let old = br#"{"entry":[{"resource":{"resourceType":"Patient","id":"a"}}],"fhirVersion":"3.0.2","type":"batch","resourceType":"Bundle"}"#;
    check("a.json", old, 0, &[(None, Reason::OtherVersion("STU3"))]);
}

#[test]
fn no_bytes_make_the_import_panic_or_forget_its_manners() {
    let line = r#"{"resourceType":"Patient","id":"x","a":[1,"\"",{"reference":"urn:uuid:x"}]}"#;
    let seed =
        [bundle("batch", &[GOOD, &format!(r#"{{"fullUrl":"urn:uuid:x","resource":{line}}}"#)]), line.into()].concat();
    let alphabet = b"{}[]:,\"\\\n x1u\xff";
    for world in 0..400_u64 {
        let mut state = world;
        let mut next = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % below
        };
        let mut bytes = seed.clone();
        for _ in 0..=next(6) {
            let at = next(bytes.len());
            match next(3) {
                0 => bytes[at] = alphabet[next(alphabet.len())],
                1 => bytes.insert(at, alphabet[next(alphabet.len())]),
                _ => bytes.truncate(at.max(1)),
            }
        }
        let name = if world % 2 == 0 { "a.json" } else { "a.ndjson" };
        let mut memory = Memory::default();
        let (accepted, rejected) = import(&mut memory, LIMITS, &[(name, &bytes)]);
        assert!(accepted > 0 || !rejected.is_empty(), "world {world}: nothing was said of {bytes:?}");
        for text in memory.texts.values() {
            practice::text::check(text.as_bytes()).unwrap();
        }
    }
}
