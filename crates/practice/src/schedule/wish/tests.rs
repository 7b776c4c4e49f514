use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::ids::PractitionerId;

/// A Sunday.
const TODAY: Date = date(2026, 11, 29);

fn providers() -> Vec<(PractitionerId, String)> {
    [
        ("r", "Maria Reyes, MD"),
        ("c", "Amy Chen, DO"),
        ("d", "David Chen, MD"),
        ("m", "Jo May, NP"),
        ("o", "Pat O'Hára, PA"),
    ]
    .map(|(id, name)| (PractitionerId::parse(id).unwrap(), name.to_owned()))
    .to_vec()
}

fn said(text: &str) -> String {
    let who = providers();
    let read = read(text, TODAY, &who);
    let name = |id: &PractitionerId| {
        let (_, name) = who.iter().find(|(other, _)| other == id).unwrap();
        name.split(',').next().unwrap().to_owned()
    };
    let said = read.wish.said(TODAY, name);
    if read.unread.is_empty() { said } else { format!("{said}; not {}", read.unread.join(" ")) }
}

#[test]
fn a_typed_wish_is_said_back_as_it_was_meant() {
    let cases = [
        ("", "30 min with any provider"),
        ("30 min dr reyes mornings after 3 dec", "30 min with Maria Reyes, mornings, from Fri 4 Dec"),
        ("next tuesday afternoon 45", "45 min with any provider, afternoons, on Tue 1 Dec"),
        ("an hour with any provider this week", "60 min with any provider, today"),
        ("an hour with anyone next week", "60 min with any provider, tomorrow to Sun 6 Dec"),
        (
            "30 minutes, one of reyes or amy chen, mornings, after 3 December",
            "30 min with Maria Reyes or Amy Chen, mornings, from Fri 4 Dec",
        ),
        ("chen 20", "20 min with Amy Chen or David Chen"),
        ("Chen, David; 20min", "20 min with David Chen"),
        ("dr may 15 in may", "15 min with Jo May, Sat 1 May to Mon 31 May"),
        ("o'hara 15", "15 min with Pat O'Hára"),
        ("rey half an hour", "30 min with Maria Reyes"),
        ("1.5 h", "90 min with any provider"),
        ("1h30m", "90 min with any provider"),
        ("an hour and a half", "90 min with any provider"),
        ("tuesdays or thu before 10", "30 min with any provider, before 10 am, on Tuesday or Thursday"),
        ("mon-thu 9-11:30", "30 min with any provider, 9 am to 11:30 am, on Monday, Tuesday, Wednesday or Thursday"),
        ("weekdays after 3", "30 min with any provider, from 3 pm, on weekdays"),
        ("between 2 and 4 pm tomorrow", "30 min with any provider, 2 pm to 4 pm, tomorrow"),
        ("mornings after 10", "30 min with any provider, 10 am to 12 pm"),
        ("morning or afternoon", "30 min with any provider"),
        ("3 to 10 dec", "30 min with any provider, Thu 3 Dec to Thu 10 Dec"),
        ("3-10 dec", "30 min with any provider, Thu 3 Dec to Thu 10 Dec"),
        ("from dec 3rd until 12/10", "30 min with any provider, Thu 3 Dec to Thu 10 Dec"),
        ("on fri 4 dec at 9:30", "30 min with any provider, at 9:30 am, on Fri 4 Dec"),
        ("in 2 weeks", "30 min with any provider, from Sun 13 Dec"),
        ("within a month", "30 min with any provider, today to Tue 29 Dec"),
        ("before friday", "30 min with any provider, today to Thu 3 Dec"),
        ("after lunch on wednesday", "30 min with any provider, from 1 pm, on Wednesday"),
        ("2026-12-03 60", "60 min with any provider, on Thu 3 Dec"),
        ("week of 7 dec", "30 min with any provider, Mon 7 Dec to Sun 13 Dec"),
        ("3 jan", "30 min with any provider, on Sun 3 Jan"),
        ("29 feb", "30 min with any provider, on Tue 29 Feb 2028"),
        ("7 lizards 900", "30 min with any provider; not 7 lizards 900"),
        ("dr house", "30 min with any provider; not house"),
    ];
    let wrong: Vec<_> = cases
        .iter()
        .map(|(typed, meant)| (typed, said(typed), meant))
        .filter(|(_, said, meant)| said != *meant)
        .collect();
    assert!(wrong.is_empty(), "typed, understood, meant: {wrong:#?}");
}

