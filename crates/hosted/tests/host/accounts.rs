//! Enrolment and sign-in.

use practice::{Role, policy, wire::SignInReply};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::office::{Host, PASSWORD, code, email, member};

async fn said(response: reqwest::Response) -> (StatusCode, String) {
    let status = response.status();
    (status, code(&response.json::<Value>().await.unwrap()).to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_computer_joins_with_a_code_once() {
    let host = Host::start().await;
    let desk = host.enrol("oak").await;
    assert_eq!(desk.joined.practice.id, desk.practice);
    assert_eq!(desk.joined.practice.time_zone, "America/New_York");
    let code = host.store(&desk.practice).new_enrol_code(host.now()).unwrap().code;
    let request = json!({"code": code, "name": "x", "zone": "exam_room"}).to_string();
    assert_eq!(host.ask(Method::POST, "/enrol", None, Some(request.clone())).await.status(), StatusCode::OK);
    let again = host.ask(Method::POST, "/enrol", None, Some(request)).await;
    assert_eq!(said(again).await, (StatusCode::FORBIDDEN, "bad_code".to_owned()));
    let guess = json!({"code": "AAAA-BBBB-CCCC", "name": "x", "zone": "exam_room"}).to_string();
    for _ in 0..17 {
        let guessed = host.ask(Method::POST, "/enrol", None, Some(guess.clone())).await;
        assert_eq!(said(guessed).await, (StatusCode::FORBIDDEN, "bad_code".to_owned()));
    }
    let guessed = host.ask(Method::POST, "/enrol", None, Some(guess)).await;
    assert_eq!(said(guessed).await, (StatusCode::TOO_MANY_REQUESTS, "too_many_attempts".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_signs_in_and_gets_what_the_workstation_needs() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    let first = host.sign_in(&desk, Role::Provider).await;
    assert_eq!(first.member.id, member("elm", Role::Provider));
    let again: SignInReply =
        host.try_sign_in(&desk, &email("elm", Role::Provider).to_uppercase(), PASSWORD).await.json().await.unwrap();
    assert_eq!(first.share, again.share, "the share is the workstation's own and stays");
    assert_ne!(first.access_token, again.access_token);
    assert_ne!(first.share, host.sign_in(&host.enrol("elm").await, Role::Provider).await.share);
    let members = host.get("/members", &desk.token).await.1;
    assert_eq!(members.as_array().unwrap().len(), 4);
    assert!(!members.to_string().contains("argon2"));
}

#[tokio::test(flavor = "multi_thread")]
async fn five_wrong_passwords_start_a_growing_wait_for_known_and_unknown_alike() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    for address in [email("elm", Role::FrontDesk), "nobody@elm.test".to_owned()] {
        let wrong = (StatusCode::UNAUTHORIZED, "wrong_password".to_owned());
        let wait = (StatusCode::TOO_MANY_REQUESTS, "too_many_attempts".to_owned());
        for _ in 0..5 {
            assert_eq!(said(host.try_sign_in(&desk, &address, "wrong password").await).await, wrong, "{address}");
        }
        assert_eq!(said(host.try_sign_in(&desk, &address, PASSWORD).await).await, wait, "{address}, right or not");
        host.pass(29);
        assert_eq!(said(host.try_sign_in(&desk, &address, PASSWORD).await).await, wait, "{address}");
        host.pass(2);
        assert_eq!(said(host.try_sign_in(&desk, &address, "wrong password").await).await, wrong, "{address}");
        host.pass(31);
        assert_eq!(said(host.try_sign_in(&desk, &address, PASSWORD).await).await, wait, "{address}: a minute now");
        host.pass(300);
    }
    assert_eq!(host.try_sign_in(&desk, &email("elm", Role::FrontDesk), PASSWORD).await.status(), StatusCode::OK);
    assert_eq!(
        host.try_sign_in(&desk, &email("elm", Role::FrontDesk), "wrong").await.status(),
        StatusCode::UNAUTHORIZED,
        "the count began anew"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn many_tries_at_once_are_no_way_around_the_wait() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    let tries = (0..20).map(|_| host.try_sign_in(&desk, "admin@elm.test", "wrong password"));
    let mut compared = 0;
    for response in futures(tries).await {
        compared += usize::from(response.status() == StatusCode::UNAUTHORIZED);
    }
    assert_eq!(compared, 5);
}

async fn futures<F: Future>(all: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut all: Vec<_> = all.map(Box::pin).collect();
    let mut done = Vec::new();
    std::future::poll_fn(|cx| {
        all.retain_mut(|one| match one.as_mut().poll(cx) {
            std::task::Poll::Ready(output) => {
                done.push(output);
                false
            }
            std::task::Poll::Pending => true,
        });
        if all.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    done
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_member_is_out_at_once() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    let token = host.sign_in(&desk, Role::Clinical).await.access_token;
    assert_eq!(host.get("/policy", &token).await.0, StatusCode::OK);
    host.store(&desk.practice).stop_member(&member("elm", Role::Clinical), host.now()).unwrap();
    assert_eq!(host.get("/policy", &token).await.0, StatusCode::UNAUTHORIZED);
    let response = host.try_sign_in(&desk, &email("elm", Role::Clinical), PASSWORD).await;
    assert_eq!(said(response).await, (StatusCode::FORBIDDEN, "member_stopped".to_owned()));
    let response = host.try_sign_in(&desk, &email("elm", Role::Clinical), "wrong password").await;
    assert_eq!(said(response).await.1, "wrong_password", "only who knows the password hears that it was stopped");
    assert!(
        host.store(&desk.practice).stop_member(&member("elm", Role::Admin), host.now()).is_err(),
        "the last admin stays"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn good_and_bad_sign_ins_are_in_the_hosts_own_chain() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    host.sign_in(&desk, Role::Admin).await;
    host.try_sign_in(&desk, "nobody@elm.test", "wrong password").await;
    let store = host.store(&desk.practice);
    let chain = store.audit_chain(&store.host().unwrap()).unwrap();
    practice::audit::follow(&store.host().unwrap(), 0, practice::audit::FIRST, &chain).unwrap();
    let last: Vec<Value> = chain.iter().rev().take(3).map(|e| serde_json::from_str(&e.event).unwrap()).collect();
    let told: Vec<_> =
        last.iter().map(|e| (e["subtype"][0]["code"].as_str().unwrap(), e["outcome"].as_str().unwrap())).collect();
    assert_eq!(told, [("sign-in", "4"), ("sign-in", "0"), ("enrol", "0")]);
    assert_eq!(last[0]["agent"][0]["altId"], "nobody@elm.test");
    assert!(chain.iter().all(|e| !e.event.contains("password")), "no password is written down");
    assert!(policy::verify(&store.policy().unwrap(), &key(&desk.joined.policy_key), &desk.practice).is_ok());
}

pub fn key(base64: &str) -> ed25519_dalek::VerifyingKey {
    use base64::{Engine, engine::general_purpose::STANDARD};
    ed25519_dalek::VerifyingKey::try_from(STANDARD.decode(base64).unwrap().as_slice()).unwrap()
}
