//! Changing one place of a JSON text. Expects text that `check` accepted; every byte not named stays.

use std::borrow::Cow;

use super::{
    TextError, quote,
    scan::{decode, elements, members, next, value_end},
};

/// Sets the value at `pointer` (RFC 6901) to the raw JSON `value`. Missing object members on the way are made;
/// `-` appends to an array. A missing array element in the middle is an error.
pub fn set(text: &str, pointer: &str, value: &str) -> Result<String, TextError> {
    let mut at = next(text, 0)?;
    let tokens: Vec<&str> = pointer.split('/').skip(1).collect();
    for (depth, token) in tokens.iter().copied().enumerate() {
        let (found, end, empty) = child(text, at, token)?;
        match found {
            Some(start) => at = start,
            None => {
                let is_object = text.as_bytes()[at] == b'{';
                if !is_object && token != "-" {
                    return Err(TextError::Unexpected);
                }
                let inner = tokens[depth + 1..]
                    .iter()
                    .rev()
                    .fold(value.to_owned(), |inner, token| format!("{{{}:{inner}}}", quote(token)));
                let key = if is_object { format!("{}:", quote(token)) } else { String::new() };
                let comma = if empty { "" } else { "," };
                return Ok(format!("{}{comma}{key}{inner}{}", &text[..end], &text[end..]));
            }
        }
    }
    let end = value_end(text, at)?;
    Ok(format!("{}{value}{}", &text[..at], &text[end..]))
}

/// Where `token` starts under the container at `at`, where a new last child would go, and whether it is empty.
fn child(text: &str, at: usize, token: &str) -> Result<(Option<usize>, usize, bool), TextError> {
    match text.as_bytes().get(at) {
        Some(b'{') => {
            let all = members(text, at)?;
            let found = all.iter().find(|m| m.is(text, token)).map(|m| m.value.start);
            Ok((found, all.last().map_or(at + 1, |m| m.value.end), all.is_empty()))
        }
        Some(b'[') => {
            let all = elements(text, at)?;
            let found = token.parse::<usize>().ok().and_then(|i| all.get(i)).map(|e| e.start);
            Ok((found, all.last().map_or(at + 1, |e| e.end), all.is_empty()))
        }
        _ => Err(TextError::Unexpected),
    }
}

/// Removes the object member at `pointer`; the same text when it is not there.
pub fn remove(text: &str, pointer: &str) -> Result<String, TextError> {
    let (parent, token) = pointer.rsplit_once('/').ok_or(TextError::Unexpected)?;
    let Some(object) = super::raw(text, parent) else { return Ok(text.to_owned()) };
    let start = object.as_ptr() as usize - text.as_ptr() as usize;
    let all = members(text, start)?;
    let Some(index) = all.iter().position(|m| m.is(text, token)) else { return Ok(text.to_owned()) };
    let (from, to) = match (index, all.get(index + 1)) {
        (0, None) => (all[0].key.start, all[0].value.end),
        (0, Some(after)) => (all[0].key.start, after.key.start),
        _ => (all[index - 1].value.end, all[index].value.end),
    };
    Ok(format!("{}{}", &text[..from], &text[to..]))
}

/// The text with `meta.versionId` and `meta.lastUpdated` as given: the two places a FHIR server owns
/// (<https://hl7.org/fhir/R4/http.html#update>).
pub fn stamp_meta(text: &str, version_id: &str, last_updated: &str) -> Result<String, TextError> {
    let root = next(text, 0)?;
    let all = members(text, root)?;
    let (version_id, last_updated) = (quote(version_id), quote(last_updated));
    let Some(meta) = all.iter().find(|m| m.is(text, "meta")) else {
        let meta = format!("\"meta\":{{\"versionId\":{version_id},\"lastUpdated\":{last_updated}}}");
        return match all.last() {
            Some(last) => Ok(format!("{},{meta}{}", &text[..last.value.end], &text[last.value.end..])),
            None => Ok(format!("{{{meta}}}")),
        };
    };
    let mut parts = members(text, meta.value.start)?;
    let mut edits: Vec<(std::ops::Range<usize>, String)> = Vec::with_capacity(2);
    let mut missing = String::new();
    for (name, value) in [("versionId", version_id), ("lastUpdated", last_updated)] {
        match parts.iter().position(|m| m.is(text, name)) {
            Some(i) => edits.push((parts.swap_remove(i).value, value)),
            None => missing += &format!("\"{name}\":{value},"),
        }
    }
    if !missing.is_empty() {
        let start = meta.value.start + 1;
        if parts.is_empty() && edits.is_empty() {
            missing.pop();
        }
        edits.push((start..start, missing));
    }
    Ok(apply(text, edits))
}

