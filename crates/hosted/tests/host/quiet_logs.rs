//! The log of a working host, at its most talkative, names no patient and no secret.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Command, Stdio},
};

use practice::wire::EnrolReply;
use serde_json::{Value, json};

use crate::office::client;

const CANARY: &str = "Canarybird";

fn hosted(arguments: &[&str]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_shadowchart-hosted"))
        .args(arguments)
        .arg("--json")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_word_of_a_patient_and_no_secret_is_in_the_log() {
    let root = tempfile::tempdir().unwrap();
    let data = root.path().join("data");
    let data = data.to_str().unwrap();
    let made =
        hosted(&["init", "--data", data, "--practice", "Elm", "--time-zone", "Europe/Vienna", "--admin", "a@elm.test"]);
    let office = ["--data", data, "--practice", made["practice"].as_str().unwrap()];
    let code = hosted(&[&["enrol-code"], &office[..]].concat())["code"].as_str().unwrap().to_owned();
    let mut child = Command::new(env!("CARGO_BIN_EXE_shadowchart-hosted"))
        .args(["serve", "--data", data, "--listen", "127.0.0.1:0", "--json"])
        .env("SHADOWCHART_LOG", "hosted=trace,info")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    let url = format!("https://{}", ready["listening"].as_str().unwrap());
    let client = client(std::path::Path::new(ready["ca"].as_str().unwrap()));
    let enrol = json!({"code": code, "name": CANARY, "zone": "exam_room"}).to_string();
    let joined: EnrolReply =
        client.post(format!("{url}/enrol")).body(enrol).send().await.unwrap().json().await.unwrap();
    let password = json!({"email": format!("{CANARY}@x.test"), "password": CANARY}).to_string();
    for (method, path, body) in [
        ("POST", "/sign-in", password),
        ("GET", &format!("/fhir/Patient?name={CANARY}"), String::new()),
        ("GET", &format!("/fhir/Patient/{CANARY}"), String::new()),
        ("GET", &format!("/{CANARY}"), String::new()),
        (
            "POST",
            "/fhir",
            format!(
                r#"{{"resourceType":"Bundle","type":"transaction","entry":[{{"resource":{{"id":"{CANARY}"}},"request":{{"method":"PUT","url":"{CANARY}"}}}}]}}"#
            ),
        ),
        ("POST", "/audit", format!(r#"{{"entries":[{{"seq":9,"prev":"{CANARY}","event":"{CANARY}","hash":"x"}}]}}"#)),
        ("PUT", "/policy", CANARY.to_owned()),
    ] {
        let request = client.request(method.parse().unwrap(), format!("{url}{path}"));
        let response = request.bearer_auth(&joined.device_token).body(body).send().await.unwrap();
        assert!(!response.text().await.unwrap().contains(CANARY), "{path} echoes what was sent");
    }
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    let mut log = String::new();
    child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    child.wait().unwrap();
    assert!(log.contains("/fhir/{kind}/{id}"), "the log was on: {log}");
    for secret in [CANARY, &joined.device_token, &code] {
        assert!(!log.contains(secret), "{secret} is in the log: {log}");
    }
}
