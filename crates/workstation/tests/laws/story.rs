//! What the history of a visit tells: what changed, and nothing that did not.

use std::time::Duration;

use practice::{Code, views::AppointmentStatus};
use workstation::screen::MoveRequest;

use super::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn the_story_of_a_visit_names_what_changed() {
    let world = World::at_work("desk").await;
    let (desk, ws) = (&world.desk, &world.desk.ws);
    let visit = desk.book(&world.host.practitioner(), "03:00", None).unwrap().card.id;
    let other = world.host.other_practitioner(1);
    let wish = |practitioner: Option<&str>, minutes| MoveRequest {
        appointment: visit.clone(),
        start: "2027-12-24T03:00".to_owned(),
        minutes,
        practitioner: practitioner.map(str::to_owned),
        room: None,
        comment: None,
        overbook: None,
    };
    // Each change has its own moment, since the story is told by them.
    let later = || desk.clock.pass(Duration::from_secs(1));
    let said = || ws.history(&format!("Appointment/{visit}")).unwrap()[0].what.clone();
    later();
    ws.move_appointment(wish(Some(&other), None)).unwrap();
    assert_eq!(said(), "moved from Provider One, MD to Provider Two, DO", "the time did not change");
    later();
    ws.move_appointment(wish(None, Some(45))).unwrap();
    assert_eq!(said(), "made 45 minutes long");
    for status in [AppointmentStatus::Arrived, AppointmentStatus::Booked] {
        later();
        desk.set_status(&visit, status, None).unwrap();
    }
    assert_eq!(said(), "set back to booked");
    assert_eq!(ws.history("Appointment/nobody-knows").unwrap_err().code, Code::NotFound);
}
