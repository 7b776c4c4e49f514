//! The feed that workstations follow.

use std::collections::BTreeSet;

use practice::{
    Role,
    audit::{AuditAction, AuditRecord},
    wire::{PolicyWish, STANDING},
};
use reqwest::{Method, StatusCode};
use serde_json::Value;

use crate::office::{Desk, Host, code, member, patient};

/// The page's versions, and the path of the next.
async fn page(host: &Host, desk: &Desk, path: &str) -> (Vec<(String, String)>, String) {
    let (status, page) = host.get(path, &desk.token).await;
    assert_eq!(status, StatusCode::OK);
    let entries = page["entry"].as_array().cloned().unwrap_or_default();
    let seen = entries
        .iter()
        .map(|e| (e["request"]["url"].as_str().unwrap().to_owned(), e["response"]["etag"].as_str().unwrap().to_owned()))
        .collect();
    let next = page["link"].as_array().unwrap().iter().find(|link| link["relation"] == "next").unwrap()["url"]
        .as_str()
        .unwrap();
    (seen, next.strip_prefix(&host.url).unwrap().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_write_is_seen_exactly_once_while_writes_go_on() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    let writer = {
        let mut store = host.store(&desk.practice);
        let at = host.now();
        tokio::task::spawn_blocking(move || {
            for round in 0..3 {
                for id in 0..200 {
                    let text = patient(&format!("p{id}"), &format!("Round{round}"));
                    let new = hosted::store::NewResource { key: crate::office::key(&text), text: text.to_string() };
                    store.accept(&[new], at).unwrap();
                    if round > 0 && id > 60 {
                        break;
                    }
                }
            }
        })
    };
    let mut seen = BTreeSet::new();
    let mut path = "/fhir/_history?_count=7".to_owned();
    loop {
        let over = writer.is_finished();
        let (entries, next) = page(&host, &desk, &path).await;
        let empty = entries.is_empty();
        for entry in entries {
            assert!(seen.insert(entry.clone()), "{entry:?} came twice");
        }
        path = next;
        if over && empty {
            break;
        }
    }
    writer.await.unwrap();
    assert_eq!(seen.len(), 200 + 62 + 62);
    assert!(page(&host, &desk, &path).await.0.is_empty(), "an empty page still says where to go on");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_is_the_stored_text_with_how_it_came_to_be() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    host.push(&desk, Role::FrontDesk, "c1", &[(patient("p1", "Ray"), None)]).await;
    let (_, history) = host.get("/fhir/_history", &desk.token).await;
    assert_eq!(history["type"], "history");
    let entry = &history["entry"][0];
    assert_eq!(entry["fullUrl"], format!("{}/fhir/Patient/p1", host.url));
    assert_eq!(entry["request"]["method"], "PUT");
    assert_eq!(entry["response"]["etag"], "W/\"1\"");
    assert_eq!(entry["response"]["lastModified"], host.now().to_string());
    let read: Value = host.get("/fhir/Patient/p1", &desk.token).await.1;
    assert_eq!(entry["resource"], read);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_come_compressed_to_who_asks() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    host.seed(&desk.practice, &(0..50).map(|n| patient(&format!("p{n}"), "Ray")).collect::<Vec<_>>());
    let plain = host.ask(Method::GET, "/fhir/_history", Some(&desk.token), None).await;
    assert!(!plain.headers().contains_key("content-encoding"));
    let request = host.client.get(format!("{}/fhir/_history", host.url)).bearer_auth(&desk.token);
    let packed = request.header("accept-encoding", "zstd").send().await.unwrap();
    assert_eq!(packed.headers()["content-encoding"], "zstd", "{packed:?}");
    let (plain, packed) = (plain.bytes().await.unwrap(), packed.bytes().await.unwrap());
    assert!(packed.len() * 5 < plain.len());
    assert_eq!(zstd::stream::decode_all(&packed[..]).unwrap(), plain);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_not_the_last_says_so_in_its_head() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    host.seed(&desk.practice, &(0..5).map(|n| patient(&format!("p{n}"), "Ray")).collect::<Vec<_>>());
    let mut path = "/fhir/_history?_count=2".to_owned();
    for (entries, more) in [(2, true), (2, true), (1, false), (0, false)] {
        let head = host.ask(Method::GET, &path, Some(&desk.token), None).await.headers().get("link").cloned();
        let (seen, next) = page(&host, &desk, &path).await;
        assert_eq!((seen.len(), head.is_some()), (entries, more), "{path}");
        let says = head.map(|link| link.to_str().unwrap().to_owned());
        assert!(says.is_none_or(|says| says == format!("<{}{next}>; rel=\"next\"", host.url)));
        path = next;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_says_in_its_head_when_the_policy_or_a_member_is_another_one_and_at_no_other_change() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    let stands = async || {
        let page = host.ask(Method::GET, "/fhir/_history", Some(&desk.token), None).await;
        page.headers()[STANDING].to_str().unwrap().to_owned()
    };
    let mut seen = BTreeSet::from([stands().await]);
    host.seed(&desk.practice, &[patient("p1", "Ray")]);
    host.enrol("elm").await;
    assert!(seen.contains(&stands().await), "nothing of it is the policy's or a member's");
    let mut store = host.store(&desk.practice);
    let clinical = member("elm", Role::Clinical);
    store.set_role(&clinical, Role::FrontDesk, host.now()).unwrap();
    assert!(seen.insert(stands().await), "a role");
    store.stop_member(&clinical, host.now()).unwrap();
    assert!(seen.insert(stands().await), "a stop");
    let wish = PolicyWish { lease_hours: Some(24), ..PolicyWish::from_version(1) };
    let record = AuditRecord::new(host.now(), AuditAction::PolicyChange, None, store.host().unwrap());
    store.change_policy(&wish, "Somebody", &record).unwrap();
    assert!(seen.insert(stands().await), "the policy");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_large_documents_ends_early_and_loses_none() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    let scan = "A".repeat(3 * 1024 * 1024);
    let document = |n: usize| {
        serde_json::json!({"resourceType": "DocumentReference", "id": format!("d{n}"), "status": "current",
            "content": [{"attachment": {"data": scan}}]})
    };
    host.seed(&desk.practice, &(0..4).map(document).collect::<Vec<_>>());
    let (mut pages, mut path) = (Vec::new(), "/fhir/_history".to_owned());
    loop {
        let (seen, next) = page(&host, &desk, &path).await;
        if seen.is_empty() {
            break;
        }
        pages.push(seen.len());
        path = next;
    }
    assert_eq!(pages, [3, 1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_that_the_history_did_not_give_is_refused() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    for query in ["cursor=x", "cursor=LTF-ZQ", "_count=many", "since=2026"] {
        let (status, outcome) = host.get(&format!("/fhir/_history?{query}"), &desk.token).await;
        assert_eq!((status, code(&outcome)), (StatusCode::BAD_REQUEST, "invalid"), "{query}");
    }
    let other = host.enrol("oak").await;
    let (_, next) = page(&host, &other, "/fhir/_history").await;
    let (status, _) = host.get(&next, &desk.token).await;
    assert_eq!(status, StatusCode::GONE, "the cursor of another epoch");
}
