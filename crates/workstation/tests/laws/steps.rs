//! Confirmed and left: steps that FHIR has no status for.

use std::time::Duration;

use practice::{Code, text::string, views::AppointmentStatus};
use workstation::screen::{Changed, MarkedStep, MoveRequest, StepRequest, VisitStep};

use super::world::{Desk, World};

fn mark(desk: &Desk, visit: &str, step: MarkedStep) -> workstation::Outcome<Changed> {
    desk.clock.pass(Duration::from_secs(60));
    desk.ws.mark_step(StepRequest { appointment: visit.into(), step, comment: Some("on the phone".into()) })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_is_confirmed_and_left_with_its_moments_and_each_can_be_taken_back() {
    let world = World::at_work("desk").await;
    let (desk, ws) = (&world.desk, &world.desk.ws);
    let visit = desk.book(&world.host.practitioner(), "03:00", None).unwrap().card.id;
    let steps = || ws.appointment(&visit).unwrap().steps.into_iter().map(|one| one.step).collect::<Vec<_>>();
    assert_eq!(mark(desk, &visit, MarkedStep::Left).unwrap_err().code, Code::NotNow, "nobody has come");
    let confirmed = mark(desk, &visit, MarkedStep::Confirmed).unwrap();
    assert!(confirmed.card.confirmed && confirmed.say.ends_with("confirmed by the patient"), "{}", confirmed.say);
    assert_eq!(mark(desk, &visit, MarkedStep::Confirmed).unwrap_err().code, Code::NotNow, "once is enough");
    assert_eq!(ws.sync_once().await.unwrap().set_aside, 0);
    let other = world.another("desk2").await;
    let day = other.ws.day(Some("2027-12-24")).unwrap();
    assert!(day.appointments.iter().any(|card| card.id == visit && card.confirmed), "every desk sees it");

    for status in [AppointmentStatus::Arrived, AppointmentStatus::CheckedIn] {
        desk.clock.pass(Duration::from_secs(60));
        desk.set_status(&visit, status, None).unwrap();
    }
    let left = mark(desk, &visit, MarkedStep::Left).unwrap();
    assert_eq!((left.card.status, left.card.left), (AppointmentStatus::Fulfilled, true));
    assert_eq!(steps(), VisitStep::ALL);
    let moments: Vec<String> = ws.appointment(&visit).unwrap().steps.into_iter().map(|one| one.at).collect();
    assert!(moments.is_sorted() && moments[0] < moments[1], "{moments:?}");
    ws.undo(&left.change).unwrap();
    assert_eq!(steps(), VisitStep::ALL[..3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_confirmed_one_time_has_not_confirmed_another() {
    let world = World::at_work("desk").await;
    let (desk, ws) = (&world.desk, &world.desk.ws);
    let visit = desk.book(&world.host.practitioner(), "03:00", None).unwrap().card.id;
    mark(desk, &visit, MarkedStep::Confirmed).unwrap();
    let to = |start: &str, minutes| {
        desk.clock.pass(Duration::from_secs(60));
        let wish = MoveRequest {
            appointment: visit.clone(),
            start: format!("2027-12-24T{start}"),
            minutes: Some(minutes),
            practitioner: None,
            room: None,
            comment: None,
            overbook: None,
        };
        ws.move_appointment(wish).unwrap().card.confirmed
    };
    assert!(to("03:00", 45), "longer is the same time");
    assert!(!to("04:00", 45));
    let (text, _) = ws.show(&format!("Appointment/{visit}")).unwrap();
    assert_eq!(string(&text, "/participant/0/status").as_deref(), Some("accepted"));
}
