//! Wrong usage is told apart from a refusal, before anything is touched.

use super::desk::shadowctl;

#[test]
fn wrong_usage_exits_with_2_and_writes_nothing() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("folder");
    let folder = folder.to_str().unwrap();
    for words in [
        &[][..],
        &["dance"],
        &["day", "--dance"],
        &["day"],
        &["status"],
        &["sync", "--member"],
        &["book", "--member", "a@example.test"],
        &["enrol", "--host", "https://localhost"],
        &["enrol", "--host", "https://localhost", "--ca", "ca.pem", "--code", "c", "--zone", "kitchen"],
        &["status-of", "a1", "asleep", "--member", "a@example.test"],
        &["find", "--member", "a@example.test"],
        &["note", "p1", "--member", "a@example.test"],
        &["note", "p1", "--text-file", "note.txt", "--kind", "poem", "--member", "a@example.test"],
        &["--password", "secret", "day"],
    ] {
        let said = shadowctl(&[&["--json", "--home", folder], words].concat(), "");
        assert_eq!((said.status, said.out.as_str()), (2, ""), "{words:?}: {said:?}");
        assert!(!said.err.is_empty(), "{words:?}");
        assert!(!std::path::Path::new(folder).exists(), "{words:?}");
    }
}

#[test]
fn every_command_has_help() {
    let all = shadowctl(&["--help"], "");
    assert_eq!(all.status, 0);
    for command in [
        "enrol",
        "status",
        "diagnose",
        "sync",
        "day",
        "find",
        "chart",
        "book",
        "move",
        "status-of",
        "note",
        "show",
        "outbox",
        "attention",
        "audit",
        "wipe",
    ] {
        assert!(all.out.contains(&format!("  {command}")), "{command}: {}", all.out);
        let said = shadowctl(&[command, "--help"], "");
        assert_eq!(said.status, 0, "{command}");
        assert!(said.out.contains("Usage: shadowctl"), "{command}");
    }
}
