//! What workstations give back after a restore: it is again what it was, or stays out with a reason.

use practice::{
    Role,
    audit::{AuditAction, AuditRecord},
    text::stamp_meta,
    time::Stamp,
};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::office::{Desk, Host, appointment, code, patient};

/// `text` as the host had it in a time that a restore has taken from it.
fn was(text: &Value, version: u32) -> String {
    let at = Stamp::from_millis(1_790_000_000_000 + i64::from(version) * 1_000).unwrap();
    stamp_meta(&text.to_string(), &version.to_string(), &at.to_string()).unwrap()
}

/// A host with patient p1 at version 1 that was restored since, and the life before.
async fn restored() -> (Host, Desk, String) {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    host.push(&desk, Role::FrontDesk, "c1", &[(patient("p1", "Ray"), None)]).await;
    let mut store = host.store(&desk.practice);
    let life = store.epoch().unwrap();
    let record = AuditRecord::new(host.now(), AuditAction::GiveBack, None, store.host().unwrap());
    assert_ne!(store.live_anew(&record).unwrap(), life);
    (host, desk, life)
}

async fn give(host: &Host, desk: &Desk, life: &str, texts: &[String]) -> (StatusCode, Value) {
    let body = format!(r#"{{"life":"{life}","resources":[{}]}}"#, texts.join(","));
    let answer = host.ask(Method::POST, "/given-back", Some(&desk.token), Some(body)).await;
    (answer.status(), answer.json().await.unwrap())
}

async fn refused(host: &Host, desk: &Desk, life: &str, text: String) -> Option<String> {
    let (status, answer) = give(host, desk, life, &[text]).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    answer["refused"][0].as_str().map(str::to_owned)
}

async fn version(host: &Host, desk: &Desk, path: &str) -> Value {
    host.get(path, &desk.token).await.1["meta"]["versionId"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_version_is_again_what_it_was_and_the_feed_says_of_which_life() {
    let (host, desk, life) = restored().await;
    let lost = was(&patient("p1", "Rae"), 3);
    for _ in 0..2 {
        assert_eq!(refused(&host, &desk, &life, lost.clone()).await, None);
    }
    let read = host.ask(Method::GET, "/fhir/Patient/p1", Some(&desk.token), None).await;
    assert_eq!(read.text().await.unwrap(), lost, "letter by letter");
    assert_eq!(
        refused(&host, &desk, &life, was(&patient("p1", "Roe"), 2)).await,
        None,
        "what came before it stands too"
    );
    assert_eq!(version(&host, &desk, "/fhir/Patient/p1").await, "3");
    let (_, feed) = host.get("/fhir/_history", &desk.token).await;
    let entries = feed["entry"].as_array().unwrap();
    assert_eq!(entries.len(), 3, "once: {feed}");
    for entry in entries {
        let told = &entry["extension"][0];
        assert_eq!((&told["url"], &told["valueString"]), (&json!("urn:shadowchart:life"), &json!(life)));
    }
    host.push(&desk, Role::FrontDesk, "c2", &[(patient("p1", "Now"), Some(3))]).await;
    let (_, feed) = host.get("/fhir/_history", &desk.token).await;
    assert_eq!(feed["entry"][3]["extension"], Value::Null, "what is made now is of the present life");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_made_since_the_restore_is_not_written_over() {
    let (host, desk, life) = restored().await;
    host.push(&desk, Role::FrontDesk, "c2", &[(patient("p1", "Since"), Some(1))]).await;
    host.push(&desk, Role::FrontDesk, "c3", &[(appointment("a1", "d1", "09:00", "09:30"), None)]).await;
    assert_eq!(refused(&host, &desk, &life, was(&patient("p1", "Rae"), 9)).await.as_deref(), Some("conflict"));
    let double = was(&appointment("a2", "d1", "09:15", "09:45"), 1);
    assert_eq!(refused(&host, &desk, &life, double).await.as_deref(), Some("overlap"));
    assert_eq!(host.get("/fhir/Patient/p1", &desk.token).await.1["name"][0]["family"], "Since");
    assert_eq!(host.get("/fhir/Appointment/a2", &desk.token).await.0, StatusCode::NOT_FOUND);
    // One that is refused does not hold up the others.
    let (_, answer) = give(&host, &desk, &life, &[was(&patient("p1", "Rae"), 9), was(&patient("p2", "New"), 4)]).await;
    assert_eq!(answer["refused"], json!(["conflict", null]));
    assert_eq!(version(&host, &desk, "/fhir/Patient/p2").await, "4");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_life_beside_the_present_one_gives_back_only_onto_what_both_come_from() {
    let (host, desk, life) = restored().await;
    let beside = format!("{life}.0f");
    assert_eq!(refused(&host, &desk, &beside, was(&patient("p1", "Rae"), 2)).await, None);
    let further = was(&patient("p1", "Roe"), 3);
    assert_eq!(refused(&host, &desk, &life, further.clone()).await.as_deref(), Some("conflict"), "it never saw that");
    assert_eq!(refused(&host, &desk, &beside, further).await, None, "its own goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_else_is_taken_that_way() {
    let (host, desk, life) = restored().await;
    let present = host.store(&desk.practice).epoch().unwrap();
    for life in [present.as_str(), "", "other", &format!("{present}.aa")] {
        let (status, answer) = give(&host, &desk, life, &[was(&patient("p2", "New"), 1)]).await;
        assert_eq!((status, code(&answer)), (StatusCode::BAD_REQUEST, "invalid"), "{life:?}");
    }
    let event = json!({"resourceType": "AuditEvent", "id": "e1"});
    assert_eq!(refused(&host, &desk, &life, was(&event, 1)).await.as_deref(), Some("forbidden"));
    for bad in [patient("p2", "No version").to_string(), was(&patient("p2", "Nought"), 0), "7".into(), "{}".into()] {
        assert_eq!(refused(&host, &desk, &life, bad.clone()).await.as_deref(), Some("invalid"), "{bad}");
    }
    assert_eq!(host.get("/fhir/Patient/p2", &desk.token).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_was_given_back_is_not_made_twice() {
    for with_its_note in [true, false] {
        given_back_and_sent(with_its_note).await;
    }
}

async fn given_back_and_sent(with_its_note: bool) {
    let (host, desk, life) = restored().await;
    let bundle = host.bundle(&desk, Role::FrontDesk, "c2", &[(patient("p1", "Rae"), Some(1))]);
    let mut lost = vec![was(&patient("p1", "Rae"), 2)];
    if with_its_note {
        lost.push(was(&bundle["entry"][1]["resource"], 1));
    }
    give(&host, &desk, &life, &lost).await;
    let again = host.ask(Method::POST, "/fhir", Some(&desk.token), Some(bundle.to_string())).await;
    assert_eq!(again.status(), StatusCode::OK);
    let again: Value = again.json().await.unwrap();
    let told: Vec<_> = again["entry"].as_array().unwrap().iter().map(|e| &e["resource"]["meta"]["versionId"]).collect();
    assert_eq!(told, ["2", "1"], "what it wrote, and its note");
    assert_eq!(version(&host, &desk, "/fhir/Patient/p1").await, "2");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_which_only_the_note_came_back_is_still_to_be_taken() {
    let (host, desk, life) = restored().await;
    let bundle = host.bundle(&desk, Role::FrontDesk, "c2", &[(patient("p2", "New"), None)]);
    let note = was(&bundle["entry"][1]["resource"], 1);
    assert_eq!(refused(&host, &desk, &life, note).await, None);
    for _ in 0..2 {
        let again = host.ask(Method::POST, "/fhir", Some(&desk.token), Some(bundle.to_string())).await;
        let again: Value = again.json().await.unwrap();
        assert_eq!(again["entry"].as_array().map(Vec::len), Some(2), "each with an answer: {again}");
        assert_eq!(version(&host, &desk, "/fhir/Patient/p2").await, "1");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_was_given_back_and_gone_on_from_is_not_made_again() {
    let (host, desk, life) = restored().await;
    assert_eq!(refused(&host, &desk, &life, was(&patient("p1", "Rae"), 2)).await, None);
    host.push(&desk, Role::FrontDesk, "c3", &[(patient("p1", "Now"), Some(2))]).await;
    let (status, answer) = host.push(&desk, Role::FrontDesk, "c2", &[(patient("p1", "Rae"), Some(1))]).await;
    let told = &answer["entry"][0]["resource"];
    assert_eq!((status, &told["meta"]["versionId"]), (StatusCode::OK, &json!("3")), "the present one is the answer");
    assert_eq!(told["name"][0]["family"], "Now");
    // Somebody may come back to it.
    let (status, _) = host.push(&desk, Role::FrontDesk, "c4", &[(patient("p1", "Rae"), Some(3))]).await;
    assert_eq!((status, version(&host, &desk, "/fhir/Patient/p1").await), (StatusCode::OK, json!("4")));
}
