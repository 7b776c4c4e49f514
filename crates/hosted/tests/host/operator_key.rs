//! Where the operator's key is kept: in the data folder, in the keychain, in the environment.

use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use super::command_line::{init, program};

const VARIABLE: &str = "SHADOWCHART_OPERATOR_KEY";

/// A data folder with a practice, and its key.
fn folder() -> (TempDir, String, String) {
    let root = tempfile::tempdir().unwrap();
    let data = root.path().join("data").to_str().unwrap().to_owned();
    init(&data);
    let key = fs::read_to_string(format!("{data}/operator.key")).unwrap();
    (root, data, key)
}

/// Runs the program with that key in its environment: its status and document.
fn with(key: Option<&str>, words: &[&str]) -> (i32, Value) {
    let mut command = program();
    command.args(words).arg("--json").env_remove(VARIABLE).envs(key.map(|key| (VARIABLE, key)));
    let output = command.output().unwrap();
    (output.status.code().unwrap(), serde_json::from_slice(&output.stdout).unwrap())
}

/// How it ends to read the practices through.
fn reads(key: Option<&str>, data: &str) -> i32 {
    with(key, &["verify-audit", "--data", data]).0
}

fn keep(key: Option<&str>, data: &str, place: &str) -> (i32, Value) {
    with(key, &["operator-key", "--data", data, "--keep-in", place])
}

#[test]
fn a_secret_of_the_environment_opens_a_folder_without_a_key() {
    let (_root, data, key) = folder();
    let (_other, _, another) = folder();
    fs::remove_file(format!("{data}/operator.key")).unwrap();
    assert_eq!(reads(None, &data), 3, "nothing opens it");
    assert_eq!(reads(Some(&key), &data), 0);
    assert_eq!(reads(Some(&another), &data), 3, "another operator's does not");
    assert_eq!(reads(Some("no key"), &data), 3);
    assert_eq!(keep(Some(&key), &data, "keychain").0, 3, "the environment keeps it");
    let new = ["enrol-code", "--data", &data, "--practice", &practice(&key, &data)];
    assert_eq!(with(Some(&key), &new).0, 0);
    assert!(!fs::exists(format!("{data}/operator.key")).unwrap(), "it is written down nowhere");
}

/// The one practice of the folder.
fn practice(key: &str, data: &str) -> String {
    let read = with(Some(key), &["verify-audit", "--data", data]).1;
    read["practices"][0]["practice"].as_str().unwrap_or_else(|| panic!("{read}")).to_owned()
}

#[test]
fn the_keychain_keeps_the_key_in_the_files_place_and_gives_it_back() {
    assert!(
        std::env::var_os("SHADOWCHART_MARK").is_some(),
        "this writes to the keyring: run it in scripts/in-session.sh"
    );
    let (_root, data, key) = folder();
    let file = format!("{data}/operator.key");
    assert_eq!(keep(None, &data, "keychain").0, 0);
    let told = fs::read_to_string(&file).unwrap();
    assert!(told.starts_with("keychain ") && !told.contains(key.trim()), "{told}");
    assert_eq!(reads(None, &data), 0);

    let mut alone = program();
    alone.args(["verify-audit", "--data", &data, "--json"]).env_remove("DBUS_SESSION_BUS_ADDRESS");
    let refused = alone.env("XDG_RUNTIME_DIR", "").output().unwrap();
    assert_eq!(refused.status.code(), Some(3));
    assert!(String::from_utf8(refused.stdout).unwrap().contains("session bus"), "says what is missing");

    assert_eq!(keep(None, &data, "file").0, 0);
    assert_eq!(fs::read_to_string(&file).unwrap(), key);
    fs::write(&file, &told).unwrap();
    assert_eq!(reads(None, &data), 3, "the keychain has let go of it");
}
