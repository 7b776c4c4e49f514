//! Everything done is told.

use practice::views::AppointmentStatus;
use serde_json::Value;
use workstation::screen::{Take, Week, Whose};

use super::{
    table::{Before, Facts, TABLE, Tells, book, set_status},
    world::{Act, World},
};

/// What was told after number `seq`, oldest first and without this look: (action, outcome, event).
fn told(world: &World, seq: u64) -> Vec<(String, String, Value)> {
    let report = world.desk.ws.audit(false).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let new = report.events[1..].iter().rev().filter(|line| line.seq > seq);
    new.map(|line| (text(&line.event["subtype"][0]["code"]), text(&line.event["outcome"]), line.event.clone()))
        .collect()
}

/// The number of the last event, this look at the trail included.
fn last(world: &World) -> u64 {
    world.desk.ws.audit(false).unwrap().length
}

async fn facts(world: &World) -> Facts {
    let (me, ws) = (world.host.account("admin"), &world.desk.ws);
    let id = world.desk.ws.state().me.unwrap().tile.id;
    Facts {
        patient: world.desk.patient(),
        practitioner: world.host.practitioner(),
        appointment: String::new(),
        change: String::new(),
        policy: world.desk.ws.policy_page().unwrap().version,
        computer: world.host.tell(&["workstation", "list"], "")["workstations"][0]["id"].as_str().unwrap().into(),
        hold: world.desk.hold().slot,
        schedule: ws.overbook_limits().unwrap().remove(0).schedule,
        me: id,
        email: me.email,
        password: me.password,
        practice: ws.state().practice.unwrap().name,
        folder: world.desk.home.path().join("exports").to_str().unwrap().into(),
    }
}

