//! Bodies that are small until somebody unfolds them, at every endpoint that takes one.

use hosted::http::{ENDPOINTS, Needs};
use practice::Role;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::{
    endpoints::{ROWS, Row, method},
    office::{Desk, Host, code, patient},
};

/// Where a password, a code or a token that is wrong is a sign-in that failed.
const PROVING: [&str; 4] = ["/sign-in", "/token", "/second-factor", "/second-factor/confirm"];

/// Where a bomb goes in a good body.
const HERE: &str = "\"bomb\"";

fn nested(open: &str, close: &str, n: usize) -> String {
    format!("{}1{}", open.repeat(n), close.repeat(n))
}

fn bombs() -> Vec<(&'static str, String)> {
    vec![
        ("deep lists", nested("[", "]", 100_000)),
        ("deep objects", nested("{\"a\":", "}", 100_000)),
        ("many empty lists", format!("[{}]", vec!["[]"; 200_000].join(","))),
        ("many names", format!("{{{}}}", vec!["\"a\":1"; 100_000].join(","))),
        ("a long text", format!("\"{}\"", "x".repeat(1_000_000))),
        ("escapes", format!("\"{}\"", "\\u0000".repeat(100_000))),
        ("a half surrogate", "\"\\ud800\"".to_owned()),
        ("a long number", "9".repeat(500_000)),
        ("a long fraction", format!("0.{}1", "0".repeat(500_000))),
        ("a large exponent", "1e999999999".to_owned()),
    ]
}

/// A good body with [`HERE`] in each of its places in turn.
fn places(good: &Value) -> Vec<String> {
    let mut all = Vec::new();
    let mut open = vec![String::new()];
    while let Some(at) = open.pop() {
        let place = |key: &str| format!("{at}/{key}");
        let inside: Vec<String> = match good.pointer(&at).unwrap() {
            Value::Object(members) => members.keys().map(|key| place(key)).collect(),
            Value::Array(items) => (0..items.len()).map(|n| place(&n.to_string())).collect(),
            _ => Vec::new(),
        };
        for at in inside {
            let mut bombed = good.clone();
            *bombed.pointer_mut(&at).unwrap() = json!("bomb");
            all.push(bombed.to_string());
            // Deeper than that lies what is asked of a resource alone.
            if at.matches('/').count() < 3 {
                open.push(at);
            }
        }
    }
    all
}

/// No server error, in words, and nothing of what came.
fn is_refused_in_words(what: &str, row: &Row, status: StatusCode, answer: &str) {
    assert!(status.is_client_error(), "{what}: {status} {answer:.300}");
    assert!(answer.len() < 10_000 && !answer.contains("xxxxx"), "{what} says it again: {answer:.300}");
    if row.path != "/password" {
        let told: Value = serde_json::from_str(answer).unwrap();
        let say = told["issue"][0]["diagnostics"].as_str().or(told["say"].as_str()).unwrap();
        assert!(say.ends_with('.') && code(&told) != "none", "{what}: {say}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_endpoint_unfolds_what_it_is_sent() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    let bombs = bombs();
    for row in ROWS.iter().filter(|row| row.method != "GET") {
        let good = good(&host, &desk, row);
        let deep = format!("{{\"x\":{},{}", nested("[", "]", 10_000), &good.to_string()[1..]);
        let whole = bombs.iter().map(|(what, bomb)| (*what, bomb.clone()));
        let inside = places(&good)
            .into_iter()
            .flat_map(|body| bombs.iter().map(move |(what, bomb)| (*what, body.replace(HERE, bomb))));
        let mut token = String::new();
        for (number, (bomb, body)) in whole.chain([("deep where nobody looks", deep)]).chain(inside).enumerate() {
            // Nobody's token is too old, each wrong password is somebody's first, and nobody is told to wait.
            if number % 20 == 0 {
                token = host.sign_in(&desk, Role::Admin).await.access_token;
            }
            host.pass(20);
            let body = body.replace("nobody@", &format!("nobody{number}@"));
            let what = format!("{bomb}: {} {} {body:.200}", row.method, row.path);
            let response = host.ask(method(row), row.asked, caller(row, &desk, &token), Some(body)).await;
            let (status, answer) = (response.status(), response.text().await.unwrap());
            if status.is_success() {
                // One takes any text for an address, and tells nobody whether it is a member's; for the other, names that
                // it does not know are nothing.
                let harmless = match row.path {
                    "/password/forgotten" => status == StatusCode::ACCEPTED,
                    "/sign-out" => bomb == "many names",
                    _ => false,
                };
                assert!(harmless, "{what}: {status}");
                token = host.sign_in(&desk, Role::Admin).await.access_token;
            } else {
                is_refused_in_words(&what, row, status, &answer);
                let unread = [StatusCode::BAD_REQUEST, StatusCode::UNPROCESSABLE_ENTITY].contains(&status);
                assert!(unread || !bomb.starts_with("deep") || row.path == "/password", "{what}: {status}");
                assert!(status != StatusCode::UNAUTHORIZED || PROVING.contains(&row.path), "{what}: {status}");
                assert_ne!(status, StatusCode::TOO_MANY_REQUESTS, "{what} was not looked at");
            }
        }
    }
    let token = host.sign_in(&desk, Role::Admin).await.access_token;
    assert_eq!(host.get("/accounts", &token).await.0, StatusCode::OK, "the host goes on");
    let store = host.store(&desk.practice);
    let chain = store.audit_chain(&store.host().unwrap()).unwrap();
    assert!(chain.iter().all(|entry| entry.event.len() < 4_000), "what was sent fills no audit trail");
}

/// A body that the endpoint would take, or refuse for what it says alone.
fn good(host: &Host, desk: &Desk, row: &Row) -> Value {
    match (row.path, row.body) {
        ("/fhir", _) => host.bundle(desk, Role::FrontDesk, "c1", &[(patient("p1", "Ray"), None)]),
        // A form: as JSON nothing of it is a name that the page knows.
        ("/password", _) => json!({"link": "elm~x"}),
        // In the table its list is empty.
        ("/given-back", _) => json!({"life": "x", "resources": [patient("p1", "Ray")]}),
        ("/audit", _) => json!({"entries": [{"a": 1}]}),
        // In the table it is a member's, whose tries are counted.
        ("/sign-in", _) => json!({"email": "nobody@x.test", "password": "wrong password"}),
        (path, body) => {
            serde_json::from_str(body.unwrap_or_else(|| panic!("{path} takes a body: write a good one"))).unwrap()
        }
    }
}

fn caller<'a>(row: &Row, desk: &'a Desk, person: &'a str) -> Option<&'a str> {
    let endpoint = ENDPOINTS.iter().find(|one| (one.method, one.path) == (row.method, row.path)).unwrap();
    match endpoint.needs {
        Needs::Nothing => None,
        Needs::Member => Some(person),
        Needs::Device | Needs::Wiping | Needs::Either => Some(&desk.token),
    }
}
