use std::io::BufReader;

use super::*;

fn cuts(bytes: &[u8], lines: bool) -> Vec<String> {
    // A buffer of three bytes, so that everything falls across its edge somewhere.
    Carver::new(BufReader::with_capacity(3, bytes), lines).map(|cut| told(&cut)).collect()
}

fn told(cut: &Cut) -> String {
    let text = |bytes: &Result<Vec<u8>, Reason>| match bytes {
        Ok(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Err(reason) => format!("{reason:?}"),
    };
    match cut {
        Cut::Entry(bytes) => format!("entry {}", text(bytes)),
        Cut::Whole(head, bytes) => format!("{} {}", head.resource_type.as_deref().unwrap_or("?"), text(bytes)),
        Cut::Fault { reason, inside } => format!("{reason:?}{}", if inside.is_some() { " inside" } else { "" }),
    }
}

#[test]
fn a_bundle_is_cut_at_its_entries_wherever_its_type_stands() {
    let entry = r#"{ "a" : "}\"]", "b":[1.10,{}] }"#;
    let bundle = format!("\u{feff} {{\"entry\" : [ {entry},\n{{}} ] , \"resourceType\":\"Bundle\"}}");
    assert_eq!(
        cuts(bundle.as_bytes(), false),
        [
            format!("entry {entry}"),
            "entry {}".to_owned(),
            format!("Bundle {}", bundle.trim_start_matches(['\u{feff}', ' '])),
        ]
    );
}

#[test]
fn a_broken_piece_costs_itself_alone() {
    for (text, lines, expected) in [
        ("", false, &["Empty"][..]),
        (" \n", true, &["Empty"]),
        ("<Patient/>", false, &["Xml"]),
        ("Hello {}", false, &["NotJson"]),
        ("[{}]", false, &["List"]),
        ("{\"a\":1", false, &["CutOff inside"]),
        ("{\"a\":1}\n{}", false, &["? {\"a\":1}", "? {}"]),
        ("{\"a\":1}{}", true, &["? {\"a\":1}", "? {}"]),
        ("{\"a\":\n{}\n{}", true, &["LineEnds inside", "? {}", "? {}"]),
        ("{\"a\":\"x\n{}", true, &["LineEnds inside", "? {}"]),
        ("{\"a\":\"x\n{}", false, &["Broken inside", "? {}"]),
        ("{\"a\" 1}\n{}", false, &["Broken inside", "? {}"]),
        ("{a:1}\n {}\n{}", false, &["Broken inside", "? {}"]),
        ("{\"entry\":[{} {}]}\n{}", false, &["entry {}", "Broken inside", "? {}"]),
        ("{\"entry\":[{}", false, &["entry {}", "CutOff inside"]),
        ("{,}\n{}", true, &["Broken inside", "? {}"]),
        ("{}\nx\n{}", true, &["? {}", "NotJson", "? {}"]),
    ] {
        assert_eq!(cuts(text.as_bytes(), lines), expected, "{text:?}");
    }
}

#[test]
fn depth_is_no_danger_to_the_one_who_cuts() {
    let deep = format!("{{\"entry\":[{},{{}}]}}", "[".repeat(1 << 20) + &"]".repeat(1 << 20));
    let all: Vec<Cut> = Carver::new(deep.as_bytes(), false).collect();
    assert_eq!(all.len(), 3);
}
