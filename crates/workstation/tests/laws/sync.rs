//! Rounds of the sync, whole and cut off.

use super::world::{Act, Host, World};

/// What a workstation asks for at once.
const PAGE: usize = 2_000;

fn pages(asked: &[String]) -> Vec<&String> {
    asked.iter().filter(|asked| asked.starts_with("GET /fhir/_history")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_sync_that_was_cut_off_goes_on_from_its_cursor() {
    let world = World::at(Host::of(160)).await;
    world.desk.sign_in(world.host.account("desk")).await.unwrap();
    let ws = &world.desk.ws;
    let all = world.host.resources().div_ceil(PAGE);
    assert!(all > 3, "enough to be cut twice");
    for cut_at in 1..=2 {
        let mut seen = 0;
        world.gate.rule(move |asked| {
            seen += usize::from(asked.starts_with("GET /fhir/_history"));
            if seen == 2 { Act::CutAnswer } else { Act::Pass }
        });
        ws.sync_once().await.unwrap_err();
        let state = ws.state().sync;
        assert_eq!(state.last_synced, None, "cut {cut_at}: a failure never moves it");
        assert!(!state.reachable && !state.running, "cut {cut_at}");
    }
    world.gate.open();
    world.gate.asked();
    let report = ws.sync_once().await.unwrap();
    assert!(report.pulled <= world.host.resources() - 2 * PAGE, "two pages were kept: {report:?}");
    let asked = world.gate.asked();
    assert_eq!(pages(&asked).len(), all - 2, "{asked:?}");
    assert!(pages(&asked).iter().all(|page| page.contains("cursor=")), "{asked:?}");
    assert!(ws.state().sync.last_synced.is_some());
    assert_eq!(ws.sync_once().await.unwrap().pulled, 0, "and nothing comes twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_sync_brings_today_and_its_charts_before_anything_else() {
    let world = World::at(Host::of(160)).await;
    world.desk.sign_in(world.host.account("provider1")).await.unwrap();
    let ws = &world.desk.ws;
    world.gate.rule(|asked| if asked.starts_with("GET /fhir/_history") { Act::Cut } else { Act::Pass });
    ws.sync_once().await.unwrap_err();
    let early = ws.day(None).unwrap();
    assert!(ws.state().sync.last_synced.is_none());
    let charts = |day: &workstation::screen::Day| -> Vec<_> {
        day.appointments.iter().map(|card| ws.chart(&card.patient.as_ref().unwrap().id).unwrap()).collect()
    };
    let of_early = charts(&early);
    world.gate.open();
    world.gate.asked();
    ws.sync_once().await.unwrap();
    let late = ws.day(None).unwrap();
    assert!(early.appointments.len() > 3, "a demo has visits every day");
    assert_eq!((&early.appointments, &early.columns.len()), (&late.appointments, &late.columns.len()));
    for (early, late) in of_early.iter().zip(charts(&late)) {
        assert_eq!(
            (&early.patient, &early.problems, &early.allergies),
            (&late.patient, &late.problems, &late.allergies)
        );
    }
    world.gate.asked();
    ws.sync_once().await.unwrap();
    let asked = world.gate.asked();
    assert!(!asked.iter().any(|asked| asked.contains("Appointment?")), "only once: {asked:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_that_brings_nothing_new_is_one_request() {
    let world = World::at_work("desk").await;
    let ws = &world.desk.ws;
    let policy = world.desk.home.path().join("policy.json");
    let round = async || {
        world.gate.asked();
        ws.sync_once().await.unwrap();
        let asked = world.gate.asked();
        asked.into_iter().map(|asked| asked.split('?').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    const PAGE: &str = "GET /fhir/_history";
    const ALL: [&str; 3] = [PAGE, "GET /policy", "GET /members"];
    // What the sign-in and the first sync left to tell is told.
    round().await;
    assert_eq!(round().await, [PAGE]);
    world.host.tell(&["policy", "set", "time_out=120"], "");
    assert_eq!(round().await, ALL, "the policy is another one");
    assert_eq!(round().await, [PAGE]);
    world.host.tell(&["member", "role", &world.host.account("nurse").email, "front_desk"], "");
    assert_eq!(round().await, ALL, "a member is another one");
    assert_eq!(round().await, [PAGE]);
    std::fs::remove_file(&policy).unwrap();
    assert_eq!(round().await, ALL, "the policy is gone here");
    assert!(policy.exists());
    world.gate.close();
    ws.sync_once().await.unwrap_err();
    world.gate.open();
    assert_eq!(round().await, ALL, "after a trouble");
    assert_eq!(round().await, [PAGE]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_that_fails_anywhere_leaves_last_synced_where_it_was() {
    let world = World::at_work("desk").await;
    let ws = &world.desk.ws;
    let synced = ws.state().sync.last_synced;
    for step in ["GET /policy", "GET /members", "POST /fhir", "GET /fhir/_history", "POST /audit"] {
        world.desk.clock.pass(std::time::Duration::from_secs(60));
        let booked = world.desk.book(&world.host.practitioner(), "03:00", None).unwrap();
        world.gate.rule(move |asked| if asked.starts_with(step) { Act::Cut } else { Act::Pass });
        ws.sync_once().await.unwrap_err();
        assert_eq!(ws.state().sync.last_synced, synced, "{step}");
        world.gate.open();
        let _ = ws.withdraw(&booked.change);
        let _ = world.desk.set_status(
            &booked.card.id,
            practice::views::AppointmentStatus::Cancelled,
            Some("only for this test"),
        );
    }
    ws.sync_once().await.unwrap();
    assert_ne!(ws.state().sync.last_synced, synced);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_whose_answer_was_lost_is_sent_again_and_made_once() {
    let world = World::at_work("desk").await;
    let ws = &world.desk.ws;
    let booked = world.desk.book(&world.host.practitioner(), "03:00", Some("twice on the wire")).unwrap();
    world.gate.rule(|asked| if asked == "POST /fhir" { Act::Swallow } else { Act::Pass });
    ws.sync_once().await.unwrap_err();
    assert_eq!(ws.state().sync.pending, 1);
    world.gate.open();
    assert_eq!(ws.sync_once().await.unwrap().pushed, 1);
    let other = world.another("desk2").await;
    let history = other.ws.history(&format!("Appointment/{}", booked.card.id)).unwrap();
    assert_eq!(history.len(), 1, "{history:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_lives_anew_is_read_again_from_the_start() {
    let world = World::at_work("desk").await;
    let ws = &world.desk.ws;
    let mut told = false;
    world.gate.rule(move |asked| {
        if asked.starts_with("GET /fhir/_history") && !std::mem::replace(&mut told, true) {
            Act::OfAnotherLife(410, b"{}".to_vec())
        } else {
            Act::Pass
        }
    });
    world.gate.asked();
    let report = ws.sync_once().await.unwrap();
    assert_eq!(report.pulled, world.host.resources());
    let asked = world.gate.asked();
    assert!(!pages(&asked)[1].contains("cursor="), "{asked:?}");
}
