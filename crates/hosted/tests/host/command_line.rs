//! The program, as scripts call it.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

use serde_json::{Value, json};

use crate::office::client;

pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shadowchart-hosted"));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(arguments: &[&str], input: Option<&str>) -> Output {
    let mut command = program();
    command.args(arguments);
    if input.is_some() {
        command.stdin(Stdio::piped());
    }
    let mut child = command.spawn().unwrap();
    if let Some(input) = input {
        // A program that refuses before it reads has closed its end.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    }
    child.wait_with_output().unwrap()
}

pub fn json(arguments: &[&str], input: Option<&str>) -> (i32, Value) {
    let output = run(&[arguments, &["--json"]].concat(), input);
    let text = String::from_utf8(output.stdout).unwrap();
    let document = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{arguments:?}: {text:?}"));
    (output.status.code().unwrap(), document)
}

pub fn init(data: &str) -> Value {
    let arguments = ["init", "--data", data, "--practice", "Elm Street", "--time-zone", "America/New_York"];
    let (status, document) =
        json(&[&arguments[..], &["--admin", "a@elm.test", "--password-stdin"]].concat(), Some("a long password\n"));
    assert_eq!(status, 0, "{document}");
    document
}

fn serve(data: &str) -> (Child, Value) {
    let mut child = program().args(["serve", "--data", data, "--listen", "127.0.0.1:0", "--json"]).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (child, serde_json::from_str(&line).unwrap())
}

#[test]
fn a_practice_is_made_managed_and_served() {
    let root = tempfile::tempdir().unwrap();
    let data = root.path().join("data");
    let data = data.to_str().unwrap();
    let made = init(data);
    let id = made["practice"].as_str().unwrap();
    assert!(Path::new(made["ca"].as_str().unwrap()).is_file());
    assert_eq!(made["members"], json!([{"email": "a@elm.test", "role": "admin", "name": "Admin"}]));
    let at = ["--data", data, "--practice", id];
    let with = |command: &'static str, rest: &[&'static str]| [&[command], &at[..], rest].concat();
    for (arguments, status, input) in [
        (
            with("member", &["add", "b@elm.test", "--name", "Bo", "--role", "front_desk", "--password-stdin"]),
            0,
            Some("another password\n"),
        ),
        (with("member", &["add", "b@elm.test", "--name", "Bo", "--role", "front_desk"]), 3, None),
        (with("member", &["add", "c@elm.test", "--name", "Cy", "--role", "boss"]), 2, None),
        (with("member", &["role", "b@elm.test", "clinical"]), 0, None),
        (with("member", &["role", "z@elm.test", "clinical"]), 3, None),
        (with("member", &["stop", "a@elm.test"]), 3, None),
        (with("member", &["stop", "b@elm.test"]), 0, None),
        (with("member", &["reset", "b@elm.test", "--password-stdin"]), 3, Some("short\n")),
        (with("member", &["reset", "b@elm.test", "--password-stdin"]), 0, Some("a third password\n")),
        (with("member", &["reset", "b@elm.test"]), 3, None),
        (with("policy", &["set", "time_out=60", "lease_hours=24", "days_back=365"]), 0, None),
        (with("policy", &["set", "days_ahead=7"]), 3, None),
        (with("policy", &["set", "time_out=1"]), 3, None),
        (with("policy", &["set", "nonsense"]), 3, None),
        (with("policy", &["set"]), 2, None),
        (with("policy", &["show"]), 0, None),
        (with("enrol-code", &[]), 0, None),
        (vec!["nonsense"], 2, None),
        (vec![], 2, None),
    ] {
        let output = run(&arguments, input);
        let said = String::from_utf8_lossy(if status == 0 { &output.stdout } else { &output.stderr }).into_owned();
        assert_eq!(output.status.code(), Some(status), "{arguments:?}: {said}");
        assert!(!said.trim().is_empty(), "{arguments:?} says nothing");
    }
    let (_, listed) = json(&with("member", &["list"]), None);
    assert_eq!(listed["members"].as_array().unwrap().len(), 2);
    let (_, policy) = json(&with("policy", &["show"]), None);
    assert_eq!((&policy["version"], &policy["lease_hours"]), (&json!(2), &json!(24)));
    assert_eq!(policy["horizon"], json!({"days_back": 365}));
    let (_, code) = json(&with("enrol-code", &[]), None);
    assert_eq!(code["code"].as_str().unwrap().len(), 14);

    let (mut child, ready) = serve(data);
    let listening = ready["listening"].as_str().unwrap().to_owned();
    let (status, refused) = json(&["serve", "--data", data, "--listen", &listening], None);
    assert_eq!((status, refused["code"].as_str().unwrap()), (3, "port_taken"));
    // SIGTERM, as an init system sends it.
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0), "a told stop is a clean end");
}

