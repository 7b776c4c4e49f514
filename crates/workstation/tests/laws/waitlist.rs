//! The waitlist: whom freed time suits, and how a place on it becomes a visit and back.

use practice::{Code, views::AppointmentStatus};
use workstation::screen::{Changed, Offers, WaitlistChanged, WaitlistRequest};

use super::world::{Desk, World};

fn join(desk: &Desk, who: usize, words: &str, urgent: bool) -> WaitlistChanged {
    let patient = desk.ws.find("a").unwrap().patients.remove(who).id;
    let wish = desk.ws.read_wish(words).unwrap().wish;
    let request = WaitlistRequest { patient, wish, reason: Some("Called twice".into()), note: None, urgent };
    desk.ws.join_waitlist(request).unwrap()
}

/// An opening of `practitioner`, taken by a visit.
fn visit(desk: &Desk, practitioner: &str) -> Changed {
    let wish = desk.ws.read_wish("30 min").unwrap().wish;
    let wish = workstation::screen::OpeningWish { practitioners: vec![practitioner.into()], ..wish };
    let start = desk.ws.find_openings(&wish).unwrap().days[0].starts[0].start[..16].to_owned();
    desk.ws
        .book(workstation::screen::BookRequest {
            patient: desk.patient(),
            practitioner: practitioner.into(),
            start,
            minutes: 30,
            reason: None,
            comment: None,
            overbook: None,
            room: None,
            visit_type: None,
        })
        .unwrap()
}

fn offers(desk: &Desk, of: &Changed) -> Offers {
    let practitioner = of.card.practitioner.clone().unwrap();
    desk.ws.offers(&practitioner, &of.card.start[..16], &of.card.end[..16]).unwrap()
}

/// What those that joined here wish, in the order offered.
fn whom(offers: &Offers) -> Vec<u32> {
    let ours = offers.offers.iter().filter(|offer| offer.line.reason.as_deref() == Some("Called twice"));
    ours.map(|offer| offer.line.wish.minutes).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn freed_time_is_offered_to_whom_it_suits_the_best_first_and_to_nobody_while_it_is_taken() {
    let world = World::at_work("desk").await;
    let desk = &world.desk;
    let practitioner = world.host.practitioner();
    let booked = visit(desk, &practitioner);
    join(desk, 0, "5 min", false);
    join(desk, 1, "10 min", true);
    join(desk, 2, "480 min", true);
    join(desk, 3, "15 min after 24 dec 2027", false);
    let (first, second) = (&booked.card.start[..10], &booked.card.start[11..16]);
    join(desk, 0, &format!("20 min on {first} before {second}"), false);
    assert_eq!(whom(&offers(desk, &booked)), [0; 0], "it is taken");
    desk.set_status(&booked.card.id, AppointmentStatus::Cancelled, Some("ill")).unwrap();
    let found = offers(desk, &booked);
    assert_eq!(whom(&found), [10, 5], "who goes before others, and nobody whom it does not suit");
    let first = found.offers.iter().find(|offer| offer.line.wish.minutes == 10).unwrap();
    assert_eq!(first.start, booked.card.start);
    let taken = desk.ws.book_waiting(&first.line.id, &first.start[..16], &first.practitioner).unwrap();
    assert_eq!((taken.card.id.as_str(), taken.card.status), (first.line.id.as_str(), AppointmentStatus::Pending));
    assert_eq!(taken.card.end_minute - taken.card.start_minute, 10);
    let again = desk.ws.book_waiting(&first.line.id, &first.start[..16], &first.practitioner);
    assert_eq!(again.unwrap_err().code, Code::NotNow, "who is booked waits no more");
    let plain = desk.ws.undo(&taken.change);
    assert_eq!(plain.unwrap_err().code, Code::NotNow, "a place on the list is no visit: it is taken back there");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_on_the_waitlist_comes_back_when_its_booking_is_taken_back_and_reaches_the_other_desks() {
    let world = World::at_work("desk").await;
    let (desk, other) = (&world.desk, world.another("desk2").await);
    join(desk, 0, "45 min mornings", false);
    let ours = |desk: &Desk| {
        let lines = desk.ws.waitlist().unwrap();
        lines.into_iter().find(|line| line.reason.as_deref() == Some("Called twice"))
    };
    let line = ours(desk).unwrap();
    assert_eq!((line.say.as_str(), line.provisional), ("45 min with any provider, mornings", true));
    let day = desk.ws.find_openings(&line.wish).unwrap().days.remove(0);
    let booked = desk.ws.book_waiting(&line.id, &day.starts[0].start[..16], &day.practitioner).unwrap();
    assert_eq!(ours(desk), None);
    assert_eq!(desk.ws.undo(&booked.change).unwrap_err().code, Code::NotNow, "the schedule has no place for it");
    desk.ws.undo_waitlist(&booked.change).unwrap();
    assert_eq!(ours(desk).map(|again| (again.id, again.wish)), Some((line.id.clone(), line.wish)));
    desk.ws.sync_once().await.unwrap();
    other.ws.sync_once().await.unwrap();
    assert_eq!(ours(&other).map(|there| (there.id, there.provisional)), Some((line.id.clone(), false)));
    let left = other.ws.leave_waitlist(&line.id, "Came another day").unwrap();
    assert_eq!(ours(&other), None);
    other.ws.undo_waitlist(&left.change).unwrap();
    assert!(ours(&other).is_some());
    assert_eq!(other.ws.leave_waitlist(&line.id, " ").unwrap_err().code, Code::Invalid);
    let told: Vec<_> = other.ws.history(&format!("Appointment/{}", line.id)).unwrap();
    let whats: Vec<_> = told.iter().map(|line| line.what.as_str()).collect();
    assert_eq!(whats[..2], ["took the last change back", "taken off the waitlist: Came another day"]);
    assert_eq!(*whats.last().unwrap(), "put on the waitlist: 45 min with any provider, mornings");
}
