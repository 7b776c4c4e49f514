//! Whatever comes, each of the host's readers reads it or refuses it in words, and none panics.
//! `PROPTEST_CASES=100000` tries more.

use axum::http::{HeaderMap, HeaderValue, Uri, header};
use jiff::tz::TimeZone;
use practice::{
    Refusal,
    protocol::Versions,
    resource::{ResourceKey, ResourceType},
};
use proptest::prelude::*;

use super::{body, fhir, reply::takes_zstd};
use crate::{
    store::practice_of,
    written::{is_email, is_name, shown},
};

/// Text in which what stands out in searches, dates, addresses and JSON is as common as anything.
fn text() -> impl Strategy<Value = String> {
    let parts = prop_oneof![
        any::<char>().prop_map(String::from),
        "[0-9]{1,20}",
        "[a-z]{1,8}",
        proptest::sample::select(vec![
            "-",
            ":",
            "T",
            "Z",
            "+",
            ",",
            "|",
            "/",
            "~",
            "%",
            "&",
            "=",
            "?",
            "..",
            "ge",
            "sa",
            "ne",
            "2026-02-30",
            "24:00",
            "9999999999999999999",
            "-1",
            "\u{0}",
            "\u{202E}",
            "é",
            "\u{10FFFF}",
            "Patient/",
            "urn:uuid:",
            "\"",
            "\\",
            "{",
            "[",
        ])
        .prop_map(str::to_owned),
    ];
    proptest::collection::vec(parts, 0..12).prop_map(|parts| parts.concat())
}

fn in_words(refusal: &Refusal) {
    assert!(refusal.say.ends_with('.'), "{}", refusal.say);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_search_is_read_or_refused(kind in 0..200_usize, pairs in proptest::collection::vec((text(), text()), 0..6), known in 0..40_usize) {
        let kind = ResourceType::all().nth(kind % ResourceType::all().count()).unwrap();
        let mut pairs = pairs;
        // A name that nobody knows is refused before its value is read.
        let names = fhir::known_params(kind);
        if let Some(first) = pairs.first_mut() {
            first.0 = names[known % names.len()].to_owned();
        }
        for zone in [TimeZone::UTC, TimeZone::get("America/New_York").unwrap()] {
            if let Err(refusal) = fhir::read_pairs(kind, &pairs, &zone) {
                in_words(&refusal);
            }
        }
    }

    #[test]
    fn a_query_is_read_or_refused(kind in text(), query in text()) {
        if let Err(refusal) = super::read_search(&kind, &query) {
            in_words(&refusal);
        }
    }

    #[test]
    fn a_cursor_is_read_or_refused_and_is_good_for_its_life_alone(seq in any::<i64>(), life in text(), other in text(), cursor in text()) {
        let written = fhir::write_cursor(seq, &life);
        prop_assert_eq!(fhir::read_cursor(&written, &life).ok(), Some(seq).filter(|seq| *seq >= 0));
        prop_assert!(life == other || fhir::read_cursor(&written, &other).is_err());
        if let Err(refusal) = fhir::read_cursor(&cursor, &life) {
            in_words(&refusal);
        }
    }

    #[test]
    fn a_change_is_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200), words in text()) {
        for body in [bytes, words.into_bytes()] {
            if let Err(refusal) = super::read_change(&body) {
                in_words(&refusal);
            }
            let _ = body::too_deep(&body);
        }
    }

    #[test]
    fn what_is_no_deeper_than_json_reads_is_not_too_deep(depth in 0..120_usize) {
        let json = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        prop_assert_eq!(body::too_deep(json.as_bytes()), depth > body::MAX_BODY_DEPTH);
    }

    #[test]
    fn tokens_versions_and_names_are_read_or_are_none(words in text()) {
        if let Some(practice) = practice_of(&words) {
            let named = words.starts_with(&format!("{practice}~"));
            prop_assert!(named);
        }
        let _ = (Versions::parse(&words), ResourceKey::parse(&words), is_email(&words));
        prop_assert!(shown(&words, 5).chars().count() <= 5);
        if is_name(&words, 20) {
            let tricks = words.trim().contains(['\u{0}', '\u{202E}', '\n']);
            prop_assert!(words.trim().chars().count() <= 20 && !tricks);
        }
    }

    #[test]
    fn a_head_is_read_and_its_host_fits_into_json(value in proptest::collection::vec(any::<u8>(), 0..40), path in "/[a-z/]{0,20}") {
        let mut headers = HeaderMap::new();
        if let Ok(value) = HeaderValue::from_bytes(&value) {
            headers.insert(header::ACCEPT_ENCODING, value.clone());
            headers.insert(header::HOST, value);
        }
        let _ = takes_zstd(&headers);
        let base = fhir::base(&path.parse::<Uri>().unwrap(), &headers);
        let breaks_out = base.contains(['"', '\\', '<', ' ']);
        prop_assert!(!breaks_out && base.is_ascii());
    }
}