/// Rewrites string values: `with(key, value)` is asked for each string, under the nearest member's key, and gives
/// the new value or `None` to leave it, byte for byte.
pub fn rewrite_strings(text: &str, mut with: impl FnMut(&str, &str) -> Option<String>) -> Result<String, TextError> {
    let bytes = text.as_bytes();
    let mut keys: Vec<Cow<'_, str>> = vec![Cow::Borrowed("")];
    let mut key = Cow::Borrowed("");
    let mut edits = Vec::new();
    let mut i = 0;
    while let Some(b) = bytes.get(i) {
        match b {
            b'{' | b'[' => keys.push(key.clone()),
            b'}' | b']' => {
                keys.pop();
            }
            b',' => key = keys.last().cloned().unwrap_or_default(),
            b'"' => {
                let end = value_end(text, i)?;
                let value = decode(&text[i..end]).ok_or(TextError::Malformed(i))?;
                if next(text, end).is_ok_and(|after| bytes[after] == b':') {
                    key = value;
                } else if let Some(new) = with(&key, &value) {
                    edits.push((i..end, quote(&new)));
                }
                i = end;
                continue;
            }
            _ => {}
        }
        i += 1;
    }
    Ok(apply(text, edits))
}

/// Rewrites the `reference` elements (<https://hl7.org/fhir/R4/http.html#trules>).
pub fn rewrite_references(text: &str, mut with: impl FnMut(&str) -> Option<String>) -> Result<String, TextError> {
    rewrite_strings(text, |key, value| if key == "reference" { with(value) } else { None })
}

