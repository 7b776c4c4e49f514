//! Two records of one person, and a record of nobody.

use std::time::Duration;

use practice::{Code, patient::same};
use workstation::{
    Workstation,
    screen::{BookRequest, MergeRequest, PatientChange, PatientForm, PatientSaved, RegisterRequest},
};

use super::world::World;

fn register(ws: &Workstation, family: &str, number: &str) -> PatientSaved {
    let form = PatientForm {
        family: family.into(),
        given: "Ada".into(),
        birth_date: "1988-03-14".into(),
        record_number: number.into(),
        city: format!("{family}town"),
        ..PatientForm::default()
    };
    let seen = ws.check_patient(form.clone(), None).unwrap().likely.into_iter().map(|one| one.patient.id).collect();
    ws.register(RegisterRequest { form, seen, old_is_right: false, comment: None }).unwrap()
}

fn wish(ws: &Workstation, stays: &str, goes: &str, fields: &[&str]) -> MergeRequest {
    let page = ws.merge_page(stays, Some(goes)).unwrap();
    MergeRequest {
        stays: stays.into(),
        stays_version: page.own.version,
        goes: goes.into(),
        goes_version: page.other.unwrap().version,
        fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        comment: Some("one person".into()),
    }
}

fn text(ws: &Workstation, patient: &str) -> String {
    ws.show(&format!("Patient/{patient}")).unwrap().0
}

fn found(ws: &Workstation, typed: &str) -> Vec<String> {
    ws.find(typed).unwrap().patients.into_iter().map(|row| row.id).collect()
}

/// Two records of one person, and a visit that is booked for the second.
fn two(world: &World) -> (String, String) {
    let ws = &world.desk.ws;
    let one = register(ws, "Newcomer", "N-1").patient.unwrap().id;
    let two = register(ws, "Newkomer", "N-2").patient.unwrap().id;
    let (practitioner, start) = (world.host.practitioner(), "2027-12-24T03:00".into());
    let overbook = Some("a test".into());
    let visit = BookRequest {
        visit_type: None,
        patient: two.clone(),
        practitioner,
        start,
        minutes: 30,
        reason: None,
        comment: None,
        overbook,
        room: None,
    };
    ws.book(visit).unwrap();
    world.desk.clock.pass(Duration::from_secs(1));
    (one, two)
}

