//! What a collector is sent: endpoints and statuses, and no word of a patient.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    process::{Command, Stdio},
    sync::mpsc::{Sender, channel},
};

use serde_json::Value;

use crate::office::client;

const CANARY: &str = "Canarybird";

/// Takes one batch, and says thanks.
fn take(line: TcpStream, batches: &Sender<(String, Vec<u8>)>) {
    let mut line = BufReader::new(line);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut next = String::new();
        line.read_line(&mut next).unwrap();
        if let Some(value) = next.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if next.trim().is_empty() {
            break;
        }
        head += &next;
    }
    let mut body = vec![0; length];
    line.read_exact(&mut body).unwrap();
    line.get_mut().write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").unwrap();
    let _ = batches.send((head, body));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_is_told_endpoints_and_statuses_alone() {
    let collector = TcpListener::bind("127.0.0.1:0").unwrap();
    let place = format!("http://{}", collector.local_addr().unwrap());
    let (batches, taken) = channel();
    std::thread::spawn(move || collector.incoming().flatten().for_each(|line| take(line, &batches)));
    let root = tempfile::tempdir().unwrap();
    let data = root.path().join("data");
    let hosted = || Command::new(env!("CARGO_BIN_EXE_shadowchart-hosted"));
    let init = ["init", "--practice", CANARY, "--time-zone", "UTC", "--admin", "a@elm.test", "--json", "--data"];
    let made = hosted().args(init).arg(&data).stdin(Stdio::null()).output().unwrap();
    let made: Value = serde_json::from_slice(&made.stdout).unwrap();
    let practice = made["practice"].as_str().unwrap();
    let mut serve = hosted();
    serve.args(["serve", "--listen", "127.0.0.1:0", "--json", "--traces", &place, "--data"]).arg(&data);
    // The log is quiet; that is no reason to trace nothing.
    serve.env("SHADOWCHART_LOG", "error").stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = serve.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    let url = format!("https://{}", ready["listening"].as_str().unwrap());
    let client = client(std::path::Path::new(ready["ca"].as_str().unwrap()));
    let token = format!("{practice}~{}", "A".repeat(43));
    for path in [&format!("/fhir/Patient/{CANARY}"), &format!("/fhir/Patient?name={CANARY}"), "/health"] {
        let request = client.get(format!("{url}{path}")).bearer_auth(&token).header("traceparent", CANARY);
        request.header("user-agent", CANARY).send().await.unwrap();
    }
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    let mut log = String::new();
    child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    assert_eq!((child.wait().unwrap().code(), log.as_str()), (Some(0), ""));
    let all: Vec<(String, Vec<u8>)> = taken.try_iter().collect();
    assert!(all.iter().all(|(head, _)| head.starts_with("POST /v1/traces HTTP/1.1\r\n")), "{all:?}");
    let sent: Vec<u8> = all.iter().flat_map(|(head, body)| [head.as_bytes(), body].concat()).collect();
    let sent = String::from_utf8_lossy(&sent);
    for told in ["/fhir/{kind}/{id}", "/health", "http.response.status_code", "shadowchart-hosted"] {
        assert!(sent.contains(told), "{told} is missing: {sent}");
    }
    for word in [CANARY, practice, &token, "code.", "thread.", "process.", "host.name", "src/"] {
        assert!(!sent.contains(word), "{word} is sent: {sent}");
    }
}

#[test]
fn what_is_no_collectors_address_is_refused_in_words() {
    for bad in ["https://127.0.0.1:4318", "127.0.0.1:4318", "http://", "http://127.0.0.1:4318/v1/traces"] {
        let mut serve = Command::new(env!("CARGO_BIN_EXE_shadowchart-hosted"));
        serve.args(["serve", "--data", "nowhere", "--listen", "127.0.0.1:0", "--json", "--traces", bad]);
        let output = serve.output().unwrap();
        let said: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((output.status.code(), &said["code"]), (Some(3), &Value::from("invalid")), "{bad}");
        assert!(said["say"].as_str().unwrap().contains("collector"), "{said}");
    }
}
