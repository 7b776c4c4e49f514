//! Somebody new, and somebody who is somebody else now.

use std::time::Duration;

use practice::Code;
use workstation::{
    Workstation,
    screen::{PatientChange, PatientForm, PatientSaved, PhotoChange, RegisterRequest},
};

use super::world::World;

fn newcomer() -> PatientForm {
    PatientForm {
        family: "Newcomer".into(),
        given: "Ada".into(),
        birth_date: "3/14/1988".into(),
        mobile: "(555) 010-0142".into(),
        payer: "Example Health".into(),
        member_number: "EX1".into(),
        ..PatientForm::default()
    }
}

fn register(ws: &Workstation, form: PatientForm, seen: &[String]) -> PatientSaved {
    let (seen, comment) = (seen.to_vec(), Some("asked on the phone".into()));
    ws.register(RegisterRequest { form, seen, old_is_right: false, comment }).unwrap()
}

fn change(ws: &Workstation, patient: &str, change: impl FnOnce(&mut PatientForm)) -> PatientSaved {
    let page = ws.patient_form(Some(patient), "").unwrap();
    let mut form = page.form;
    change(&mut form);
    let (patient, version) = (patient.to_owned(), page.version.unwrap());
    ws.change_patient(PatientChange { patient, version, form, old_is_right: false, comment: None }).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_registered_without_a_host_is_everywhere_when_it_is_back() {
    let mut world = World::at_work("desk").await;
    world.host.kill();
    let ws = &world.desk.ws;
    let saved = register(ws, newcomer(), &[]);
    let patient = saved.patient.unwrap();
    assert_eq!((&*patient.name, patient.birth_date.as_deref()), ("Newcomer, Ada", Some("1988-03-14")));
    assert_eq!(saved.say, "Newcomer, Ada: registered");
    assert_eq!(ws.find("newcomer ada").unwrap().patients.remove(0).id, patient.id);
    // The Patient and who pays are one change: one entry waits, and nothing of it is sent alone.
    assert_eq!(ws.state().sync.pending, 1);

    world.host.resume();
    ws.sync_once().await.unwrap();
    assert_eq!(ws.state().sync.pending, 0);
    let other = world.another("provider1").await;
    let page = other.ws.patient_form(Some(&patient.id), "").unwrap();
    assert!(page.form == PatientForm { birth_date: "1988-03-14".into(), ..newcomer() });
    let story = other.ws.history(&format!("Patient/{}", patient.id)).unwrap();
    assert_eq!((&*story[0].what, story[0].comment.as_deref()), ("registered", Some("asked on the phone")));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_here_already_is_looked_at_before_a_second_record_is_made() {
    let world = World::at_work("desk").await;
    let ws = &world.desk.ws;
    let first = register(ws, newcomer(), &[]).patient.unwrap();
    let alike = || PatientForm { family: "Newkomer".into(), birth_date: "3/15/1988".into(), ..newcomer() };
    let asked = register(ws, alike(), &[]);
    assert!(asked.patient.is_none() && asked.change.is_none());
    assert_eq!(asked.check.likely[0].patient.id, first.id);
    assert_eq!(asked.check.likely[0].why, ["Name sounds the same", "Birth date nearly the same", "Same phone"]);
    assert!(ws.find("newkomer").unwrap().patients.iter().all(|row| row.id == first.id), "nothing was saved");
    let seen: Vec<String> = asked.check.likely.iter().map(|likely| likely.patient.id.clone()).collect();
    assert!(register(ws, alike(), &seen).patient.is_some(), "who was looked at is somebody else");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_saved_while_something_is_wrong() {
    let world = World::at_work("desk").await;
    let ws = &world.desk.ws;
    let taken = ws.find("a").unwrap().patients.into_iter().find_map(|row| row.record_number).unwrap();
    type Change = Box<dyn Fn(&mut PatientForm)>;
    let cases: [(&str, Change); 4] = [
        ("family", Box::new(|form| (form.family, form.given) = (String::new(), String::new()))),
        ("birth_date", Box::new(|form| form.birth_date = "1/1/2099".into())),
        ("email", Box::new(|form| form.email = "ada".into())),
        ("record_number", Box::new(move |form| form.record_number = taken.clone())),
    ];
    for (field, spoil) in cases {
        let mut form = newcomer();
        spoil(&mut form);
        let saved = register(ws, form, &[]);
        assert!(saved.patient.is_none(), "{field}");
        assert_eq!(saved.check.problems[0].field, field);
    }
    let old = PatientForm { birth_date: "1/1/1880".into(), ..newcomer() };
    let asked = register(ws, old.clone(), &[]);
    assert!(asked.patient.is_none() && asked.check.very_old);
    let sure = RegisterRequest { form: old, seen: Vec::new(), old_is_right: true, comment: None };
    assert!(ws.register(sure).unwrap().patient.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_touches_what_was_changed_and_is_taken_back_as_it_was() {
    let world = World::at_work("desk").await;
    let (desk, ws) = (&world.desk, &world.desk.ws);
    let patient = desk.patient();
    let before = ws.show(&format!("Patient/{patient}")).unwrap().0;
    let plan = ws.patient_form(Some(&patient), "").unwrap().form.payer;
    desk.clock.pass(Duration::from_secs(1));
    let saved = change(ws, &patient, |form| (form.city, form.payer) = ("Newtown".into(), "Sample Mutual".into()));
    assert!(saved.say.ends_with(": changed city and payer"), "{}", saved.say);
    let after = ws.show(&format!("Patient/{patient}")).unwrap().0;
    let city = |text: &str| practice::text::string(text, "/address/0/city").unwrap().into_owned();
    assert_eq!(after, before.replace(&format!("\"{}\"", city(&before)), "\"Newtown\""));
    assert_eq!(ws.state().sync.pending, 1, "who they are and who pays go together");

    desk.clock.pass(Duration::from_secs(1));
    let late = ws.patient_form(Some(&patient), "").unwrap();
    ws.undo_patient(&saved.change.unwrap()).unwrap();
    assert_eq!(ws.show(&format!("Patient/{patient}")).unwrap().0, before);
    assert_eq!(ws.patient_form(Some(&patient), "").unwrap().form.payer, plan);
    let wish = PatientChange {
        patient: patient.clone(),
        version: late.version.unwrap(),
        form: PatientForm { city: "Elsewhere".into(), ..late.form },
        old_is_right: false,
        comment: None,
    };
    assert_eq!(ws.change_patient(wish).unwrap_err().code, Code::NotNow, "it was changed after it was seen");
    ws.sync_once().await.unwrap();
    assert_eq!((ws.state().sync.pending, ws.state().sync.attention), (0, 0), "the host takes both");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_not_taken_back_under_a_later_one() {
    let world = World::at_work("desk").await;
    let (desk, ws) = (&world.desk, &world.desk.ws);
    let patient = desk.patient();
    let first = change(ws, &patient, |form| form.preferred = "Addie".into()).change.unwrap();
    desk.clock.pass(Duration::from_secs(1));
    change(ws, &patient, |form| form.preferred = "Ada".into());
    assert_eq!(ws.undo_patient(&first).unwrap_err().code, Code::NotNow);
    assert_eq!(ws.patient_form(Some(&patient), "").unwrap().form.preferred, "Ada");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_goes_with_the_record_and_is_taken_back() {
    let world = World::at_work("desk").await;
    let (desk, ws) = (&world.desk, &world.desk.ws);
    let patient = desk.patient();
    let before = ws.show(&format!("Patient/{patient}")).unwrap().0;
    let wish = |picture: &str| PhotoChange { patient: patient.clone(), picture: Some(picture.into()), comment: None };
    assert_eq!(ws.set_photo(wish("PHN2Zz48L3N2Zz4=")).unwrap_err().code, Code::Invalid, "a drawing can carry a script");
    let put = ws.set_photo(wish("/9j/4AAQ")).unwrap();
    assert_eq!(ws.chart(&patient).unwrap().photo.as_deref(), Some("data:image/jpeg;base64,/9j/4AAQ"));
    ws.sync_once().await.unwrap();
    let other = world.another("provider1").await;
    assert_eq!(other.ws.chart(&patient).unwrap().photo.as_deref(), Some("data:image/jpeg;base64,/9j/4AAQ"));
    desk.clock.pass(Duration::from_secs(1));
    ws.undo_patient(&put.change.unwrap()).unwrap();
    assert!(ws.chart(&patient).unwrap().photo.is_none());
    let settled = |text: &str| practice::text::remove(text, "/meta").unwrap();
    assert_eq!(settled(&ws.show(&format!("Patient/{patient}")).unwrap().0), settled(&before));
}
