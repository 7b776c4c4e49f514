//! A host that makes no sense is not followed in circles, and is asked less and less.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use practice::Code;
use serde_json::json;
use tokio::{sync::mpsc, time::timeout};
use workstation::screen::{LockReason, Phase};

use super::world::{Act, World};

/// No round takes as long, however bad the host.
const AT_MOST: Duration = Duration::from_secs(60);

/// A page whose one entry is there already, or none, and what its head says of the next.
fn page(cursor: &str, entries: usize) -> Act {
    let entry = json!({
        "resource": {"resourceType": "Patient", "id": "p"},
        "request": {"method": "PUT", "url": "Patient/p"},
        "response": {"status": "200", "etag": "W/\"1\"", "lastModified": "2026-11-23T09:45:00Z"}
    });
    let next = format!("https://localhost/fhir/_history?cursor={cursor}");
    let page = json!({"link": [{"relation": "next", "url": next}], "entry": vec![entry; entries]});
    Act::With(vec![("link", format!("<{next}>; rel=\"next\""))], page.to_string().into_bytes())
}

/// A way in a circle: what is answered to the nth page that is asked for.
type Circle = (&'static str, fn(usize) -> Act);

const CIRCLES: &[Circle] = &[
    ("the same again and again", |_| page("same", 1)),
    ("two in turn", |n| page(["left", "right"][n % 2], 1)),
    ("many in turn", |n| page(&format!("turn-{}", n % 7), 1)),
    ("a full page without a word of the next", |_| match page("full", 2_000) {
        Act::With(_, page) => Act::Answer(200, page),
        other => other,
    }),
    ("more and more of nothing", |n| page(&format!("nothing-{n}"), 0)),
    ("another life each time", |n| match page(&format!("anew-{n}"), 1) {
        Act::With(_, page) => Act::With(vec![("x-epoch", format!("life-{n}"))], page),
        other => other,
    }),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_leads_in_circles_is_not_followed() {
    let mut world = World::at_work("desk").await;
    for (what, nth) in CIRCLES {
        let mut n = 0;
        world.gate.rule(move |asked| match asked.starts_with("GET /fhir/_history") {
            true => {
                n += 1;
                nth(n)
            }
            false => Act::Pass,
        });
        let ended = timeout(AT_MOST, world.desk.ws.sync_once()).await;
        let refused = ended.unwrap_or_else(|_| panic!("{what}: followed for ever")).expect_err(what);
        assert_eq!(refused.code, Code::HostConfused, "{what}");
        assert_eq!(world.desk.ws.state().sync.trouble, Some(refused), "{what}");
        world.gate.open();
        let me = world.host.account("desk");
        world.desk.restart();
        world.desk.sign_in(me).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_desk_does_not_fill_the_disk_with_a_circle() {
    let world = World::at_work("desk").await;
    let ws = &world.desk.ws;
    ws.lock(LockReason::Asked);
    world.gate.rule(|asked| match asked {
        "GET /live" => Act::Endless(stream(), b"data:{\"cursor\":\"x\",\"policy\":0}\n\n".to_vec()),
        page_asked if page_asked.starts_with("GET /fhir/_history") => page("x", 1),
        _ => Act::Pass,
    });
    let driver = tokio::spawn(Arc::clone(ws).keep_in_step());
    let mut notices = ws.notices();
    let confused = async {
        while ws.state().sync.trouble.is_none() {
            let _ = notices.recv().await;
        }
    };
    timeout(AT_MOST, confused).await.expect("followed for ever");
    driver.abort();
    assert_eq!(ws.state().sync.trouble.unwrap().code, Code::HostConfused);
    assert!(std::fs::read_dir(world.desk.home.path().join("sealed")).unwrap().count() < 5);
    assert_eq!(ws.state().phase, Phase::Locked);
    let me = world.host.account("desk");
    world.gate.open();
    world.desk.unlock(&me, &me.password).await.unwrap();
    let report = ws.sync_once().await.unwrap();
    assert!(report.pulled >= world.host.resources(), "nobody knows that cursor, so all is read from the start");
}

fn stream() -> Vec<(&'static str, String)> {
    vec![("content-type", "text/event-stream".to_owned())]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_makes_no_sense_is_asked_less_and_less_however_often_it_calls() {
    let world = World::at_work("desk").await;
    let ws = &world.desk.ws;
    let (heard, mut pages) = mpsc::unbounded_channel();
    let (called, mut lines) = mpsc::unbounded_channel();
    world.gate.rule(move |asked| match asked {
        "GET /live" => {
            let _ = called.send(());
            Act::With(stream(), b"data:{\"cursor\":\"x\",\"policy\":0}\n\n".repeat(100))
        }
        page if page.starts_with("GET /fhir/_history") => {
            let _ = heard.send(Instant::now());
            Act::Answer(200, b"nonsense".to_vec())
        }
        _ => Act::Pass,
    });
    let driver = tokio::spawn(Arc::clone(ws).keep_in_step());
    let mut asked = Vec::new();
    while asked.len() < 4 {
        asked.push(timeout(AT_MOST, pages.recv()).await.expect("it is asked again").unwrap());
    }
    while lines.try_recv().is_ok() {}
    for _ in 0..2 {
        timeout(AT_MOST, lines.recv()).await.expect("it listens again").unwrap();
    }
    assert_eq!(ws.state().sync.trouble.unwrap().code, Code::HostConfused, "a line that works does not hide it");
    driver.abort();
    let waits: Vec<_> = asked.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let least = [500, 1_000, 2_000].map(Duration::from_millis);
    assert!(waits.iter().zip(least).all(|(wait, least)| *wait >= least), "{waits:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_is_answered_with_nonsense_does_not_hold_up_the_rest() {
    let answers: [(u16, &str); 4] = [
        (200, "nonsense"),
        (200, r#"{"entry":[]}"#),
        (200, r#"{"entry":[{"resource":{"resourceType":"Patient","id":"p","meta":{"versionId":"1"}}}]}"#),
        (400, "nonsense"),
    ];
    let world = World::at_work("desk").await;
    let (desk, ws) = (&world.desk, &world.desk.ws);
    for (place, (status, answer)) in answers.into_iter().enumerate() {
        let first = desk.book(&world.host.practitioner(), &format!("0{place}:00"), None).unwrap();
        let second = desk.book(&world.host.practitioner(), &format!("0{place}:30"), None).unwrap();
        let mut tries = 0;
        world.gate.rule(move |asked| match asked {
            "POST /fhir" if tries < 3 => {
                tries += 1;
                Act::Answer(status, answer.as_bytes().to_vec())
            }
            _ => Act::Pass,
        });
        for _ in 0..3 {
            assert_eq!(ws.sync_once().await.unwrap_err().code, Code::HostConfused, "{answer}");
        }
        assert_eq!(ws.sync_once().await.unwrap().pushed, 1, "{answer}: the other goes");
        assert_eq!(ws.outbox().unwrap().len(), 1, "{answer}");
        assert!(!ws.appointment(&second.card.id).unwrap().card.provisional, "{answer}");
        desk.clock.pass(Duration::from_secs(60));
        assert_eq!(ws.sync_once().await.unwrap().pushed, 1, "{answer}: its turn comes again");
        assert!(!ws.appointment(&first.card.id).unwrap().card.provisional, "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_without_end_sets_nothing_aside() {
    let world = World::at_work("desk").await;
    let ws = &world.desk.ws;
    world.desk.book(&world.host.practitioner(), "03:00", None).unwrap();
    world.gate.rule(|asked| match asked {
        "POST /fhir" => Act::Answer(409, json!({"code": "overlap", "say": "x".repeat(1 << 20)}).to_string().into()),
        _ => Act::Pass,
    });
    assert_eq!(ws.sync_once().await.unwrap_err().code, Code::HostConfused);
    assert_eq!((ws.outbox().unwrap().len(), ws.attention().unwrap().len()), (1, 0));
    world.gate.open();
    assert_eq!(ws.sync_once().await.unwrap().pushed, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_members_and_a_receipt_for_nothing_are_nonsense() {
    let world = World::at_work("desk").await;
    let ws = &world.desk.ws;
    // Before anything is sent, the members are asked for.
    world.desk.book(&world.host.practitioner(), "03:00", None).unwrap();
    for (asked_for, answer) in [("GET /members", "[]"), ("POST /audit", r#"{"accepted_through":0}"#)] {
        ws.find("a").unwrap();
        world.gate.rule(move |asked| match asked == asked_for {
            true => Act::Answer(200, answer.as_bytes().to_vec()),
            false => Act::Pass,
        });
        assert_eq!(ws.sync_once().await.unwrap_err().code, Code::HostConfused, "{asked_for}");
        assert_eq!(ws.state().phase, Phase::Open, "{asked_for}: nobody is locked out");
        world.gate.open();
        ws.sync_once().await.unwrap();
    }
    let me = world.host.account("desk");
    world.gate.close();
    ws.lock(LockReason::Asked);
    world.desk.unlock(&me, &me.password).await.unwrap();
}
