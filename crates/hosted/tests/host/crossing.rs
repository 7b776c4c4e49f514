//! A hundred thousand tries from one practice at another: none sees anything, and each is told in the audit trail.

mod attempt;

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::SigningKey;
use hosted::{
    http::{App, ENDPOINTS, Needs, OWN_ROWS},
    practices::Practices,
};
use practice::{
    Role,
    audit::{ChainEntry, FIRST, link},
    ids::PracticeId,
};
use reqwest::Method;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::{
    mail::Sink,
    office::{Host, PASSWORD, appointment, code, email, member, patient},
};
use attempt::{Asked, Dice, LEFT_OUT, Side, attempt};

const SEED: u64 = 20_261_129;
/// With practices in files. A try at PostgreSQL is some ten round trips and a commit: there they are fewer.
const TRIES: u64 = 100_000;
const TRIES_AT_POSTGRESQL: u64 = 5_000;
const TASKS: u64 = 4;
const RECORDS: u64 = 50;

/// The key of a computer whose sign-ins are bound to it.
fn public_key() -> String {
    STANDARD.encode(SigningKey::from_bytes(&[7; 32]).verifying_key().to_bytes())
}

async fn side(host: &Host, name: &'static str) -> Side {
    let desk = host.enrol(name).await;
    let mut texts: Vec<Value> = Vec::new();
    for n in 0..RECORDS {
        texts.push(patient(&format!("{name}-patient-{n}"), &format!("Canary{name}")));
        let mut visit = appointment(&format!("{name}-visit-{n}"), &format!("{name}-doctor"), "09:00", "09:15");
        visit["comment"] = json!(format!("Canary{name}"));
        texts.push(visit);
    }
    host.seed(&desk.practice, &texts);
    let mut members = Vec::new();
    for role in Role::ALL {
        members.push((role, host.sign_in(&desk, role).await.access_token));
    }
    let other = host.enrol(name).await;
    let bound =
        json!({"email": email(name, Role::Admin), "password": PASSWORD, "workstation_key": public_key()}).to_string();
    let bound = host.ask(Method::POST, "/sign-in", Some(&other.token), Some(bound)).await;
    let refresh = bound.json::<Value>().await.unwrap()["refresh_token"].as_str().unwrap().to_owned();
    let event = format!("Canary{name}");
    let hash = link(&desk.id, 1, FIRST, &event);
    let entry = ChainEntry { seq: 1, prev: FIRST.to_owned(), event, hash };
    Side { name, desk, members, refresh: (other, refresh), chain: json!({"entries": [entry]}) }
}

/// Status, head and body of the answer, as one text.
async fn ask(router: &Router, asked: &Asked, path: &str, body: &str) -> (StatusCode, String) {
    let request = Request::builder()
        .method(asked.method)
        .uri(path)
        .header(header::AUTHORIZATION, format!("Bearer {}", asked.token))
        .body(Body::from(body.to_owned()))
        .unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let (head, body) = response.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    (head.status, format!("{:?}\n{}", head.headers, String::from_utf8_lossy(&body)))
}

fn holds_nothing_of(them: &Side, asked: &Asked, answer: &str) {
    let (record, account) = (format!("Canary{}", them.name), format!("@{}.test", them.name));
    for secret in [&record, &account, &them.desk.joined.epoch, them.desk.id.as_str(), them.refresh.0.id.as_str()] {
        assert!(!answer.contains(secret), "{} {} leaks: {answer}", asked.method, asked.path);
    }
}

