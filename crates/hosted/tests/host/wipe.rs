//! A workstation's word that it has forgotten the practice.

use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signer, SigningKey};
use practice::wire::{SignedReceipt, Standing, WipeReceipt};
use reqwest::{Method, StatusCode};

use crate::office::{Desk, Host};

fn signed(key: &SigningKey, told: &WipeReceipt) -> SignedReceipt {
    let document = serde_json::to_string(told).unwrap();
    SignedReceipt {
        signature: STANDARD.encode(key.sign(document.as_bytes()).to_bytes()),
        key: public(key),
        document,
        unsent: Vec::new(),
    }
}

fn public(key: &SigningKey) -> String {
    STANDARD.encode(key.verifying_key().to_bytes())
}

fn word(host: &Host, desk: &Desk) -> WipeReceipt {
    WipeReceipt {
        practice: desk.practice.clone(),
        workstation: desk.id.clone(),
        told: host.now(),
        forgets: vec!["key slots".into()],
    }
}

async fn give(host: &Host, desk: &Desk, receipt: &SignedReceipt) -> StatusCode {
    let body = serde_json::to_string(receipt).unwrap();
    host.ask(Method::POST, "/wiped", Some(&desk.token), Some(body)).await.status()
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_computers_own_word_for_its_own_wipe_is_taken_and_the_admin_sees_it() {
    let host = Host::start().await;
    let (desk, other) = (host.enrol("elm").await, host.enrol("elm").await);
    let (key, theirs) = (SigningKey::from_bytes(&[1; 32]), SigningKey::from_bytes(&[2; 32]));
    let mut store = host.store(&desk.practice);
    store.know_key(&desk.id, &public(&key)).unwrap();
    store.know_key(&desk.id, &public(&theirs)).unwrap();
    let good = signed(&key, &word(&host, &desk));
    assert_eq!(give(&host, &desk, &good).await, StatusCode::BAD_REQUEST, "nobody told it to");
    store.order_workstation(&desk.id, Standing::Wipe, host.now()).unwrap();
    let altered = SignedReceipt { document: good.document.replace("key slots", "nothing"), ..good.clone() };
    for (what, receipt) in [
        ("another key", signed(&theirs, &word(&host, &desk))),
        ("altered", altered),
        ("another computer's", signed(&key, &word(&host, &other))),
    ] {
        assert_eq!(give(&host, &desk, &receipt).await, StatusCode::BAD_REQUEST, "{what}");
    }
    assert_eq!(store.workstation(&desk.id).unwrap().unwrap().wiped, None);
    for time in ["first", "again, when the answer was lost"] {
        assert_eq!(give(&host, &desk, &good).await, StatusCode::NO_CONTENT, "{time}");
    }
    let seen = store.workstations().unwrap().into_iter().find(|one| one.id == desk.id).unwrap();
    assert_eq!((seen.wipe, seen.wiped), (Some(host.now()), Some(host.now())));
    let told = store.audit_chain(&store.host().unwrap()).unwrap();
    assert_eq!(told.iter().filter(|entry| entry.event.contains("\"wipe\"")).count(), 1);
    assert!(
        store.order_workstation(&desk.id, Standing::Works, host.now()).is_err(),
        "what it forgot does not come back"
    );
}
