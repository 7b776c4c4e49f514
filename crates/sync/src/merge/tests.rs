use practice::{
    ids::ChangeId,
    resource::{ResourceKey, ResourceType},
    text,
};
use proptest::prelude::*;

use super::{
    Fork, Merge, Outcome, Side, Verdict, merge, plan,
    tree::{elements, meaning, members, same},
};

fn merged(kind: ResourceType, base: &str, mine: &str, theirs: &str) -> Merge {
    let merge = merge(kind, base, mine, theirs, None).expect("three objects");
    text::check(merge.text.as_bytes()).expect("JSON");
    merge
}

fn conflicts(merge: &Merge) -> Vec<&str> {
    merge.changes.iter().filter(|c| c.outcome == Outcome::Conflict).map(|c| c.path.as_str()).collect()
}

#[test]
fn changes_of_different_fields_stand_side_by_side_as_they_were_written() {
    let base = r#"{"resourceType":"Patient","id":"p","meta":{"versionId":"1"},"gender":"female","birthDate":"1980-01-01","x":1.0}"#;
    let mine = r#"{"resourceType":"Patient","id":"p","meta":{"versionId":"1"},"gender":"female","birthDate":"1980-01-02","x":1.0}"#;
    let theirs = r#"{"resourceType":"Patient","id":"p","meta":{"versionId":"2"},"gender":"female","birthDate":"1980-01-01","x":1.10,"active":true}"#;
    let merge = merged(ResourceType::PATIENT, base, mine, theirs);
    assert_eq!(
        merge.text,
        r#"{"resourceType":"Patient","id":"p","meta":{},"gender":"female","birthDate":"1980-01-02","x":1.10,"active":true}"#
    );
    let outcomes: Vec<_> = merge.changes.iter().map(|c| (c.path.as_str(), c.outcome)).collect();
    assert_eq!(
        outcomes,
        [
            ("birthDate", Outcome::Taken(Side::Mine)),
            ("x", Outcome::Taken(Side::Theirs)),
            ("active", Outcome::Taken(Side::Theirs))
        ]
    );
}

