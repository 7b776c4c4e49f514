//! The unit and the container file: systemd takes the one and finds little exposed, and the other runs as nobody.

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Command, Stdio},
};

use serde_json::Value;

/// systemd's measure of what a service could reach, in tenths: 0 is nothing, 100 is all. A service without any of these
/// settings has 96.
const MOST_EXPOSED: &str = "20";

fn deploy(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("deploy").join(name);
    std::fs::read_to_string(path).unwrap()
}

fn analyze(arguments: &[&str]) -> (bool, String) {
    let output = Command::new("systemd-analyze").args(arguments).output();
    let output = output.expect("systemd-analyze is needed: scripts/setup.sh test installs it");
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

/// The words after `key` in the unit.
fn setting<'a>(unit: &'a str, key: &str) -> &'a str {
    unit.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_else(|| panic!("no {key}"))
}

#[test]
fn systemd_takes_the_unit_and_finds_little_exposed() {
    let program = env!("CARGO_BIN_EXE_shadowchart-hosted");
    let unit = deploy("shadowchart-hosted.service").replace("/usr/bin/shadowchart-hosted", program);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shadowchart-hosted.service");
    std::fs::write(&file, unit).unwrap();
    let file = file.to_str().unwrap();
    let (taken, said) = analyze(&["verify", file]);
    assert!(taken && said.trim().is_empty(), "{said}");
    let (good, said) = analyze(&["security", "--offline=true", &format!("--threshold={MOST_EXPOSED}"), file]);
    assert!(good, "{said}");
}

/// Starts the program as `words` say, but on a folder and a port of the test's own.
fn starts_as(words: &[&str]) {
    let root = tempfile::tempdir().unwrap();
    let data = root.path().join("data");
    let hosted = || Command::new(env!("CARGO_BIN_EXE_shadowchart-hosted"));
    let init = ["init", "--practice", "Elm", "--time-zone", "UTC", "--admin", "a@elm.test", "--data"];
    assert!(hosted().args(init).arg(&data).stdin(Stdio::null()).output().unwrap().status.success());
    let mut words: Vec<&str> = words.to_vec();
    for (option, value) in [("--data", data.to_str().unwrap()), ("--listen", "127.0.0.1:0"), ("--metrics", "0")] {
        if let Some(place) = words.iter().position(|word| *word == option) {
            words[place + 1] = value;
        }
    }
    let mut child = hosted().args(&words).arg("--json").stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    assert!(ready["listening"].is_string(), "{words:?}: {ready}");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn the_program_understands_what_the_unit_and_the_container_start_it_with() {
    let unit = deploy("shadowchart-hosted.service");
    starts_as(&setting(&unit, "ExecStart=").split_whitespace().skip(1).collect::<Vec<_>>());
    let container = deploy("Containerfile");
    let words: Vec<String> = serde_json::from_str(setting(&container, "CMD ")).unwrap();
    starts_as(&words.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn the_container_runs_as_nobody_and_holds_no_secret() {
    let container = deploy("Containerfile");
    let (_, last) = container.rsplit_once("\nFROM ").unwrap();
    let user = setting(last, "USER ");
    assert!(user.split(':').all(|id| id.parse::<u32>().is_ok_and(|id| id >= 1000)), "{user}");
    for line in container.lines().filter(|line| !line.starts_with('#')) {
        assert!(!line.starts_with("ENV ") && !line.starts_with("ARG ") && !line.starts_with("ADD "), "{line}");
    }
    let copied: Vec<&str> = last.lines().filter(|line| line.starts_with("COPY")).collect();
    assert_eq!(copied.len(), 1, "the program alone: {copied:?}");
    let ignored =
        std::fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../.containerignore")).unwrap();
    for secret in ["**/operator.key", "**/*.pem", "**/*.db", ".git"] {
        assert!(ignored.lines().any(|line| line == secret), "{secret} goes to the builder");
    }
}