/// How many tries the practice's audit trail tells of, and how many rows it has for them.
fn told(host: &Host, practice: &PracticeId) -> (u64, u64) {
    let store = host.store(practice);
    let id = store.host().unwrap();
    let chain = store.audit_chain(&id).unwrap();
    practice::audit::follow(&id, 0, FIRST, &chain).unwrap();
    let (mut tries, mut rows) = (0, 0);
    for entry in chain {
        let event: Value = serde_json::from_str(&entry.event).unwrap();
        let refused = event["outcome"] == "4";
        let query = event["entity"].as_array().and_then(|all| all.last()?["description"].as_str()).unwrap_or_default();
        let counted = query.strip_suffix(" more tries that were refused").map(|count| count.parse::<u64>().unwrap());
        if refused || event["subtype"][0]["code"] == "search" {
            tries += counted.unwrap_or(1);
            rows += u64::from(refused);
        }
    }
    (tries, rows)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_thousand_tries_at_another_practice_see_nothing_and_each_is_told() {
    let host = Arc::new(Host::start().await);
    let sides = Arc::new([side(&host, "elm").await, side(&host, "oak").await]);
    let now = host.now();
    for (us, them) in [(&sides[0], &sides[1]), (&sides[1], &sides[0])] {
        let admin = us.members.iter().find(|(role, _)| *role == Role::Admin).unwrap();
        let export = host.ask(Method::GET, "/export", Some(&admin.1), None).await.text().await.unwrap();
        assert!(export.contains(&format!("Canary{}", us.name)) && !export.contains(&format!("Canary{}", them.name)));
    }
    let app = App::new(Practices::new(host.data()), move || now);
    let at_postgresql = std::env::var_os("SHADOWCHART_TEST_POSTGRES").is_some();
    let tries = if at_postgresql { TRIES_AT_POSTGRESQL } else { TRIES };
    let before: Vec<_> = sides.iter().map(|side| told(&host, &side.desk.practice).0).collect();
    let tasks: Vec<_> = (0..TASKS)
        .map(|task| {
            let (host, sides, router) = (host.clone(), sides.clone(), app.clone().router());
            tokio::spawn(async move {
                let mut dice = Dice(SEED + task);
                let mut expected: HashMap<PracticeId, u64> = HashMap::new();
                let (mut named, mut forged) = (BTreeSet::new(), BTreeSet::new());
                for number in (task..tries).step_by(TASKS as usize) {
                    let (us, them) = if dice.roll(2) == 0 { (&sides[0], &sides[1]) } else { (&sides[1], &sides[0]) };
                    let asked = attempt(&host, &mut dice, number, us, them);
                    let (status, answer) = ask(&router, &asked, &asked.path, &asked.body).await;
                    assert_eq!(status, asked.answer, "seed {SEED}, {number}: {} {}", asked.method, asked.path);
                    holds_nothing_of(them, &asked, &answer);
                    if asked.forged { &mut forged } else { &mut named }.insert(asked.endpoint());
                    let mut tell = || asked.told_by.iter().for_each(|by| *expected.entry(by.clone()).or_default() += 1);
                    tell();
                    if let Some((path, body)) = asked.as_nobodys.as_ref().filter(|_| number % 10 < 2) {
                        let nobodys = ask(&router, &asked, path, body).await;
                        assert_eq!(nobodys, (status, answer), "{} {} is known to be somebody's", asked.method, path);
                        tell();
                    }
                }
                (expected, named, forged)
            })
        })
        .collect();
    let mut expected: HashMap<PracticeId, u64> = HashMap::new();
    let (mut named, mut forged) = (BTreeSet::new(), BTreeSet::new());
    for task in tasks {
        let (told, its_named, its_forged) = task.await.unwrap();
        told.into_iter().for_each(|(practice, count)| *expected.entry(practice).or_default() += count);
        named.extend(its_named);
        forged.extend(its_forged);
    }
    let all = |which: fn(Needs) -> bool| -> BTreeSet<_> {
        ENDPOINTS.iter().filter(|one| which(one.needs)).map(|one| (one.method, one.path)).collect()
    };
    assert_eq!(forged, all(|needs| needs != Needs::Nothing), "each is tried with another practice's secret");
    named.extend(LEFT_OUT.iter().map(|(method, path, _)| (*method, *path)));
    assert_eq!(named, all(|_| true), "each is tried with what another practice has, or left out for a reason");
    let flushed = app.clone();
    tokio::task::spawn_blocking(move || flushed.write_tries()).await.unwrap();
    for (side, before) in sides.iter().zip(before) {
        let practice = &side.desk.practice;
        let (tries, rows) = told(&host, practice);
        assert_eq!(tries - before, expected[practice], "each try at {practice} is told");
        // The practice's computer, and everybody without a good token: each has its rows and its count.
        assert!(rows <= 2 * (u64::from(OWN_ROWS) + 1), "{rows} rows are a way to fill the disk");
        let store = host.store(practice);
        assert_eq!(store.workstations().unwrap().iter().filter(|one| one.stopped).count(), 0);
        let accounts = store.accounts(now).unwrap();
        let as_before = |(role, _): &(Role, String)| {
            accounts.iter().any(|one| one.member.role == *role && one.member.id == member(side.name, *role))
        };
        assert!(side.members.iter().all(as_before) && accounts.iter().all(|one| !one.member.stopped), "{accounts:?}");
        assert_eq!(store.policy_in_force().unwrap().version, 1);
        // Without a proof it is refused for the want of one, so it is still good.
        let (desk, refresh) = (&side.refresh.0, json!({"refresh_token": side.refresh.1}).to_string());
        let good = host.ask(Method::POST, "/token", Some(&desk.token), Some(refresh)).await;
        assert_eq!(code(&good.json().await.unwrap()), "proof_refused");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn some_hundred_of_them_over_the_line_see_nothing_either() {
    let host = Host::start().await;
    let sides = [side(&host, "elm").await, side(&host, "oak").await];
    let mut dice = Dice(SEED);
    for number in 0..400 {
        let (us, them) = if dice.roll(2) == 0 { (&sides[0], &sides[1]) } else { (&sides[1], &sides[0]) };
        let asked = attempt(&host, &mut dice, number, us, them);
        let method = asked.method.parse().unwrap();
        let response = host.ask(method, &asked.path, Some(&asked.token), Some(asked.body.clone())).await;
        assert_eq!(response.status().as_u16(), asked.answer, "{number}: {} {}", asked.method, asked.path);
        let head = format!("{:?}", response.headers());
        holds_nothing_of(them, &asked, &(head + &response.text().await.unwrap()));
    }
    for side in &sides {
        let (tries, rows) = told(&host, &side.desk.practice);
        assert!(tries >= 100 && rows <= 2 * u64::from(OWN_ROWS), "{tries} tries in {rows} rows");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_other_practices_accounts_are_strangers_here() {
    let sink = Sink::start(&[]);
    let host = Host::start_mailing(sink.mailer()).await;
    let (elm, oak) = (host.enrol("elm").await, host.enrol("oak").await);
    let theirs = email("elm", Role::Admin);
    for path in ["/sign-in", "/second-factor", "/second-factor/confirm"] {
        let tried = async |email: &str| {
            let body = json!({"email": email, "password": PASSWORD, "code": "000000"});
            let answer = host.ask(Method::POST, path, Some(&oak.token), Some(body.to_string())).await;
            (answer.status(), answer.text().await.unwrap())
        };
        let (known, nobodys) = (tried(&theirs).await, tried("admin@nowhere.test").await);
        assert_eq!(known.0, StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(known, nobodys, "{path}");
    }
    assert_eq!(told(&host, &oak.practice).0, 6);
    let admin = host.sign_in(&oak, Role::Admin).await.access_token;
    for email in [&theirs, "admin@nowhere.test"] {
        let invitation = json!({"email": email, "name": "New", "role": "clinical"}).to_string();
        let answer = host.ask(Method::POST, "/members", Some(&admin), Some(invitation)).await;
        assert_eq!(answer.status(), StatusCode::OK, "{email} is new here");
        let invited: Value = answer.json().await.unwrap();
        assert_eq!(invited["member"]["email"], json!(email));
    }
    assert_eq!(told(&host, &elm.practice).0, 0, "the other practice is not asked at all");
    assert_eq!(host.sign_in(&elm, Role::Admin).await.member.role, Role::Admin);
}
