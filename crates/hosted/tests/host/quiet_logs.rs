//! The log of a working host, at its most talkative, names no patient and no secret; neither do its metrics.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Command, Stdio},
};

use practice::{
    ids::ChangeId,
    proof,
    provenance::ChangeNote,
    time::Stamp,
    wire::{EnrolReply, SignInReply, TokenReply},
};
use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::{
    command_line,
    office::{client, key, patient, transaction},
    postgres::Server,
    tokens::{OURS, public, signed},
};

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

/// A process that goes with its test, whatever comes of that.
struct Ends(Child);

impl Drop for Ends {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
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
    let child = Command::new(env!("CARGO_BIN_EXE_shadowchart-hosted"))
        .args(["serve", "--data", data, "--listen", "127.0.0.1:0", "--json", "--metrics", "0", "--log-format", format])
        .env("SHADOWCHART_LOG", "hosted=trace,info")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut child = Ends(child);
    let mut line = String::new();
    BufReader::new(child.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
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
    let pid = rustix::process::Pid::from_child(&child.0);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    let mut log = String::new();
    child.0.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    child.0.wait().unwrap();
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

/// The log, told to say all there is, of a host in whose practice people are at work; its last change is one that the store
/// can not keep. And what may not be in that log.
async fn worked(database: Option<&str>) -> (String, Vec<String>) {
    let root = tempfile::tempdir().unwrap();
    let data = root.path().join("data").to_str().unwrap().to_owned();
    let (address, password) = (format!("{CANARY}@elm.test"), format!("{CANARY} in a coal mine"));
    let mut init = vec!["init", "--data", &data, "--practice", CANARY, "--time-zone", "Europe/Vienna"];
    init.extend(["--admin", &address, "--admin-name", CANARY, "--password-stdin"]);
    init.extend(database.iter().flat_map(|url| ["--database", url]));
    let (status, made) = command_line::json(&init, Some(&format!("{password}\n")));
    assert_eq!(status, 0, "{made}");
    let office = ["--data", &data, "--practice", made["practice"].as_str().unwrap()];
    let code = hosted(&[&["enrol-code"], &office[..]].concat())["code"].as_str().unwrap().to_owned();
    // No file of more than 4 MB can be written.
    let mut child = Command::new("bash")
        .args(["-c", "trap '' XFSZ; ulimit -f 4096; exec \"$@\"", "-", env!("CARGO_BIN_EXE_shadowchart-hosted")])
        .args(["serve", "--data", &data, "--listen", "127.0.0.1:0", "--json"])
        .env("SHADOWCHART_LOG", "trace")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stderr = child.stderr.take().unwrap();
    let mut child = Ends(child);
    let log = std::thread::spawn(move || {
        let mut log = String::new();
        stderr.read_to_string(&mut log).unwrap();
        log
    });
    let mut line = String::new();
    BufReader::new(child.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    let url = format!("https://{}", ready["listening"].as_str().unwrap());
    let client = client(std::path::Path::new(ready["ca"].as_str().unwrap()));
    let good = async |request: RequestBuilder| {
        let answer = request.send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert_eq!(status, StatusCode::OK, "{text}");
        text
    };
    let enrol = json!({"code": code, "name": CANARY, "zone": "exam_room"}).to_string();
    let joined = good(client.post(format!("{url}/enrol")).body(enrol)).await;
    let joined: EnrolReply = serde_json::from_str(&joined).unwrap();
    let known = json!({"email": address, "password": password}).to_string();
    let known = client.post(format!("{url}/sign-in")).bearer_auth(&joined.device_token).body(known);
    let known: SignInReply = serde_json::from_str(&good(known).await).unwrap();
    // A sign-in of which somebody has a copy.
    let again = json!({"email": address, "password": password, "workstation_key": public(&OURS)}).to_string();
    let again = client.post(format!("{url}/sign-in")).bearer_auth(&joined.device_token).body(again);
    let again: SignInReply = serde_json::from_str(&good(again).await).unwrap();
    let used = again.refresh_token.unwrap();
    let millis = std::time::UNIX_EPOCH.elapsed().unwrap().as_millis();
    let now = Stamp::from_millis(millis.try_into().unwrap()).unwrap();
    let renew = || {
        let request = client.post(format!("{url}/token")).bearer_auth(&joined.device_token);
        let proof = signed(&OURS, ("POST", "/token"), now, CANARY, &used);
        request.header(proof::HEADER, proof).body(json!({"refresh_token": used}).to_string())
    };
    let next: TokenReply = serde_json::from_str(&good(renew()).await).unwrap();
    assert_eq!(renew().send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    let change = |number: u32, written: Value| {
        let note = ChangeNote {
            id: ChangeId::parse(&format!("{CANARY}-{number}")).unwrap(),
            at: Stamp::from_millis(1_790_000_000_000).unwrap(),
            member: known.member.id.clone(),
            member_name: CANARY.to_owned(),
            workstation: joined.workstation.clone(),
            workstation_name: CANARY.to_owned(),
            targets: vec![key(&written)],
            activity: CANARY.to_owned(),
            comment: Some(CANARY.to_owned()),
        };
        let body = transaction(&note, &[(written, None)]).to_string();
        client.post(format!("{url}/fhir")).bearer_auth(&known.access_token).body(body)
    };
    assert!(good(change(1, patient(CANARY, CANARY))).await.contains(CANARY));
    for (token, path) in [
        (&known.access_token, format!("/fhir/Patient?name={CANARY}")),
        (&known.access_token, format!("/fhir/Patient/{CANARY}")),
        (&known.access_token, format!("/fhir/Patient/{CANARY}/_history")),
        (&known.access_token, "/export".to_owned()),
        (&joined.device_token, "/fhir/_history".to_owned()),
        (&joined.device_token, "/members".to_owned()),
    ] {
        let told = good(client.get(format!("{url}{path}")).bearer_auth(token)).await;
        assert!(told.contains(CANARY), "{path}: {told:.300}");
    }
    if let Some(url) = database {
        // A word of why not that quotes what it was given; the server's own leave a row's values out where they are shut.
        let refuse = "create function no_flaw() returns trigger language plpgsql as $$ begin
                if new.value like '%flaw' then raise exception '%', new.value using errcode = '23514'; end if;
                return new;
            end $$;
            create trigger no_flaw before insert on term for each row execute function no_flaw()";
        let owner = url.replace("user=host", "user=owner");
        let psql = Command::new("psql").args(["--quiet", "--dbname", &owner, "--command", refuse]).status();
        assert!(psql.unwrap().success());
    }
    let noise = || (0..90_000).map(|_| hosted::random::secret()).collect::<String>();
    let mut refused = 0;
    for number in 2..4 {
        let mut written = patient(&format!("p{number}"), &format!("{CANARY}flaw"));
        if database.is_none() {
            written["text"] = json!({"status": "generated", "div": noise()});
        }
        let answer = change(number, written).send().await.unwrap();
        if answer.status() != StatusCode::OK {
            assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
            assert!(!answer.text().await.unwrap().contains(CANARY));
            refused += 1;
        }
    }
    assert!(refused > 0, "the store could not keep one");
    let pid = rustix::process::Pid::from_child(&child.0);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    child.0.wait().unwrap();
    let SignInReply { access_token, refresh_token, share, .. } = known;
    let mut secrets = vec![CANARY.to_owned(), joined.device_token, code, joined.epoch, access_token, share];
    secrets.extend(refresh_token.into_iter().chain([again.access_token, used, next.access_token, next.refresh_token]));
    (log.join().unwrap(), secrets)
}

#[tokio::test(flavor = "multi_thread")]
async fn no_word_of_what_is_done_well_and_of_what_the_store_can_not_do_is_in_the_log() {
    let server = Server::start();
    for (database, class) in [(None, "sqlite: "), (Some(server.database()), "postgresql: 23514")] {
        let (log, secrets) = worked(database.as_deref()).await;
        let alert = |line: &&str| line.contains("WARN") && line.contains("a copy of a sign-in was used");
        assert_eq!(log.lines().filter(alert).count(), 1, "{log}");
        let failed = log.lines().any(|line| line.contains("the store failed") && line.contains(class));
        assert!(failed && log.contains("/fhir/{kind}/{id}"), "the log was on: {log}");
        let log = log.to_lowercase();
        for secret in &secrets {
            let place = log.find(&secret.to_lowercase()).map(|at| &log[at.saturating_sub(400)..at + secret.len()]);
            assert_eq!(place, None, "{secret} is in the log");
        }
    }
}
