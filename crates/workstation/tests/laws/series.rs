//! Series: what a wish comes to, several visits changed at once, those moved apart, and the way back.

use practice::{Code, views::AppointmentStatus};
use workstation::screen::{
    BookRequest, Card, MoveRequest, Scope, SeriesAct, SeriesBooking, SeriesChange, SeriesChanged, SeriesRule,
    SeriesWish, Unit,
};

use super::world::{Desk, World};

/// Five visits in the nights of a week from Christmas 2027 on, when the demo has nothing.
fn wish(desk: &Desk, practitioner: &str) -> SeriesWish {
    SeriesWish {
        visit: BookRequest {
            visit_type: None,
            patient: desk.patient(),
            practitioner: practitioner.into(),
            start: "2027-12-24T02:00".into(),
            minutes: 30,
            reason: Some("Dressing".into()),
            comment: None,
            overbook: None,
            room: None,
        },
        rule: SeriesRule { unit: Unit::Day, every: 1, days: Vec::new(), until: None, times: Some(5) },
    }
}

fn booked(desk: &Desk, wish: SeriesWish) -> SeriesChanged {
    let plan = desk.ws.plan_series(&wish).unwrap();
    assert!(plan.visits.iter().all(|visit| visit.trouble.is_none()), "{:?}", plan.visits);
    let starts = plan.visits.into_iter().map(|visit| visit.start).collect();
    desk.ws.book_series(SeriesBooking { wish, starts }).unwrap()
}

/// The visits of those nights: the day of the month, the minute and whether they hold their time.
fn nights(desk: &Desk) -> Vec<(String, i32, bool)> {
    let of = |day: u32| desk.ws.day(Some(&format!("2027-12-{day}"))).unwrap().appointments;
    let ours = |card: &Card| card.reason.as_deref() == Some("Dressing");
    let told = |card: Card| {
        let gone = [AppointmentStatus::Cancelled, AppointmentStatus::EnteredInError].contains(&card.status);
        (card.start[8..10].to_owned(), card.start_minute, !gone)
    };
    (24..=30).flat_map(of).filter(ours).map(told).collect()
}

fn held(desk: &Desk) -> Vec<(String, i32)> {
    nights(desk).into_iter().filter(|(_, _, holds)| *holds).map(|(day, minute, _)| (day, minute)).collect()
}

fn days(days: &[(u32, i32)]) -> Vec<(String, i32)> {
    days.iter().map(|(day, minute)| (day.to_string(), *minute)).collect()
}

