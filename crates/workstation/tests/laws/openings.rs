//! Finding an opening: what is offered can be booked, and how sure it is.

use std::time::Duration;

use practice::Code;
use workstation::screen::{BookRequest, FoundDay, OpeningWish, Sure};

use super::world::{Desk, World};

fn wish(desk: &Desk, words: &str) -> OpeningWish {
    let read = desk.ws.read_wish(words).unwrap();
    assert!(read.unread.is_empty(), "{read:?}");
    read.wish
}

fn found(desk: &Desk, wish: &OpeningWish) -> Vec<FoundDay> {
    desk.ws.find_openings(wish).unwrap().days
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_offered_can_be_booked_once_and_is_not_offered_again() {
    let world = World::at_work("desk").await;
    let desk = &world.desk;
    let wish = OpeningWish { practitioners: vec![world.host.practitioner()], ..wish(desk, "45 min mornings") };
    let first = found(desk, &wish).remove(0);
    assert_eq!((first.practitioner.as_str(), first.sure), (world.host.practitioner().as_str(), Sure::Fresh));
    assert!(first.starts.iter().all(|start| start.start_minute < 720), "{first:?}");
    let booking = || BookRequest {
        patient: desk.patient(),
        practitioner: first.practitioner.clone(),
        start: first.starts[0].start[..16].to_owned(),
        minutes: 45,
        reason: None,
        comment: None,
        overbook: None,
        room: None,
        visit_type: None,
    };
    let booked = desk.ws.book(booking()).unwrap();
    assert_eq!(booked.card.end, first.starts[0].end);
    assert!(found(desk, &wish).iter().flat_map(|day| &day.starts).all(|start| start.start != first.starts[0].start));
    assert_eq!(desk.ws.book(booking()).unwrap_err().code, Code::Overlap);
    // Undone, it is free again.
    desk.ws.undo(&booked.change).unwrap();
    assert_eq!(found(desk, &wish)[0].starts, first.starts);
}

#[tokio::test(flavor = "multi_thread")]
async fn time_that_is_kept_here_comes_first_once_the_data_are_old() {
    let world = World::at_work("desk").await;
    let desk = &world.desk;
    let held = desk.hold();
    let wish = wish(desk, "15");
    let of_hold = |days: &[FoundDay]| {
        let at = |day: &FoundDay| day.practitioner == held.practitioner && day.starts[0].start[..16] == held.start;
        days.iter().position(at)
    };
    assert_eq!(of_hold(&found(desk, &wish)), None, "time that is held for all is not offered");
    desk.ws.keep_hold(&held.slot, true).unwrap();
    let days = found(desk, &wish);
    let place = of_hold(&days).expect("what is kept here is offered before the rest of its day");
    assert_eq!((days[place].starts[0].sure, days[place].sure), (Sure::Yours, Sure::Fresh));
    desk.clock.pass(Duration::from_secs(11 * 60));
    let days = found(desk, &wish);
    assert_eq!(of_hold(&days), Some(0), "sure even offline, so before what may be taken by now");
    assert!(days[1..].iter().all(|day| day.sure == Sure::Stale), "{days:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wish_that_makes_no_sense_is_refused_in_words() {
    let world = World::at_work("desk").await;
    let good = wish(&world.desk, "");
    for (wish, code) in [
        (OpeningWish { minutes: 4, ..good.clone() }, Code::Invalid),
        (OpeningWish { days: vec!["someday".into()], ..good.clone() }, Code::Invalid),
        (OpeningWish { from_minute: 700, until_minute: 700, ..good.clone() }, Code::Invalid),
        (OpeningWish { until: Some("2020-01-01".into()), ..good.clone() }, Code::Invalid),
        (OpeningWish { from: "tomorrow".into(), ..good.clone() }, Code::Invalid),
        (OpeningWish { practitioners: vec!["nobody".into()], ..good.clone() }, Code::NotFound),
    ] {
        assert_eq!(world.desk.ws.find_openings(&wish).unwrap_err().code, code, "{wish:?}");
    }
}
