//! Workstations' audit chains.

use practice::audit::{ChainEntry, FIRST, link};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::office::{Desk, Host, code};

fn chain(desk: &Desk, events: &[&str]) -> Vec<ChainEntry> {
    let mut prev = FIRST.to_owned();
    let mut entries = Vec::new();
    for (seq, event) in (1..).zip(events) {
        let hash = link(&desk.id, seq, &prev, event);
        entries.push(ChainEntry { seq, prev, event: (*event).to_owned(), hash: hash.clone() });
        prev = hash;
    }
    entries
}

async fn upload(host: &Host, desk: &Desk, entries: &[ChainEntry]) -> (StatusCode, Value) {
    let body = json!({"entries": entries}).to_string();
    let response = host.ask(Method::POST, "/audit", Some(&desk.token), Some(body)).await;
    (response.status(), response.json().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_is_taken_in_order_and_a_repeat_does_no_harm() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    let all = chain(&desk, &["a", "b", "c", "d"]);
    assert_eq!(upload(&host, &desk, &all[..2]).await.1["accepted_through"], 2);
    assert_eq!(upload(&host, &desk, &all[1..]).await.1["accepted_through"], 4);
    assert_eq!(upload(&host, &desk, &[]).await.1["accepted_through"], 4);
    assert_eq!(host.store(&desk.practice).audit_chain(&desk.id).unwrap(), all);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gap_an_edit_a_clone_and_a_new_past_are_refused() {
    let host = Host::start().await;
    let (desk, other) = (host.enrol("elm").await, host.enrol("elm").await);
    let all = chain(&desk, &["a", "b", "c", "d"]);
    upload(&host, &desk, &all[..2]).await;
    let mut edited = all[2..].to_vec();
    edited[0].event = "x".into();
    let cloned = chain(&desk, &["a", "b", "other", "tail"]);
    let rewritten = chain(&desk, &["a", "X", "c", "d"]);
    for (what, entries) in [("a gap", &all[3..]), ("an edit", &edited), ("a new past", &rewritten)] {
        let (status, body) = upload(&host, &desk, entries).await;
        assert_eq!((status, code(&body)), (StatusCode::CONFLICT, "audit_gap"), "{what}");
    }
    assert_eq!(upload(&host, &other, &all).await.0, StatusCode::CONFLICT, "another workstation's chain");
    assert_eq!(upload(&host, &desk, &all[2..]).await.0, StatusCode::OK);
    assert_eq!(upload(&host, &desk, &cloned).await.0, StatusCode::CONFLICT, "a cloned file went another way");
    assert_eq!(host.store(&desk.practice).audit_chain(&desk.id).unwrap(), all);
}
