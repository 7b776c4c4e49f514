//! What the host refuses is set aside with its reason; everything else flows.

use std::time::Duration;

use jiff::ToSpan;
use practice::{Code, views::AppointmentStatus};
use workstation::screen::BookRequest;

use super::world::{Act, World};

#[tokio::test(flavor = "multi_thread")]
async fn the_loser_of_a_double_booking_keeps_it_with_the_reason_while_the_rest_flows() {
    let world = World::at_work("desk").await;
    let other = world.another("desk2").await;
    let provider = world.host.practitioner();
    let won = other.book(&provider, "03:00", None).unwrap();
    let lost = world.desk.book(&provider, "03:15", Some("walked in")).unwrap();
    let fine = world.desk.book(&provider, "05:00", None).unwrap();
    other.ws.sync_once().await.unwrap();
    let report = world.desk.ws.sync_once().await.unwrap();
    assert_eq!((report.pushed, report.set_aside, report.conflicts), (1, 1, 0));
    let waiting = world.desk.ws.attention().unwrap();
    assert_eq!(waiting.len(), 1);
    let line = &waiting[0];
    assert_eq!((&line.change, line.comment.as_deref()), (&lost.change, Some("walked in")));
    assert!(line.trouble.is_some() && line.who == "Frankie Desk", "{line:?}");
    let card = |id: &str| world.desk.ws.appointment(id).unwrap().card;
    assert!(card(&lost.card.id).provisional && !card(&fine.card.id).provisional);
    assert!(!card(&won.card.id).provisional, "the winner's booking arrived all the same");

    assert_eq!(world.desk.ws.sync_once().await.unwrap().set_aside, 0, "it is not sent again by itself");
    world.desk.ws.retry(&lost.change).unwrap();
    assert_eq!(world.desk.ws.sync_once().await.unwrap().set_aside, 1, "the slot is still taken");
    other.set_status(&won.card.id, AppointmentStatus::Cancelled, Some("a mistake")).unwrap();
    other.ws.sync_once().await.unwrap();
    world.desk.ws.retry(&lost.change).unwrap();
    assert_eq!(world.desk.ws.sync_once().await.unwrap().pushed, 1);
    assert!(!card(&lost.card.id).provisional);
    assert_eq!(world.desk.ws.outbox().unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_loser_is_offered_the_nearest_openings_and_takes_one_in_one_act() {
    let world = World::at_work("desk").await;
    let other = world.another("desk2").await;
    let patient = world.desk.patient();
    let wish = |provider: &str, start: String| BookRequest {
        patient: patient.clone(),
        practitioner: provider.into(),
        start,
        minutes: 15,
        reason: None,
        comment: Some("walked in".into()),
        overbook: None,
        room: None,
        visit_type: None,
    };
    // The first free quarter hour of the days ahead, which both desks see.
    let today: jiff::civil::Date = world.desk.ws.day(None).unwrap().today.parse().unwrap();
    let days = (1..7).map(|ahead| world.desk.ws.day(Some(&(today + ahead.days()).to_string())).unwrap());
    let day = days.into_iter().find(|day| day.columns.iter().any(|column| column.open > 0)).unwrap();
    let column = day.columns.iter().find(|column| column.open > 0).unwrap();
    let quarters = column.hours.iter().flat_map(|stretch| (stretch.start_minute..stretch.end_minute).step_by(15));
    let mut starts = quarters.map(|minute| format!("{}T{:02}:{:02}", day.date, minute / 60, minute % 60));
    let won = starts.find_map(|start| other.ws.book(wish(&column.practitioner, start)).ok()).unwrap();
    let lost = world.desk.ws.book(wish(&column.practitioner, won.card.start[..16].to_owned())).unwrap();
    other.ws.sync_once().await.unwrap();
    world.desk.ws.sync_once().await.unwrap();
    assert!(world.desk.ws.attention().unwrap()[0].lost_time);
    let shown = world.desk.ws.appointment(&lost.card.id).unwrap().card;
    assert_eq!(shown.lost_time.as_ref(), Some(&lost.change), "seen where it happened");
    let offered = world.desk.ws.openings(&lost.change).unwrap();
    assert!(offered.phone.is_some());
    assert_eq!(offered.openings.len(), 3, "{offered:?}");
    assert!(offered.openings.iter().all(|opening| opening.practitioner == column.practitioner), "{offered:?}");
    assert!(offered.others.iter().all(|opening| opening.practitioner != column.practitioner), "{offered:?}");

    let taken = world.desk.ws.rebook(&lost.change, &won.card.start[..16], None).unwrap_err();
    assert_eq!(taken.code, Code::Overlap, "not again");
    world.desk.ws.rebook(&lost.change, &offered.openings[0].start[..16], None).unwrap();
    assert_eq!(world.desk.ws.sync_once().await.unwrap().pushed, 1);
    let card = world.desk.ws.appointment(&lost.card.id).unwrap();
    assert_eq!((card.card.start.as_str(), card.card.provisional), (offered.openings[0].start.as_str(), false));
    assert_eq!(card.card.lost_time, None);
    let story = &card.history[0];
    assert!(story.what.ends_with("since the time wanted was taken"), "{story:?}");
    assert_eq!(story.comment.as_deref(), Some("walked in"));
    world.desk.ws.openings(&lost.change).unwrap_err();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_loser_may_go_to_another_provider() {
    let world = World::at_work("desk").await;
    let other = world.another("desk2").await;
    let (provider, free) = (world.host.practitioner(), world.host.other_practitioner(1));
    other.book(&provider, "03:00", None).unwrap();
    let lost = world.desk.book(&provider, "03:00", None).unwrap();
    other.ws.sync_once().await.unwrap();
    assert_eq!(world.desk.ws.sync_once().await.unwrap().set_aside, 1);
    world.desk.ws.rebook(&lost.change, "2027-12-24T03:00", Some(&free)).unwrap();
    assert_eq!(world.desk.ws.sync_once().await.unwrap().pushed, 1);
    let card = world.desk.ws.appointment(&lost.card.id).unwrap().card;
    assert_eq!((card.practitioner.as_ref(), card.provisional), (Some(&free), false));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_on_an_old_version_is_set_aside_and_withdrawing_it_shows_what_the_host_has() {
    let world = World::at_work("desk").await;
    let other = world.another("desk2").await;
    let booked = world.desk.book(&world.host.practitioner(), "03:00", None).unwrap().card.id;
    world.desk.ws.sync_once().await.unwrap();
    other.ws.sync_once().await.unwrap();
    other.set_status(&booked, AppointmentStatus::Cancelled, Some("called off")).unwrap();
    other.ws.sync_once().await.unwrap();
    let mine = world.desk.set_status(&booked, AppointmentStatus::Arrived, None).unwrap();
    let report = world.desk.ws.sync_once().await.unwrap();
    assert_eq!((report.conflicts, report.pushed), (1, 0));
    let card = || world.desk.ws.appointment(&booked).unwrap().card;
    assert_eq!(card().status, AppointmentStatus::Arrived, "what was entered stays until a person settles it");
    world.desk.ws.withdraw(&mine.change).unwrap();
    assert_eq!((card().status, card().provisional), (AppointmentStatus::Cancelled, false));
    assert_eq!(world.desk.ws.state().sync.attention, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_at_which_the_host_itself_fails_steps_aside_for_a_while() {
    let world = World::at_work("desk").await;
    let (ws, provider) = (&world.desk.ws, world.host.practitioner());
    world.desk.book(&provider, "03:00", None).unwrap();
    world.desk.book(&provider, "05:00", None).unwrap();
    world.gate.rule(|asked| if asked == "POST /fhir" { Act::Answer(500, Vec::new()) } else { Act::Pass });
    for _ in 0..3 {
        ws.sync_once().await.unwrap_err();
    }
    world.gate.open();
    assert_eq!(ws.sync_once().await.unwrap().pushed, 1, "the rest flows");
    assert_eq!(ws.state().sync.attention, 0, "and the host's trouble is nobody's fault");
    world.desk.clock.pass(Duration::from_secs(61));
    assert_eq!(ws.sync_once().await.unwrap().pushed, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_at_which_the_host_fails_for_hours_waits_for_a_person_and_is_made_once() {
    let world = World::at_work("desk").await;
    let ws = &world.desk.ws;
    let booked = world.desk.book(&world.host.practitioner(), "03:00", None).unwrap();
    world.gate.close();
    for _ in 0..20 {
        ws.sync_once().await.unwrap_err();
    }
    world.gate.rule(|asked| if asked == "POST /fhir" { Act::Swallow } else { Act::Pass });
    ws.sync_once().await.unwrap_err();
    world.gate.rule(|asked| if asked == "POST /fhir" { Act::Answer(500, Vec::new()) } else { Act::Pass });
    for failures in 1..=12 {
        assert_eq!(ws.state().sync.attention, 0, "failure {failures}: a line that is down is not the change's fault");
        ws.sync_once().await.unwrap_err();
        world.desk.clock.pass(Duration::from_secs(65 * 60));
    }
    let line = ws.attention().unwrap().remove(0);
    assert_eq!((&line.change, line.owner.as_str(), line.own), (&booked.change, "Frankie Desk", true));
    assert!(line.trouble.unwrap().starts_with("The host fails whenever it gets this."));
    assert_eq!(ws.sync_once().await.unwrap().pushed, 0, "it is not sent again by itself");
    world.gate.open();
    ws.retry(&booked.change).unwrap();
    assert_eq!(ws.sync_once().await.unwrap().pushed, 1);
    let other = world.another("desk2").await;
    assert_eq!(other.ws.history(&format!("Appointment/{}", booked.card.id)).unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_set_aside_has_an_owner_and_can_be_handed_to_another_member() {
    let world = World::at_work("desk").await;
    let ws = &world.desk.ws;
    let booked = world.desk.book(&world.host.practitioner(), "03:00", None).unwrap();
    let colleague = world.another("desk2").await.ws.state().me.unwrap().tile;
    assert_eq!(ws.hand_on(&booked.change, &colleague.id).unwrap_err().code, Code::NotFound, "nothing is wrong with it");
    let no = br#"{"code":"invalid","say":"No."}"#;
    world.gate.rule(|asked| if asked == "POST /fhir" { Act::Answer(422, no.to_vec()) } else { Act::Pass });
    ws.sync_once().await.unwrap();
    let owner = || {
        let line = ws.attention().unwrap().remove(0);
        (line.owner, line.own, line.who)
    };
    let entered = || "Frankie Desk".to_owned();
    assert_eq!(owner(), (entered(), true, entered()), "whoever entered it");
    ws.hand_on(&booked.change, &colleague.id).unwrap();
    assert_eq!(owner(), (colleague.name.clone(), false, entered()));
    assert_eq!(ws.hand_on(&booked.change, "nobody").unwrap_err().code, Code::NotFound);
    ws.retry(&booked.change).unwrap();
    ws.sync_once().await.unwrap();
    assert_eq!(owner().0, colleague.name, "until it is handed on again, also over another try");
    world.gate.open();
    world.desk.sign_in(world.host.account("desk2")).await.unwrap();
    assert!(owner().1, "at their own sign-in it is theirs");
    ws.sign_out();
    world.desk.sign_in(world.host.account("admin")).await.unwrap();
    ws.hand_on(&booked.change, &ws.state().me.unwrap().tile.id).unwrap();
    let events = ws.audit(false).unwrap().events;
    let told: Vec<_> = events.iter().filter(|line| line.event["subtype"][0]["code"] == "hand-on").collect();
    assert_eq!(told.len(), 2, "each is told");
    assert_eq!(told[1].event["purposeOfEvent"][0]["text"], format!("to {}", colleague.name));
}
