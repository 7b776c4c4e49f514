//! What the sources say there is, so that no table can be incomplete without notice.

use std::{collections::BTreeSet, fs, path::Path};

fn texts(folder: &Path) -> Vec<String> {
    let mut texts = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            texts.extend(self::texts(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            texts.push(fs::read_to_string(path).unwrap());
        }
    }
    texts
}

/// The public functions of `impl Workstation`, wherever it stands.
pub fn use_cases() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for text in texts(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let mut within = false;
        for line in text.lines() {
            within = line == "impl Workstation {" || within && line != "}";
            let name = within.then(|| line.strip_prefix("    pub fn ").or(line.strip_prefix("    pub async fn ")));
            found.extend(name.flatten().and_then(|rest| rest.split(['(', '<']).next()).map(str::to_owned));
        }
    }
    assert!(found.contains("book") && found.contains("sync_once"), "the sources could not be read: {found:?}");
    found
}

/// What the window's commands call.
pub fn called_by_the_window() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for text in texts(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../src-tauri/src/commands")) {
        for call in text.split("ws.").skip(1) {
            let name: String = call.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            found.extend(Some(name).filter(|name| !name.is_empty()));
        }
    }
    assert!(found.contains("book") && found.contains("find"), "the commands could not be read: {found:?}");
    found
}
