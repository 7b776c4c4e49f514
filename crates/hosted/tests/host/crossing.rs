//! A hundred thousand tries from one practice at another: none sees anything, and each is told in the audit trail.

use std::{collections::HashMap, sync::Arc};

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hosted::{
    http::{App, OWN_ROWS},
    practices::Practices,
};
use practice::{
    Role,
    audit::{ChainEntry, FIRST, link},
    ids::PracticeId,
};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::office::{Desk, Host, appointment, member, patient};

const SEED: u64 = 20_261_129;
/// With practices in files. A try at PostgreSQL is some ten round trips and a commit: there they are fewer.
const TRIES: u64 = 100_000;
const TRIES_AT_POSTGRESQL: u64 = 5_000;
const TASKS: u64 = 4;
const RECORDS: u64 = 50;

/// A practice, as who works there and as whom the others are after.
struct Side {
    name: &'static str,
    desk: Desk,
    members: Vec<(Role, String)>,
    chain: Value,
}

/// One try, and how it has to be answered.
struct Asked {
    method: &'static str,
    path: String,
    token: String,
    body: String,
    answer: u16,
    /// The same asked about nobody's: the answers may not differ.
    as_nobodys: Option<(String, String)>,
    /// Whose audit trail tells of it.
    told_by: PracticeId,
}

/// SplitMix64: the same tries in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[usize::try_from(self.roll(all.len() as u64)).unwrap()]
    }
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
    let event = format!("Canary{name}");
    let hash = link(&desk.id, 1, FIRST, &event);
    let entry = ChainEntry { seq: 1, prev: FIRST.to_owned(), event, hash };
    Side { name, desk, members, chain: json!({"entries": [entry]}) }
}

/// The secret of one practice behind the name of another.
fn glued(practice: &PracticeId, token: &str) -> String {
    format!("{practice}~{}", token.split_once('~').unwrap().1)
}

