//! The second factor: set up, asked for, used once, taken away.

use hmac::{Hmac, KeyInit, Mac};
use practice::{
    Role,
    wire::{RecoveryCodes, SecondFactorInfo, SecondFactorOffer, SignInReply},
};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use sha1::Sha1;

use crate::office::{Desk, Host, PASSWORD, code, email, member};

/// What an authenticator with `secret` shows `later` seconds from now: RFC 6238, written once more.
pub fn shown(host: &Host, secret: &str, later: i64) -> String {
    let bits: String =
        secret.bytes().map(|b| format!("{:05b}", if b.is_ascii_digit() { b - b'2' + 26 } else { b - b'A' })).collect();
    let key: Vec<u8> = (0..bits.len() / 8).map(|i| u8::from_str_radix(&bits[i * 8..i * 8 + 8], 2).unwrap()).collect();
    let mut mac = Hmac::<Sha1>::new_from_slice(&key).unwrap();
    mac.update(&((host.now().millis() / 1000 + later) / 30).to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash[19] & 15);
    let number = u32::from_be_bytes(hash[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

async fn post(host: &Host, desk: &Desk, path: &str, body: Value) -> Response {
    host.ask(Method::POST, path, Some(&desk.token), Some(body.to_string())).await
}

async fn sign_in(host: &Host, desk: &Desk, role: Role, code: Option<&str>) -> Response {
    let body = json!({"email": email(desk.practice.as_str(), role), "password": PASSWORD, "code": code});
    post(host, desk, "/sign-in", body).await
}

async fn said(response: Response) -> (StatusCode, String) {
    (response.status(), code(&response.json::<Value>().await.unwrap()).to_owned())
}

/// Sets the second factor of the member with `role` up; gives its secret and the recovery codes.
pub async fn set_up(host: &Host, desk: &Desk, role: Role) -> (String, Vec<String>) {
    let who = json!({"email": email(desk.practice.as_str(), role), "password": PASSWORD});
    let offer: SecondFactorOffer = post(host, desk, "/second-factor", who.clone()).await.json().await.unwrap();
    assert!(offer.uri.contains(&offer.secret) && offer.qr.starts_with("<svg"));
    let confirm = json!({"email": who["email"], "password": PASSWORD, "code": shown(host, &offer.secret, 0)});
    let codes: RecoveryCodes = post(host, desk, "/second-factor/confirm", confirm).await.json().await.unwrap();
    (offer.secret, codes.recovery_codes)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_alone_is_no_longer_enough_once_a_code_has_been_shown() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    let role = Role::Provider;
    let who = json!({"email": email("elm", role), "password": PASSWORD});
    post(&host, &desk, "/second-factor", who.clone()).await;
    assert_eq!(sign_in(&host, &desk, role, None).await.status(), StatusCode::OK, "what was only offered asks nothing");
    let (secret, codes) = set_up(&host, &desk, role).await;
    assert_eq!(codes.len(), 10);
    let asked = said(sign_in(&host, &desk, role, None).await).await;
    assert_eq!(asked, (StatusCode::UNAUTHORIZED, "second_factor".into()));
    let again = said(post(&host, &desk, "/second-factor", who).await).await;
    assert_eq!(
        again,
        (StatusCode::BAD_REQUEST, "not_now".into()),
        "who knows the password can't put another in its place"
    );
    host.pass(60);
    let reply: SignInReply = sign_in(&host, &desk, role, Some(&shown(&host, &secret, 0))).await.json().await.unwrap();
    assert_eq!(reply.member.id, member("elm", role));
    let info: SecondFactorInfo =
        serde_json::from_value(host.get("/second-factor", &reply.access_token).await.1).unwrap();
    assert!(info.since.is_some() && info.recovery_codes == 10 && !info.required);
    assert_eq!(sign_in(&host, &desk, Role::Admin, None).await.status(), StatusCode::OK, "others go on as before");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_taken_once_and_thirty_seconds_early_or_late() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    let role = Role::Admin;
    let (secret, codes) = set_up(&host, &desk, role).await;
    let wrong = (StatusCode::UNAUTHORIZED, "wrong_code".to_owned());
    let first = shown(&host, &secret, 0);
    assert_eq!(said(sign_in(&host, &desk, role, Some(&first)).await).await, wrong, "it was used to set it up");
    host.pass(300);
    for (later, good) in [(-60, false), (60, false), (-30, true), (-30, false), (0, true), (30, true), (0, false)] {
        let response = sign_in(&host, &desk, role, Some(&shown(&host, &secret, later))).await;
        assert_eq!(response.status() == StatusCode::OK, good, "{later}: an older step after a newer is not taken");
    }
    let (spoken, folded) = (codes[0].clone(), codes[1].to_lowercase().replace('-', " "));
    for recovery in [&spoken, &folded] {
        assert_eq!(sign_in(&host, &desk, role, Some(recovery)).await.status(), StatusCode::OK);
        assert_eq!(said(sign_in(&host, &desk, role, Some(recovery)).await).await, wrong, "a recovery code works once");
    }
    let store = host.store(&desk.practice);
    let chain = store.audit_chain(&store.host().unwrap()).unwrap();
    let told = |text: &str| chain.iter().filter(|entry| entry.event.contains(text)).count();
    assert_eq!((told("second-factor"), told("with a code"), told("8 are left")), (1, 3, 1));
    assert!(told("wrong code") >= 6 && told(&secret) == 0 && told(&spoken) == 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_codes_are_wrong_tries_and_a_right_password_does_not_wipe_them_away() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    let role = Role::Clinical;
    let (secret, _) = set_up(&host, &desk, role).await;
    host.pass(60);
    for _ in 0..5 {
        assert_eq!(said(sign_in(&host, &desk, role, None).await).await.1, "second_factor", "to be asked is no failure");
        assert_eq!(said(sign_in(&host, &desk, role, Some("000000")).await).await.1, "wrong_code");
    }
    for code in [None, Some(shown(&host, &secret, 0))] {
        let wait = said(sign_in(&host, &desk, role, code.as_deref()).await).await;
        assert_eq!(wait, (StatusCode::TOO_MANY_REQUESTS, "too_many_attempts".into()));
    }
    host.pass(31);
    assert_eq!(sign_in(&host, &desk, role, Some(&shown(&host, &secret, 0))).await.status(), StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_are_no_way_to_guess_a_password_or_to_set_another_member_up() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    let body = |path: &str| match path {
        "/second-factor" => json!({"email": "admin@elm.test", "password": "wrong password"}),
        _ => json!({"email": "admin@elm.test", "password": "wrong password", "code": "000000"}),
    };
    for path in ["/second-factor", "/second-factor/confirm", "/second-factor", "/second-factor", "/second-factor"] {
        let refused = said(post(&host, &desk, path, body(path)).await).await;
        assert_eq!(refused, (StatusCode::UNAUTHORIZED, "wrong_password".into()));
    }
    let waits = said(post(&host, &desk, "/second-factor", body("/second-factor")).await).await;
    assert_eq!(waits.0, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_of_which_the_policy_wants_one_signs_in_with_one_or_not_at_all() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    let admin = host.sign_in(&desk, Role::Admin).await.access_token;
    let wish = json!({"base_version": 1, "second_factor": ["provider"]});
    assert_eq!(host.ask(Method::PUT, "/policy", Some(&admin), Some(wish.to_string())).await.status(), StatusCode::OK);
    let missing = said(sign_in(&host, &desk, Role::Provider, None).await).await;
    assert_eq!(missing, (StatusCode::FORBIDDEN, "second_factor_missing".into()));
    assert_eq!(sign_in(&host, &desk, Role::FrontDesk, None).await.status(), StatusCode::OK, "another role");
    let (secret, _) = set_up(&host, &desk, Role::Provider).await;
    host.pass(60);
    let reply = sign_in(&host, &desk, Role::Provider, Some(&shown(&host, &secret, 0))).await;
    let token = reply.json::<SignInReply>().await.unwrap().access_token;
    assert_eq!(host.get("/second-factor", &token).await.1["required"], true);
}
