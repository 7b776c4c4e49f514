//! What belongs to the practice, given out to it: FHIR and the audit trail, and nothing that opens anything.

use practice::Role;
use reqwest::{Method, StatusCode};
use serde_json::Value;

use crate::{
    command_line::json,
    office::{Host, email, patient},
};

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn of<'a>(lines: &'a [Value], kind: &str) -> Vec<&'a Value> {
    lines.iter().filter(|line| line["resourceType"] == kind).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_takes_everything_out_with_the_audit_trail_and_without_a_secret() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    let other = host.enrol("oak").await;
    host.seed(&other.practice, &[patient("p9", "Foreign")]);
    host.seed(&desk.practice, &[patient("p1", "Before"), patient("p2", "Ray")]);
    host.seed(&desk.practice, &[patient("p1", "After")]);
    let many: Vec<Value> = (0..450).map(|n| patient(&format!("q{n}"), "Many")).collect();
    host.seed(&desk.practice, &many);
    let signed_in = host.sign_in(&desk, Role::Admin).await;
    let take = async |path: &str| {
        let answer = host.ask(Method::GET, path, Some(&signed_in.access_token), None).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["content-type"], "application/fhir+ndjson");
        answer.text().await.unwrap()
    };
    let text = take("/export").await;
    let all = lines(&text);
    let patients = of(&all, "Patient");
    assert_eq!(patients.len(), 452);
    assert_eq!(patients.iter().find(|one| one["id"] == "p1").unwrap()["name"][0]["family"], "After");
    assert!(of(&all, "Person").iter().any(|one| one["telecom"][0]["value"] == email("elm", Role::Admin)));
    assert_eq!(of(&all, "Device").len(), 1);
    let trail = of(&all, "AuditEvent");
    assert_eq!(trail.last().unwrap()["subtype"][0]["code"], "export", "that this was taken is in it");
    assert!(trail.iter().any(|one| one["subtype"][0]["code"] == "sign-in"));
    let history = lines(&take("/export?history=true").await);
    assert_eq!(of(&history, "Patient").iter().filter(|one| one["id"] == "p1").count(), 2);
    let mut stream = Vec::new();
    host.store(&desk.practice).stream(&mut stream).unwrap();
    let stream = String::from_utf8(stream).unwrap();
    let row = |begins: &str| lines(stream.lines().find(|line| line.starts_with(begins)).unwrap()).remove(0);
    let secrets = [
        row(r#"{"setting":{"name":"policy_key""#)["setting"]["value"].as_str().unwrap().to_owned(),
        row(r#"{"member":{"#)["member"]["password"].as_str().unwrap().to_owned(),
        row(r#"{"workstation":{"#)["workstation"]["share"].as_str().unwrap().to_owned(),
        row(r#"{"workstation":{"#)["workstation"]["token"].as_str().unwrap().to_owned(),
        signed_in.access_token.clone(),
        desk.token.clone(),
        "Foreign".to_owned(),
        "argon2".to_owned(),
    ];
    for secret in secrets {
        assert!(!text.contains(&secret), "{secret} is in the export");
    }
    let refused = host.ask(Method::GET, "/export?secrets=true", Some(&signed_in.access_token), None).await;
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
}

#[test]
fn the_command_writes_a_file_that_an_import_takes() {
    let root = tempfile::tempdir().unwrap();
    let path = |name: &str| root.path().join(name).to_str().unwrap().to_owned();
    let (data, out) = (path("data"), path("out.ndjson"));
    let demo = ["demo", "--data", &data, "--patients", "3", "--providers", "2", "--date", "2026-11-23"];
    let (_, made) = json(&demo, None);
    let practice = made["practice"].as_str().unwrap();
    let export = ["export", "--data", &data, "--practice", practice, "--out", &out];
    let (status, done) = json(&export, None);
    assert_eq!((status, &done["resources"]), (0, &made["resources"]), "{done}");
    let text = std::fs::read_to_string(&out).unwrap();
    let written = lines(&text);
    assert_eq!(of(&written, "AuditEvent").len() as u64, done["audit_events"].as_u64().unwrap());
    let (status, refused) = json(&export, None);
    assert_eq!((status, refused["code"].as_str()), (3, Some("invalid")), "a file that is there stays: {refused}");
    assert_eq!(std::fs::read_to_string(&out).unwrap(), text);
    let (_, second) = json(&["demo", "--data", &path("second"), "--patients", "0", "--providers", "0"], None);
    let into = ["import", "--data", &path("second"), "--practice", second["practice"].as_str().unwrap(), &out];
    let (status, told) = json(&into, None);
    assert_eq!(status, 0, "{told}");
    assert_eq!(told["accepted"].as_u64().unwrap(), written.len() as u64, "{told}");
}
