//! The log of a working host, at its most talkative, names no patient and no secret; neither do its metrics.

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

/// What a host that served all kinds of canaries wrote into its log and told as metrics.
struct Told {
    log: String,
    metrics: String,
    secrets: Vec<String>,
    /// Ids, which are no secret, and have no place in a metric.
    ids: Vec<String>,
}

async fn served(format: &str) -> Told {
    let root = tempfile::tempdir().unwrap();
    let data = root.path().join("data");
    let data = data.to_str().unwrap();
    let made =
        hosted(&["init", "--data", data, "--practice", "Elm", "--time-zone", "Europe/Vienna", "--admin", "a@elm.test"]);
    let office = ["--data", data, "--practice", made["practice"].as_str().unwrap()];
    let code = hosted(&[&["enrol-code"], &office[..]].concat())["code"].as_str().unwrap().to_owned();
    let mut child = Command::new(env!("CARGO_BIN_EXE_shadowchart-hosted"))
        .args(["serve", "--data", data, "--listen", "127.0.0.1:0", "--json", "--metrics", "0", "--log-format", format])
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
        ("GET", &format!("/fhir/Patient?{CANARY}={CANARY}"), String::new()),
        ("GET", &format!("/fhir/Patient/{CANARY}"), String::new()),
        ("GET", &format!("/fhir/{CANARY}/{CANARY}/_history/{CANARY}"), String::new()),
        ("GET", &format!("/fhir/_history?cursor={CANARY}"), String::new()),
        ("GET", &format!("/{CANARY}"), String::new()),
        ("DELETE", &format!("/fhir/Patient/{CANARY}"), String::new()),
        (CANARY, "/policy", String::new()),
        (
            "POST",
            "/fhir",
            format!(
                r#"{{"resourceType":"Bundle","type":"transaction","entry":[{{"resource":{{"id":"{CANARY}"}},"request":{{"method":"PUT","url":"{CANARY}"}}}}]}}"#
            ),
        ),
        ("POST", "/audit", format!(r#"{{"entries":[{{"seq":9,"prev":"{CANARY}","event":"{CANARY}","hash":"x"}}]}}"#)),
        ("POST", "/given-back", format!(r#"{{"life":"{CANARY}","resources":[{{"id":"{CANARY}"}}]}}"#)),
        ("PUT", "/policy", CANARY.to_owned()),
        ("PUT", &format!("/workstations/{CANARY}"), CANARY.to_owned()),
    ] {
        let request = client.request(method.parse().unwrap(), format!("{url}{path}"));
        let request = request.header("x-request-id", CANARY).header("cookie", CANARY).header("user-agent", CANARY);
        let response = request.bearer_auth(&joined.device_token).body(body).send().await.unwrap();
        assert!(!response.text().await.unwrap().contains(CANARY), "{path} echoes what was sent");
    }
    let forged = client.get(format!("{url}/policy")).bearer_auth(format!("{}~{CANARY}", joined.practice.id));
    assert_eq!(forged.send().await.unwrap().status(), 401);
    let place = format!("http://{}", ready["metrics"].as_str().unwrap());
    assert!(place.starts_with("http://127.0.0.1:"), "a port alone is this machine's own: {place}");
    let metrics = client.get(format!("{place}/metrics")).send().await.unwrap();
    assert_eq!(metrics.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    let metrics = metrics.text().await.unwrap();
    assert_eq!(client.get(format!("{place}/health")).send().await.unwrap().status(), 404, "nothing else is there");
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    let mut log = String::new();
    child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    child.wait().unwrap();
    let secrets = vec![CANARY.to_owned(), joined.device_token, code, joined.epoch];
    let ids = vec![joined.practice.id.to_string(), joined.workstation.to_string(), "Elm".to_owned()];
    Told { log, metrics, secrets, ids }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_word_of_a_patient_and_no_secret_is_in_the_log_or_the_metrics() {
    for format in ["text", "json"] {
        let Told { log, metrics, secrets, ids } = served(format).await;
        assert!(log.contains("/fhir/{kind}/{id}"), "the log was on: {log}");
        for secret in &secrets {
            assert!(!log.contains(secret), "{secret} is in the log: {log}");
        }
        for word in secrets.iter().chain(&ids) {
            assert!(!metrics.contains(word), "{word} is in the metrics: {metrics}");
        }
        for line in log.lines().filter(|_| format == "json") {
            let line: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"));
            assert!(["timestamp", "level", "target", "message"].iter().all(|name| line[name].is_string()), "{line}");
        }
        for counted in [
            r#"shadowchart_http_requests_total{method="GET",endpoint="/fhir/{kind}/{id}",status="404"} 1"#,
            r#"shadowchart_http_requests_total{method="POST",endpoint="/enrol",status="200"} 1"#,
            r#"shadowchart_http_requests_total{method="other",endpoint="other",status="404"} 1"#,
            r#"shadowchart_http_requests_total{method="other",endpoint="other",status="405"} 2"#,
            r#"shadowchart_http_request_seconds_count{method="POST",endpoint="/enrol"} 1"#,
            r#"shadowchart_http_request_seconds_bucket{method="POST",endpoint="/enrol",le="+Inf"} 1"#,
            r#"shadowchart_sign_ins_total{outcome="good"} 0"#,
            r#"shadowchart_sign_ins_total{outcome="refused"} 1"#,
            "shadowchart_connections 1",
            "shadowchart_live_lines 0",
            "shadowchart_practices 1",
            "shadowchart_store_errors_total 0",
        ] {
            assert!(metrics.lines().any(|line| line == counted), "{counted} is missing: {metrics}");
        }
    }
}
