//! The signed security policy.

use practice::{Role, policy, policy::SignedPolicy, policy::Zone};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    accounts::key,
    office::{Host, code},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_policy_is_signed_by_the_practice_and_read_by_all() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    let verifying = key(&desk.joined.policy_key);
    assert_eq!(policy::verify(&desk.joined.policy, &verifying, &desk.practice).unwrap().version, 1);
    let admin = host.sign_in(&desk, Role::Admin).await.access_token;
    let wish = json!({"base_version": 1, "comment": "audit finding",
        "time_outs": [{"role": "front_desk", "zone": "front_counter", "seconds": 60}]});
    let response = host.ask(Method::PUT, "/policy", Some(&admin), Some(wish.to_string())).await;
    let signed: SignedPolicy = response.json().await.unwrap();
    let next = policy::verify(&signed, &verifying, &desk.practice).unwrap();
    assert_eq!((next.version, next.time_out(Role::FrontDesk, Zone::FrontCounter).as_secs()), (2, 60));
    let read: SignedPolicy = serde_json::from_value(host.get("/policy", &desk.token).await.1).unwrap();
    assert_eq!(read, signed);
    let other = host.enrol("oak").await;
    assert!(
        policy::verify(&signed, &key(&other.joined.policy_key), &desk.practice).is_err(),
        "each practice has its key"
    );
    let store = host.store(&desk.practice);
    let last = store.audit_chain(&store.host().unwrap()).unwrap().pop().unwrap();
    assert!(last.event.contains("policy-change") && last.event.contains("audit finding"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_that_lost_a_race_or_asks_too_much_changes_nothing() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    let admin = host.sign_in(&desk, Role::Admin).await.access_token;
    let cell = |seconds: u32| json!([{"role": "admin", "zone": "exam_room", "seconds": seconds}]);
    for (wish, status, word) in [
        (json!({"base_version": 7, "time_outs": cell(60)}), StatusCode::CONFLICT, "conflict"),
        (json!({"base_version": 1, "time_outs": cell(0)}), StatusCode::BAD_REQUEST, "invalid"),
        (json!({"base_version": 1, "lease_hours": 9999}), StatusCode::BAD_REQUEST, "invalid"),
        (json!({"base_version": 1, "days_back": 29}), StatusCode::BAD_REQUEST, "invalid"),
        (json!({"base_version": "one"}), StatusCode::BAD_REQUEST, "invalid"),
        (json!([]), StatusCode::BAD_REQUEST, "invalid"),
    ] {
        let response = host.ask(Method::PUT, "/policy", Some(&admin), Some(wish.to_string())).await;
        let (got, body): (_, Value) = (response.status(), response.json().await.unwrap());
        assert_eq!((got, code(&body)), (status, word), "{wish}");
    }
    assert_eq!(host.store(&desk.practice).policy_in_force().unwrap().version, 1);
}