fn attempt(host: &Host, dice: &mut Dice, number: u64, us: &Side, them: &Side) -> Asked {
    let n = dice.roll(RECORDS);
    let (kind, id) = if dice.roll(2) == 0 {
        ("Patient", format!("{}-patient-{n}", them.name))
    } else {
        ("Appointment", format!("{}-visit-{n}", them.name))
    };
    let device = us.desk.token.clone();
    let admin = us.members.iter().find(|(role, _)| *role == Role::Admin).unwrap().1.clone();
    let anyone = if dice.roll(2) == 0 { device.clone() } else { dice.of(&us.members).1.clone() };
    let seq = dice.roll(200);
    let epoch = &them.desk.joined.epoch;
    let cursor = URL_SAFE_NO_PAD.encode(format!("{seq}~{epoch}"));
    let told_by = us.desk.practice.clone();
    let get = |path: String, token: &str, answer: u16| Asked {
        method: "GET",
        path,
        token: token.to_owned(),
        body: String::new(),
        answer,
        as_nobodys: None,
        told_by: told_by.clone(),
    };
    let send = |method, path: &str, token: &str, body: String, answer| Asked {
        method,
        body,
        ..get(path.to_owned(), token, answer)
    };
    let change = |writes: &[(Value, Option<u32>)]| {
        host.bundle(&us.desk, Role::FrontDesk, &format!("change-{number}"), writes).to_string()
    };
    let nobodys = |asked: Asked| {
        let (path, body) = (asked.path.replace(&id, "nobody-1"), asked.body.replace(&id, "nobody-1"));
        Asked { as_nobodys: Some((path, body)), ..asked }
    };
    match dice.roll(100) {
        0..25 => nobodys(get(format!("/fhir/{kind}/{id}"), &anyone, 404)),
        25..35 => nobodys(get(format!("/fhir/{kind}/{id}/_history/{}", 1 + dice.roll(3)), &anyone, 404)),
        35..45 => nobodys(get(format!("/fhir/{kind}/{id}/_history"), &anyone, 404)),
        45..55 => get(format!("/fhir/_history?cursor={cursor}"), &device, 410),
        55..65 => {
            let looked_for = dice.of(&["_id=P", "patient=P", "identifier=urn:x|P", "name=CanaryN", "actor=N-doctor"]);
            let looked_for = looked_for.replace('P', &format!("{}-patient-{n}", them.name)).replace('N', them.name);
            let kind = if looked_for.starts_with("patient") || looked_for.starts_with("actor") {
                "Appointment"
            } else {
                "Patient"
            };
            // A member's search has a row whatever it finds, and each row waits for the disk: these are few.
            let token = if dice.roll(50) == 0 { &admin } else { &device };
            get(format!("/fhir/{kind}?{looked_for}"), token, 200)
        }
        65..75 => {
            let text = if kind == "Patient" {
                patient(&id, "Mallory")
            } else {
                appointment(&id, &format!("{}-doctor", them.name), "10:00", "10:15")
            };
            nobodys(send("POST", "/fhir", &device, change(&[(text, Some(1))]), 412))
        }
        75..79 => {
            let (ours, theirs) = (member(us.name, Role::FrontDesk), member(them.name, Role::FrontDesk));
            let body = change(&[(patient("new", "Mallory"), None)]);
            send("POST", "/fhir", &device, body.replace(ours.as_str(), theirs.as_str()), 403)
        }
        79..83 => {
            let body = change(&[(patient("new", "Mallory"), None)]);
            send("POST", "/fhir", &device, body.replace(us.desk.id.as_str(), them.desk.id.as_str()), 403)
        }
        83 => {
            let mut visit = appointment(&format!("visit-{number}"), "d1", "10:00", "10:15");
            visit["status"] = json!("cancelled");
            // Not as who takes part: then a search for them would find this.
            visit["supportingInformation"] = json!([{"reference": format!("Patient/{}-patient-{n}", them.name)}]);
            send("POST", "/fhir", &device, change(&[(visit, None)]), 200)
        }
        84..92 => {
            let path = *dice.of(&["/policy", "/members", "/live", "/fhir/Patient", "/workstations", "/fhir/_history"]);
            let secret = if dice.roll(2) == 0 { &them.desk.token } else { &dice.of(&them.members).1 };
            let (practice, secret) =
                if dice.roll(2) == 0 { (&us.desk.practice, secret) } else { (&them.desk.practice, &device) };
            Asked { told_by: practice.clone(), ..get(path.to_owned(), &glued(practice, secret), 401) }
        }
        92..95 => {
            let asked = send(
                "PUT",
                &format!("/workstations/{}", them.desk.id.as_str()),
                &admin,
                r#"{"standing":"stopped"}"#.to_owned(),
                404,
            );
            let path = "/workstations/3c9f1a52-0000-4000-8000-000000000000".to_owned();
            Asked { as_nobodys: Some((path, asked.body.clone())), ..asked }
        }
        95..98 => send("POST", "/audit", &device, them.chain.to_string(), 409),
        98 => {
            let given = json!({"life": epoch, "resources": [patient(&id, "Mallory")]}).to_string();
            send("POST", "/given-back", &device, given, 400)
        }
        _ => {
            let receipt = json!({"document": format!("{{\"workstation\":\"{}\"}}", them.desk.id.as_str()), "signature": "", "key": ""});
            send("POST", "/wiped", &device, receipt.to_string(), 400)
        }
    }
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
    for secret in [&format!("Canary{}", them.name), &them.desk.joined.epoch] {
        assert!(!answer.contains(secret.as_str()), "{} {} leaks: {answer}", asked.method, asked.path);
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
                for number in (task..tries).step_by(TASKS as usize) {
                    let (us, them) = if dice.roll(2) == 0 { (&sides[0], &sides[1]) } else { (&sides[1], &sides[0]) };
                    let asked = attempt(&host, &mut dice, number, us, them);
                    let (status, answer) = ask(&router, &asked, &asked.path, &asked.body).await;
                    assert_eq!(status, asked.answer, "seed {SEED}, {number}: {} {}", asked.method, asked.path);
                    holds_nothing_of(them, &asked, &answer);
                    *expected.entry(asked.told_by.clone()).or_default() += 1;
                    if let Some((path, body)) = asked.as_nobodys.as_ref().filter(|_| number % 10 < 2) {
                        let nobodys = ask(&router, &asked, path, body).await;
                        assert_eq!(nobodys, (status, answer), "{} {} is known to be somebody's", asked.method, path);
                        *expected.entry(asked.told_by.clone()).or_default() += 1;
                    }
                }
                expected
            })
        })
        .collect();
    let mut expected: HashMap<PracticeId, u64> = HashMap::new();
    for task in tasks {
        for (practice, count) in task.await.unwrap() {
            *expected.entry(practice).or_default() += count;
        }
    }
    let flushed = app.clone();
    tokio::task::spawn_blocking(move || flushed.write_tries()).await.unwrap();
    for (side, before) in sides.iter().zip(before) {
        let practice = &side.desk.practice;
        let (tries, rows) = told(&host, practice);
        assert_eq!(tries - before, expected[practice], "each try at {practice} is told");
        // The practice's computer, and everybody without a good token: each has its rows and its count.
        assert!(rows <= 2 * (u64::from(OWN_ROWS) + 1), "{rows} rows are a way to fill the disk");
        assert_eq!(host.store(practice).workstations().unwrap().iter().filter(|one| one.stopped).count(), 0);
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
    let host = Host::start().await;
    let (elm, oak) = (host.enrol("elm").await, host.enrol("oak").await);
    let theirs = host.try_sign_in(&oak, "admin@elm.test", crate::office::PASSWORD).await;
    let nobodys = host.try_sign_in(&oak, "admin@nowhere.test", crate::office::PASSWORD).await;
    assert_eq!((theirs.status(), nobodys.status()), (StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED));
    assert_eq!(theirs.text().await.unwrap(), nobodys.text().await.unwrap());
    assert_eq!(told(&host, &oak.practice).0, 2);
    assert_eq!(told(&host, &elm.practice).0, 0, "the other practice is not asked at all");
}
