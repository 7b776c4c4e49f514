//! Every endpoint against everybody who has no business there. An endpoint without a row fails.

use hosted::http::{ENDPOINTS, Needs, OWN_ROWS};
use practice::{Role, ids::PracticeId, wire::Standing};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::office::{Host, code, member, patient, practice_id};

/// Whom an endpoint of this kind turns away because of their role.
enum Role_ {
    /// Every role may.
    NoneIsWrong,
    /// This one may not, and hears `forbidden`.
    Wrong(Role),
}

pub struct Row {
    pub method: &'static str,
    pub path: &'static str,
    /// The path as it is asked for.
    pub asked: &'static str,
    /// A good one, for the endpoints of one shape.
    pub body: Option<&'static str>,
    role: Role_,
}

const fn row(method: &'static str, path: &'static str, asked: &'static str) -> Row {
    Row { method, path, asked, body: None, role: Role_::NoneIsWrong }
}

const POLICY_WISH: &str = r#"{"base_version":1,"time_outs":[{"role":"admin","zone":"exam_room","seconds":61}]}"#;

const NOBODY: &str = r#"{"email":"nobody@x.test","password":"wrong password","code":"000000"}"#;

pub const ROWS: &[Row] = &[
    row("GET", "/health", "/health"),
    // Before its audit trail tells what was typed at the others.
    Row { role: Role_::Wrong(Role::Clinical), ..row("GET", "/export", "/export") },
    Row { body: Some(r#"{"code":"0000-0000-0000","name":"x","zone":"exam_room"}"#), ..row("POST", "/enrol", "/enrol") },
    Row {
        body: Some(r#"{"email":"admin@elm.test","password":"correct horse battery"}"#),
        ..row("POST", "/sign-in", "/sign-in")
    },
    row("GET", "/second-factor", "/second-factor"),
    Row { body: Some(NOBODY), ..row("POST", "/second-factor", "/second-factor") },
    Row { body: Some(NOBODY), ..row("POST", "/second-factor/confirm", "/second-factor/confirm") },
    row("GET", "/policy", "/policy"),
    Row { body: Some(POLICY_WISH), role: Role_::Wrong(Role::FrontDesk), ..row("PUT", "/policy", "/policy") },
    row("GET", "/members", "/members"),
    Row {
        body: Some(r#"{"email":"new@x.test","name":"New","role":"clinical"}"#),
        role: Role_::Wrong(Role::Provider),
        ..row("POST", "/members", "/members")
    },
    Row {
        body: Some(r#"{"stopped":true}"#),
        role: Role_::Wrong(Role::FrontDesk),
        ..row("PUT", "/members/{id}", "/members/elm-admin")
    },
    Row { role: Role_::Wrong(Role::Clinical), ..row("GET", "/accounts", "/accounts") },
    Row { body: Some(r#"{"email":"admin@elm.test"}"#), ..row("POST", "/password/forgotten", "/password/forgotten") },
    row("GET", "/password", "/password?link=elm~x"),
    row("POST", "/password", "/password"),
    Row { role: Role_::Wrong(Role::Provider), ..row("GET", "/workstations", "/workstations") },
    Row { role: Role_::Wrong(Role::Provider), ..row("GET", "/backups", "/backups") },
    Row { role: Role_::Wrong(Role::Provider), ..row("GET", "/deletion", "/deletion") },
    Row {
        body: Some(r#"{"wish":"keep"}"#),
        role: Role_::Wrong(Role::FrontDesk),
        ..row("PUT", "/deletion", "/deletion")
    },
    Row {
        body: Some(r#"{"standing":"wipe"}"#),
        role: Role_::Wrong(Role::Clinical),
        ..row("PUT", "/workstations/{id}", "/workstations/another-practices")
    },
    row("GET", "/live", "/live"),
    Row { body: Some(r#"{"document":"{}","signature":"","key":""}"#), ..row("POST", "/wiped", "/wiped") },
    Row { body: Some(r#"{"entries":[]}"#), ..row("POST", "/audit", "/audit") },
    Row { body: Some(r#"{"life":"x","resources":[]}"#), ..row("POST", "/given-back", "/given-back") },
    row("GET", "/fhir/metadata", "/fhir/metadata"),
    row("GET", "/fhir/_history", "/fhir/_history"),
    Row { role: Role_::Wrong(Role::FrontDesk), ..row("POST", "/fhir", "/fhir") },
    row("GET", "/fhir/{kind}", "/fhir/Patient?name=canarybird"),
    row("GET", "/fhir/{kind}/{id}", "/fhir/Patient/elm-patient"),
    row("GET", "/fhir/{kind}/{id}/_history", "/fhir/Patient/elm-patient/_history"),
    row("GET", "/fhir/{kind}/{id}/_history/{version}", "/fhir/Patient/elm-patient/_history/1"),
    Row { body: Some(r#"{"refresh_token":"elm~x"}"#), ..row("POST", "/token", "/token") },
    // The last: whoever asks has no token any more.
    Row { body: Some(r#"{"everywhere":true}"#), ..row("POST", "/sign-out", "/sign-out") },
];

/// How many refusals the practice's audit trail tells of.
fn refusals(host: &Host, practice: &PracticeId) -> u64 {
    let store = host.store(practice);
    let chain = store.audit_chain(&store.host().unwrap()).unwrap();
    chain.iter().filter(|entry| entry.event.contains(r#""outcome":"4""#)).count() as u64
}

/// What an answer says; of one without an end, its first words.
async fn beginning(mut response: Response) -> String {
    let endless = response.headers().get("content-type").is_some_and(|kind| kind == "text/event-stream");
    let first = response.chunk().await.unwrap().unwrap_or_default();
    let rest = if endless { String::new() } else { response.text().await.unwrap() };
    String::from_utf8_lossy(&first).into_owned() + &rest
}

#[test]
fn every_endpoint_has_a_row_here() {
    let mut served: Vec<_> = ENDPOINTS.iter().map(|e| (e.method, e.path)).collect();
    let mut tested: Vec<_> = ROWS.iter().map(|r| (r.method, r.path)).collect();
    served.sort_unstable();
    tested.sort_unstable();
    assert_eq!(served, tested);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_in_without_the_credential_that_an_endpoint_needs() {
    let host = Host::start().await;
    let elm = host.enrol("elm").await;
    host.seed(&elm.practice, &[patient("elm-patient", "Canarybird")]);
    let person = host.sign_in(&elm, Role::Admin).await.access_token;
    let forged = format!("elm~{}", "A".repeat(43));
    let ended = host.sign_in(&elm, Role::Provider).await.access_token;
    let stopped = host.sign_in(&elm, Role::Clinical).await.access_token;
    host.store(&elm.practice).stop_member(&member("elm", Role::Clinical), host.now()).unwrap();
    let (mut named, before) = (0, refusals(&host, &elm.practice));
    for row in ROWS {
        let needs = ENDPOINTS.iter().find(|e| (e.method, e.path) == (row.method, row.path)).unwrap().needs;
        let mut strangers =
            vec![None, Some("garbage"), Some(""), Some("elm~"), Some("oak~x"), Some(&forged), Some(&stopped)];
        match needs {
            Needs::Nothing => continue,
            Needs::Device | Needs::Wiping => strangers.push(Some(&person)),
            Needs::Member => strangers.push(Some(&elm.token)),
            Needs::Either => {}
        }
        for token in strangers {
            let response = host.ask(method(row), row.asked, token, row.body.map(str::to_owned)).await;
            let (status, body): (_, Value) = (response.status(), response.json().await.unwrap());
            assert_eq!(
                (status, code(&body)),
                (StatusCode::UNAUTHORIZED, "signed_out"),
                "{} {} {token:?}",
                row.method,
                row.path
            );
            assert!(!body.to_string().contains("Canary"));
            // What names no practice can't be told in one's audit trail.
            named += u64::from(token.is_some_and(|token| token.starts_with("elm~") && token.len() > 40));
        }
    }
    assert_eq!(refusals(&host, &elm.practice) - before, named.min(2 * u64::from(OWN_ROWS)), "each try is told");
    host.pass(12 * 3600 + 1);
    for row in ROWS {
        let needs = ENDPOINTS.iter().find(|e| (e.method, e.path) == (row.method, row.path)).unwrap().needs;
        if matches!(needs, Needs::Member | Needs::Either) {
            let response = host.ask(method(row), row.asked, Some(&ended), row.body.map(str::to_owned)).await;
            assert_eq!(
                response.status(),
                StatusCode::UNAUTHORIZED,
                "{} {} with a token that has ended",
                row.method,
                row.path
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_practices_token_reaches_nothing_of_this_one() {
    let host = Host::start().await;
    let (elm, oak) = (host.enrol("elm").await, host.enrol("oak").await);
    host.seed(&elm.practice, &[patient("elm-patient", "Canarybird")]);
    let admin = host.sign_in(&oak, Role::Admin).await.access_token;
    for row in ROWS {
        let needs = ENDPOINTS.iter().find(|e| (e.method, e.path) == (row.method, row.path)).unwrap().needs;
        let tokens: &[&str] = match needs {
            Needs::Nothing => continue,
            Needs::Device | Needs::Wiping => &[&oak.token],
            Needs::Member => &[&admin],
            Needs::Either => &[&oak.token, &admin],
        };
        for token in tokens {
            let response = host.ask(method(row), row.asked, Some(token), row.body.map(str::to_owned)).await;
            let status = response.status();
            let text = beginning(response).await;
            assert!(!text.contains("Canary") && !text.contains("elm"), "{} {}: {text}", row.method, row.path);
            if row.path.contains("{id}") {
                assert_eq!(status, StatusCode::NOT_FOUND, "{} {}", row.method, row.path);
            }
        }
    }
    let store = host.store(&practice_id("elm"));
    assert_eq!(store.policy_in_force().unwrap().version, 1, "the other practice's admin changed its own policy alone");
    assert_eq!(host.store(&oak.practice).policy_in_force().unwrap().version, 2);
    let tries = host.store(&oak.practice).audit_chain(&host.store(&oak.practice).host().unwrap()).unwrap();
    assert!(
        tries.iter().any(|e| e.event.contains("Patient/elm-patient") && e.event.contains(r#""outcome":"4""#)),
        "tries are audited"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_computer_that_was_stopped_or_told_to_wipe_gets_nothing_and_neither_does_whoever_sits_there() {
    let host = Host::start().await;
    let (stopped, wiping) = (host.enrol("elm").await, host.enrol("elm").await);
    let people = [host.sign_in(&stopped, Role::Admin).await, host.sign_in(&wiping, Role::Admin).await];
    host.store(&stopped.practice).order_workstation(&stopped.id, Standing::Stopped, host.now()).unwrap();
    host.store(&wiping.practice).order_workstation(&wiping.id, Standing::Wipe, host.now()).unwrap();
    let (mut asked, before) = (0, refusals(&host, &stopped.practice));
    for row in ROWS {
        let needs = ENDPOINTS.iter().find(|e| (e.method, e.path) == (row.method, row.path)).unwrap().needs;
        for (desk, person, word) in
            [(&stopped, &people[0], "workstation_stopped"), (&wiping, &people[1], "wipe_ordered")]
        {
            let tokens: &[&str] = match needs {
                Needs::Nothing | Needs::Wiping => continue,
                Needs::Device => &[&desk.token],
                Needs::Member => &[&person.access_token],
                Needs::Either => &[&desk.token, &person.access_token],
            };
            for token in tokens {
                let response = host.ask(method(row), row.asked, Some(token), row.body.map(str::to_owned)).await;
                let (status, body): (_, Value) = (response.status(), response.json().await.unwrap());
                assert_eq!((status, code(&body)), (StatusCode::FORBIDDEN, word), "{} {}", row.method, row.path);
                asked += 1;
            }
        }
    }
    assert_eq!(refusals(&host, &stopped.practice) - before, asked, "each try is told");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_may_not_is_told_so_and_changes_nothing() {
    let host = Host::start().await;
    let elm = host.enrol("elm").await;
    let condition = json!({"resourceType": "Condition", "id": "c1", "subject": {"reference": "Patient/p1"}});
    for row in ROWS {
        let Role_::Wrong(role) = row.role else { continue };
        let token = host.sign_in(&elm, role).await.access_token;
        let body = row.body.map_or_else(
            || host.bundle(&elm, role, "change-1", &[(condition.clone(), None)]).to_string(),
            str::to_owned,
        );
        let response = host.ask(method(row), row.asked, Some(&token), Some(body)).await;
        let (status, body): (_, Value) = (response.status(), response.json().await.unwrap());
        assert_eq!((status, code(&body)), (StatusCode::FORBIDDEN, "forbidden"), "{} {}", row.method, row.path);
    }
    let wrong = ROWS.iter().filter(|row| matches!(row.role, Role_::Wrong(_))).count() as u64;
    assert_eq!(refusals(&host, &elm.practice), wrong, "each try is told");
    assert_eq!(host.store(&elm.practice).policy_in_force().unwrap().version, 1);
    assert_eq!(host.get("/fhir/Condition/c1", &elm.token).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_served_is_said_in_the_manner_of_its_address() {
    let host = Host::start().await;
    for (method, path, status, fhir) in [
        (Method::GET, "/nothing", 404, false),
        (Method::DELETE, "/policy", 405, false),
        (Method::GET, "/fhir/Patient/a/b/c", 404, true),
        (Method::DELETE, "/fhir/Patient/a", 405, true),
    ] {
        let response = host.ask(method, path, None, None).await;
        assert_eq!(response.status(), status, "{path}");
        let body: Value = response.json().await.unwrap();
        assert_eq!(body["resourceType"] == "OperationOutcome", fhir, "{path}");
        assert_ne!(code(&body), "none", "{path}");
    }
}

pub fn method(row: &Row) -> Method {
    row.method.parse().unwrap()
}