#[test]
fn that_the_host_confirmed_a_booking_is_nobodys_change() {
    let visit =
        |status: &str, comment: &str| format!(r#"{{"status":"{status}","start":"9:00","comment":"{comment}"}}"#);
    for (base, mine, theirs, status) in [
        ("pending", "arrived", "booked", "arrived"),
        ("pending", "pending", "booked", "booked"),
        ("pending", "pending", "arrived", "arrived"),
        // The first entry was confirmed; the second was made before that was heard.
        ("booked", "pending", "arrived", "arrived"),
        // One that waits for a person.
        ("pending", "pending", "pending", "pending"),
        ("pending", "booked", "pending", "booked"),
    ] {
        let merge = merged(ResourceType::APPOINTMENT, &visit(base, "a"), &visit(mine, "b"), &visit(theirs, "a"));
        assert_eq!(conflicts(&merge), [""; 0], "{base} {mine} {theirs}");
        assert_eq!(text::string(&merge.text, "/status").as_deref(), Some(status), "{base} {mine} {theirs}");
        assert_eq!(text::string(&merge.text, "/comment").as_deref(), Some("b"));
    }
    let made = merged(ResourceType::APPOINTMENT, "{}", &visit("pending", "a"), &visit("booked", "a"));
    assert!(!made.has_conflict() && !made.is_news(), "what was made here came back confirmed");
}

#[test]
fn two_computers_never_both_keep_a_hold() {
    let hold = |of: &str| match of {
        "" => r#"{"status":"busy-tentative"}"#.to_owned(),
        of => format!(
            r#"{{"status":"busy-tentative","extension":[{{"url":"urn:shadowchart:kept-for","valueReference":{{"reference":"Device/{of}"}}}}]}}"#
        ),
    };
    assert!(merged(ResourceType::SLOT, &hold(""), &hold("a"), &hold("b")).has_conflict());
    assert_eq!(merged(ResourceType::SLOT, &hold(""), &hold("a"), &hold("")).text, hold("a"));
}

#[test]
fn the_same_field_is_a_conflict_that_a_person_settles() {
    for (kind, base, mine, theirs, at) in [
        (
            ResourceType::PATIENT,
            r#"{"gender":"male"}"#,
            r#"{"gender":"female"}"#,
            r#"{"gender":"other"}"#,
            &["gender"][..],
        ),
        (ResourceType::PATIENT, r#"{"gender":"male"}"#, r#"{}"#, r#"{"gender":"other"}"#, &["gender"]),
        (
            ResourceType::APPOINTMENT,
            r#"{"status":"booked","start":"9:00","comment":"a"}"#,
            r#"{"status":"arrived","start":"9:00","comment":"b"}"#,
            r#"{"status":"booked","start":"10:30","comment":"a"}"#,
            &["status", "start"],
        ),
        (
            ResourceType::OBSERVATION,
            r#"{"status":"preliminary","valueQuantity":{"value":1.10,"unit":"mg"}}"#,
            r#"{"status":"final","valueQuantity":{"value":1.10,"unit":"mg"}}"#,
            r#"{"status":"preliminary","valueQuantity":{"value":1.1,"unit":"mg"}}"#,
            &["status", "valueQuantity"],
        ),
        (
            ResourceType::PATIENT,
            r#"{"address":[{"city":"A","line":["1"]}]}"#,
            r#"{"address":[{"city":"B","line":["1"]}]}"#,
            r#"{"address":[{"city":"A","line":["2"]}]}"#,
            &["address"],
        ),
        (
            ResourceType::PATIENT,
            r#"{"birthDate":"1980","_birthDate":{"id":"a"}}"#,
            r#"{"birthDate":"1981","_birthDate":{"id":"a"}}"#,
            r#"{"birthDate":"1980","_birthDate":{"id":"b"}}"#,
            &["birthDate", "_birthDate"],
        ),
        (
            ResourceType::PATIENT,
            r#"{"maritalStatus":{"coding":["M"],"text":"married"}}"#,
            r#"{"maritalStatus":{"coding":["D"],"text":"married"}}"#,
            r#"{"maritalStatus":{"coding":["M"],"text":"Married"}}"#,
            &["maritalStatus"],
        ),
        (ResourceType::PATIENT, r#"{"a":["x"]}"#, r#"{"a":["x","y","y"]}"#, r#"{"a":["x","z"]}"#, &["a"]),
        (ResourceType::PATIENT, r#"{"a":[1,2]}"#, r#"{"a":[2,1]}"#, r#"{"a":[1,2,3]}"#, &["a"]),
    ] {
        let merge = merged(kind, base, mine, theirs);
        assert_eq!(conflicts(&merge), at, "{base} {mine} {theirs}");
        for (side, text) in [(Side::Mine, mine), (Side::Theirs, theirs)] {
            let settled = super::merge(kind, base, mine, theirs, Some(side)).expect("three objects");
            assert!(!settled.has_conflict());
            for path in at {
                let pointer = format!("/{path}");
                assert!(same(text::raw(&settled.text, &pointer), text::raw(text, &pointer)), "{side:?} {path}");
            }
        }
    }
    let arrived = merged(
        ResourceType::APPOINTMENT,
        r#"{"status":"booked","comment":"a"}"#,
        r#"{"status":"booked","comment":"b"}"#,
        r#"{"status":"arrived","comment":"a"}"#,
    );
    assert_eq!(arrived.text, r#"{"status":"arrived","comment":"b"}"#, "a comment says nothing about the visit's time");
}

#[test]
fn an_item_of_a_list_is_known_by_its_id_its_system_and_value_or_what_it_says() {
    for (what, base, mine, theirs, expected) in [
        (
            "both add",
            r#"{"telecom":[{"system":"phone","value":"1"}]}"#,
            r#"{"telecom":[{"system":"phone","value":"1"},{"system":"email","value":"a"}]}"#,
            r#"{"telecom":[{"system":"phone","value":"2"},{"system":"phone","value":"1","use":"home"}]}"#,
            r#"{"telecom":[{"system":"phone","value":"2"},{"system":"phone","value":"1","use":"home"},{"system":"email","value":"a"}]}"#,
        ),
        ("both add the first", r#"{}"#, r#"{"a":["x"]}"#, r#"{"a":["y"]}"#, r#"{"a":["y","x"]}"#),
        ("one goes, one comes", r#"{"a":["x","z"]}"#, r#"{"a":["z"]}"#, r#"{"a":["x","z","y"]}"#, r#"{"a":["z","y"]}"#),
        ("all go", r#"{"a":["x","z"]}"#, r#"{"a":["z"]}"#, r#"{"a":["x"]}"#, r#"{}"#),
        (
            "parts of one item",
            r#"{"contact":[{"id":"c","gender":"male"}]}"#,
            r#"{"contact":[{"id":"c","gender":"female"}]}"#,
            r#"{"contact":[{"id":"c","gender":"male","relationship":["n"]}]}"#,
            r#"{"contact":[{"id":"c","gender":"female","relationship":["n"]}]}"#,
        ),
    ] {
        let merge = merged(ResourceType::PATIENT, base, mine, theirs);
        assert!(!merge.has_conflict(), "{what}");
        assert!(same(Some(&merge.text), Some(expected)), "{what}: {}", merge.text);
    }
    let long = |last: &str| format!(r#"{{"a":[{}{last}]}}"#, (0..1_000).map(|n| format!("{n},")).collect::<String>());
    let long = merged(ResourceType::PATIENT, &long("\"x\""), &long("\"y\""), &long("\"x\",\"z\""));
    assert_eq!(conflicts(&long), ["a"], "too long to compare each with each");
    let twice = merged(ResourceType::PATIENT, r#"{"a":["x"]}"#, r#"{"a":["y"]}"#, r#"{"a":["z"]}"#);
    assert_eq!(conflicts(&twice), ["a"], "each made something else of the same item");
}

/// A patient of few fields and values, so that two sides often meet.
fn record() -> impl Strategy<Value = String> {
    const WORDS: [&str; 6] = ["\"a\"", "\"b\"", "1.0", "1.00", "{\"x\":\"a\"}", "{\"x\":\"b\",\"y\":[\"a\"]}"];
    let word = proptest::sample::select(&WORDS[..]).prop_map(str::to_owned);
    let list = proptest::collection::btree_set("[a-d]", 1..4)
        .prop_map(|items| format!("[{}]", items.iter().map(|i| format!("\"{i}\"")).collect::<Vec<_>>().join(",")));
    let value = prop_oneof![word, list];
    proptest::collection::btree_map("(_?[efgh]|gender)", value, 0..5).prop_map(|fields| {
        let fields: Vec<_> = fields.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
        format!("{{{}}}", fields.join(","))
    })
}

/// Every leaf of a value, with the names above it.
fn leaves(path: &str, value: &str, out: &mut Vec<String>) {
    if let Ok(members) = members(value) {
        members.iter().for_each(|(name, value)| leaves(&format!("{path}/{name}"), value, out));
    } else if let Ok(elements) = elements(value) {
        elements.iter().for_each(|element| leaves(path, element, out));
    } else {
        out.push(format!("{path}={value}"));
    }
}

fn leaves_of(value: &str) -> Vec<String> {
    let mut out = Vec::new();
    leaves("", value, &mut out);
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn who_alone_changed_anything_gets_it_all((base, other) in (record(), record())) {
        for (mine, theirs) in [(&base, &other), (&other, &base), (&other, &other)] {
            let merge = merged(ResourceType::PATIENT, &base, mine, theirs);
            prop_assert!(!merge.has_conflict());
            prop_assert_eq!(meaning(&merge.text), meaning(&other));
        }
    }

    #[test]
    fn nothing_entered_is_lost_without_a_conflict_that_tells((base, mine, theirs) in (record(), record(), record())) {
        let merge = merged(ResourceType::PATIENT, &base, &mine, &theirs);
        let (before, after) = (leaves_of(&base), leaves_of(&merge.text));
        let told: Vec<_> = conflicts(&merge).iter().map(|path| format!("/{}", path.replace('.', "/"))).collect();
        for side in [&mine, &theirs] {
            for entered in leaves_of(side).iter().filter(|leaf| !before.contains(leaf)) {
                prop_assert!(after.contains(entered) || told.iter().any(|at| entered.starts_with(at.as_str())), "{} in {:?}", entered, merge);
            }
        }
        for made in after.iter().filter(|leaf| !before.contains(leaf)) {
            prop_assert!(leaves_of(&mine).contains(made) || leaves_of(&theirs).contains(made), "{} was entered by nobody", made);
        }
    }

    #[test]
    fn it_is_the_same_from_the_other_side((base, mine, theirs) in (record(), record(), record())) {
        let (one, other) = (merged(ResourceType::PATIENT, &base, &mine, &theirs), merged(ResourceType::PATIENT, &base, &theirs, &mine));
        let sorted = |merge: &Merge| { let mut at: Vec<_> = conflicts(merge).into_iter().map(str::to_owned).collect(); at.sort(); at };
        prop_assert_eq!(sorted(&one).is_empty(), sorted(&other).is_empty(), "{:?} {:?}", one, other);
        if !one.has_conflict() {
            let (mut one, mut other) = (leaves_of(&one.text), leaves_of(&other.text));
            one.sort();
            other.sort();
            prop_assert_eq!(one, other);
        }
    }
}

#[test]
fn a_change_of_two_resources_is_merged_in_both_or_in_neither() {
    let key = |id: &str| ResourceKey::new(ResourceType::PATIENT, id);
    let change = |id: &str| ChangeId::parse(id).expect("an id");
    let (p, q, r) = (key("p"), key("q"), key("r"));
    let (c1, c2, c3) = (change("c1"), change("c2"), change("c3"));
    let (a, ab, abc) = (r#"{"a":1}"#, r#"{"a":1,"b":1}"#, r#"{"a":1,"b":1,"c":1}"#);
    let (theirs, other) = (r#"{"a":1,"x":1}"#, r#"{"a":1,"b":2}"#);
    let fork = |key, mine, theirs| Fork { key, base: Some(a), theirs: Some(theirs), mine };
    let merges = |texts: &[&str]| texts.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
    let of = |verdict: &Verdict| match verdict {
        Verdict::Merged(all) => all.iter().map(|merge| merge.text.clone()).collect(),
        Verdict::Conflict(_) => merges(&["conflict"]),
        Verdict::Waits => merges(&["waits"]),
    };
    let planned = |forks: &[Fork<'_>]| plan(forks, None).expect("objects").iter().map(of).collect::<Vec<Vec<String>>>();

    let chain = vec![(&c1, ab), (&c2, abc)];
    assert_eq!(
        planned(&[fork(&p, chain.clone(), theirs)]),
        [merges(&[r#"{"a":1,"x":1,"b":1}"#, r#"{"a":1,"x":1,"b":1,"c":1}"#])],
        "each on what the one before it has become"
    );
    assert_eq!(planned(&[fork(&p, chain.clone(), other)]), [merges(&["conflict"])]);
    assert_eq!(
        planned(&[fork(&p, vec![(&c1, ab)], ab)]),
        [merges(&[ab])],
        "it is sent all the same: who entered it is told"
    );
    let settled = plan(&[fork(&p, vec![(&c1, ab)], other)], Some(Side::Theirs)).expect("objects");
    assert!(matches!(&settled[..], [Verdict::Merged(all)] if !all[0].is_news() && all[0].text == other));
    let tied = [
        fork(&p, chain.clone(), theirs),
        fork(&q, vec![(&c2, ab), (&c3, abc)], theirs),
        fork(&r, vec![(&c3, ab)], other),
    ];
    assert_eq!(planned(&tied), [merges(&["waits"]), merges(&["waits"]), merges(&["conflict"])]);
    let gone = Fork { key: &p, base: Some(a), theirs: None, mine: chain };
    assert_eq!(plan(&[gone], Some(Side::Mine)).expect("objects"), [Verdict::Conflict(Vec::new())]);
}
