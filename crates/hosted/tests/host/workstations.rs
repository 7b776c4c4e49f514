//! The practice's computers, as its admin sees and changes them.

use practice::{
    Role,
    wire::{self, WorkstationInfo},
};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::office::{Desk, Host, code, member};

async fn put(host: &Host, token: &str, id: &str, wish: Value) -> (StatusCode, Value) {
    let path = format!("/workstations/{id}");
    let response = host.ask(Method::PUT, &path, Some(token), Some(wish.to_string())).await;
    (response.status(), response.json().await.unwrap())
}

async fn list(host: &Host, token: &str) -> Vec<WorkstationInfo> {
    let (status, body) = host.get("/workstations", token).await;
    assert_eq!(status, StatusCode::OK);
    serde_json::from_value(body).unwrap()
}

/// What the host's own chain says of changed computers: who, from where, how it ended and why.
fn trail(host: &Host, desk: &Desk) -> Vec<(Value, Value, Value, Value)> {
    let store = host.store(&desk.practice);
    let events = store.audit_chain(&store.host().unwrap()).unwrap();
    let events = events.into_iter().map(|entry| serde_json::from_str::<Value>(&entry.event).unwrap());
    let events = events.filter(|event| {
        event["entity"][0]["description"].as_str().is_some_and(|text| text.starts_with("workstation "))
    });
    events
        .map(|event| {
            let who = event["agent"][0]["who"]["identifier"]["value"].clone();
            let place = event["source"]["observer"]["identifier"]["value"].clone();
            (who, place, event["outcome"].clone(), event["purposeOfEvent"][0]["text"].clone())
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_stops_a_computer_lets_it_work_and_wipes_it_and_the_trail_says_who_and_why() {
    let host = Host::start().await;
    let (desk, other) = (host.enrol("elm").await, host.enrol("elm").await);
    let admin = host.sign_in(&desk, Role::Admin).await.access_token;
    let all = list(&host, &admin).await;
    assert_eq!(all.iter().filter(|one| one.id == desk.id || one.id == other.id).count(), 2);
    assert!(all.iter().all(|one| !one.stopped && one.wipe.is_none() && one.wiped.is_none() && one.told.is_none()));

    let id = other.id.as_str();
    let (status, now) = put(&host, &admin, id, json!({"standing": "stopped", "comment": "left in a taxi"})).await;
    assert_eq!((status, &now["stopped"]), (StatusCode::OK, &json!(true)));
    assert_eq!(code(&host.get("/members", &other.token).await.1), "workstation_stopped");
    let (status, now) = put(&host, &admin, id, json!({"standing": "works"})).await;
    assert_eq!((status, &now["stopped"]), (StatusCode::OK, &json!(false)));
    assert_eq!(host.get("/members", &other.token).await.0, StatusCode::OK);
    let (status, now) = put(&host, &admin, id, json!({"standing": "wipe", "comment": "stolen"})).await;
    assert_eq!((status, &now["wipe"]), (StatusCode::OK, &json!(host.now())));
    assert_eq!(code(&host.get("/members", &other.token).await.1), "wipe_ordered");
    let (status, refused) = put(&host, &admin, id, json!({"standing": "works"})).await;
    assert_eq!((status, code(&refused)), (StatusCode::BAD_REQUEST, "not_now"), "what it forgot does not come back");

    let (who, place) = (json!(member("elm", Role::Admin)), json!(desk.id));
    let told = [("0", "stopped: left in a taxi"), ("0", "started"), ("0", "told to wipe: stolen"), ("4", "started")]
        .map(|(outcome, why)| (who.clone(), place.clone(), json!(outcome), json!(why)));
    assert_eq!(trail(&host, &desk), told);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_practices_computer_is_not_there_and_the_try_is_told() {
    let host = Host::start().await;
    let (elm, oak) = (host.enrol("elm").await, host.enrol("oak").await);
    let admin = host.sign_in(&oak, Role::Admin).await.access_token;
    assert!(list(&host, &admin).await.iter().all(|one| one.id != elm.id));
    let (status, refused) = put(&host, &admin, elm.id.as_str(), json!({"standing": "wipe"})).await;
    assert_eq!((status, code(&refused)), (StatusCode::NOT_FOUND, "not_found"));
    assert_eq!(host.store(&elm.practice).workstation(&elm.id).unwrap().unwrap().wipe, None);
    let store = host.store(&oak.practice);
    let last = store.audit_chain(&store.host().unwrap()).unwrap().pop().unwrap();
    let told: Value = serde_json::from_str(&last.event).unwrap();
    let what = format!("PUT /workstations/{}", elm.id);
    assert_eq!((&told["outcome"], &told["entity"][0]["description"]), (&json!("4"), &json!(what)));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_may_stop_the_computer_they_sit_at_and_is_out() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    let admin = host.sign_in(&desk, Role::Admin).await.access_token;
    assert_eq!(put(&host, &admin, desk.id.as_str(), json!({"standing": "stopped"})).await.0, StatusCode::OK);
    assert_eq!(code(&host.get("/workstations", &admin).await.1), "workstation_stopped");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wish_that_makes_no_sense_changes_nothing() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    let admin = host.sign_in(&desk, Role::Admin).await.access_token;
    for wish in [
        json!({"standing": "gone"}),
        json!({"comment": "no standing"}),
        json!({"standing": "stopped", "comment": "x".repeat(1001)}),
    ] {
        let (status, refused) = put(&host, &admin, desk.id.as_str(), wish).await;
        assert_eq!((status, code(&refused)), (StatusCode::BAD_REQUEST, "invalid"));
    }
    assert!(!host.store(&desk.practice).workstation(&desk.id).unwrap().unwrap().stopped);
    assert_eq!(trail(&host, &desk), []);
}

/// Asks as `desk`, whose program and policy are these.
async fn ask_as(host: &Host, desk: &Desk, agent: &str, policy: &str) -> StatusCode {
    let request = host.client.get(format!("{}/members", host.url)).bearer_auth(&desk.token);
    request.header("user-agent", agent).header(wire::POLICY, policy).send().await.unwrap().status()
}

/// What is known of its last contact, once that was at this moment of the host's clock.
async fn contact(host: &Host, desk: &Desk) -> (Option<String>, Option<u32>) {
    let store = host.store(&desk.practice);
    let known = || store.workstation(&desk.id).unwrap().unwrap();
    host.until("the contact is written down", || known().seen == Some(host.now())).await;
    (known().program, known().policy)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_request_tells_that_its_computer_is_there_with_which_program_and_policy() {
    let host = Host::start().await;
    let (desk, other) = (host.enrol("elm").await, host.enrol("elm").await);
    assert_eq!(host.store(&desk.practice).workstation(&other.id).unwrap().unwrap().seen, None);
    assert_eq!(ask_as(&host, &other, "shadowchart/1.2.3", "4").await, StatusCode::OK);
    assert_eq!(contact(&host, &other).await, (Some("1.2.3".into()), Some(4)));

    let long = format!("shadowchart/{}", "9".repeat(200));
    for (agent, policy) in [
        ("Mozilla/5.0", "0x5"),
        (long.as_str(), "99999999999"),
        ("shadowchart/", "-1"),
        ("shadowchart/<b>1</b>", "+5"),
        ("shadowchart/1.2.3 (x)", "four"),
    ] {
        host.pass(60);
        assert_eq!(ask_as(&host, &other, agent, policy).await, StatusCode::OK, "{agent} {policy}");
        assert_eq!(contact(&host, &other).await, (Some("1.2.3".into()), Some(4)));
    }

    let admin = host.sign_in(&desk, Role::Admin).await.access_token;
    let told = list(&host, &admin).await.into_iter().find(|one| one.id == other.id).unwrap();
    assert_eq!((told.seen, told.program.as_deref(), told.has_key), (Some(host.now()), Some("1.2.3"), false));

    put(&host, &admin, other.id.as_str(), json!({"standing": "stopped"})).await;
    host.pass(60);
    assert_eq!(ask_as(&host, &other, "shadowchart/1.2.4", "4").await, StatusCode::FORBIDDEN);
    let seen = contact(&host, &other).await.0;
    assert_eq!(seen.as_deref(), Some("1.2.4"), "one that was stopped is seen as well");
}
