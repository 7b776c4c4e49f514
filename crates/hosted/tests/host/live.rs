//! The line on which the host says that something has changed.

use practice::audit::{AuditAction, AuditRecord};
use practice::{Role, policy::TimeOut, policy::Zone, wire::Live, wire::PolicyWish};
use reqwest::{Method, Response, StatusCode};

use crate::office::{Desk, Host, code, member, patient};

struct Line(Response);

impl Line {
    async fn open(host: &Host, desk: &Desk) -> Self {
        let answer = host.ask(Method::GET, "/live", Some(&desk.token), None).await;
        assert_eq!(answer.status(), StatusCode::OK);
        Self(answer)
    }

    /// The next event, whole; `None` when the line has ended.
    async fn next(&mut self) -> Option<String> {
        let chunk = self.0.chunk().await.unwrap().filter(|chunk| !chunk.is_empty())?;
        let text = String::from_utf8(chunk.to_vec()).unwrap();
        assert!(text.ends_with("\n\n"), "an event comes in one piece: {text:?}");
        Some(text)
    }

    async fn told(&mut self) -> Live {
        let event = self.next().await.expect("the line goes on");
        serde_json::from_str(event.trim().strip_prefix("data: ").unwrap()).unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_says_at_once_where_the_practice_stands_and_again_at_each_change_whoever_made_it() {
    let host = Host::start().await;
    let (desk, other) = (host.enrol("elm").await, host.enrol("oak").await);
    let (mut line, mut others) = (Line::open(&host, &desk).await, Line::open(&host, &other).await);
    let first = line.told().await;
    assert_eq!(first.policy, 1);
    host.seed(&desk.practice, &[patient("p1", "Canarybird")]);
    let event = line.next().await.unwrap();
    assert!(!event.contains("Canary") && !event.contains("p1") && !event.contains("Patient"), "{event}");
    let second: Live = serde_json::from_str(event.trim().strip_prefix("data: ").unwrap()).unwrap();
    assert_eq!(second.policy, 1);
    let page = host.get(&format!("/fhir/_history?cursor={}", first.cursor), &desk.token).await.1;
    assert_eq!(page["entry"].as_array().unwrap().len(), 1, "the first cursor is from before the change");
    let page = host.get(&format!("/fhir/_history?cursor={}", second.cursor), &desk.token).await.1;
    assert!(page["entry"].as_array().is_none_or(Vec::is_empty), "the second is from after it");

    let mut store = host.store(&desk.practice);
    let wish = PolicyWish {
        time_outs: vec![TimeOut { role: Role::FrontDesk, zone: Zone::FrontCounter, seconds: 60 }],
        ..PolicyWish::from_version(1)
    };
    let record = AuditRecord::new(host.now(), AuditAction::PolicyChange, None, store.host().unwrap());
    store.change_policy(&wish, "Somebody", &record).unwrap();
    assert_eq!(line.told().await, Live { cursor: second.cursor, policy: 2 });

    assert_eq!(others.told().await.policy, 1);
    host.seed(&other.practice, &[patient("p2", "Elsewhere")]);
    let theirs = others.told().await;
    assert_eq!(theirs.policy, 1, "another practice's change was not told");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_ends_when_somebodys_standing_changes_and_opens_again_for_whoever_still_may() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    let mut line = Line::open(&host, &desk).await;
    line.told().await;
    host.store(&desk.practice).stop_member(&member("elm", Role::Clinical), host.now()).unwrap();
    assert_eq!(line.next().await, None);
    Line::open(&host, &desk).await.told().await;
    let stranger = host.ask(Method::GET, "/live", Some("elm~x"), None).await;
    assert_eq!(code(&stranger.json().await.unwrap()), "signed_out");
}
