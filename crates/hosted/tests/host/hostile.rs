//! Values that mean something to a database, a log or an eye: to the host they are values.

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
};
use hosted::{http::App, practices::Practices};
use practice::Role;
use reqwest::Method;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::office::{Host, appointment, code, patient};

const SQL: [&str; 14] = [
    "'",
    "''",
    "\"",
    "' or '1'='1",
    "' or 1=1 --",
    "'; drop table resource; --",
    "\"; delete from version; --",
    "') union select token from access_token --",
    "1; attach database 'x' as y",
    "%",
    "_",
    "*",
    "\\",
    "/**/",
];

const TRICKS: [&str; 12] = [
    "\u{0}",
    "\u{202E}nimda",
    "\u{200B}",
    "Can\u{0430}rybird",
    "\u{FEFF}Canarybird",
    "C\u{0301}\u{0301}\u{0301}\u{0301}",
    "\u{1F469}\u{200D}\u{2695}\u{FE0F}",
    "\u{10FFFF}",
    "\u{FFFD}",
    "\r\nx-injected: 1",
    "${jndi:ldap://x}",
    "<script>alert(1)</script>",
];

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// An error is told in FHIR's words or in ours, and says nothing of what is inside.
fn is_told_in_words(what: &str, path: &str, status: StatusCode, answer: &str) {
    assert!(!status.is_server_error(), "{what}: {status} {answer}");
    if status.is_success() {
        return;
    }
    let told: Value = serde_json::from_str(answer).unwrap_or_else(|_| panic!("{what}: {answer}"));
    assert_eq!(told["resourceType"] == "OperationOutcome", path.starts_with("/fhir"), "{what}: {answer}");
    let say = told["issue"][0]["diagnostics"].as_str().or(told["say"].as_str()).unwrap();
    assert!(say.ends_with('.') && code(&told) != "none", "{what}: {answer}");
    let internals =
        ["sqlite", "postgres", "sqlstate", "relation", "syntax", "panicked", "src/", "column", "line ", "serde"];
    for internal in internals.iter().chain(&["token from", "byte sequence"]) {
        assert!(!answer.to_lowercase().contains(internal), "{what}: {answer}");
    }
}

