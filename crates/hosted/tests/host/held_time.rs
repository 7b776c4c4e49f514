//! Whose time is whose: bookings that wait for the host's word, holds that are kept for one computer, and how far a
//! schedule may be overbooked.

use practice::Role;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::office::{Desk, Host, appointment, code};

const TAKEN: (StatusCode, &str) = (StatusCode::OK, "none");
const REFUSED: (StatusCode, &str) = (StatusCode::CONFLICT, "overlap");

async fn push(host: &Host, desk: &Desk, change: &str, write: (Value, Option<u32>)) -> (StatusCode, String) {
    let (status, answer) = host.push(desk, Role::FrontDesk, change, &[write]).await;
    (status, code(&answer).to_owned())
}

fn is(got: &(StatusCode, String), wanted: (StatusCode, &str), what: &str) {
    assert_eq!((got.0, got.1.as_str()), wanted, "{what}");
}

fn with(mut resource: Value, member: &str, value: Value) -> Value {
    resource[member] = value;
    resource
}

fn schedule(limit: Option<u32>) -> Value {
    let limit = limit.map(|limit| json!({"url": "urn:shadowchart:overbook-limit", "valueUnsignedInt": limit}));
    json!({"resourceType": "Schedule", "id": "s1", "actor": [{"reference": "Practitioner/d1"}],
        "extension": limit.into_iter().collect::<Vec<_>>()})
}