async fn bring_about(world: &World, before: Before, facts: &mut Facts) {
    let ws = &world.desk.ws;
    if !matches!(before, Before::AtWork | Before::Locked | Before::SignedOut) {
        let booked = book(ws, facts).unwrap();
        (facts.appointment, facts.change) = (booked.card.id, booked.change);
    }
    match before {
        Before::Cancelled => facts.change = set_status(ws, facts, AppointmentStatus::Cancelled).unwrap().change,
        Before::SetAside => {
            let no = br#"{"code":"invalid","say":"No."}"#;
            world.gate.rule(|asked| if asked == "POST /fhir" { Act::Answer(422, no.to_vec()) } else { Act::Pass });
            ws.sync_once().await.unwrap();
            world.gate.open();
        }
        Before::LostTime => {
            let no = br#"{"code":"overlap","say":"Taken."}"#;
            world.gate.rule(|asked| if asked == "POST /fhir" { Act::Answer(409, no.to_vec()) } else { Act::Pass });
            ws.sync_once().await.unwrap();
            world.gate.open();
        }
        Before::InConflict | Before::GaveWay => {
            ws.sync_once().await.unwrap();
            world.set_elsewhere(&facts.appointment, "/status", "noshow");
            facts.change = set_status(ws, facts, AppointmentStatus::Arrived).unwrap().change;
            assert_eq!(ws.sync_once().await.unwrap().conflicts, 1);
            if before == Before::GaveWay {
                ws.settle(&facts.change, Take::Theirs, None).unwrap();
            }
        }
        Before::AtWork | Before::Booked | Before::Locked | Before::SignedOut => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_use_case_tells_of_itself() {
    let world = World::at_work("admin").await;
    let ws = &world.desk.ws;
    for row in TABLE {
        let mut facts = facts(&world).await;
        bring_about(&world, row.before, &mut facts).await;
        let mut before = last(&world);
        match row.before {
            Before::Locked => {
                ws.lock(workstation::screen::LockReason::Asked);
                before += 1;
            }
            Before::SignedOut => {
                ws.sign_out();
                before += 1;
            }
            Before::AtWork
            | Before::Booked
            | Before::Cancelled
            | Before::SetAside
            | Before::LostTime
            | Before::InConflict
            | Before::GaveWay => {}
        }
        let outcome = (row.act)(ws, &facts).await;
        let refused = matches!(row.tells, Tells::Refused(_) | Tells::Refusing(_));
        assert_eq!(outcome.is_err(), refused, "{}: {outcome:?}", row.name);
        let reopened = ws.day(None).is_err();
        if reopened {
            world.desk.unlock(&world.host.account("admin"), &facts.password).await.unwrap();
        }
        let told = told(&world, before);
        let seen: Vec<_> = told.iter().map(|(action, outcome, _)| format!("{action} {outcome}")).collect();
        match row.tells {
            Tells::Done(action) => assert!(seen.contains(&format!("{action} 0")), "{}: {seen:?}", row.name),
            Tells::Refused(action) => assert!(seen.contains(&format!("{action} 4")), "{}: {seen:?}", row.name),
            // The look whether the desk is still open.
            Tells::Nothing(_) | Tells::Refusing(_) => assert_eq!(seen, ["read-schedule 0"], "{}", row.name),
        }
        for (action, outcome, event) in told.iter().filter(|(_, outcome, _)| outcome == "0") {
            let who = &event["agent"][0]["who"]["identifier"]["value"];
            assert_eq!(who, &facts.me, "{} {action} {outcome}", row.name);
        }
    }
    let report = ws.audit(true).unwrap();
    assert_eq!(report.broken, None);
    ws.sync_once().await.unwrap();
    assert!(world.gate.asked().contains(&"POST /audit".to_owned()), "and the host has it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_read_ahead_is_told_as_that_and_as_seen_only_when_it_is_shown() {
    let world = World::at_work("admin").await;
    let before = last(&world);
    let ahead = world.desk.ws.day_ahead("2026-11-24").unwrap();
    let shown = world.desk.ws.day_again(Some("2026-11-24"), Some(&ahead.digest)).unwrap();
    assert!(shown.same && shown.day.appointments.is_empty(), "it is not told once more");
    let told = told(&world, before);
    let words: Vec<_> =
        told.iter().map(|(action, _, event)| (action.as_str(), &event["entity"][0]["description"])).collect();
    assert_eq!(words, [("read-ahead", &Value::from("2026-11-24")), ("read-schedule", &Value::from("2026-11-24"))]);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_day_of_a_week_is_told_as_read_and_brings_no_visit_that_was_not_asked_for() {
    let world = World::at_work("admin").await;
    let ws = &world.desk.ws;
    let facts = facts(&world).await;
    let booked = book(ws, &facts).unwrap().card;
    let date = booked.start.get(..10).unwrap();
    let before = last(&world);
    let counts = ws.week(Some(date), &Whose::Nobody).unwrap();
    let told = told(&world, before);
    let words: Vec<_> =
        told.iter().map(|(action, _, event)| (action.as_str(), event["entity"][0]["description"].as_str())).collect();
    let days: Vec<_> = counts.days.iter().map(|day| ("read-schedule", Some(day.date.as_str()))).collect();
    assert_eq!(words, days);
    assert_eq!(days.len(), 7);
    assert!(counts.days.iter().all(|day| day.appointments.is_empty()));

    let day = ws.day(Some(date)).unwrap();
    let theirs = ws.week(Some(date), &Whose::One(facts.practitioner.clone())).unwrap();
    let of = |week: &Week| week.days.iter().find(|one| one.date == date).unwrap().clone();
    assert_eq!(of(&counts).columns, day.columns, "the counts are of everyone");
    assert_eq!(of(&theirs).columns, day.columns);
    let mut shown = day.appointments;
    shown.retain(|card| card.practitioner.as_ref() == Some(&facts.practitioner));
    assert!(shown.iter().any(|card| card.id == booked.id));
    assert_eq!(of(&theirs).appointments, shown);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_that_has_changed_is_told_whole() {
    let world = World::at_work("admin").await;
    let ws = &world.desk.ws;
    let facts = facts(&world).await;
    let booked = book(ws, &facts).unwrap().card;
    let date = booked.start.get(..10).unwrap();
    let first = ws.day_again(Some(date), None).unwrap();
    assert!(!first.same && ws.day_again(Some(date), Some(&first.digest)).unwrap().same);
    set_status(ws, &Facts { appointment: booked.id.clone(), ..facts }, AppointmentStatus::Cancelled).unwrap();
    let next = ws.day_again(Some(date), Some(&first.digest)).unwrap();
    assert!(!next.same && next.digest != first.digest);
    assert!(
        next.day.appointments.iter().any(|card| card.id == booked.id && card.status == AppointmentStatus::Cancelled)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_keeps_the_persons_comment_in_the_trail() {
    let world = World::at_work("admin").await;
    let before = last(&world);
    let facts = facts(&world).await;
    book(&world.desk.ws, &facts).unwrap();
    let told = told(&world, before);
    let (_, _, event) = told.iter().find(|(action, _, _)| action == "create").unwrap();
    assert_eq!(event["purposeOfEvent"][0]["text"], "asked on the phone");
    assert_eq!(event["entity"][0]["what"]["reference"], format!("Patient/{}", facts.patient));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_by_somebody_unknown_is_told_with_what_they_typed_as_their_name() {
    let world = World::at_work("admin").await;
    let before = last(&world);
    let (stranger, me) = ("nobody@example.test", world.host.account("admin"));
    world.desk.ws.sign_out();
    let mut who = me.clone();
    who.email = stranger.into();
    world.desk.sign_in_with(&who, "guess").await.unwrap_err();
    world.desk.sign_in(me).await.unwrap();
    let told = told(&world, before);
    let event = told.iter().find(|(action, outcome, _)| action == "sign-in" && outcome == "4");
    assert_eq!(event.unwrap().2["agent"][0]["altId"], stranger);
}
