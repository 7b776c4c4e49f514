//! The version of the protocol: chosen, or refused with who must be updated.

use practice::{Role, wire::Standing, wire::WorkstationWish};
use reqwest::{Method, StatusCode};
use serde_json::Value;

use crate::office::{Host, code};

async fn ask(
    host: &Host,
    method: Method,
    path: &str,
    token: &str,
    spoken: Option<&str>,
    body: &str,
) -> (u16, Option<String>, Value) {
    let mut request =
        host.client.request(method, format!("{}{path}", host.url)).bearer_auth(token).body(body.to_owned());
    if let Some(spoken) = spoken {
        request = request.header("x-protocol", spoken);
    }
    let answer = request.send().await.unwrap();
    let chosen = answer.headers().get("x-protocol").map(|value| value.to_str().unwrap().to_owned());
    (answer.status().as_u16(), chosen, answer.json().await.unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_host_answers_in_the_newest_version_that_both_speak_or_says_who_is_too_old() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    for path in ["/policy", "/members", "/fhir/_history", "/fhir/Patient"] {
        for spoken in [None, Some("1-1"), Some("0-1"), Some("1-9")] {
            let (status, chosen, _) = ask(&host, Method::GET, path, &desk.token, spoken, "").await;
            assert_eq!((status, chosen.as_deref()), (200, Some("1")), "{path} {spoken:?}");
        }
        for (spoken, word, says) in [
            ("0-0", "workstation_too_old", "This computer needs a newer Shadowchart"),
            ("2-3", "host_too_old", "The host needs a newer Shadowchart"),
            ("3-2", "invalid", "two whole numbers"),
            ("newest", "invalid", "two whole numbers"),
        ] {
            let (status, chosen, body) = ask(&host, Method::GET, path, &desk.token, Some(spoken), "").await;
            assert_eq!((status, chosen, code(&body)), (400, None, word), "{path} {spoken}");
            assert!(body.to_string().contains(says), "{path} {spoken}: {body}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_not_spent_on_a_computer_that_is_too_old() {
    let host = Host::start().await;
    let code = host.store(&crate::office::practice_id("elm")).new_enrol_code(host.now()).unwrap().code;
    let body = serde_json::json!({"code": code, "name": "Front", "zone": "front_counter"}).to_string();
    let (status, _, refused) = ask(&host, Method::POST, "/enrol", "", Some("0-0"), &body).await;
    assert_eq!((status, crate::office::code(&refused)), (400, "workstation_too_old"));
    let (status, _, joined) = ask(&host, Method::POST, "/enrol", "", Some("1-1"), &body).await;
    assert_eq!(status, 200, "{joined}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_stopped_or_told_to_wipe_hears_it_in_any_version_and_may_say_goodbye() {
    let host = Host::start().await;
    let (desk, elsewhere) = (host.enrol("elm").await, host.enrol("elm").await);
    let admin = host.sign_in(&elsewhere, Role::Admin).await.access_token;
    for (standing, word) in [(Standing::Stopped, "workstation_stopped"), (Standing::Wipe, "wipe_ordered")] {
        let wish = serde_json::to_string(&WorkstationWish { standing, comment: None }).unwrap();
        let told = host.ask(Method::PUT, &format!("/workstations/{}", desk.id), Some(&admin), Some(wish)).await;
        assert_eq!(told.status(), StatusCode::OK);
        let (_, _, body) = ask(&host, Method::GET, "/policy", &desk.token, Some("0-0"), "").await;
        assert_eq!(code(&body), word);
    }
    // The receipt is no good, and that, not its version, is why it is refused.
    let receipt = r#"{"document":"{}","signature":"","key":""}"#;
    let (_, _, body) = ask(&host, Method::POST, "/wiped", &desk.token, Some("0-0"), receipt).await;
    assert_eq!(code(&body), "invalid");
    assert_eq!(ask(&host, Method::GET, "/health", "", Some("0-0"), "").await.0, 200);
}
