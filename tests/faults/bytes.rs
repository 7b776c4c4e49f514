//! Pages, changes and records of the demo with some bytes altered: each reader reads them or refuses them.
//! `PROPTEST_CASES=100000` tries more.
#![allow(clippy::unwrap_used, missing_docs)]

mod targets;

// By this name the targets call for their macro.
extern crate self as libfuzzer_sys;
use targets::fuzz_target;

use std::sync::LazyLock;

use faults::readers;
use hosted::demo::{DemoSpec, plan};
use practice::{
    feed::FeedRow,
    ids::{ChangeId, MemberId, WorkstationId},
    provenance::ChangeNote,
    resource::{Envelope, ResourceKey},
    text::{set, stamp_meta},
    time::Stamp,
};
use proptest::{prelude::*, sample::Index};

/// What stands out in JSON and in FHIR, and what breaks a reader that is not careful.
const TOKENS: [&str; 26] = [
    "\"",
    "\\",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "null",
    "-",
    "1e999",
    "\u{0}",
    "\\u0000",
    "\\ud800",
    "é",
    "\u{feff}",
    " ",
    "\"id\":\"x\",",
    "\"resourceType\":\"Patient\",",
    "\"entry\":[],",
    "W/\\\"",
    "cursor=",
    "urn:uuid:",
    "../",
    "[[[[[[[[[[[[[[[[",
    "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":",
];

fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(2_000)
}

/// One alteration, at a place.
#[derive(Clone, Debug)]
enum Alter {
    Turn(Index, u8),
    Drop(Index, usize),
    Again(Index, usize),
    Put(Index, usize),
    End(Index),
}

fn alterations() -> impl Strategy<Value = Vec<Alter>> {
    let at = any::<Index>;
    let one = prop_oneof![
        4 => (at(), any::<u8>()).prop_map(|(place, bits)| Alter::Turn(place, bits)),
        3 => (at(), 1..60usize).prop_map(|(place, bytes)| Alter::Drop(place, bytes)),
        2 => (at(), 1..200usize).prop_map(|(place, bytes)| Alter::Again(place, bytes)),
        4 => (at(), 0..TOKENS.len()).prop_map(|(place, token)| Alter::Put(place, token)),
        1 => at().prop_map(Alter::End),
    ];
    prop::collection::vec(one, 1..5)
}

fn altered(whole: &str, alterations: &[Alter]) -> Vec<u8> {
    let mut bytes = whole.as_bytes().to_vec();
    for alter in alterations {
        if bytes.is_empty() {
            break;
        }
        let length = bytes.len();
        match alter {
            Alter::Turn(place, bits) => bytes[place.index(length)] ^= bits,
            Alter::Drop(place, n) => drop(bytes.drain(place.index(length)..length.min(place.index(length) + n))),
            Alter::Again(place, n) => {
                let (from, to) = (place.index(length), length.min(place.index(length) + n));
                let part = bytes[from..to].to_vec();
                bytes.splice(to..to, part);
            }
            Alter::Put(place, token) => {
                drop(bytes.splice(place.index(length)..place.index(length), TOKENS[*token].bytes()))
            }
            Alter::End(place) => bytes.truncate(place.index(length)),
        }
    }
    bytes
}

/// Records of the demo, one of each type.
static RECORDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let zone = jiff::tz::TimeZone::get("America/New_York").unwrap();
    let today = jiff::civil::date(2026, 11, 23);
    let mut records: Vec<String> =
        plan(&DemoSpec { patients: 2, providers: 1, seed: 7, today, now: 600, zone }).collect();
    let kind = |text: &String| Envelope::read(text).unwrap().key.kind;
    records.sort_by_key(kind);
    records.dedup_by_key(|text| kind(text));
    records
});

static PAGE: LazyLock<String> = LazyLock::new(|| {
    let updated = Stamp::parse("2026-11-23T09:45:00.000Z").unwrap();
    let texts: Vec<String> = RECORDS.iter().map(|text| stamp_meta(text, "1", &updated.to_string()).unwrap()).collect();
    let rows: Vec<FeedRow<'_>> = texts
        .iter()
        .map(|text| FeedRow {
            key: Envelope::read(text).unwrap().key,
            version: "1",
            updated,
            life: None,
            text: Some(text),
        })
        .collect();
    readers::written(&rows, "MTI_x-y")
});

static CHANGE: LazyLock<String> = LazyLock::new(|| {
    let visit = RECORDS.iter().find(|text| text.contains("\"resourceType\":\"Appointment\"")).unwrap();
    let visit = set(visit, "/id", "\"a1\"").unwrap();
    let note = ChangeNote {
        id: ChangeId::parse("c1").unwrap(),
        at: Stamp::parse("2026-11-23T09:45:00.000Z").unwrap(),
        member: MemberId::parse("m1").unwrap(),
        member_name: "Frankie Desk".into(),
        workstation: WorkstationId::parse("w1").unwrap(),
        workstation_name: String::new(),
        targets: vec![ResourceKey::parse("Appointment/a1").unwrap()],
        activity: "booked".into(),
        comment: None,
    }
    .to_fhir();
    format!(
        r#"{{"resourceType":"Bundle","type":"transaction","entry":[{{"resource":{visit},"request":{{"method":"PUT","url":"Appointment/a1","ifNoneMatch":"*"}}}},{{"resource":{note},"request":{{"method":"PUT","url":"Provenance/c1","ifNoneMatch":"*"}}}}]}}"#
    )
});

const SEARCH: &str = "Appointment?date=ge2026-11-23&date=lt2026-11-24T09:00:00-05:00&actor=d1&patient=p1,p2&_count=9";

#[test]
fn what_is_not_altered_is_read() {
    assert_eq!(readers::search(SEARCH.as_bytes()), Some(4));
    assert_eq!(readers::page(PAGE.as_bytes()), Some(RECORDS.len()));
    assert!(RECORDS.len() > 10, "{}", RECORDS.len());
    assert_eq!(readers::change(CHANGE.as_bytes()), Some(2));
    assert!(RECORDS.iter().all(|text| readers::text(text.as_bytes())));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases()) })]

    #[test]
    fn a_page_is_read_word_for_word_or_refused(alterations in alterations()) {
        targets::page::take(&altered(&PAGE, &alterations));
    }

    #[test]
    fn a_change_is_read_word_for_word_or_refused(alterations in alterations()) {
        targets::change::take(&altered(&CHANGE, &alterations));
    }

    #[test]
    fn a_search_is_read_or_refused(alterations in alterations()) {
        targets::search::take(&altered(SEARCH, &alterations));
    }

    #[test]
    fn an_edit_changes_what_it_names_or_nothing(which in any::<Index>(), alterations in alterations()) {
        let bytes = altered(&RECORDS[which.index(RECORDS.len())], &alterations);
        targets::text::take(&bytes);
        targets::change::take(&bytes);
        targets::page::take(&bytes);
    }
}
