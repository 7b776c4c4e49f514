//! Searching.

use std::{
    panic::AssertUnwindSafe,
    sync::atomic::{AtomicUsize, Ordering},
};

use hosted::{
    data_dir::DataDir,
    practices::Practices,
    store::{PracticeStore, StoreError},
};
use practice::Role;
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::office::{Desk, Host, appointment, code, patient, practice_id};

async fn found(host: &Host, desk: &Desk, path: &str) -> Vec<String> {
    let (status, bundle) = host.get(&format!("/fhir/{path}"), &desk.token).await;
    assert_eq!(status, StatusCode::OK, "{path}: {bundle}");
    let mut ids: Vec<_> = bundle["entry"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|entry| entry["resource"]["id"].as_str().unwrap().to_owned())
        .collect();
    ids.sort();
    ids
}

#[tokio::test(flavor = "multi_thread")]
async fn searches_find_what_the_screens_ask_for() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    let mut early = appointment("a1", "d1", "00:00", "00:30");
    early["status"] = json!("arrived");
    host.seed(
        &desk.practice,
        &[
            patient("p1", "Núñez-Ray"),
            json!({"resourceType": "Patient", "id": "p2", "name": [{"family": "Rayburn", "given": ["Bo"]}], "birthDate": "1979-12-31"}),
            early,
            appointment("a2", "d2", "23:30", "23:59"),
            json!({"resourceType": "Condition", "id": "k1", "subject": {"reference": "Patient/p1"}, "onsetDateTime": "2020"}),
            json!({"resourceType": "Slot", "id": "s1", "schedule": {"reference": "Schedule/x"}, "status": "busy", "start": "2026-11-23T12:00:00-05:00", "end": "2026-11-23T13:00:00-05:00"}),
        ],
    );
    for (path, expected) in [
        ("Patient", &["p1", "p2"][..]),
        ("Patient?_id=p2,p3", &["p2"]),
        ("Patient?name=ray", &["p1", "p2"]),
        ("Patient?name=nune%20an", &["p1"]),
        ("Patient?name=bo,ana", &["p1", "p2"]),
        ("Patient?name=%25", &[]),
        ("Patient?birthdate=1980-05-01", &["p1"]),
        ("Patient?birthdate=lt1980", &["p2"]),
        ("Patient?birthdate=ge1979&birthdate=lt1980", &["p2"]),
        ("Patient?phone=(555)%20010-2030", &["p1"]),
        ("Patient?identifier=urn:x|p1", &["p1"]),
        ("Patient?identifier=p1", &["p1"]),
        ("Patient?identifier=urn:y|p1", &[]),
        ("Patient?identifier='%20or%201=1--", &[]),
        ("Appointment?date=ge2026-11-23&date=lt2026-11-24", &["a1", "a2"]),
        ("Appointment?date=2026-11-24", &[]),
        ("Appointment?date=ge2026-11-23T12:00:00-05:00", &["a2"]),
        ("Appointment?status=arrived", &["a1"]),
        ("Appointment?practitioner=d2", &["a2"]),
        ("Appointment?actor=Practitioner/d1,Practitioner/d2&status=booked", &["a2"]),
        ("Appointment?patient=p1", &["a1", "a2"]),
        ("Appointment?patient=Patient/p2", &[]),
        ("Condition?subject=Patient/p1&date=2020", &["k1"]),
        ("Condition?_lastUpdated=ge2020", &["k1"]),
        ("Condition?_lastUpdated=lt2020", &[]),
        ("Slot?schedule=x", &["s1"]),
    ] {
        assert_eq!(found(&host, &desk, path).await, expected, "{path}");
    }
    for path in
        ["Patient?colour=blue", "Condition?name=x", "Patient?name:exact=x", "Appointment?date=soon", "Patient?_id="]
    {
        let (status, outcome) = host.get(&format!("/fhir/{path}"), &desk.token).await;
        assert_eq!((status, code(&outcome)), (StatusCode::BAD_REQUEST, "invalid"), "{path}");
    }
    assert_eq!(host.get("/fhir/Elephant", &desk.token).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_answer_comes_in_pages_that_miss_and_repeat_nothing() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    host.seed(&desk.practice, &(0..25).map(|n| patient(&format!("p{n}"), "Ray & Co")).collect::<Vec<_>>());
    let mut path = "/fhir/Patient?name=ray%20co&_count=10".to_owned();
    let mut sizes = Vec::new();
    let mut ids = std::collections::BTreeSet::new();
    loop {
        let (_, bundle) = host.get(&path, &desk.token).await;
        let entries = bundle["entry"].as_array().unwrap();
        sizes.push(entries.len());
        ids.extend(entries.iter().map(|e| e["resource"]["id"].to_string()));
        match bundle["link"][0]["url"].as_str() {
            Some(next) => path = next.strip_prefix(&host.url).unwrap().to_owned(),
            None => break,
        }
    }
    assert_eq!((sizes, ids.len()), (vec![10, 10, 5], 25));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_reads_here_is_audited() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    host.seed(&desk.practice, &[patient("p1", "Ray")]);
    let token = host.sign_in(&desk, Role::Provider).await.access_token;
    host.get("/fhir/Patient/p1", &token).await;
    host.get("/fhir/Patient?name=ray", &token).await;
    let store = host.store(&desk.practice);
    let chain = store.audit_chain(&store.host().unwrap()).unwrap();
    let last: Vec<_> = chain.iter().rev().take(2).map(|e| e.event.as_str()).collect();
    assert!(last[0].contains("\"search\"") && last[0].contains("Patient?name=ray"));
    assert!(last[1].contains("\"read\"") && last[1].contains("Patient/p1") && last[1].contains("elm-provider"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_capability_statement_is_of_r4_and_needs_no_token() {
    let host = Host::start().await;
    let response = host.ask(Method::GET, "/fhir/metadata", None, None).await;
    assert_eq!(response.headers()["content-type"], "application/fhir+json");
    let statement: serde_json::Value = response.json().await.unwrap();
    assert_eq!(
        (&statement["resourceType"], &statement["fhirVersion"]),
        (&json!("CapabilityStatement"), &json!("4.0.1"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn many_readers_share_a_few_connections_and_one_that_breaks_off_gives_its_own_back() {
    let host = Host::start().await;
    let practices = Practices::new(DataDir::open(&host.root.path().join("data")).unwrap());
    let practice = practices.get(&practice_id("elm")).unwrap();
    let (reading, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let read = |store: &PracticeStore| {
        most.fetch_max(reading.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        let members = store.members().map(|members| members.len());
        reading.fetch_sub(1, Ordering::SeqCst);
        members
    };
    for _ in 0..8 {
        let broken = || practice.read(|_| -> Result<(), StoreError> { panic!("broken off") });
        assert!(std::panic::catch_unwind(AssertUnwindSafe(broken)).is_err());
    }
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..64).map(|_| scope.spawn(|| practice.read(read).unwrap())).collect();
        assert!(all.into_iter().all(|one| one.join().unwrap() == Role::ALL.len()));
    });
    assert!(most.into_inner() <= 4);
}