fn move_to(appointment: &str, start: &str) -> MoveRequest {
    MoveRequest {
        appointment: appointment.into(),
        start: start.into(),
        minutes: None,
        practitioner: None,
        room: None,
        comment: None,
        overbook: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_series_is_shown_before_it_is_booked_with_what_is_taken_and_all_of_it_comes_back() {
    let world = World::at_work("desk").await;
    let (desk, with) = (&world.desk, world.host.practitioner());
    desk.book(&with, "02:15", None).unwrap();
    let wish = wish(desk, &with);
    let plan = desk.ws.plan_series(&wish).unwrap();
    assert_eq!(plan.say, "every day");
    let taken: Vec<_> = plan.visits.iter().map(|visit| (visit.date.as_str(), visit.trouble.is_some())).collect();
    let free = [("2027-12-25", false), ("2027-12-26", false), ("2027-12-27", false), ("2027-12-28", false)];
    assert_eq!((taken[0], &taken[1..]), (("2027-12-24", true), &free[..]));
    let all = plan.visits.iter().map(|visit| visit.start.clone()).collect();
    let refused = desk.ws.book_series(SeriesBooking { wish: wish.clone(), starts: all }).unwrap_err();
    assert_eq!((refused.code, nights(desk).len()), (Code::Overlap, 0), "one that can't be leaves nothing half booked");

    let starts = plan.visits[1..].iter().map(|visit| visit.start.clone()).collect();
    let series = desk.ws.book_series(SeriesBooking { wish, starts }).unwrap();
    assert_eq!((series.changes.len(), series.card.repeats.as_deref()), (4, Some("every day")));
    assert!(series.say.ends_with("booked 4 visits, every day"), "{}", series.say);
    let back = desk.ws.undo_series(&series.changes).unwrap();
    assert!(back.say.ends_with("took back 4 visits"), "{}", back.say);
    assert!(held(desk).is_empty());
    assert_eq!(desk.ws.undo_series(&series.changes).unwrap_err().code, Code::NotNow, "once");
}

#[tokio::test(flavor = "multi_thread")]
async fn this_and_later_move_or_are_cancelled_and_one_that_was_moved_apart_stays() {
    let world = World::at_work("desk").await;
    let (desk, other, with) = (&world.desk, world.another("desk2").await, world.host.practitioner());
    booked(desk, wish(desk, &with));
    let night = |day: u32| -> Card {
        let cards = desk.ws.day(Some(&format!("2027-12-{day}"))).unwrap().appointments;
        cards.into_iter().find(|card| card.reason.as_deref() == Some("Dressing")).unwrap()
    };
    desk.ws.move_appointment(move_to(&night(27).id, "2027-12-27T05:00")).unwrap();
    let second = night(25).id;
    let act = SeriesAct::Move(move_to(&second, "2027-12-26T03:00"));
    let change = SeriesChange { appointment: second.clone(), scope: Scope::Later, act };
    let moved = desk.ws.change_series(change).unwrap();
    let after = days(&[(24, 120), (26, 180), (27, 300), (27, 180), (29, 180)]);
    let mut here = held(desk);
    here.sort();
    let mut wanted = after.clone();
    wanted.sort();
    assert_eq!(here, wanted, "each by a day, to the same time; the first is earlier, and one is apart");
    assert_eq!((moved.card.id.as_str(), moved.changes.len()), (second.as_str(), 3));
    desk.ws.undo_series(&moved.changes).unwrap();
    assert_eq!(held(desk), days(&[(24, 120), (25, 120), (26, 120), (27, 300), (28, 120)]));

    desk.ws.sync_once().await.unwrap();
    other.ws.sync_once().await.unwrap();
    let act = SeriesAct::Cancel("Healed".into());
    let off = other.ws.change_series(SeriesChange { appointment: night(26).id, scope: Scope::Later, act }).unwrap();
    assert_eq!(off.changes.len(), 3, "who is healed needs none of them, also not the one apart");
    assert_eq!(held(&other), days(&[(24, 120), (25, 120)]));
    other.ws.undo_series(&off.changes).unwrap();
    let act = SeriesAct::Cancel("Healed".into());
    other.ws.change_series(SeriesChange { appointment: night(26).id, scope: Scope::All, act }).unwrap();
    assert!(held(&other).is_empty());
    let alone = desk.book(&with, "06:00", None).unwrap().card.id;
    let act = SeriesAct::Cancel("a test".into());
    let none = desk.ws.change_series(SeriesChange { appointment: alone, scope: Scope::All, act });
    assert_eq!(none.unwrap_err().code, Code::NotNow);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shift_by_one_interval_finds_each_time_left_by_the_visit_before() {
    let world = World::at_work("desk").await;
    let (desk, with) = (&world.desk, world.host.practitioner());
    let series = booked(desk, wish(desk, &with));
    let first = series.card.id;
    let act = SeriesAct::Move(move_to(&first, "2027-12-25T02:00"));
    let moved = desk.ws.change_series(SeriesChange { appointment: first, scope: Scope::All, act }).unwrap();
    assert_eq!(moved.changes.len(), 5);
    assert_eq!(held(desk), days(&[(25, 120), (26, 120), (27, 120), (28, 120), (29, 120)]));
    let report = desk.ws.sync_once().await.unwrap();
    assert_eq!(report.conflicts, 0);
    assert!(desk.ws.attention().unwrap().is_empty(), "the host finds them in the same order");
    let act = SeriesAct::Move(move_to(&moved.card.id, "2027-12-24T02:30"));
    let earlier = desk.ws.change_series(SeriesChange { appointment: moved.card.id, scope: Scope::All, act }).unwrap();
    assert_eq!(held(desk), days(&[(24, 150), (25, 150), (26, 150), (27, 150), (28, 150)]));
    desk.ws.undo_series(&earlier.changes).unwrap();
    assert_eq!(held(desk), days(&[(25, 120), (26, 120), (27, 120), (28, 120), (29, 120)]));
}