#[tokio::test(flavor = "multi_thread")]
async fn two_records_merged_without_a_host_are_one_person_everywhere_when_it_is_back() {
    let mut world = World::at_work("desk").await;
    let (one, two) = two(&world);
    let ws = &world.desk.ws;
    let likely = ws.merge_page(&one, None).unwrap().likely;
    assert_eq!(likely[0].patient.id, two, "who is likely the same is offered");
    let page = ws.merge_page(&one, Some(&two)).unwrap();
    assert_eq!((page.own.visits, page.other.unwrap().visits), (0, 1));
    let city = page.fields.iter().find(|line| line.field == "city").unwrap();
    assert_eq!((&*city.own, &*city.other), ("Newcomertown", "Newkomertown"));
    ws.sync_once().await.unwrap();
    world.host.kill();

    let (before, gone) = (text(ws, &one), text(ws, &two));
    let saved = ws.merge_patients(wish(ws, &one, &two, &["city"])).unwrap();
    assert_eq!(saved.say, "Newcomer, Ada: merged two records");
    assert_eq!(ws.state().sync.pending, 1, "both records are one change");
    assert_eq!(same::replaced_by(&text(ws, &two)).unwrap().as_str(), one);
    assert_eq!(ws.patient_form(Some(&one), "").unwrap().form.city, "Newkomertown");

    world.host.resume();
    ws.sync_once().await.unwrap();
    assert_eq!((ws.state().sync.pending, ws.state().sync.attention), (0, 0));
    let other = world.another("provider1").await;
    for typed in ["N-2", "newkomer", "N-1"] {
        assert_eq!(found(&other.ws, typed), std::slice::from_ref(&one), "{typed}");
    }
    let chart = other.ws.chart(&two).unwrap();
    assert_eq!((chart.patient.id.as_str(), chart.upcoming.len(), chart.merged[0].id.as_str()), (&*one, 1, &*two));
    let story = other.ws.history(&format!("Patient/{two}")).unwrap();
    assert_eq!((&*story[0].what, story[0].comment.as_deref()), ("merged two records", Some("one person")));

    world.desk.clock.pass(Duration::from_secs(1));
    ws.undo_patient(&saved.change.unwrap()).unwrap();
    let settled = |text: &str| practice::text::remove(text, "/meta").unwrap();
    assert_eq!((settled(&text(ws, &one)), settled(&text(ws, &two))), (settled(&before), settled(&gone)));
    assert_eq!(found(ws, "N-2"), std::slice::from_ref(&two));
    assert_eq!(ws.chart(&two).unwrap().upcoming.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_else_changes_of_a_merged_record_meanwhile_is_kept() {
    let world = World::at_work("desk").await;
    let (one, two) = two(&world);
    let ws = &world.desk.ws;
    ws.sync_once().await.unwrap();
    let other = world.another("provider1").await;
    let page = other.ws.patient_form(Some(&two), "").unwrap();
    let form = PatientForm { city: "Elsewhere".into(), ..page.form };
    let (patient, version) = (two.clone(), page.version.unwrap());
    other.ws.change_patient(PatientChange { patient, version, form, old_is_right: false, comment: None }).unwrap();
    other.ws.sync_once().await.unwrap();

    ws.merge_patients(wish(ws, &one, &two, &[])).unwrap();
    ws.sync_once().await.unwrap();
    ws.sync_once().await.unwrap();
    assert_eq!((ws.state().sync.pending, ws.state().sync.attention), (0, 0));
    let gone = text(ws, &two);
    assert!(gone.contains("Elsewhere") && same::replaced_by(&gone).is_some(), "{gone}");

    world.desk.clock.pass(Duration::from_secs(1));
    let apart = ws.unmerge(&two, Some("two people after all".into())).unwrap();
    assert_eq!(apart.patient.unwrap().id, two);
    assert_eq!(found(ws, "N-2"), std::slice::from_ref(&two));
    assert!(ws.chart(&one).unwrap().merged.is_empty() && !text(ws, &one).contains("replaces"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_seen_so_is_not_merged() {
    let world = World::at_work("desk").await;
    let (one, two) = two(&world);
    let ws = &world.desk.ws;
    assert_eq!(ws.merge_page(&one, Some(&one)).unwrap_err().code, Code::Invalid);
    let seen = wish(ws, &one, &two, &[]);
    assert_eq!(ws.merge_patients(MergeRequest { goes: one.clone(), ..seen.clone() }).unwrap_err().code, Code::Invalid);
    let stale = MergeRequest { goes_version: "older".into(), ..seen.clone() };
    assert_eq!(ws.merge_patients(stale).unwrap_err().code, Code::NotNow);
    assert_eq!(ws.unmerge(&two, None).unwrap_err().code, Code::NotNow);
    ws.merge_patients(seen).unwrap();
    assert_eq!(ws.merge_page(&one, Some(&two)).unwrap_err().code, Code::Invalid, "they are one by now");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_is_taken_back_while_nothing_belongs_to_it() {
    let world = World::at_work("desk").await;
    let ws = &world.desk.ws;
    let saved = register(ws, "Mistake", "N-9");
    let id = saved.patient.unwrap().id;
    world.desk.clock.pass(Duration::from_secs(1));
    let change = saved.change.unwrap();
    ws.undo_patient(&change).unwrap();
    assert_eq!(found(ws, "mistake"), [""; 0]);
    assert!(text(ws, &id).contains("Mistake"), "nothing is deleted");
    assert!(register(ws, "Another", "N-9").patient.is_some(), "the number is free");
    ws.sync_once().await.unwrap();
    assert_eq!((ws.state().sync.pending, ws.state().sync.attention), (0, 0), "the host takes it");

    let registered = register(ws, "Booked", "N-8");
    let visit = BookRequest {
        visit_type: None,
        patient: registered.patient.unwrap().id,
        practitioner: world.host.practitioner(),
        start: "2027-12-24T04:00".into(),
        minutes: 30,
        reason: None,
        comment: None,
        overbook: Some("a test".into()),
        room: None,
    };
    ws.book(visit).unwrap();
    let refused = ws.undo_patient(&registered.change.unwrap()).unwrap_err();
    assert_eq!(refused.code, Code::NotNow);
    assert!(refused.say.contains("visit"), "{}", refused.say);
}
