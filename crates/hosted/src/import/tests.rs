//! The laws of the import.

mod bad_input;
mod references;

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use practice::resource::{ResourceKey, ResourceType};

use super::*;
use crate::store::NewResource;

/// A store of texts.
#[derive(Default)]
struct Memory {
    texts: BTreeMap<String, String>,
    carriers: BTreeMap<String, ResourceKey>,
    refuse: Option<&'static str>,
    fail_after: Option<usize>,
}

impl Sink for Memory {
    type Error = &'static str;

    fn accept(&mut self, batch: &[NewResource]) -> Result<(), SinkError<Self::Error>> {
        if self.fail_after.is_some_and(|most| self.texts.len() + batch.len() > most) {
            return Err(SinkError::Failed("full"));
        }
        if batch.iter().any(|new| Some(new.key.id.as_str()) == self.refuse) {
            return Err(SinkError::Refused("The store does not want it."));
        }
        self.texts.extend(batch.iter().map(|new| (new.key.to_string(), new.text.clone())));
        Ok(())
    }

    fn holder(&mut self, uuid: &str) -> Result<Option<ResourceKey>, Self::Error> {
        Ok(self.carriers.get(uuid).cloned())
    }

    fn carrier(&mut self, kind: ResourceType, token: &str) -> Result<Option<ResourceKey>, Self::Error> {
        Ok(self.carriers.get(&format!("{kind}?{token}")).cloned())
    }
}

/// A folder with these files in it.
fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    dir
}

/// Imports `files` into `sink`; tells how many were accepted, and the others as `file entry: reason`.
fn import(sink: &mut Memory, limits: Limits, files: &[(&str, &[u8])]) -> (u64, Vec<String>) {
    let dir = folder(files);
    let report = run_within(limits, &[dir.path().to_owned()], sink).unwrap();
    (report.accepted, report.rejected.iter().map(|r| told(dir.path(), r)).collect())
}

