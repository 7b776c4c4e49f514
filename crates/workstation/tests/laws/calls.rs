//! Calling people: who is to be called, what came of it, and how that is taken back.

use practice::{Code, views::AppointmentStatus};
use workstation::{
    Outcome,
    screen::{BookRequest, CallOutcome, CallRequest, Changed, ListChanged, RecallRequest, VisitLine},
};

use super::world::{Desk, World};

/// A visit within the next week.
fn visit(desk: &Desk, practitioner: &str) -> Changed {
    let wish = desk.ws.read_wish("5 min").unwrap().wish;
    let tomorrow = desk.ws.to_confirm(Some(1)).unwrap().from;
    let wish = workstation::screen::OpeningWish { practitioners: vec![practitioner.into()], from: tomorrow, ..wish };
    let start = desk.ws.find_openings(&wish).unwrap().days[0].starts[0].start[..16].to_owned();
    desk.ws
        .book(BookRequest {
            patient: desk.patient(),
            practitioner: practitioner.into(),
            start,
            minutes: 5,
            reason: None,
            comment: None,
            visit_type: None,
            overbook: None,
            room: None,
        })
        .unwrap()
}

fn listed(desk: &Desk, id: &str) -> Option<VisitLine> {
    desk.ws.to_confirm(Some(31)).unwrap().lines.into_iter().find(|line| line.id == id)
}

fn note(desk: &Desk, about: &str, outcome: CallOutcome, note: Option<&str>) -> Outcome<ListChanged> {
    desk.ws.note_call(CallRequest { about: about.into(), outcome, note: note.map(str::to_owned) })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_on_the_phone_is_the_visits_word_on_every_desk_and_comes_back_whole() {
    let world = World::at_work("desk").await;
    let (desk, other) = (&world.desk, world.another("desk2").await);
    let booked = visit(desk, &world.host.practitioner());
    let (id, about) = (booked.card.id.as_str(), format!("Appointment/{}", booked.card.id));
    assert_eq!(listed(desk, id).map(|line| line.last), Some(None), "nobody has called yet");
    note(desk, &about, CallOutcome::NoAnswer, Some("Calls back")).unwrap();
    let last = listed(desk, id).unwrap().last.unwrap();
    assert_eq!((last.say.as_str(), last.note.as_deref()), ("no answer", Some("Calls back")));
    let confirmed = note(desk, &about, CallOutcome::Confirmed, None).unwrap();
    let story: Vec<_> = desk.ws.appointment(id).unwrap().history.into_iter().map(|line| line.what).collect();
    assert_eq!(story[..2], ["confirmed on the phone", "no answer"], "the visit's history tells of both");
    assert_eq!(listed(desk, id), None);
    let answer = |desk: &Desk| desk.ws.show(&about).unwrap().0.contains("\"needs-action\"");
    assert!(!answer(desk), "FHIR's answer of the patient says so too");
    desk.ws.sync_once().await.unwrap();
    other.ws.sync_once().await.unwrap();
    assert!(listed(&other, id).is_none() && !answer(&other));

    desk.ws.undo_list(&confirmed.change).unwrap();
    let again = listed(desk, id).unwrap();
    assert_eq!(
        again.last.map(|last| last.outcome),
        Some(CallOutcome::NoAnswer),
        "the call before it is the last again"
    );
    assert_eq!(desk.ws.undo_list(&confirmed.change).unwrap_err().code, Code::NotNow, "once");
    desk.ws.sync_once().await.unwrap();
    other.ws.sync_once().await.unwrap();
    assert_eq!(listed(&other, id).and_then(|line| line.last).map(|last| last.say), Some("no answer".to_owned()));

    assert_eq!(note(&other, &about, CallOutcome::Cancelled, None).unwrap_err().code, Code::Invalid, "why?");
    let off = note(&other, &about, CallOutcome::Cancelled, Some("Works that day")).unwrap();
    let card = other.ws.appointment(id).unwrap().card;
    assert_eq!(card.status, AppointmentStatus::Cancelled);
    assert_eq!(note(&other, &about, CallOutcome::Confirmed, None).unwrap_err().code, Code::NotNow);
    other.ws.undo_list(&off.change).unwrap();
    assert!(listed(&other, id).is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_due_is_called_and_comes_off_the_list_on_every_desk() {
    let world = World::at_work("desk").await;
    let (desk, other) = (&world.desk, world.another("desk2").await);
    let request = |due: &str| RecallRequest {
        patient: desk.patient(),
        due: due.into(),
        practitioner: Some(world.host.practitioner()),
        reason: Some("Eye check".into()),
        note: None,
    };
    assert_eq!(desk.ws.add_recall(request("2020-01-01")).unwrap_err().code, Code::Invalid);
    let added = desk.ws.add_recall(request("2027-12-24")).unwrap();
    assert!(added.say.ends_with("due for a visit by 24 Dec 2027"), "{}", added.say);
    let ours = |desk: &Desk| {
        let lines = desk.ws.recalls(3650).unwrap();
        lines.into_iter().find(|line| line.reason.as_deref() == Some("Eye check"))
    };
    let line = ours(desk).unwrap();
    assert!(desk.ws.recalls(7).unwrap().iter().all(|soon| soon.id != line.id), "it is far off");
    note(desk, &format!("Task/{}", line.id), CallOutcome::LeftMessage, None).unwrap();
    desk.ws.sync_once().await.unwrap();
    other.ws.sync_once().await.unwrap();
    let there = ours(&other).unwrap();
    assert_eq!(there.last.map(|last| last.outcome), Some(CallOutcome::LeftMessage));
    assert!(!there.provisional && there.provider.is_some());
    let ended = other.ws.end_recall(&line.id, Some("Moved away".into())).unwrap();
    assert_eq!(ours(&other), None);
    assert_eq!(other.ws.end_recall(&line.id, None).unwrap_err().code, Code::NotNow);
    let told = other.ws.history(&format!("Task/{}", line.id)).unwrap();
    assert_eq!(told[0].what, "taken off the recall list: Moved away");
    other.ws.undo_list(&ended.change).unwrap();
    assert!(ours(&other).is_some());
}
