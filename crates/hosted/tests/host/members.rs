//! The members, as their admin invites, changes and stops them.

use practice::{Role, wire::AccountInfo};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    mail::{Sink, choose, link},
    office::{Desk, Host, PASSWORD, code, email, member},
    second_factor::set_up,
};

const NEW: &str = "violin plaza otter amber";

async fn put(host: &Host, token: &str, id: &str, wish: Value) -> (StatusCode, Value) {
    let response = host.ask(Method::PUT, &format!("/members/{id}"), Some(token), Some(wish.to_string())).await;
    (response.status(), response.json().await.unwrap())
}

async fn accounts(host: &Host, token: &str) -> Vec<AccountInfo> {
    serde_json::from_value(host.get("/accounts", token).await.1).unwrap()
}

fn told(host: &Host, desk: &Desk) -> Vec<Value> {
    let store = host.store(&desk.practice);
    let chain = store.audit_chain(&store.host().unwrap()).unwrap();
    chain.iter().map(|entry| serde_json::from_str(&entry.event).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_invited_chooses_a_password_and_signs_in() {
    let sink = Sink::start(&[]);
    let host = Host::start_mailing(sink.mailer()).await;
    let desk = host.enrol("elm").await;
    let admin = host.sign_in(&desk, Role::Admin).await.access_token;
    let wish = json!({"email": "Cy@Elm.test", "name": "Cy Young", "role": "clinical", "comment": "starts on Monday"});
    let invite = || host.ask(Method::POST, "/members", Some(&admin), Some(wish.to_string()));
    let invited: AccountInfo = invite().await.json().await.unwrap();
    assert!(!invited.has_password && invited.link_until.is_some() && invited.member.email == "cy@elm.test");
    let again = invite().await;
    assert_eq!(again.status(), StatusCode::CONFLICT, "the address is taken");
    let link = link(&sink.next());
    host.pass(71 * 3600);
    assert_eq!(choose(&host, &link, NEW, NEW).await.0, StatusCode::OK);
    assert_eq!(host.try_sign_in(&desk, "cy@elm.test", NEW).await.status(), StatusCode::OK);
    let admin = host.sign_in(&desk, Role::Admin).await.access_token;
    let all = accounts(&host, &admin).await;
    let cy = all.iter().find(|one| one.member.email == "cy@elm.test").unwrap();
    assert!(cy.has_password && cy.link_until.is_none() && cy.second_factor.is_none());
    let events = told(&host, &desk);
    let event = events.iter().find(|event| event.to_string().contains("starts on Monday")).unwrap();
    assert_eq!(event["agent"][0]["who"]["identifier"]["value"], "elm-admin", "{event}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_practice_is_never_without_an_admin_who_can_sign_in() {
    let sink = Sink::start(&[]);
    let host = Host::start_mailing(sink.mailer()).await;
    let desk = host.enrol("elm").await;
    let admin = host.sign_in(&desk, Role::Admin).await.access_token;
    let invitation = json!({"email": "second@elm.test", "name": "Second", "role": "admin"});
    let invited = host.ask(Method::POST, "/members", Some(&admin), Some(invitation.to_string())).await;
    let second: AccountInfo = invited.json().await.unwrap();
    for wish in [json!({"stopped": true}), json!({"role": "provider"}), json!({"role": "provider", "sign_out": true})] {
        let (status, body) = put(&host, &admin, "elm-admin", wish.clone()).await;
        assert_eq!((status, code(&body)), (StatusCode::FORBIDDEN, "forbidden"), "{wish}: nobody else can sign in yet");
    }
    assert_eq!(host.get("/accounts", &admin).await.0, StatusCode::OK, "what was refused did nothing, in part neither");
    choose(&host, &link(&sink.next()), NEW, NEW).await;
    assert_eq!(put(&host, &admin, "elm-admin", json!({"role": "provider"})).await.0, StatusCode::OK);
    assert_eq!(put(&host, &admin, second.member.id.as_str(), json!({"stopped": true})).await.0, StatusCode::FORBIDDEN);
    let refused = told(&host, &desk);
    let refused =
        refused.iter().filter(|e| e["outcome"] == "4" && e.to_string().contains("PUT /members/elm-admin")).count();
    assert_eq!(refused, 3, "each try is in the audit trail");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_changes_a_role_stops_starts_and_takes_a_second_factor_away() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    let (admin, role) = (host.sign_in(&desk, Role::Admin).await.access_token, Role::Clinical);
    let (id, address) = (member("elm", role), email("elm", role));
    set_up(&host, &desk, role).await;
    let (_, refused) = put(&host, &admin, id.as_str(), json!({"mail_link": true})).await;
    assert_eq!(code(&refused), "not_now", "no mail server");
    for (wish, word) in
        [(json!({}), "invalid"), (json!({"comment": "x"}), "invalid"), (json!({"role": "boss"}), "invalid")]
    {
        assert_eq!(code(&put(&host, &admin, id.as_str(), wish).await.1), word);
    }
    assert_eq!(put(&host, &admin, "nobody", json!({"stopped": true})).await.0, StatusCode::NOT_FOUND);
    let (_, changed) = put(&host, &admin, id.as_str(), json!({"reset_second_factor": true, "comment": "lost"})).await;
    assert!(changed["second_factor"].is_null(), "{changed}");
    let signed_in = host.try_sign_in(&desk, &address, PASSWORD).await;
    assert_eq!(signed_in.status(), StatusCode::OK, "the password is enough again");
    let token = signed_in.json::<Value>().await.unwrap()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(code(&put(&host, &admin, id.as_str(), json!({"reset_second_factor": true})).await.1), "not_now");
    let (_, changed) = put(&host, &admin, id.as_str(), json!({"role": "provider"})).await;
    assert_eq!(changed["member"]["role"], "provider");
    assert_eq!(host.get("/policy", &token).await.0, StatusCode::OK);
    assert_eq!(put(&host, &admin, id.as_str(), json!({"stopped": true})).await.1["member"]["stopped"], true);
    assert_eq!(host.get("/policy", &token).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(host.try_sign_in(&desk, &address, PASSWORD).await.status(), StatusCode::FORBIDDEN);
    put(&host, &admin, id.as_str(), json!({"stopped": false})).await;
    assert_eq!(host.get("/policy", &token).await.0, StatusCode::UNAUTHORIZED, "what ended stays ended");
    assert_eq!(host.try_sign_in(&desk, &address, PASSWORD).await.status(), StatusCode::OK);
    let comments: Vec<_> = told(&host, &desk).iter().map(|e| e["purposeOfEvent"][0]["text"].to_string()).collect();
    for word in ["taken away: lost", "role provider", "stopped", "started"] {
        assert!(comments.iter().any(|comment| comment.contains(word)), "{word}: {comments:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_one_computer_or_all() {
    let host = Host::start().await;
    let (here, there) = (host.enrol("elm").await, host.enrol("elm").await);
    let tokens = [
        host.sign_in(&here, Role::Provider).await.access_token,
        host.sign_in(&there, Role::Provider).await.access_token,
        host.sign_in(&here, Role::Admin).await.access_token,
    ];
    let holds = async || {
        let mut held = Vec::new();
        for token in &tokens {
            held.push(host.get("/policy", token).await.0 == StatusCode::OK);
        }
        held
    };
    let out = async |token: &str, everywhere: bool| {
        let body = json!({"everywhere": everywhere}).to_string();
        host.ask(Method::POST, "/sign-out", Some(token), Some(body)).await.status()
    };
    assert_eq!(out(&tokens[0], false).await, StatusCode::NO_CONTENT);
    assert_eq!(holds().await, [false, true, true]);
    let again = host.sign_in(&here, Role::Provider).await.access_token;
    assert_eq!(out(&again, true).await, StatusCode::NO_CONTENT);
    assert_eq!(holds().await, [false, false, true], "and nobody else");
    host.sign_in(&there, Role::Provider).await;
    let id = member("elm", Role::Provider);
    let last = host.sign_in(&there, Role::Provider).await.access_token;
    assert_eq!(put(&host, &tokens[2], id.as_str(), json!({"sign_out": true})).await.0, StatusCode::OK);
    assert_eq!(host.get("/policy", &last).await.0, StatusCode::UNAUTHORIZED, "by the admin");
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_ins_that_come_to_nothing_are_counted_by_network_in_every_process() {
    let host = Host::start().await;
    let other = host.beside();
    let desks = [host.enrol("elm").await, host.enrol("elm").await];
    for n in 0..50 {
        let (host, desk) = if n % 2 == 0 { (&host, &desks[0]) } else { (&other, &desks[1]) };
        let response = host.try_sign_in(desk, &format!("guess{n}@elm.test"), "wrong password").await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{n}");
        if n == 20 {
            assert_eq!(host.try_sign_in(desk, "admin@elm.test", PASSWORD).await.status(), StatusCode::OK);
        }
    }
    for host in [&host, &other] {
        let response = host.try_sign_in(&desks[0], "admin@elm.test", PASSWORD).await;
        let (status, body): (_, Value) = (response.status(), response.json().await.unwrap());
        assert_eq!((status, code(&body)), (StatusCode::TOO_MANY_REQUESTS, "too_many_attempts"));
    }
    host.pass(3601);
    assert_eq!(host.try_sign_in(&desks[0], "admin@elm.test", PASSWORD).await.status(), StatusCode::OK);
}