fn hold(kept_for: Option<&Desk>) -> Value {
    let kept = kept_for.map(|desk| {
        json!({"url": "urn:shadowchart:kept-for", "valueReference": {"reference": format!("Device/{}", desk.id)}})
    });
    json!({"resourceType": "Slot", "id": "h1", "schedule": {"reference": "Schedule/s1"}, "status": "busy-tentative",
        "start": "2026-11-23T11:00:00-05:00", "end": "2026-11-23T12:00:00-05:00", "comment": "Walk-ins",
        "extension": kept.into_iter().collect::<Vec<_>>()})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_booking_waits_for_the_hosts_word_and_gets_it_with_its_time() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    let pending = |id: &str| with(appointment(id, "d1", "09:00", "09:15"), "status", json!("pending"));
    let bundle = host.bundle(&desk, Role::FrontDesk, "c1", &[(pending("a1"), None)]).to_string();
    let say = async || {
        let answer = host.ask(reqwest::Method::POST, "/fhir", Some(&desk.token), Some(bundle.clone())).await;
        answer.json::<Value>().await.unwrap()
    };
    let first = say().await;
    assert_eq!(first["entry"][0]["resource"]["status"], "booked");
    assert_eq!(say().await, first, "a repeat hears the same");
    assert_eq!(host.get("/fhir/Appointment/a1", &desk.token).await.1["status"], "booked");

    is(&push(&host, &desk, "c2", (pending("a2"), None)).await, REFUSED, "the time is taken, so it gets no word");
    assert_eq!(host.get("/fhir/Appointment/a2", &desk.token).await.0, StatusCode::NOT_FOUND);

    // It came so from elsewhere, and waits for a person.
    host.seed(&desk.practice, &[with(appointment("a3", "d2", "09:00", "09:15"), "status", json!("pending"))]);
    let noted =
        with(with(appointment("a3", "d2", "09:00", "09:15"), "status", json!("pending")), "comment", json!("x"));
    is(&push(&host, &desk, "c3", (noted, Some(1))).await, TAKEN, "a note on it");
    assert_eq!(host.get("/fhir/Appointment/a3", &desk.token).await.1["status"], "pending");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_for_one_computer_is_booked_there_alone() {
    let host = Host::start().await;
    let (desk, other) = (host.enrol("elm").await, host.enrol("elm").await);
    host.seed(&desk.practice, &[schedule(None), hold(None)]);
    let visit = |id: &str, from: &str, to: &str| (appointment(id, "d1", from, to), None);
    is(&push(&host, &other, "c1", visit("a1", "11:00", "11:15")).await, TAKEN, "a hold alone keeps nobody out");
    is(&push(&host, &desk, "c2", (hold(Some(&desk)), Some(1))).await, TAKEN, "kept");
    let over = json!([{"url": "urn:shadowchart:overbook", "valueString": "sick child"}]);
    let overbooked = (with(appointment("a2", "d1", "11:30", "11:45"), "extension", over), None);
    for (change, by, visit, wanted) in [
        ("c3", &other, visit("a3", "11:45", "12:15"), REFUSED),
        ("c4", &other, overbooked, REFUSED),
        ("c5", &other, visit("a4", "12:00", "12:15"), TAKEN),
        ("c6", &other, (appointment("a5", "d2", "11:30", "11:45"), None), TAKEN),
        ("c7", &desk, visit("a6", "11:45", "12:00"), TAKEN),
        ("c8", &desk, visit("a7", "11:00", "11:15"), REFUSED),
    ] {
        is(&push(&host, by, change, visit).await, wanted, change);
    }
    let arrived = with(appointment("a1", "d1", "11:00", "11:15"), "status", json!("arrived"));
    is(&push(&host, &other, "c9", (arrived, Some(1))).await, TAKEN, "what was there before is no new time");
    is(&push(&host, &other, "d1", (hold(None), Some(2))).await, TAKEN, "given up, by anyone");
    is(&push(&host, &other, "d2", visit("a8", "11:30", "11:45")).await, TAKEN, "and free again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schedule_is_overbooked_as_far_as_it_allows() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    let over = json!([{"url": "urn:shadowchart:overbook", "valueString": "sick child"}]);
    let visit =
        |id: &str, from: &str, to: &str| (with(appointment(id, "d1", from, to), "extension", over.clone()), None);
    host.seed(&desk.practice, &[schedule(Some(1)), appointment("a1", "d1", "09:00", "09:30")]);
    for (change, visit, wanted) in [
        ("c1", visit("a2", "09:00", "09:15"), TAKEN),
        ("c2", visit("a3", "09:10", "09:30"), REFUSED),
        ("c3", visit("a4", "09:15", "09:45"), TAKEN),
        ("c4", visit("a5", "09:30", "10:00"), TAKEN),
    ] {
        is(&push(&host, &desk, change, visit).await, wanted, change);
    }
    let (status, _) = host.push(&desk, Role::Admin, "c5", &[(schedule(Some(0)), Some(1))]).await;
    assert_eq!(status, StatusCode::OK);
    is(&push(&host, &desk, "c6", visit("a6", "09:45", "09:50")).await, REFUSED, "none is allowed now");
    let (status, _) = host.push(&desk, Role::Admin, "c7", &[(schedule(None), Some(2))]).await;
    assert_eq!(status, StatusCode::OK);
    is(&push(&host, &desk, "c8", visit("a7", "09:00", "10:00")).await, TAKEN, "as many as wanted");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_that_leaves_a_room_gives_its_time_back_and_of_two_desks_one_gets_it() {
    let host = Host::start().await;
    let (desk, other) = (host.enrol("elm").await, host.enrol("elm").await);
    let visit = |id: &str, with: &str, room: Option<&str>| {
        let mut visit = appointment(id, with, "09:00", "09:15");
        let room = room.map(|room| json!({"actor": {"reference": format!("Location/{room}")}, "status": "accepted"}));
        visit["participant"].as_array_mut().unwrap().extend(room);
        visit
    };
    for (change, by, visit, wanted) in [
        ("c1", &desk, (visit("a1", "d1", Some("r1")), None), TAKEN),
        ("c2", &other, (visit("a2", "d2", Some("r2")), None), TAKEN),
        ("c3", &other, (visit("a2", "d2", Some("r1")), Some(1)), REFUSED),
        ("c4", &desk, (visit("a1", "d1", None), Some(1)), TAKEN),
        ("c5", &other, (visit("a2", "d2", Some("r1")), Some(1)), TAKEN),
        ("c6", &desk, (visit("a1", "d1", Some("r1")), Some(2)), REFUSED),
        ("c7", &desk, (visit("a1", "d1", Some("r2")), Some(2)), TAKEN),
    ] {
        is(&push(&host, by, change, visit).await, wanted, change);
    }
}
