//! Tokens that are bound to a computer's key.

use ed25519_dalek::{Signer, SigningKey};
use practice::{
    Role,
    proof::{self, Proof},
    time::Stamp,
    wire::{SignInReply, TokenReply, WorkstationInfo},
};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::{
    mail::{Sink, forgot},
    office::{Desk, Host, PASSWORD, code, email, member},
};

pub const OURS: [u8; 32] = [7; 32];

pub fn public(key: &[u8; 32]) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    STANDARD.encode(SigningKey::from_bytes(key).verifying_key().to_bytes())
}

/// A proof for one request, signed with `key`; `id` is its number.
pub fn signed(key: &[u8; 32], asked: (&str, &str), at: Stamp, id: &str, token: &str) -> String {
    let document = Proof::new(asked.0, asked.1, at, id.to_owned(), token).document();
    proof::written(&document, &SigningKey::from_bytes(key).sign(document.as_bytes()).to_bytes())
}

async fn ask(host: &Host, asked: (&str, &str), token: &str, proof: Option<&str>, body: Option<&Value>) -> Response {
    let mut request = host.client.request(asked.0.parse().unwrap(), format!("{}{}", host.url, asked.1));
    request = request.bearer_auth(token);
    if let Some(proof) = proof {
        request = request.header(proof::HEADER, proof);
    }
    if let Some(body) = body {
        request = request.body(body.to_string());
    }
    request.send().await.unwrap()
}

async fn said(response: Response) -> (StatusCode, String) {
    (response.status(), code(&response.json::<Value>().await.unwrap()).to_owned())
}

async fn sign_in(host: &Host, desk: &Desk, role: Role) -> SignInReply {
    let body = json!({"email": email("elm", role), "password": PASSWORD, "workstation_key": public(&OURS)});
    let response = host.ask(Method::POST, "/sign-in", Some(&desk.token), Some(body.to_string())).await;
    response.json().await.unwrap()
}

async fn renew(host: &Host, desk: &Desk, refresh: &str, id: &str) -> Response {
    let proof = signed(&OURS, ("POST", "/token"), host.now(), id, refresh);
    ask(host, ("POST", "/token"), &desk.token, Some(&proof), Some(&json!({"refresh_token": refresh}))).await
}

fn alerts(host: &Host, desk: &Desk) -> usize {
    let store = host.store(&desk.practice);
    let chain = store.audit_chain(&store.host().unwrap()).unwrap();
    chain.iter().filter(|entry| entry.event.contains("token-reuse")).count()
}

