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
    later();
    desk.set_status(&visit, AppointmentStatus::Cancelled, Some("called back")).unwrap();
    let told: Vec<String> =
        ws.history(&format!("Appointment/{visit}")).unwrap().into_iter().map(|line| line.say).collect();
    assert!(told[0].contains(" cancelled it: called back, on ") && told[0].ends_with(" at this computer."), "{told:?}");
    assert!(told.last().unwrap().contains(" booked it for 24 Dec 3:00, on "), "{told:?}");
    assert_eq!(ws.appointment(&visit).unwrap().untold, None, "it began here");
    ws.sync_once().await.unwrap();
    let elsewhere = world.another("desk2").await;
    let told = elsewhere.ws.history(&format!("Appointment/{visit}")).unwrap().remove(0).say;
    assert!(told.ends_with(" at Test."), "where it was, by the name of the computer: {told}");
    let of_the_demo = elsewhere.ws.day(None).unwrap().appointments.remove(0).id;
    let untold = elsewhere.ws.appointment(&of_the_demo).unwrap().untold.unwrap();
    assert!(
        untold.starts_with("No change of this visit is known on this computer. The visit was entered on "),
        "{untold}"
    );
    assert_eq!(ws.history("Appointment/nobody-knows").unwrap_err().code, Code::NotFound);
}
