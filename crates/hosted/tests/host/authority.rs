//! The authority that vouches for the host becomes another while both are trusted.

use std::{path::Path, process::Command, time::Duration};

use practice::{Role, policy};
use serde_json::{Value, json};

use crate::{
    accounts::key,
    office::{Host, client, practice_id},
};

fn authority(host: &Host, what: &str) -> Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shadowchart-hosted"));
    command.args(["--json", "authority", "--data"]).arg(host.root.path().join("data")).arg(what);
    serde_json::from_slice(&command.output().unwrap().stdout).unwrap()
}

/// A file that holds the certificate at `place` in the host's `ca.pem` alone.
fn alone(host: &Host, place: usize) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    let all = std::fs::read_to_string(&host.ca).unwrap();
    let one = all.split_inclusive("-----END CERTIFICATE-----\n").nth(place).unwrap();
    std::fs::write(&file, one).unwrap();
    file
}

async fn answers(host: &Host, trusted: &Path) -> bool {
    client(trusted).get(format!("{}/health", host.url)).send().await.is_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_host_turns_to_the_next_authority_and_back_and_every_policy_announces_it() {
    let host = Host::start().await;
    let (elm, oak) = (host.enrol("elm").await, host.enrol("oak").await);
    let first = alone(&host, 0);
    assert_eq!(authority(&host, "switch")["code"], "not_now", "there is none to switch to");
    assert_eq!(authority(&host, "next"), json!({"authorities": 2, "practices": 2}));
    assert_eq!(authority(&host, "next"), json!({"authorities": 2, "practices": 2}), "it is there already");
    let announced = std::fs::read_to_string(&host.ca).unwrap();
    for desk in [&elm, &oak] {
        let signed = serde_json::from_value(host.get("/policy", &desk.token).await.1).unwrap();
        let policy = policy::verify(&signed, &key(&desk.joined.policy_key), &desk.practice).unwrap();
        assert_eq!((policy.version, policy.authorities.as_ref()), (2, Some(&announced)), "once, and to each practice");
    }
    let second = alone(&host, 1);
    assert!(answers(&host, first.path()).await && !answers(&host, second.path()).await);
    for (now, before) in [(&second, &first), (&first, &second)] {
        authority(&host, "switch");
        let turned = async { while !answers(&host, now.path()).await {} };
        tokio::time::timeout(Duration::from_secs(60), turned).await.expect("the host goes on with its old certificate");
        assert!(!answers(&host, before.path()).await, "who trusts the other alone is not served");
        assert!(host.client.get(format!("{}/health", host.url)).send().await.is_ok(), "a line that was open goes on");
    }
    // An edit of the policy keeps what was announced.
    let admin = host.sign_in(&elm, Role::Admin).await.access_token;
    let wish = json!({"base_version": 2, "lease_hours": 24}).to_string();
    host.ask(reqwest::Method::PUT, "/policy", Some(&admin), Some(wish)).await;
    let kept = host.store(&practice_id("elm")).policy_in_force().unwrap();
    assert_eq!((kept.version, kept.authorities), (3, Some(announced)));
    assert_eq!(authority(&host, "retire"), json!({"authorities": 1, "practices": 2}));
    let left = host.store(&practice_id("oak")).policy_in_force().unwrap().authorities;
    assert_eq!(left, Some(std::fs::read_to_string(first.path()).unwrap()));
    assert_eq!(authority(&host, "retire")["code"], "not_now");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_switch_to_an_authority_that_a_practice_was_not_told_of() {
    let host = Host::start().await;
    authority(&host, "next");
    let new = hosted::store::NewPractice {
        id: practice_id("ash"),
        name: "ash",
        time_zone: "America/New_York",
        at: host.now(),
    };
    hosted::store::PracticeStore::create(&host.data(), &new).unwrap();
    let refused = authority(&host, "switch");
    assert_eq!(refused["code"], "not_now", "{refused}");
    authority(&host, "next");
    assert_eq!(authority(&host, "switch")["authorities"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retirement_that_was_cut_off_is_finished_by_the_same_command() {
    let host = Host::start().await;
    authority(&host, "next");
    // The file is written, and no practice was told.
    std::fs::copy(alone(&host, 0), &host.ca).unwrap();
    assert_eq!(authority(&host, "retire"), json!({"authorities": 1, "practices": 2}));
    let left = Some(std::fs::read_to_string(&host.ca).unwrap());
    for practice in ["elm", "oak"] {
        assert_eq!(host.store(&practice_id(practice)).policy_in_force().unwrap().authorities, left);
    }
    assert_eq!(authority(&host, "retire")["code"], "not_now");
}
