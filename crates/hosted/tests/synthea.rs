//! Real third-party charts: Synthea's bundles, which are not part of this project.
//!
//! They are read here a second time, by other code, and compared with what the store gives back, to the byte.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    io::Read,
    path::{Path, PathBuf},
};

use hosted::{
    data_dir::DataDir,
    import::{self, IntoPractice},
    store::{NewPractice, PracticeStore},
};
use practice::{ids::PracticeId, resource::ResourceKey, time::Stamp};
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
struct Bundle<'a> {
    #[serde(borrow)]
    entry: Vec<Entry<'a>>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(rename = "fullUrl")]
    full_url: &'a str,
    #[serde(borrow)]
    resource: &'a RawValue,
}

#[derive(Deserialize)]
struct Name {
    #[serde(rename = "resourceType")]
    kind: String,
    id: String,
}

/// The folder of the bundles, where it exists.
fn data() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/synthea");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("Not tested: the Synthea data is missing ({}).", folder.display());
    None
}

fn office() -> (tempfile::TempDir, PracticeStore) {
    let root = tempfile::tempdir().expect("a folder");
    let dir = DataDir::open_or_create(&root.path().join("data")).expect("a data folder");
    let new = NewPractice {
        id: PracticeId::parse("synthea").expect("an id"),
        name: "Import",
        time_zone: "America/New_York",
        at: stamp(0),
    };
    let store = PracticeStore::create(&dir, &new).expect("a practice");
    (root, store)
}

fn stamp(second: i64) -> Stamp {
    Stamp::from_millis(1_790_000_000_000 + second * 1000).expect("a time")
}

/// Every file of the folder, expanded.
fn texts(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("a file").path();
        let mut text = String::new();
        let packed = fs::File::open(&path).expect("a file");
        flate2::read::GzDecoder::new(packed).read_to_string(&mut text).expect("gzip of UTF-8");
        all.insert(path, text);
    }
    all
}

#[test]
fn what_goes_in_comes_out_to_the_byte_but_for_references_and_stamps() {
    let Some(folder) = data() else { return };
    let (_root, mut store) = office();
    let report =
        import::run(std::slice::from_ref(&folder), &mut IntoPractice::new(&mut store, stamp(1))).expect("a report");
    let refused: HashMap<(&str, u64), &str> =
        report.rejected.iter().map(|r| ((r.file.as_str(), r.entry.expect("an entry")), r.reason.as_str())).collect();

    let texts = texts(&folder);
    let bundles: Vec<(&PathBuf, Bundle<'_>)> =
        texts.iter().map(|(path, text)| (path, serde_json::from_str(text).expect("a Bundle"))).collect();
    let mut names: HashMap<&str, String> = HashMap::new();
    for entry in bundles.iter().flat_map(|(_, bundle)| &bundle.entry) {
        let name: Name = serde_json::from_str(entry.resource.get()).expect("a resource");
        names.insert(entry.full_url, format!("{}/{}", name.kind, name.id));
    }

    let mut compared = 0;
    for (path, bundle) in &bundles {
        for (index, entry) in bundle.entry.iter().enumerate() {
            let key = ResourceKey::parse(&names[entry.full_url]).expect("a key");
            let stored = store.read(&key).expect("a store").expect("every name is in the store");
            let stamps =
                format!(r#""versionId":"{}","lastUpdated":"{}","#, stored.version, practice_time(stored.updated));
            assert!(stored.text.contains(&stamps), "{key} is stamped");
            let back = stored.text.replacen(&stamps, "", 1);
            let came = with_names(entry.resource.get(), &names);
            match refused.get(&(path.to_str().expect("a path"), index as u64)) {
                None => {
                    assert_eq!(back, came, "{key} differs");
                    compared += 1;
                }
                Some(reason) => {
                    assert_ne!(back, came, "{key} was refused though it is the same");
                    assert!(reason.contains("same type and id"), "{key}: {reason}");
                }
            }
        }
    }
    assert_eq!(compared, report.accepted);
    assert_eq!(compared + report.rejected.len() as u64, bundles.iter().map(|(_, b)| b.entry.len() as u64).sum::<u64>());
    eprintln!("{compared} resources compared, {} named", report.rejected.len());
}

fn practice_time(at: Stamp) -> String {
    at.to_string()
}

/// The text with each `urn:uuid:` in quotes as the name it stands for. In this data they are references, all of them.
fn with_names(text: &str, names: &HashMap<&str, String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("\"urn:uuid:") {
        let end = at + 1 + rest[at + 1..].find('"').expect("a closing quote");
        out.push_str(&rest[..=at]);
        out.push_str(&names[&rest[at + 1..end]]);
        rest = &rest[end..];
    }
    out + rest
}

#[test]
fn importing_it_again_makes_no_new_version() {
    let Some(folder) = data() else { return };
    let (_root, mut store) = office();
    let file = texts(&folder).into_keys().next().expect("a file");
    let mut run = |second| {
        import::run(std::slice::from_ref(&file), &mut IntoPractice::new(&mut store, stamp(second))).expect("a report")
    };
    let first = run(1);
    assert_eq!(first, run(2));
    let newest = store.feed(0, 100_000, |row| {
        assert_eq!(row.version, 1, "{}/{}", row.kind, row.id);
        Ok(std::ops::ControlFlow::Continue(()))
    });
    newest.expect("a feed");
}
