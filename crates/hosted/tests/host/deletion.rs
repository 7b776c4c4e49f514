//! The end of a practice: asked for, waited for, taken back or done, and certified.

use std::{fs, path::Path};

use hosted::{backup::Backups, ending::holds};
use practice::{
    Role,
    wire::{DeletionCertificate, Deletions, SignedCertificate},
};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    command_line,
    office::{Desk, Host, member, patient},
};

const DAY: i64 = 24 * 3600;

async fn wish(host: &Host, desk: &Desk, wish: &str) -> (StatusCode, Value) {
    let admin = host.sign_in(desk, Role::Admin).await.access_token;
    let body = json!({"wish": wish, "comment": format!("{wish} it")}).to_string();
    let response = host.ask(Method::PUT, "/deletion", Some(&admin), Some(body)).await;
    (response.status(), response.json().await.unwrap())
}

/// The files of a practice in the data folder.
fn files(host: &Host, practice: &str) -> Vec<String> {
    let folder = fs::read_dir(host.root.path().join("data/practices")).unwrap();
    let names = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.starts_with(practice)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_asked_can_be_taken_back_for_a_month_and_every_admin_sees_it() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    let (status, told) = wish(&host, &desk, "keep").await;
    assert_eq!((status, told["code"].as_str()), (StatusCode::BAD_REQUEST, Some("not_now")), "{told}");
    let (status, told) = wish(&host, &desk, "delete").await;
    assert_eq!(status, StatusCode::OK, "{told}");
    let asked: Deletions = serde_json::from_value(told).unwrap();
    let pending = asked.pending.unwrap();
    assert_eq!((pending.asked, pending.asked_by), (host.now(), member("elm", Role::Admin)));
    assert_eq!(pending.due.millis() - pending.asked.millis(), 30 * DAY * 1000);
    assert_eq!(wish(&host, &desk, "delete").await.0, StatusCode::CONFLICT);
    host.pass(29 * DAY);
    let (_, told) = wish(&host, &desk, "keep").await;
    let kept: Deletions = serde_json::from_value(told).unwrap();
    assert!(kept.pending.is_none());
    assert_eq!(kept.past[0].taken_back, Some(host.now()));
    let said = (kept.past[0].comment.as_deref(), kept.past[0].taken_back_comment.as_deref());
    assert_eq!(said, (Some("delete it"), Some("keep it")), "each word is by whoever said it");
    host.pass(2 * DAY);
    // Another practice's end shows that the host has looked.
    let oak = host.enrol("oak").await;
    wish(&host, &oak, "delete").await;
    host.pass(30 * DAY);
    host.until("oak is gone", || certificate(&host, "oak").is_some()).await;
    assert!(host.store(&desk.practice).deletions().unwrap().pending.is_none());
    assert_eq!(host.get("/members", &desk.token).await.0, StatusCode::OK);
    let store = host.store(&desk.practice);
    let trail = store.audit_chain(&desk.id).unwrap();
    let own = store.audit_chain(&store.host().unwrap()).unwrap();
    let told: Vec<_> = trail.iter().chain(&own).filter(|entry| entry.event.contains("be deleted")).collect();
    assert_eq!(told.len(), 2, "both are in the audit trail");
}

fn certificate(host: &Host, practice: &str) -> Option<SignedCertificate> {
    let file = host.root.path().join(format!("data/certificates/{practice}.json"));
    serde_json::from_slice(&fs::read(file).ok()?).ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_month_the_practice_is_destroyed_with_its_backups_and_the_host_certifies_it() {
    let repositories = tempfile::tempdir().unwrap();
    let first = repositories.path().join("first");
    let host = Host::start_backed_up(|dir| Some(Backups::new(dir, first.to_str().unwrap(), None, None).unwrap())).await;
    let (elm, oak) = (host.enrol("elm").await, host.enrol("oak").await);
    host.seed(&elm.practice, &[patient("p1", "Canarybird")]);
    let stores = [&elm, &oak].map(|desk| host.store(&desk.practice));
    host.until("both have a backup and a drill", || stores.iter().all(|one| one.runs(9).unwrap().len() == 2)).await;
    drop(stores);
    assert_eq!(wish(&host, &elm, "delete").await.0, StatusCode::OK);
    fs::rename(&first, repositories.path().join("unplugged")).unwrap();
    host.pass(30 * DAY);
    let pending = host.root.path().join("data/certificates/elm.pending");
    host.until("it was tried, and the backups can't be reached", || {
        fs::read_to_string(&pending).is_ok_and(|text| text.contains("\"tried\": \""))
    })
    .await;
    assert!(files(&host, "elm").is_empty() && !host.data().practices().unwrap().contains(&elm.practice));
    assert!(certificate(&host, "elm").is_none(), "nothing is certified that is not done");
    assert_eq!(host.get("/members", &elm.token).await.0, StatusCode::UNAUTHORIZED);
    fs::rename(repositories.path().join("unplugged"), &first).unwrap();
    host.pass(600);
    host.until("it is certified", || certificate(&host, "elm").is_some()).await;
    let signed = certificate(&host, "elm").unwrap();
    assert!(holds(&signed));
    let told: DeletionCertificate = serde_json::from_str(&signed.document).unwrap();
    assert_eq!((told.name.as_str(), told.asked_by), ("elm", member("elm", Role::Admin)));
    // It may be tried again as soon as the backups can be reached, or when the time for that has come.
    assert!(told.asked.millis() + 30 * DAY * 1000 <= told.done.millis() && told.done <= host.now(), "{:?}", told.done);
    let own: &[&str] = match crate::postgres::database() {
        None => &["The practice's key", "files of the practice", "backups in"],
        Some(_) => &["The practice's rows", "backups in"],
    };
    for part in own {
        assert!(told.destroyed.iter().any(|what| what.contains(*part)), "{part}: {:?}", told.destroyed);
    }
    assert!(told.left[0].contains("1 computers"), "{:?}", told.left);
    let backups = Backups::new(&host.data(), first.to_str().unwrap(), None, None).unwrap();
    // The host's own work on the repository may keep others from it for a moment.
    host.until("the other practice's stay", || backups.find(&oak.practice, None).is_ok()).await;
    assert!(backups.find(&elm.practice, None).is_err());
    assert_eq!(host.get("/members", &oak.token).await.0, StatusCode::OK);

    let data = host.root.path().join("data");
    let arguments = ["certificate", "--data", data.to_str().unwrap(), "--practice", "elm"];
    let (status, printed) = command_line::json(&arguments, None);
    assert_eq!((status, &printed["certificates"][0]["holds"]), (0, &json!(true)), "{printed}");
    alter(&data.join("certificates/elm.json"));
    let (status, printed) = command_line::json(&arguments, None);
    assert_eq!((status, &printed["certificates"][0]["holds"]), (6, &json!(false)), "{printed}");
}

fn alter(file: &Path) {
    let text = fs::read_to_string(file).unwrap().replace("elm-admin", "elm-other");
    fs::write(file, text).unwrap();
}
