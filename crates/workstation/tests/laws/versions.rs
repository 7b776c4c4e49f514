//! A computer and a host of different versions of the protocol.

use std::sync::Arc;

use practice::Code;
use workstation::screen::LockReason;

use super::world::{Act, Desk, Gate, Host, World, heard};

const APART: [(&str, Code, &str); 2] = [
    ("0-0", Code::WorkstationTooOld, "This computer needs a newer Shadowchart"),
    ("2-2", Code::HostTooOld, "The host needs a newer Shadowchart"),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_computer_that_is_refused_for_its_version_goes_on_offline_and_sends_when_it_is_updated() {
    let world = World::at_work("desk").await;
    let (ws, me) = (&world.desk.ws, world.host.account("desk"));
    let practitioner = world.host.practitioner();
    for (start, (spoken, code, words)) in ["02:00", "03:00"].into_iter().zip(APART) {
        let synced = ws.state().sync.last_synced;
        world.gate.rule(move |_| Act::Speaking(spoken));
        let refused = ws.sync_once().await.unwrap_err();
        assert_eq!(refused.code, code, "{}", refused.say);
        assert!(refused.say.starts_with(words), "{}", refused.say);
        ws.sign_out();
        world.desk.sign_in(me.clone()).await.unwrap();
        let booked = world.desk.book(&practitioner, start, None).unwrap();
        assert!(booked.card.provisional);
        assert_eq!(ws.sync_once().await.unwrap_err().code, code);
        let outbox = ws.outbox().unwrap();
        assert_eq!((outbox.len(), &outbox[0].trouble), (1, &None), "it waits, and nobody is asked about it");
        let sync = ws.state().sync;
        assert!(sync.trouble.unwrap().say.starts_with(words));
        assert_eq!((sync.reachable, sync.last_synced), (false, synced));
        world.gate.open();
        assert_eq!(ws.sync_once().await.unwrap().pushed, 1);
        assert_eq!(ws.state().sync.trouble, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_computer_of_another_version_takes_nothing_and_says_why() {
    let world = World::at_work("desk").await;
    let ws = &world.desk.ws;
    let mut notices = ws.notices();
    tokio::spawn(Arc::clone(ws).keep_in_step());
    ws.lock(LockReason::Asked);
    let place = || std::fs::read(world.desk.home.path().join("sealed/at.json")).unwrap();
    let before = place();
    for (spoken, code, _) in APART {
        world.gate.rule(
            move |asked| {
                if asked.starts_with("GET /fhir/_history") { Act::Speaking(spoken) } else { Act::Pass }
            },
        );
        world.host.tell(&["policy", "set", "lease_hours=48"], "");
        let trouble = || ws.state().sync.trouble.map(|trouble| trouble.code);
        heard(&mut notices, |_| (trouble() == Some(code)).then_some(())).await;
        assert_eq!(place(), before);
    }
    world.gate.open();
    world.host.tell(&["policy", "set", "lease_hours=49"], "");
    heard(&mut notices, |_| ws.state().sync.trouble.is_none().then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_answers_in_a_version_nobody_asked_for_is_not_listened_to() {
    let world = World::at_work("desk").await;
    let ws = &world.desk.ws;
    let cursor = ws.status().await.unwrap().cursor;
    for (chosen, code) in [
        ("0", Some(Code::HostTooOld)),
        ("2", Some(Code::WorkstationTooOld)),
        ("one", Some(Code::HostConfused)),
        ("1", None),
        // As a host from before versions answers.
        ("", None),
    ] {
        world.gate.rule(move |_| Act::Chosen(chosen));
        assert_eq!(ws.sync_once().await.err().map(|refused| refused.code), code, "{chosen}");
        if code.is_some() {
            assert_eq!(ws.status().await.unwrap().cursor, cursor, "{chosen}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_computer_joins_a_host_of_another_version_and_its_code_is_not_spent() {
    let host = Host::start();
    let gate = Gate::before(&host).await;
    let (desk, enrolment) = (Desk::new(), host.code());
    for (spoken, code, _) in APART {
        gate.rule(move |_| Act::Speaking(spoken));
        let refused = desk.enrol(&gate.url, &gate.ca_pem, &enrolment).await.unwrap_err();
        assert_eq!((refused.code, desk.files()), (code, vec![]));
    }
    gate.open();
    desk.enrol(&gate.url, &gate.ca_pem, &enrolment).await.unwrap();
}