#[test]
fn a_day_is_wanted_within_its_bounds_and_on_its_weekdays() {
    let wish = read("mon after 30 nov until 14 dec", TODAY, &[]).wish;
    let wanted = TODAY.series(1.day()).take(30).filter(|day| wish.wants_day(*day));
    assert_eq!(wanted.collect::<Vec<_>>(), [date(2026, 12, 7), date(2026, 12, 14)]);
}

#[test]
fn the_next_tuesday_is_that_of_the_next_week_and_this_friday_that_of_this() {
    for (today, next, this) in [
        (date(2026, 11, 23), date(2026, 12, 1), date(2026, 11, 27)),
        (date(2026, 11, 26), date(2026, 12, 1), date(2026, 11, 27)),
        (date(2026, 11, 28), date(2026, 12, 1), date(2026, 12, 4)),
        (date(2026, 11, 29), date(2026, 12, 1), date(2026, 12, 4)),
    ] {
        assert_eq!(read("next tuesday", today, &[]).wish.from, next, "{today}");
        assert_eq!(read("this fri", today, &[]).wish.until, Some(this), "{today}");
    }
}

proptest! {
    #[test]
    fn any_text_is_a_wish_and_what_was_not_understood(text in any::<String>()) {
        let read = read(&text, TODAY, &providers());
        prop_assert!((5..=480).contains(&read.wish.minutes));
        prop_assert!(read.wish.clock.0 < read.wish.clock.1);
        prop_assert!(read.wish.from >= TODAY);
    }

    #[test]
    fn any_words_together_are_read_to_the_end(
        words in prop::collection::vec(prop::sample::select(vec![
            "30", "min", "dr", "reyes", "chen", "after", "before", "from", "to", "3", "dec", "next", "this", "tue", "week",
            "between", "and", "9", "am", "an", "hour", "half", "in", "2", "weeks", "within", "at", "on", "12/3", ",", "sun",
        ]), 0..14)
    ) {
        let read = read(&words.join(" "), TODAY, &providers());
        prop_assert!((5..=480).contains(&read.wish.minutes));
        prop_assert!(read.wish.clock.0 < read.wish.clock.1);
    }
}

const MINUTE: i64 = 60_000;

fn new_york() -> Zoned {
    Zoned::named("America/New_York").unwrap()
}

struct Board {
    zone: Zoned,
    date: Date,
}

impl Board {
    fn spans(&self, walls: &[(i32, i32)]) -> Vec<super::Span> {
        let at = |minute| self.zone.at_minute(self.date, minute);
        walls.iter().map(|(from, to)| super::Span { start: at(*from), end: at(*to) }).collect()
    }

    /// The starts found, as minutes on the wall, those in kept time marked by a minus.
    fn found(
        &self,
        wish: &Wish,
        hours: &[(i32, i32)],
        taken: &[(i32, i32)],
        kept: &[(i32, i32)],
        now: i32,
    ) -> Vec<i32> {
        let (hours, taken, kept) = (self.spans(hours), self.spans(taken), self.spans(kept));
        let ground = Ground { hours: &hours, taken: &taken, kept: &kept };
        let now = self.zone.at_minute(self.date, now);
        let minute = |start: &Start| crate::schedule::minute_of(&self.zone, self.date, start.at);
        let starts = starts(wish, &ground, &self.zone, self.date, now);
        starts.iter().map(|start| if start.kept { -minute(start) } else { minute(start) }).collect()
    }
}