const POLICY: (&str, &str) = ("GET", "/policy");

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_of_use_to_the_computer_that_it_was_made_for_alone() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    let token = sign_in(&host, &desk, Role::Admin).await.access_token;
    let now = host.now();
    let at = |seconds: i64| Stamp::from_millis(now.millis() + seconds * 1000).unwrap();
    let good = signed(&OURS, POLICY, now, "a", &token);
    assert_eq!(ask(&host, POLICY, &token, Some(&good), None).await.status(), StatusCode::OK);
    for (what, proof) in [
        ("none", None),
        ("seen before", Some(good)),
        ("another computer's", Some(signed(&[8; 32], POLICY, now, "b", &token))),
        ("for another method", Some(signed(&OURS, ("PUT", "/policy"), now, "c", &token))),
        ("for another path", Some(signed(&OURS, ("GET", "/policy?x"), now, "d", &token))),
        ("for another token", Some(signed(&OURS, POLICY, now, "e", &desk.token))),
        ("too old", Some(signed(&OURS, POLICY, at(-121), "f", &token))),
        ("from the future", Some(signed(&OURS, POLICY, at(121), "g", &token))),
        ("nonsense", Some("x.y".to_owned())),
    ] {
        let refused = ask(&host, POLICY, &token, proof.as_deref(), None).await;
        let clock = refused.headers()[proof::CLOCK].to_str().unwrap().parse::<i64>().unwrap();
        assert_eq!(clock, now.millis(), "whose clock is off learns the host's");
        assert_eq!(said(refused).await, (StatusCode::UNAUTHORIZED, "proof_refused".into()), "{what}");
    }
    let again = host.beside();
    let seen = signed(&OURS, POLICY, now, "h", &token);
    assert_eq!(ask(&again, POLICY, &token, Some(&seen), None).await.status(), StatusCode::OK);
    assert_eq!(
        ask(&host, POLICY, &token, Some(&seen), None).await.status(),
        StatusCode::UNAUTHORIZED,
        "another process"
    );
    let plain = host.sign_in(&desk, Role::Admin).await.access_token;
    let plain = ask(&host, POLICY, &plain, None, None).await;
    assert_eq!(
        said(plain).await.1,
        "proof_refused",
        "a sign-in that does not name the key is bound to it all the same"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_short_token_is_followed_by_the_next_for_a_working_day() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    let reply = sign_in(&host, &desk, Role::Provider).await;
    assert_eq!(reply.expires_in, 15 * 60);
    let (mut access, mut refresh) = (reply.access_token, reply.refresh_token.unwrap());
    for n in 0..48 {
        host.pass(15 * 60 - 1);
        let proof = signed(&OURS, POLICY, host.now(), &format!("a{n}"), &access);
        assert_eq!(ask(&host, POLICY, &access, Some(&proof), None).await.status(), StatusCode::OK, "{n}");
        host.pass(1);
        let proof = signed(&OURS, POLICY, host.now(), &format!("b{n}"), &access);
        assert_eq!(said(ask(&host, POLICY, &access, Some(&proof), None).await).await.1, "signed_out", "{n}");
        let renewed = renew(&host, &desk, &refresh, &format!("c{n}")).await;
        if n == 47 {
            assert_eq!(said(renewed).await.1, "signed_out", "a day's work is over");
            break;
        }
        let next: TokenReply = renewed.json().await.unwrap();
        (access, refresh) = (next.access_token, next.refresh_token);
    }
    assert_eq!(alerts(&host, &desk), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_that_is_shown_again_ends_its_sign_in_and_is_an_alert() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    let (reply, other) = (sign_in(&host, &desk, Role::Admin).await, sign_in(&host, &desk, Role::Admin).await);
    let first = reply.refresh_token.unwrap();
    let next: TokenReply = renew(&host, &desk, &first, "a").await.json().await.unwrap();
    let stolen = ask(&host, ("POST", "/token"), &desk.token, None, Some(&json!({"refresh_token": first}))).await;
    assert_eq!(said(stolen).await, (StatusCode::UNAUTHORIZED, "signed_out".into()), "with or without the key");
    assert_eq!(alerts(&host, &desk), 1);
    let ended = ["b", "c"].map(|id| (id, signed(&OURS, POLICY, host.now(), id, &next.access_token)));
    for (id, proof) in &ended {
        assert_eq!(said(ask(&host, POLICY, &next.access_token, Some(proof), None).await).await.1, "signed_out", "{id}");
    }
    assert_eq!(said(renew(&host, &desk, &next.refresh_token, "d").await).await.1, "signed_out");
    renew(&host, &desk, &first, "e").await;
    assert_eq!(alerts(&host, &desk), 1, "told once");
    let proof = signed(&OURS, POLICY, host.now(), "f", &other.access_token);
    let beside = ask(&host, POLICY, &other.access_token, Some(&proof), None).await;
    assert_eq!(beside.status(), StatusCode::OK, "another sign-in goes on");
}

/// When a copy of a sign-in at `desk` was used, as the admin's list of computers has it.
async fn copied(host: &Host, desk: &Desk, admin: &SignInReply, id: &str) -> Option<Stamp> {
    let list = ("GET", "/workstations");
    let proof = signed(&OURS, list, host.now(), id, &admin.access_token);
    let all: Vec<WorkstationInfo> =
        ask(host, list, &admin.access_token, Some(&proof), None).await.json().await.unwrap();
    all.into_iter().find(|one| one.id == desk.id).unwrap().copied
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copied_sign_in_is_told_once_in_the_metrics_the_admins_list_and_a_mail() {
    let sink = Sink::start(&[]);
    let host = Host::start_mailing(sink.mailer()).await;
    let (desk, beside) = (host.enrol("elm").await, host.enrol("elm").await);
    let admin = sign_in(&host, &desk, Role::Admin).await;
    assert_eq!(copied(&host, &desk, &admin, "a").await, None);
    assert!(host.counts("shadowchart_token_reuses_total 0").await);
    let to_admin = json!([email("elm", Role::Admin)]);
    for number in 1..=6 {
        let refresh = sign_in(&host, &desk, Role::FrontDesk).await.refresh_token.unwrap();
        renew(&host, &desk, &refresh, &format!("r{number}")).await;
        // Wherever the copy is shown: it is of a sign-in that was made at the desk.
        let (thief, moment) = (if number == 1 { &beside } else { &desk }, host.now());
        for _ in 0..2 {
            let body = json!({"refresh_token": refresh});
            let stolen = ask(&host, ("POST", "/token"), &thief.token, None, Some(&body)).await;
            assert_eq!(said(stolen).await.1, "signed_out");
            host.pass(1);
        }
        assert!(host.counts(&format!("shadowchart_token_reuses_total {number}")).await, "once for each sign-in");
        assert_eq!(copied(&host, &desk, &admin, &format!("l{number}")).await, Some(moment), "when it came first");
        assert_eq!(copied(&host, &beside, &admin, &format!("b{number}")).await, None);
        if number < 6 {
            let mail = sink.next();
            assert_eq!(mail["to"], to_admin);
            assert_eq!(mail["headers"]["subject"], "Someone used a copied sign-in");
            let text = mail["text"].as_str().unwrap();
            assert!(text.contains("at elm:") && !text.contains(&refresh) && !text.contains(desk.id.as_str()), "{text}");
        }
    }
    // No sixth within the hour, nor one for a token that was shown a third time.
    forgot(&host, &desk, &email("elm", Role::Admin)).await;
    assert_eq!(sink.next()["headers"]["subject"], "Choose a new password");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_needs_its_computer_its_key_and_a_member_who_works() {
    let host = Host::start().await;
    let (desk, other) = (host.enrol("elm").await, host.enrol("elm").await);
    let refresh = sign_in(&host, &desk, Role::Clinical).await.refresh_token.unwrap();
    let body = json!({"refresh_token": refresh});
    let forged = signed(&[8; 32], ("POST", "/token"), host.now(), "a", &refresh);
    for proof in [None, Some(forged.as_str())] {
        let refused = ask(&host, ("POST", "/token"), &desk.token, proof, Some(&body)).await;
        assert_eq!(said(refused).await, (StatusCode::UNAUTHORIZED, "proof_refused".into()));
    }
    assert_eq!(said(renew(&host, &other, &refresh, "b").await).await.1, "signed_out", "another computer");
    let next: TokenReply = renew(&host, &desk, &refresh, "c").await.json().await.unwrap();
    host.store(&desk.practice).stop_member(&member("elm", Role::Clinical), host.now()).unwrap();
    assert_eq!(said(renew(&host, &desk, &next.refresh_token, "d").await).await.1, "signed_out", "stopped");
    let reply = sign_in(&host, &desk, Role::Admin).await;
    let out = signed(&OURS, ("POST", "/sign-out"), host.now(), "e", &reply.access_token);
    let body = json!({"everywhere": true});
    let done = ask(&host, ("POST", "/sign-out"), &reply.access_token, Some(&out), Some(&body)).await;
    assert_eq!(done.status(), StatusCode::NO_CONTENT);
    let refresh = reply.refresh_token.unwrap();
    assert_eq!(said(renew(&host, &desk, &refresh, "f").await).await.1, "signed_out", "signed out everywhere");
    assert_eq!(alerts(&host, &desk), 0);
}
