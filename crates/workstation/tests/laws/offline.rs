//! The host is away for a while, and the office goes on.

use std::sync::Arc;

use practice::views::AppointmentStatus;
use workstation::{
    Notice,
    screen::{LockReason, MoveRequest},
};

use super::world::{Desk, Host, heard};

#[tokio::test(flavor = "multi_thread")]
async fn an_offline_day_arrives_by_itself_when_the_host_is_back() {
    let mut host = Host::start();
    let desk = Desk::enrolled(&host.url(), &host.ca_pem(), &host.code()).await;
    let me = host.account("desk");
    desk.sign_in(me.clone()).await.unwrap();
    desk.ws.sync_once().await.unwrap();
    let driver = tokio::spawn(Arc::clone(&desk.ws).keep_in_step());
    host.kill();

    let (ws, provider) = (&desk.ws, host.practitioner());
    assert!(!ws.day(None).unwrap().columns.is_empty());
    assert!(!ws.chart(&desk.patient()).unwrap().patient.name.is_empty());
    let kept = desk.book(&provider, "03:00", Some("on the phone")).unwrap();
    let moved = desk.book(&provider, "04:00", None).unwrap();
    let wish = MoveRequest {
        appointment: moved.card.id.clone(),
        start: "2027-12-24T05:00".into(),
        minutes: None,
        practitioner: None,
        room: None,
        comment: Some("the bus was late".into()),
        overbook: None,
    };
    ws.move_appointment(wish).unwrap();
    desk.set_status(&kept.card.id, AppointmentStatus::Arrived, None).unwrap();
    let cancelled = desk.book(&provider, "06:00", None).unwrap();
    desk.set_status(&cancelled.card.id, AppointmentStatus::Cancelled, Some("ill")).unwrap();
    let undone = desk.book(&provider, "07:00", None).unwrap();
    ws.undo(&undone.change).unwrap();
    ws.lock(LockReason::Asked);
    desk.unlock(&me, &me.password).await.expect("the desk's own slot opens");
    assert_eq!(ws.state().sync.pending, 8);
    let cards = [&kept, &moved, &cancelled, &undone].map(|changed| changed.card.id.clone());
    for id in &cards {
        assert!(ws.appointment(id).unwrap().card.provisional, "before the host has it");
    }

    let mut notices = ws.notices();
    host.resume();
    while ws.state().sync.pending > 0 || !ws.state().sync.reachable {
        // Every change of the sync's state is told; nothing was asked for.
        heard(&mut notices, |notice| (notice == Notice::Shell).then_some(())).await;
    }
    for id in &cards {
        assert!(!ws.appointment(id).unwrap().card.provisional, "after");
    }
    driver.abort();

    let other = Desk::enrolled(&host.url(), &host.ca_pem(), &host.code()).await;
    other.sign_in(host.account("provider1")).await.unwrap();
    other.ws.sync_once().await.unwrap();
    for (id, status) in cards.iter().zip([
        AppointmentStatus::Arrived,
        AppointmentStatus::Booked,
        AppointmentStatus::Cancelled,
        AppointmentStatus::EnteredInError,
    ]) {
        assert_eq!(other.ws.appointment(id).unwrap().card.status, status);
    }
    let story = |id: &str| {
        let lines = other.ws.history(&format!("Appointment/{id}")).unwrap();
        assert!(lines.iter().all(|line| line.who == "Frankie Desk" && !line.provisional), "{lines:?}");
        lines.into_iter().map(|line| (line.what, line.comment)).collect::<Vec<_>>()
    };
    let comment = |text: &str| Some(text.to_owned());
    assert_eq!(story(&cards[0])[1], ("booked for 24 Dec 3:00".into(), comment("on the phone")));
    assert_eq!(story(&cards[1])[0], ("moved from 24 Dec 4:00 to 24 Dec 5:00".into(), comment("the bus was late")));
    assert_eq!(story(&cards[2])[0].0, "cancelled: ill");
    let (text, provisional) = other.ws.show(&format!("Appointment/{}", cards[2])).unwrap();
    assert!(text.contains(r#""cancelationReason":{"text":"ill"}"#) && !provisional, "{text}");
}
