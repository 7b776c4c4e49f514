//! A note from a file.

use std::fs;

use super::desk::{Desk, shadowctl};

/// As a keyboard in Cairo and a phone would write it, on Windows.
const ODD: &str = "S: كتبت\r\n👩🏽‍⚕️ 37,5\u{a0}°C\n";
const ODD_DATA: &str = "Uzog2YPYqtio2KoNCvCfkanwn4+94oCN4pqV77iPIDM3LDXCoMKwQwo=";

#[test]
fn a_note_is_written_from_a_file_offline_too_and_what_is_none_is_refused() {
    let mut desk = Desk::at_work();
    let (patient, provider) = (desk.patient(), desk.host.account("provider1"));
    let file = desk.home.path().join("note.txt");
    let path = file.to_str().unwrap().to_owned();
    let words = ["note", &patient, "--text-file", &path];
    let refused = |desk: &Desk, bytes: &[u8]| {
        fs::write(&file, bytes).unwrap();
        desk.run_as(&provider, &words).refused(3)
    };
    assert_eq!(desk.run_as(&provider, &words).refused(3), "invalid", "there is no such file");
    assert_eq!(refused(&desk, b"caf\xe9"), "invalid", "not UTF-8");
    assert_eq!(refused(&desk, &vec![b'a'; 1 << 20]), "invalid", "too long");
    fs::write(&file, ODD).unwrap();
    assert_eq!(desk.run(&words).refused(3), "forbidden", "the front desk writes none");
    assert_eq!(desk.run_as(&provider, &["note", "nobody", "--text-file", &path]).refused(3), "not_found");
    assert_eq!(desk.run_as(&provider, &["outbox"]).done()["entries"].as_array().map(Vec::len), Some(0));

    let note = desk.run_as(&provider, &[&words[..], &["--comment", "dictated"]].concat()).done();
    assert_eq!((&note["resourceType"], &note["provisional"]), (&"DocumentReference".into(), &false.into()));
    let attachment = &note["content"][0]["attachment"];
    assert_eq!((&attachment["size"], &attachment["data"]), (&ODD.len().into(), &ODD_DATA.into()));
    let story = desk.run(&["show", &format!("DocumentReference/{}", note["id"].as_str().unwrap()), "--history"]).done();
    let told = &story["entries"][0];
    assert_eq!((&told["what"], &told["comment"]), (&"progress note written".into(), &"dictated".into()));

    desk.host.kill();
    let late = desk.run_as(&provider, &[&words[..], &["--kind", "telephone"]].concat()).done();
    assert_eq!((&late["type"]["text"], &late["provisional"]), (&"Telephone note".into(), &true.into()));
    let notes = desk.run(&["chart", &patient]).done()["notes"].clone();
    let of = |id: &serde_json::Value| {
        notes
            .as_array()
            .unwrap()
            .iter()
            .find(|line| line["reference"] == format!("DocumentReference/{}", id.as_str().unwrap()))
            .map(|line| line["provisional"].clone())
    };
    assert_eq!((of(&note["id"]), of(&late["id"])), (Some(false.into()), Some(true.into())));
    let head = ["--home", &desk.folder(), "--member", &provider.email, "--password-stdin"];
    let for_people = shadowctl(&[&head[..], &words[..]].concat(), &format!("{}\n", provider.password));
    assert_eq!(for_people.status, 0, "{for_people:?}");
    let lines: Vec<&str> = for_people.out.lines().collect();
    assert!(
        lines[0].ends_with(": progress note written.") && lines[1].starts_with("DocumentReference/"),
        "{for_people:?}"
    );
    assert_eq!(lines[2], "It waits for the host.");
}
