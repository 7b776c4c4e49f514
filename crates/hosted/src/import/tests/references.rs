//! References between entries and files.

use super::*;

fn observation(id: &str, subject: &str) -> String {
    format!(r#"{{"resourceType":"Observation","id":"{id}","subject":{{ "reference" :"{subject}"}}}}"#)
}

fn entry(full_url: &str, resource: &str) -> String {
    format!(r#"{{"fullUrl":"{full_url}","resource":{resource}}}"#)
}

#[test]
fn a_reference_finds_its_entry_in_whatever_file_and_order() {
    let patient = entry("urn:uuid:PAT", r#"{"resourceType":"Patient","id":"p"}"#);
    let observed = entry("urn:uuid:o", &observation("o", "urn:uuid:pat"));
    let expected = observation("o", "Patient/p");
    for (first, second) in [(&patient, &observed), (&observed, &patient)] {
        let mut memory = Memory::default();
        let files: &[(&str, &[u8])] =
            &[("1.json", &bundle("transaction", &[first])), ("2.json", &bundle("transaction", &[second]))];
        assert_eq!(import(&mut memory, LIMITS, files), (2, vec![]));
        assert_eq!(memory.texts["Observation/o"], expected);
    }
}

#[test]
fn a_bundle_means_its_own_entry_when_two_bundles_use_one_urn() {
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for n in ["1", "2", "3"] {
        let patient = entry("urn:uuid:x", &format!(r#"{{"resourceType":"Patient","id":"p{n}"}}"#));
        files.push((
            format!("{n}.json"),
            bundle("batch", &[&patient, &entry("urn:uuid:o", &observation(n, "urn:uuid:x"))]),
        ));
    }
    files.push(("4.json".into(), bundle("batch", &[&entry("urn:uuid:y", &observation("4", "urn:uuid:x"))])));
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let mut memory = Memory::default();
    let (accepted, rejected) = import(&mut memory, LIMITS, &files);
    for n in ["1", "2", "3"] {
        assert_eq!(memory.texts[&format!("Observation/{n}")], observation(n, &format!("Patient/p{n}")));
    }
    assert_eq!(accepted, 6);
    assert_eq!(rejected, [format!("4.json 0: {}", Reason::Unresolved)]);
}

#[test]
fn a_reference_to_nothing_is_named_and_others_stay_as_they_are() {
    let kept = ["Patient/elsewhere", "https://other.test/fhir/Patient/1", "#contained", "urn:oid:1.2.3"];
    let mut lines: Vec<String> = kept.iter().enumerate().map(|(n, to)| observation(&n.to_string(), to)).collect();
    lines.push(observation("lost", "urn:uuid:nobody"));
    let mut memory = Memory::default();
    let (accepted, rejected) = import(&mut memory, LIMITS, &[("a.ndjson", lines.join("\n").as_bytes())]);
    assert_eq!(accepted, 4);
    assert_eq!(rejected, [format!("a.ndjson 4: {}", Reason::Unresolved)]);
    for (n, line) in lines.iter().take(4).enumerate() {
        assert_eq!(&memory.texts[&format!("Observation/{n}")], line);
    }
}

#[test]
fn an_identifier_means_the_one_who_carries_it() {
    let doctor = |id: &str, value: &str| {
        format!(
            r#"{{"resourceType":"Practitioner","id":"{id}","identifier":[{{"system":"http://npi","value":"{value}"}}]}}"#
        )
    };
    let lines = [
        doctor("d", "1"),
        doctor("e", "2"),
        doctor("f", "2"),
        observation("known", "Practitioner?identifier=http://npi|1"),
        observation("stored", "Practitioner?identifier=http://npi|7"),
        observation("two", "Practitioner?identifier=http://npi|2"),
        observation("none", "Practitioner?identifier=http://npi|3"),
        observation("type", "Patient?identifier=http://npi|1"),
        observation("other", "Practitioner?name=x"),
    ];
    let mut memory = Memory::default();
    memory.carriers.insert("Practitioner?http://npi|7".into(), ResourceKey::parse("Practitioner/old").unwrap());
    let (accepted, rejected) = import(&mut memory, LIMITS, &[("a.ndjson", lines.join("\n").as_bytes())]);
    assert_eq!(accepted, 5);
    assert_eq!(memory.texts["Observation/known"], observation("known", "Practitioner/d"));
    assert_eq!(memory.texts["Observation/stored"], observation("stored", "Practitioner/old"));
    assert_eq!(
        rejected,
        [
            format!("a.ndjson 5: {}", Reason::NoSuchIdentifier(ResourceType::PRACTITIONER)),
            format!("a.ndjson 6: {}", Reason::NoSuchIdentifier(ResourceType::PRACTITIONER)),
            format!("a.ndjson 7: {}", Reason::NoSuchIdentifier(ResourceType::PATIENT)),
            format!("a.ndjson 8: {}", Reason::OtherCondition),
        ]
    );
}