#[test]
fn what_cannot_be_done_is_said_and_leaves_no_trace() {
    let root = tempfile::tempdir().unwrap();
    let full = root.path().join("full");
    std::fs::create_dir(&full).unwrap();
    std::fs::write(full.join("thesis.txt"), "mine").unwrap();
    let (full, new) = (full.to_str().unwrap(), root.path().join("new"));
    let new = new.to_str().unwrap();
    let good = root.path().join("good");
    let good = good.to_str().unwrap();
    init(good);
    let init =
        |data, zone, admin| vec!["init", "--data", data, "--practice", "X", "--time-zone", zone, "--admin", admin];
    for (arguments, code) in [
        (init(new, "Mars/Olympus", "a@x.test"), "invalid"),
        (init(new, "America/New_York", "nobody"), "invalid"),
        (init(full, "America/New_York", "a@x.test"), "invalid"),
        (vec!["serve", "--data", full, "--listen", "127.0.0.1:0"], "invalid"),
        (vec!["serve", "--data", new, "--listen", "127.0.0.1:0"], "invalid"),
        (vec!["serve", "--data", good, "--listen", "203.0.113.1:1"], "port_taken"),
        (vec!["serve", "--data", good, "--listen", "127.0.0.1:0", "--name", "not a host"], "invalid"),
        (vec!["enrol-code", "--data", good, "--practice", "elm"], "not_found"),
        (vec!["demo", "--data", full], "invalid"),
    ] {
        let (status, document) = json(&arguments, None);
        assert_eq!((status, document["code"].as_str().unwrap()), (3, code), "{arguments:?}");
        assert!(document["say"].as_str().unwrap().ends_with('.'));
    }
    assert!(!Path::new(new).exists(), "a refused start makes no folder");
    assert_eq!(std::fs::read_dir(full).unwrap().count(), 1);
}

#[test]
fn an_import_takes_what_is_good_and_names_the_rest() {
    let root = tempfile::tempdir().unwrap();
    let data = root.path().join("data");
    let made = init(data.to_str().unwrap());
    let file = root.path().join("charts.ndjson");
    std::fs::write(
        &file,
        "{\"resourceType\":\"Patient\",\"id\":\"p1\"}\n{\"resourceType\":\"Elephant\",\"id\":\"e\"}\n",
    )
    .unwrap();
    let office = ["--data", data.to_str().unwrap(), "--practice", made["practice"].as_str().unwrap()];
    let (status, told) = json(&[&["import"], &office[..], &[file.to_str().unwrap()]].concat(), None);
    assert_eq!((status, &told["accepted"]), (0, &json!(1)), "{told}");
    assert_eq!(told["rejected"].as_array().unwrap().len(), 1);
    let rejected = &told["rejected"][0];
    assert!(rejected["file"].as_str().unwrap().ends_with("charts.ndjson"));
    assert!(!rejected["entry"].is_null() && !rejected["reason"].as_str().unwrap().is_empty(), "{rejected}");
}

#[test]
fn a_demo_is_made_beside_another_practice_with_accounts_of_every_role() {
    let root = tempfile::tempdir().unwrap();
    let data = root.path().join("data");
    let data = data.to_str().unwrap();
    init(data);
    let (status, made) =
        json(&["demo", "--data", data, "--patients", "3", "--providers", "2", "--date", "2026-11-23"], None);
    assert_eq!(status, 0, "{made}");
    let roles: std::collections::BTreeSet<_> =
        made["members"].as_array().unwrap().iter().map(|m| m["role"].as_str().unwrap()).collect();
    assert_eq!(roles.len(), 4);
    assert_eq!(made["practitioners"].as_array().unwrap().len(), 2);
    assert!(made["resources"].as_u64().unwrap() > 100);
}

#[tokio::test]
async fn a_host_takes_as_many_lines_as_the_system_lets_it() {
    let root = tempfile::tempdir().unwrap();
    let data = root.path().join("data");
    let made = init(data.to_str().unwrap());
    let mut host = Command::new("sh");
    host.args(["-c", "ulimit -Sn 64; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_shadowchart-hosted")]);
    host.args(["serve", "--json", "--listen", "127.0.0.1:0", "--data"]).arg(&data).stdout(Stdio::piped());
    let mut host = host.stderr(Stdio::null()).spawn().unwrap();
    let mut said = String::new();
    BufReader::new(host.stdout.take().unwrap()).read_line(&mut said).unwrap();
    let said: Value = serde_json::from_str(&said).unwrap();
    let address = said["listening"].as_str().unwrap();
    let lines: Vec<TcpStream> = (0..200).map(|_| TcpStream::connect(address).unwrap()).collect();
    let client = client(Path::new(made["ca"].as_str().unwrap()));
    let health = client.get(format!("https://{address}/health")).timeout(Duration::from_secs(10)).send().await;
    host.kill().unwrap();
    host.wait().unwrap();
    assert_eq!(health.expect("one more is answered").status(), 200, "beside {} lines", lines.len());
}