fn apply(text: &str, mut edits: Vec<(std::ops::Range<usize>, String)>) -> String {
    edits.sort_by_key(|(span, _)| span.start);
    let mut out = String::with_capacity(text.len() + edits.iter().map(|(_, new)| new.len()).sum::<usize>());
    let mut from = 0;
    for (span, new) in edits {
        out.push_str(&text[from..span.start]);
        out.push_str(&new);
        from = span.end;
    }
    out.push_str(&text[from..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{check, check_members, each_member, raw};

    #[test]
    fn a_splice_leaves_every_other_byte_as_it_was() {
        let text = "{ \"id\" : \"x\",\n  \"value\": 1.10, \"unknown\":[ 1e2 , {} ] }";
        let stamped = stamp_meta(text, "3", "2026-11-22T00:00:00.000Z").unwrap();
        assert_eq!(
            stamped,
            "{ \"id\" : \"x\",\n  \"value\": 1.10, \"unknown\":[ 1e2 , {} ],\"meta\":{\"versionId\":\"3\",\"lastUpdated\":\"2026-11-22T00:00:00.000Z\"} }"
        );
        let again = stamp_meta(&stamped, "4", "2026-11-23T00:00:00.000Z").unwrap();
        assert_eq!(again, stamped.replace("\"3\"", "\"4\"").replace("11-22", "11-23"));
    }

    #[test]
    fn meta_keeps_its_profile_and_its_order() {
        for (before, after) in [
            (r#"{"meta":{}}"#, r#"{"meta":{"versionId":"1","lastUpdated":"t"}}"#),
            (r#"{"meta":{"profile":["p"]}}"#, r#"{"meta":{"versionId":"1","lastUpdated":"t","profile":["p"]}}"#),
            (r#"{"meta":{"lastUpdated":"x"}}"#, r#"{"meta":{"versionId":"1","lastUpdated":"t"}}"#),
            ("{}", r#"{"meta":{"versionId":"1","lastUpdated":"t"}}"#),
        ] {
            assert_eq!(stamp_meta(before, "1", "t").unwrap(), after);
        }
    }

    #[test]
    fn set_makes_what_is_missing_on_the_way() {
        for (before, pointer, after) in [
            (r#"{"a":1}"#, "/a", r#"{"a":2}"#),
            (r#"{"a":1}"#, "/b/c", r#"{"a":1,"b":{"c":2}}"#),
            ("{ }", "/b", r#"{"b":2 }"#),
            (r#"{"a":[1,3]}"#, "/a/1", r#"{"a":[1,2]}"#),
            (r#"{"a":[1]}"#, "/a/-", r#"{"a":[1,2]}"#),
        ] {
            let got = set(before, pointer, "2").unwrap();
            assert_eq!(got, after, "{before} {pointer}");
            check(got.as_bytes()).unwrap();
        }
        assert_eq!(set(r#"{"a":[1]}"#, "/a/7", "2"), Err(TextError::Unexpected));
    }

    #[test]
    fn remove_takes_one_member_and_one_comma() {
        for (before, pointer, after) in [
            (r#"{"a":1}"#, "/a", "{}"),
            (r#"{"a":1,"b":2}"#, "/a", r#"{"b":2}"#),
            (r#"{"a":1,"b":2,"c":3}"#, "/b", r#"{"a":1,"c":3}"#),
            (r#"{"a":{"b":2}}"#, "/a/b", r#"{"a":{}}"#),
            (r#"{"a":1}"#, "/x/y", r#"{"a":1}"#),
        ] {
            assert_eq!(remove(before, pointer).unwrap(), after);
        }
    }

    #[test]
    fn only_references_are_rewritten() {
        let text =
            r#"{"reference":"urn:uuid:1","x":["urn:uuid:1",{"reference":"urn:uuid:\u0031"}],"text":"urn:uuid:1"}"#;
        let got = rewrite_references(text, |r| (r == "urn:uuid:1").then(|| "Patient/1".to_owned())).unwrap();
        assert_eq!(
            got,
            r#"{"reference":"Patient/1","x":["urn:uuid:1",{"reference":"Patient/1"}],"text":"urn:uuid:1"}"#
        );
    }

    #[test]
    fn a_string_in_an_array_stands_under_the_arrays_key() {
        let mut seen = Vec::new();
        rewrite_strings(r#"{"profile":["a","b"],"o":{"k":"c"},"z":"d"}"#, |key, value| {
            seen.push(format!("{key}={value}"));
            None
        })
        .unwrap();
        assert_eq!(seen, ["profile=a", "profile=b", "k=c", "z=d"]);
    }

    #[test]
    fn pointers_find_what_is_there() {
        let text = r#"{"a":[{"b":"x"}],"é":null}"#;
        assert_eq!(raw(text, "/a/0/b"), Some("\"x\""));
        assert_eq!(raw(text, "/é"), Some("null"));
        assert_eq!(raw(text, "/a/1"), None);
    }

    #[test]
    fn bad_text_is_named_and_nothing_panics() {
        let deep = "[".repeat(10_000);
        for (bytes, error) in [
            (&b"\xff{}"[..], TextError::NotUtf8),
            (deep.as_bytes(), TextError::TooDeep),
            (br#"{"a":1,"a":2}"#, TextError::DuplicateKey(12)),
            (br#"{"a":1"#, TextError::Malformed(6)),
            (br#"{"a":1} x"#, TextError::Malformed(9)),
            (br#"{"a":"\ud800"}"#, TextError::Malformed(5)),
            (br#"{"\udc00\ud800":1}"#, TextError::Malformed(1)),
        ] {
            assert_eq!(check(bytes), Err(error));
        }
    }

    #[test]
    fn no_object_names_an_element_twice_however_it_is_written() {
        let many: Vec<String> = (0..40).map(|n| format!("\"k{n}\":{{}}")).collect();
        let many_and_one = format!("{{{},\"k7\":1}}", many.join(","));
        let many = format!("{{{}}}", many.join(","));
        for (text, fine) in [
            (r#"{"a":1,"b":{"a":1,"b":[{"a":1},{"a":2}]}}"#, true),
            (r#"{"a":"b","b":"a","c":["a","a","b"]}"#, true),
            (r#"{"a":{"b":1},"a" :2}"#, false),
            (r#"[{"x":[{"a":1,"c":"}","a":2}]}]"#, false),
            (r#"{"\u0061":1,"a":2}"#, false),
            (r#"{"a\"":1,"a":2,"a\\":3}"#, true),
            (r#"{"":1,"":2}"#, false),
            (&many, true),
            (&many_and_one, false),
        ] {
            assert_eq!(check(text.as_bytes()).is_ok(), fine, "{text}");
            assert_eq!(check_members(text, |_, _| {}).is_ok(), fine, "{text}");
        }
        let deep = format!("{}{}", "[".repeat(65), "]".repeat(65));
        assert_eq!(check_members(&deep, |_, _| {}), Err(TextError::TooDeep));
    }

    #[test]
    fn checking_gives_the_members_that_are_there() {
        for (text, members) in [
            ("{}", &[][..]),
            ("[{\"a\":1}]", &[]),
            (r#"{"a":1}"#, &[("a", "1")]),
            (
                " { \"a\" :\t1.10 , \"b\\n\":[ {\"c\":1,\"d\":[2,\":\"]} ,\"e\"]\n,\"f\":{\"g\":\"}\"} ,\"h\": null\n} ",
                &[("a", "1.10"), ("b\n", r#"[ {"c":1,"d":[2,":"]} ,"e"]"#), ("f", r#"{"g":"}"}"#), ("h", "null")],
            ),
        ] {
            let mut found = Vec::new();
            check_members(text, |name, value| found.push((name.to_owned(), value))).unwrap();
            assert!(found.iter().map(|(name, value)| (name.as_str(), *value)).eq(members.iter().copied()), "{text}");
            let mut walked = Vec::new();
            if each_member(text, |name, value| walked.push((name.to_owned(), value))).is_ok() {
                assert_eq!(found, walked, "{text}");
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_a_splice_panic(text in "[\\[\\]{}:,\"\\\\a0 é-]{0,40}") {
            let _ = check(text.as_bytes());
            let _ = check_members(&text, |_, _| {});
            let _ = set(&text, "/a/0/b", "1");
            let _ = remove(&text, "/a");
            let _ = stamp_meta(&text, "1", "2");
            let _ = rewrite_references(&text, |_| Some("x".into()));
        }
    }
}