#[test]
fn what_is_offered_lies_in_the_hours_and_touches_nothing_taken() {
    let board = Board { zone: new_york(), date: date(2026, 12, 3) };
    let wish = Wish::any(board.date);
    let hours = [(540, 720), (780, 900)];
    for (taken, now, starts) in [
        (&[][..], 0, &[540, 570, 600, 630, 660, 690, 780, 810, 840, 870][..]),
        (&[(540, 560), (600, 630)], 0, &[560, 630, 660, 690, 780, 810, 840, 870]),
        (&[(0, 1440)], 0, &[]),
        (&[(550, 700), (560, 570)], 0, &[780, 810, 840, 870]),
        (&[], 813, &[815, 845]),
        (&[], 900, &[]),
    ] {
        assert_eq!(board.found(&wish, &hours, taken, &[], now), starts, "{taken:?} at {now}");
    }
    assert!(board.found(&wish, &[], &[], &[], 0).is_empty(), "who has no hours has no openings");
    let long = Wish { minutes: 200, ..wish.clone() };
    assert!(board.found(&long, &hours, &[], &[], 0).is_empty());
    let at = Wish { clock: (575, 576), ..wish.clone() };
    assert_eq!(board.found(&at, &hours, &[], &[], 0), [575]);
    let window = Wish { clock: (600, 800), ..wish };
    assert_eq!(board.found(&window, &hours, &[(600, 620)], &[], 0), [620, 650, 680, 780]);
}

#[test]
fn time_that_is_kept_here_is_offered_by_itself_and_marked() {
    let board = Board { zone: new_york(), date: date(2026, 12, 3) };
    let wish = Wish::any(board.date);
    assert_eq!(board.found(&wish, &[(540, 720)], &[(540, 585)], &[(600, 660)], 0), [585, -600, -615, -630, 645, 675]);
    assert_eq!(board.found(&wish, &[(540, 660)], &[(600, 630)], &[(600, 660)], 0), [540, 570, -630]);
}

#[test]
fn the_night_on_which_clocks_change_has_the_hours_that_it_has() {
    let wish = |minutes, date| Wish { minutes, ..Wish::any(date) };
    // At two o'clock it is three: from one to four are two hours.
    let spring = Board { zone: new_york(), date: date(2026, 3, 8) };
    assert_eq!(spring.found(&wish(60, spring.date), &[(60, 240)], &[], &[], 0), [60, 180]);
    // At two o'clock it is one again: from one to three are three hours.
    let autumn = Board { zone: new_york(), date: date(2026, 11, 1) };
    assert_eq!(autumn.found(&wish(60, autumn.date), &[(60, 180)], &[], &[], 0), [60, 60, 120]);
    let taken = autumn.zone.at_minute(autumn.date, 60);
    let hour = super::Span { start: taken, end: Stamp::from_millis(taken.millis() + 60 * MINUTE).unwrap() };
    let hours = autumn.spans(&[(60, 180)]);
    let ground = Ground { hours: &hours, taken: &[hour], kept: &[] };
    assert_eq!(starts(&wish(60, autumn.date), &ground, &autumn.zone, autumn.date, taken).len(), 2);
}

proptest! {
    #[test]
    fn no_opening_overlaps_what_is_taken_and_none_that_is_kept_is_lost(
        taken in prop::collection::vec((480..1020i32, 5..90i32), 0..12),
        minutes in 1..20u32,
        clock in (0..1400i32, 30..600i32),
    ) {
        let board = Board { zone: new_york(), date: date(2026, 12, 3) };
        let wish = Wish { minutes: minutes * 5, clock: (clock.0, clock.0 + clock.1), ..Wish::any(board.date) };
        let taken: Vec<_> = taken.into_iter().map(|(from, length)| (from, from + length)).collect();
        let found = board.found(&wish, &[(480, 720), (780, 1020)], &taken, &[], 0);
        let length = i32::try_from(wish.minutes).unwrap();
        for start in &found {
            let end = start + length;
            prop_assert!(taken.iter().all(|(from, to)| end <= *from || *to <= *start));
            prop_assert!((480 <= *start && end <= 720) || (780 <= *start && end <= 1020));
            prop_assert!(wish.clock.0 <= *start && *start < wish.clock.1);
        }
        prop_assert!(found.windows(2).all(|pair| pair[0] + length <= pair[1]), "two offers can both be taken");
    }
}
