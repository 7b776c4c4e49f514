//! The policy reaches the desk by sync, and is never weaker for being tampered with.

use std::{fs, sync::Arc, time::Duration};

use practice::policy::{self, Policy, SigningKey};
use workstation::{
    Notice,
    screen::{LockReason, NameFormat, Phase, PolicyChange, TimeOutCell, Zone},
};

use super::world::{World, closed, heard};

/// The time-out in force now, in seconds, and the lease in hours.
fn in_force(world: &World) -> (u32, u32) {
    (world.desk.ws.state().time_out_seconds, world.desk.ws.policy_page().unwrap().lease_hours)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_out_set_at_the_host_arrives_by_sync() {
    let world = World::at_work("desk").await;
    assert_eq!(in_force(&world), (300, 72));
    world.host.tell(&["policy", "set", "time_out.front_desk.front_counter=120"], "");
    world.desk.ws.sync_once().await.unwrap();
    assert_eq!(in_force(&world), (120, 72));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_sets_the_time_out_here_and_another_desk_has_it_with_the_next_sync() {
    let world = World::at_work("admin").await;
    let other = world.another("desk").await;
    let change = |base_version| PolicyChange {
        base_version,
        time_outs: vec![TimeOutCell { role: practice::Role::FrontDesk, zone: Zone::FrontCounter, seconds: 60 }],
        lease_hours: Some(24),
        grace_hours: None,
        days_back: None,
        days_ahead: None,
        names: Some(NameFormat::Initials),
        second_factor: None,
        comment: Some("a visitor leaned over the counter".into()),
    };
    let page = world.desk.ws.set_policy(change(1)).await.unwrap();
    assert_eq!((page.version, page.lease_hours, page.editable), (2, 24, true));
    other.ws.sync_once().await.unwrap();
    assert_eq!(other.ws.state().time_out_seconds, 60);
    let day = other.ws.day(None).unwrap();
    let printed = other.ws.print_day(&day.date).unwrap();
    for card in day.appointments.iter().chain(&printed.appointments) {
        let (full, called) = (&card.patient.as_ref().unwrap().name, card.called.as_ref().unwrap());
        assert!(called.chars().filter(|c| c.is_alphabetic()).count() <= 2, "{called} of {full}");
    }
    let late = world.desk.ws.set_policy(change(1)).await.unwrap_err();
    assert_eq!(late.code, practice::Code::Conflict, "somebody else's change is not overwritten");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_role_may_not_is_refused_here_and_the_host_is_not_even_asked() {
    let world = World::at_work("desk").await;
    let ws = &world.desk.ws;
    assert!(!ws.policy_page().unwrap().editable);
    world.gate.asked();
    let change = PolicyChange {
        base_version: 1,
        time_outs: Vec::new(),
        lease_hours: Some(1),
        grace_hours: None,
        days_back: None,
        days_ahead: None,
        names: None,
        second_factor: None,
        comment: None,
    };
    assert_eq!(ws.set_policy(change).await.unwrap_err().code, practice::Code::Forbidden);
    assert_eq!(ws.audit(false).err().unwrap().code, practice::Code::Forbidden);
    assert_eq!(world.gate.asked(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_that_is_missing_altered_or_put_back_means_the_strictest() {
    let mut world = World::at_work("desk").await;
    let file = world.desk.home.path().join("policy.json");
    let first = fs::read_to_string(&file).unwrap();
    world.host.tell(&["policy", "set", "time_out=600"], "");
    world.desk.ws.sync_once().await.unwrap();
    let second = fs::read_to_string(&file).unwrap();
    assert_eq!(in_force(&world), (600, 72));
    world.gate.close();
    let me = world.host.account("desk");
    let altered = second.replace("600", "900");
    for (what, text) in [
        ("missing", None),
        ("altered", Some(&altered)),
        ("unreadable", Some(&"{".into())),
        ("put back", Some(&first)),
        ("huge", Some(&format!("{second}{}", " ".repeat(1_000_000)))),
    ] {
        match text {
            Some(text) => fs::write(&file, text).unwrap(),
            None => fs::remove_file(&file).unwrap(),
        }
        assert_eq!(in_force(&world), (60, 1), "{what}");
        world.desk.restart();
        world.desk.unlock(&me, &me.password).await.unwrap();
        assert_eq!(in_force(&world), (60, 1), "{what}, after a new start");
    }
    world.gate.open();
    world.desk.ws.sync_once().await.unwrap();
    assert_eq!(in_force(&world), (600, 72), "the host brings it again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_lives_anew_with_an_older_policy_locks_nobody_out_and_loosens_nothing() {
    let world = World::at_work("desk").await;
    let older = world.desk.home.path().join("policy.json");
    let older: serde_json::Value = serde_json::from_slice(&fs::read(older).unwrap()).unwrap();
    world.host.tell(&["policy", "set", "time_out=60"], "");
    world.desk.ws.sync_once().await.unwrap();
    let answer = older.to_string().into_bytes();
    world.gate.rule(move |asked| match asked {
        "GET /policy" => super::world::Act::Answer(200, answer.clone()),
        _ => super::world::Act::Pass,
    });
    world.desk.ws.sync_once().await.unwrap();
    assert_eq!(in_force(&world), (60, 72));
    world.desk.ws.lock(LockReason::Asked);
    let me = world.host.account("desk");
    world.desk.unlock(&me, &me.password).await.unwrap();
    assert_eq!(in_force(&world), (60, 72));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_that_goes_missing_locks_once_and_the_strictest_is_in_force_after_that() {
    let world = World::at_work("desk").await;
    let (ws, me) = (&world.desk.ws, world.host.account("desk"));
    let mut notices = ws.notices();
    let watch = tokio::spawn(Arc::clone(ws).watch_idle());
    // The countdown tells that the watch has looked while there was a policy.
    world.desk.clock.pass(Duration::from_secs(280));
    heard(&mut notices, |notice| matches!(notice, Notice::Idle(Some(_))).then_some(())).await;
    world.gate.close();
    fs::remove_file(world.desk.home.path().join("policy.json")).unwrap();
    closed(&mut notices).await;
    assert_eq!(ws.state().lock_reason, Some(LockReason::PolicyGone));

    world.desk.unlock(&me, &me.password).await.unwrap();
    world.desk.clock.pass(Duration::from_secs(40));
    heard(&mut notices, |notice| matches!(notice, Notice::Idle(Some(_))).then_some(())).await;
    assert_eq!((ws.state().phase, ws.state().time_out_seconds), (Phase::Open, 60));
    watch.abort();
}

/// Of a key that is not the practice's.
fn another_signature(document: &str) -> String {
    let policy: Policy = serde_json::from_str(document).unwrap();
    policy::sign(&policy, &SigningKey::from_bytes(&[7; 32])).signature
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_policy_from_the_host_is_refused_in_words_and_the_one_held_stays() {
    let world = World::at_work("desk").await;
    let (ws, file) = (&world.desk.ws, world.desk.home.path().join("policy.json"));
    let held = fs::read(&file).unwrap();
    let good: serde_json::Value = serde_json::from_slice(&held).unwrap();
    let with = |field: &str, text: String| {
        let mut bad = good.clone();
        bad[field] = text.into();
        bad.to_string().into_bytes()
    };
    let document = good["document"].as_str().unwrap();
    // Before it is sent, the policy is asked for.
    world.desk.book(&world.host.practitioner(), "03:00", None).unwrap();
    for (what, answer) in [
        ("huge", with("document", format!("{document}{}", " ".repeat(10_000_000)))),
        ("altered", with("document", document.replace("300", "3600"))),
        ("unsigned", with("signature", String::new())),
        ("signed by another key", with("signature", another_signature(document))),
    ] {
        world.gate.rule(move |asked| match asked {
            "GET /policy" => super::world::Act::Answer(200, answer.clone()),
            _ => super::world::Act::Pass,
        });
        let refused = ws.sync_once().await.unwrap_err();
        assert_eq!(refused.code, practice::Code::PolicyGone, "{what}");
        assert!(refused.say.ends_with('.'), "{what}");
        assert_eq!(in_force(&world), (300, 72), "{what}");
        assert!(fs::read(&file).unwrap() == held, "{what}");
    }
    world.gate.open();
    // The demo's policy was signed today, at any hour.
    let two_days = Duration::from_secs(50 * 3600);
    world.desk.clock.set_back(two_days);
    let refused = ws.sync_once().await.unwrap_err();
    assert!(refused.say.contains("date and time"), "from the future: {}", refused.say);
    assert_eq!((ws.state().phase, ws.state().time_out_seconds), (Phase::Locked, 60), "from the future");
    world.desk.clock.pass(two_days);
    let me = world.host.account("desk");
    world.desk.unlock(&me, &me.password).await.unwrap();
    ws.sync_once().await.unwrap();
    assert_eq!(in_force(&world), (300, 72));
}