fn told(dir: &Path, rejected: &Rejected) -> String {
    let file = Path::new(&rejected.file).strip_prefix(dir).unwrap().display().to_string();
    let entry = rejected.entry.map_or("-".to_owned(), |entry| entry.to_string());
    format!("{file} {entry}: {}", rejected.reason)
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn bundle(kind: &str, entries: &[&str]) -> Vec<u8> {
    format!(r#"{{"resourceType":"Bundle","type":"{kind}","entry":[{}]}}"#, entries.join(",")).into_bytes()
}

const UUID: &str = "0c63fb2c-e9ef-4e6a-bb8c-dc84f00a2f3c";

#[test]
fn a_text_is_kept_word_for_word() {
    let odd = "{ \"resourceType\":\t\"Observation\",\r\n \"id\":\"o\" ,\"valueQuantity\":{\"value\":1.10,\"x\":-0.0,\"y\":1E+2},\n\
               \"futureElement\":[ 1 , {} ],\"note\":[{\"text\":\"\\u00e9 é \\/ urn:uuid:x \"}] }";
    let entry = format!("{{\"fullUrl\":\"urn:uuid:o\",\"resource\":{odd} ,\"request\":{{\"method\":\"POST\"}}}}");
    let line = odd.replace(['\r', '\n'], " ").replace("\"o\"", "\"p\"");
    let mut memory = Memory::default();
    let zst = zstd::encode_all(&*bundle("searchset", &[&entry]), 3).unwrap();
    let (accepted, rejected) = import(&mut memory, LIMITS, &[("a.json.zst", &zst), ("b.ndjson", line.as_bytes())]);
    assert_eq!((accepted, rejected), (2, vec![]));
    assert_eq!(memory.texts["Observation/o"], odd);
    assert_eq!(memory.texts["Observation/p"], line);
}

#[test]
fn one_bad_entry_costs_itself_alone() {
    let good = r#"{"resource":{"resourceType":"Patient","id":"a"}}"#;
    let latin1 = b"{\"resource\":{\"resourceType\":\"Patient\",\"id\":\"c\",\"name\":[{\"family\":\"M\xfcller\"}]}}";
    let mut bytes =
        bundle("collection", &[good, "{\"resource\":{\"resourceType\":\"Patient\",\"id\":tru}}", "7", "#", good]);
    let at = bytes.iter().position(|b| *b == b'#').unwrap();
    bytes.splice(at..=at, latin1.iter().copied());
    let mut memory = Memory::default();
    let (accepted, rejected) = import(&mut memory, LIMITS, &[("a.json", &bytes)]);
    assert_eq!(accepted, 2, "the first entry, and the same to the byte at the end");
    assert_eq!(rejected.len(), 3, "{rejected:#?}");
    assert!(rejected[0].starts_with("a.json 1: The resource can't be taken: it is not valid JSON"), "{rejected:#?}");
    assert!(rejected[1].starts_with("a.json 2: "), "{rejected:#?}");
    assert_eq!(rejected[2], "a.json 3: The resource can't be taken: it is not valid UTF-8.");
}

#[test]
fn no_reason_repeats_a_word_of_the_file() {
    let secret = "Zweistein";
    let entries = [
        format!(r#"{{"resource":{{"resourceType":"{secret}","id":"1"}}}}"#),
        format!(r#"{{"resource":{{"resourceType":"Patient","id":"{secret} x"}}}}"#),
        format!(r#"{{"resource":{{"resourceType":"Patient","id":"p","link":{{"reference":"urn:uuid:{secret}"}}}}}}"#),
        format!(
            r#"{{"resource":{{"resourceType":"Patient","id":"q","x":{{"reference":"Group?identifier={secret}"}}}}}}"#
        ),
        format!(r#"{{"resource":{{"resourceType":"Patient","id":"r","{secret}":1,"{secret}":2}}}}"#),
        format!(r#"{{"resource":{{"resourceType":"Patient","meta":{{"fhirVersion":"{secret}"}}}}}}"#),
        format!(r#"{{"request":{{"method":"{secret}"}}}}"#),
    ];
    let entries: Vec<&str> = entries.iter().map(String::as_str).collect();
    let (accepted, rejected) = import(&mut Memory::default(), LIMITS, &[("a.json", &bundle("batch", &entries))]);
    assert_eq!((accepted, rejected.len()), (0, entries.len()));
    assert!(rejected.iter().all(|r| !r.contains(secret)), "{rejected:#?}");
}

#[test]
fn a_second_of_the_same_name_is_named_unless_it_is_the_same_to_the_byte() {
    let files: &[(&str, &[u8])] = &[
        ("1.json", br#"{"resourceType":"Patient","id":"p","active":true}"#),
        ("2.json", br#"{"resourceType":"Patient","id":"p","active":true}"#),
        ("3.json", br#"{"resourceType":"Patient","id":"p","active":false}"#),
        ("4.json", br#"{"resourceType":"Person","id":"p","active":false}"#),
    ];
    let mut memory = Memory::default();
    let (accepted, rejected) = import(&mut memory, LIMITS, files);
    assert_eq!((accepted, memory.texts.len()), (3, 2));
    assert_eq!(rejected, [format!("3.json 0: {}", Reason::Twice)]);
    assert!(memory.texts["Patient/p"].contains("true"));
}

#[test]
fn an_entry_without_an_id_takes_the_one_beside_it_or_always_the_same_fresh_one() {
    let fresh = r#"{"resource":{"resourceType":"Patient","active":true},"request":{"method":"POST","url":"Patient"}}"#;
    let full = format!(r#"{{"fullUrl":"urn:uuid:{UUID}","resource":{{"resourceType":"Patient"}}}}"#);
    let file = bundle(
        "transaction",
        &[
            &full,
            r#"{"resource":{"resourceType":"Patient"},"request":{"method":"PUT","url":"Patient/put"}}"#,
            r#"{"fullUrl":"https://x.test/fhir/Patient/url","resource":{"resourceType":"Patient"}}"#,
            fresh,
            fresh,
        ],
    );
    let mut memory = Memory::default();
    assert_eq!(import(&mut memory, LIMITS, &[("a.json", &file)]), (5, vec![]));
    let first: Vec<String> = memory.texts.keys().cloned().collect();
    for id in [UUID, "put", "url"] {
        let text = &memory.texts[&format!("Patient/{id}")];
        assert_eq!(practice::text::string(text, "/id").as_deref(), Some(id));
    }
    assert_eq!(first.len(), 5, "two entries of the same content are two");
    import(&mut memory, LIMITS, &[("b.json", &file)]);
    assert_eq!(memory.texts.keys().cloned().collect::<Vec<_>>(), first);
}

#[test]
fn what_the_store_refuses_is_named_and_its_batch_goes_in() {
    let lines = br#"{"resourceType":"Patient","id":"a"}
{"resourceType":"Patient","id":"b"}
{"resourceType":"Patient","id":"c"}"#;
    let mut memory = Memory { refuse: Some("b"), ..Memory::default() };
    let (accepted, rejected) = import(&mut memory, LIMITS, &[("a.ndjson", lines)]);
    assert_eq!((accepted, memory.texts.len()), (2, 2));
    assert_eq!(rejected, ["a.ndjson 1: The store does not want it."]);
}

#[test]
fn a_store_that_fails_halts_the_import_and_what_was_taken_is_told() {
    let lines: String = (0..1200).map(|n| format!("{{\"resourceType\":\"Patient\",\"id\":\"{n}\"}}\n")).collect();
    let dir = folder(&[("a.ndjson", lines.as_bytes())]);
    let mut memory = Memory { fail_after: Some(1100), ..Memory::default() };
    let halted = run(&[dir.path().to_owned()], &mut memory).unwrap_err();
    assert_eq!((halted.report.accepted, memory.texts.len()), (1000, 1000));
    assert_eq!(halted.error, "full");
}

#[test]
fn a_folder_is_read_to_its_ground_and_strange_names_are_told() {
    let patient = |id: &str| format!(r#"{{"resourceType":"Patient","id":"{id}"}}"#).into_bytes();
    let dir = folder(&[
        ("deep/er/a.JSON", &patient("a")),
        ("b.json.gz", &gz(&patient("b"))),
        ("notes.txt", b"x"),
        (".hidden", b"x"),
    ]);
    let named = dir.path().join("notes.txt");
    let paths: Vec<PathBuf> = vec![dir.path().to_owned(), dir.path().join("absent"), named];
    let report = run(&paths, &mut Memory::default()).unwrap();
    let rejected: Vec<String> = report.rejected.iter().map(|r| told(dir.path(), r)).collect();
    assert_eq!(report.accepted, 2);
    assert_eq!(
        rejected,
        [
            format!("notes.txt -: {}", Reason::OtherName),
            format!("absent -: {}", Reason::Missing),
            format!("notes.txt -: {}", Reason::NotJson),
        ]
    );
}

#[test]
fn an_import_that_is_repeated_says_the_same() {
    let dir = folder(&[("a.json", &bundle("batch", &[r#"{"resource":{"resourceType":"Patient"}}"#, "{}"]))]);
    let (mut one, mut two) = (Memory::default(), Memory::default());
    let report = run(&[dir.path().to_owned()], &mut one).unwrap();
    assert_eq!(report, run(&[dir.path().to_owned()], &mut two).unwrap());
    assert_eq!(one.texts, two.texts);
}