async fn ask(router: &Router, method: &str, path: &str, token: &str, body: impl Into<Body>) -> (StatusCode, String) {
    let request = Request::builder().method(method).uri(path).header(header::AUTHORIZATION, format!("Bearer {token}"));
    let response = router.clone().oneshot(request.body(body.into()).unwrap()).await.unwrap();
    let (head, body) = response.into_parts();
    assert!(!head.headers.contains_key("x-injected"));
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    (head.status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn sql_and_unicode_in_every_search_parameter_find_nothing_and_break_nothing() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    let texts: Vec<Value> = (0..20)
        .flat_map(|n| [patient(&format!("p{n}"), "Canarybird"), appointment(&format!("a{n}"), "d1", "09:00", "09:15")])
        .collect();
    host.seed(&desk.practice, &texts);
    let now = host.now();
    let router = App::new(Practices::new(host.data()), move || now).router();
    let names = ["_id", "identifier", "status", "date", "patient", "subject", "name", "phone", "birthdate", "actor"];
    let names = names.iter().chain(&["practitioner", "_lastUpdated", "_count", "_cursor", "_sort", "'; --"]);
    for name in names {
        for value in SQL.iter().chain(&TRICKS) {
            for kind in ["Patient", "Appointment"] {
                let path = format!("/fhir/{kind}?{}={}", encoded(name), encoded(value));
                let (status, answer) = ask(&router, "GET", &path, &desk.token, "").await;
                let what = format!("{kind}?{name}={value:?}");
                is_told_in_words(&what, &path, status, &answer);
                if status == StatusCode::OK {
                    let found: Value = serde_json::from_str(&answer).unwrap();
                    // What has no letter and no digit is no condition on a name that anybody has.
                    assert!(found.get("entry").is_none() || *name == "name", "{what} finds {answer:.300}");
                }
            }
        }
    }
    for value in SQL.iter().chain(&TRICKS) {
        for path in [
            format!("/fhir/Patient/{}", encoded(value)),
            format!("/fhir/{}/p1", encoded(value)),
            format!("/fhir/Patient/p1/_history/{}", encoded(value)),
            format!("/fhir/_history?cursor={}", encoded(value)),
            format!("/workstations/{}", encoded(value)),
            format!("/{}", encoded(value)),
        ] {
            let (status, answer) = ask(&router, "GET", &path, &desk.token, "").await;
            assert!(status.is_client_error(), "{path}: {status}");
            is_told_in_words(&path, &path, status, &answer);
        }
    }
    let (_, all) = host.get("/fhir/Patient?_count=1000", &desk.token).await;
    assert_eq!(all["entry"].as_array().unwrap().len(), 20, "everything is still there");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_without_end_is_refused_in_words() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    for (what, query) in [
        ("conditions", "name=a&".repeat(1000)),
        ("words", format!("name={}", "a+".repeat(3000))),
        ("alternatives", format!("name={}", "a,".repeat(3000))),
        ("ids", format!("_id={}", "a,".repeat(3000))),
    ] {
        let response = host.ask(Method::GET, &format!("/fhir/Patient?{query}"), Some(&desk.token), None).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{what}");
        is_told_in_words(what, "/fhir", StatusCode::BAD_REQUEST, &response.text().await.unwrap());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn json_that_unfolds_is_refused_before_it_does() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    let admin = host.sign_in(&desk, Role::Admin).await.access_token;
    let nested = |open: &str, close: &str, n: usize| format!("{}{}", open.repeat(n), close.repeat(n));
    let wide = |one: &str, n: usize| format!("[{}]", vec![one; n].join(","));
    for (what, json) in [
        ("deep lists", nested("[", "]", 100_000)),
        ("deep objects", nested("{\"a\":", "}", 100_000).replace(":}", ":1}")),
        ("a million empty lists", wide("[]", 1_000_000)),
        ("a million names", format!("{{{}}}", vec!["\"a\":1"; 1_000_000].join(","))),
        ("a long number", "9".repeat(1_000_000)),
        ("a large exponent", "1e999999999".to_owned()),
        ("escapes", format!("\"{}\"", "\\u0000".repeat(500_000))),
        ("a half surrogate", "\"\\ud800\"".to_owned()),
        ("a deep one where nobody looks", format!("{{\"x\":{}}}", nested("[", "]", 10_000))),
    ] {
        let transaction = format!("{{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[],\"x\":{json}}}");
        for (method, path, token, body) in [
            ("POST", "/fhir", &desk.token, transaction),
            ("POST", "/fhir", &desk.token, json.clone()),
            ("POST", "/audit", &desk.token, format!("{{\"entries\":{json}}}")),
            ("POST", "/given-back", &desk.token, format!("{{\"life\":\"x\",\"resources\":[{json}]}}")),
            ("POST", "/wiped", &desk.token, json.clone()),
            ("POST", "/sign-in", &desk.token, format!("{{\"email\":{json},\"password\":\"x\"}}")),
            ("POST", "/enrol", &desk.token, json.clone()),
            ("PUT", "/policy", &admin, json.clone()),
        ] {
            let response = host.ask(method.parse().unwrap(), path, Some(token), Some(body)).await;
            let status = response.status();
            assert!(status.is_client_error(), "{what} {path}: {status}");
            is_told_in_words(&format!("{what} {path}"), path, status, &response.text().await.unwrap());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tricks_in_what_people_are_called_are_kept_as_text_or_refused() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    for (number, trick) in TRICKS.iter().enumerate() {
        let (status, told) = host
            .push(&desk, Role::FrontDesk, &format!("c{number}"), &[(patient(&format!("t{number}"), trick), None)])
            .await;
        assert_eq!(status, StatusCode::OK, "{trick:?}: {told}");
        let (_, kept) = host.get(&format!("/fhir/Patient/t{number}"), &desk.token).await;
        assert_eq!(kept["name"][0]["family"], json!(trick), "a chart says what was entered");
        let email = format!("a{trick}@elm.test");
        let tried = host.try_sign_in(&desk, &email, "wrong password").await;
        let status = tried.status();
        is_told_in_words(&email, "/sign-in", status, &tried.text().await.unwrap());
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{trick:?}");
        let code = host.store(&desk.practice).new_enrol_code(host.now()).unwrap().code;
        let request = json!({"code": code, "name": format!("Front{trick}desk"), "zone": "exam_room"}).to_string();
        let joined: Value = host.ask(Method::POST, "/enrol", None, Some(request)).await.json().await.unwrap();
        let id = joined["workstation"].as_str().unwrap();
        let all = host.store(&desk.practice).workstations().unwrap();
        let name = &all.iter().find(|one| one.id.as_str() == id).unwrap().name;
        assert!(name.starts_with("Front") && !name.contains(['\0', '\n', '\r', '\u{202E}', '\u{200B}', '\u{FEFF}']));
    }
    let long = "ä".repeat(100_000);
    let tried = host.try_sign_in(&desk, &format!("{long}@elm.test"), &long).await;
    assert_eq!(tried.status(), StatusCode::UNAUTHORIZED, "as for any address that is nobody's");
    let store = host.store(&desk.practice);
    let chain = store.audit_chain(&store.host().unwrap()).unwrap();
    assert!(chain.iter().all(|entry| entry.event.len() < 4_000), "what was typed fills no audit trail");
}
