//! The arrows between the crates: those of ARCHITECTURE.md, and no others.

use serde_json::Value;
use std::{collections::BTreeSet, process::Command};

/// Who may name whom. Development dependencies too: a test that reaches around an arrow proves nothing about it.
const ARROWS: [(&str, &[&str]); 12] = [
    ("practice", &[]),
    ("sync", &["practice"]),
    ("vault", &["practice"]),
    ("store", &["practice"]),
    ("workstation", &["practice", "sync", "vault", "store"]),
    ("hosted", &["practice"]),
    ("ctl", &["practice", "workstation"]),
    ("shadowchart", &["practice", "workstation"]),
    // The whole-system tests meet the product by its commands and its window.
    ("tests", &[]),
    // The worlds of the sync: the real machine between the real stores.
    ("sim", &["practice", "sync", "store", "hosted"]),
    // The rounds of trouble: a workstation as a process, what the host has, and what reads bytes from the line.
    ("faults", &["practice", "store", "vault", "workstation", "hosted", "tests"]),
    // The figures of the sync: a workstation to be timed, and a thousand more in the host's file.
    ("speed", &["practice", "workstation", "hosted", "tests"]),
];

/// What would bring files, sockets, clocks or a window into a crate that must not know them.
const FOREIGN: [(&str, &[&str]); 5] = [
    ("practice", &["tokio", "rusqlite", "reqwest", "hyper", "axum", "tauri", "rustix", "getrandom", "tempfile"]),
    ("sync", &["tokio", "rusqlite", "reqwest", "hyper", "rustls", "tauri", "rustix", "jiff", "uuid", "serde_json"]),
    ("vault", &["tokio", "reqwest", "hyper", "axum", "tauri", "refinery"]),
    ("store", &["tokio", "reqwest", "hyper", "axum", "tauri", "keyring-core"]),
    ("workstation", &["tauri", "tauri-specta", "rusqlite", "refinery", "axum", "clap"]),
];

#[test]
fn arrows_between_crates_run_one_way() {
    let packages = packages();
    let names: BTreeSet<&str> = packages.iter().map(|(name, _)| name.as_str()).collect();
    let listed: BTreeSet<&str> = ARROWS.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, listed, "a crate without its row here, or a row without its crate");
    for (name, needs) in &packages {
        let allowed = ARROWS.iter().find(|(row, _)| row == name).map_or(&[][..], |(_, allowed)| allowed);
        for need in needs.iter().filter(|need| names.contains(need.as_str())) {
            assert!(
                allowed.contains(&need.as_str()),
                "{name} -> {need} is no arrow of ARCHITECTURE.md: move the code, or change the house and this list"
            );
        }
    }
}

#[test]
fn a_crate_knows_nothing_of_what_it_must_not_do() {
    for (name, needs) in packages() {
        let foreign = FOREIGN.iter().find(|(row, _)| *row == name).map_or(&[][..], |(_, foreign)| foreign);
        let wrong: Vec<&String> = needs.iter().filter(|need| foreign.contains(&need.as_str())).collect();
        assert!(wrong.is_empty(), "{name} uses {wrong:?}, which it must not know");
    }
}

/// Every workspace member with the names of what it depends on; tests may use temporary folders.
fn packages() -> Vec<(String, Vec<String>)> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let ran = Command::new(cargo)
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(tests::build::root())
        .output()
        .expect("cargo runs");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let metadata: Value = serde_json::from_slice(&ran.stdout).expect("cargo metadata prints JSON");
    let named = |value: &Value| value["name"].as_str().unwrap_or_default().to_owned();
    let is_house = |name: &str| ARROWS.iter().any(|(row, _)| *row == name);
    let packages = metadata["packages"].as_array().expect("a workspace has packages");
    packages
        .iter()
        .map(|package| {
            let needs = package["dependencies"].as_array().expect("a list, empty or not").iter();
            let counted = needs.filter(|need| need["kind"] != "dev" || is_house(&named(need)));
            (named(package), counted.map(named).collect())
        })
        .collect()
}
