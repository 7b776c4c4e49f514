//! Rules of the schedule: what holds time, what may follow what, where a wall-clock time lies. Pure.

pub mod calls;
pub mod recall;
pub mod series;
pub mod steps;
pub mod story;
pub mod waitlist;
mod wall;
pub mod what;
pub mod wish;

use jiff::{ToSpan, civil::Date};

pub use wall::{WallError, Zoned, day_bounds, days_until, minute_of, written};

use crate::{
    text::{set, string},
    time::Stamp,
    views::AppointmentStatus,
};

/// A stretch of time, end not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// First moment.
    pub start: Stamp,
    /// First moment after.
    pub end: Stamp,
}

impl Span {
    /// Whether the two share a moment. Touching is no overlap.
    pub fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// Whether an appointment in this status holds its provider's time.
pub fn holds_time(status: AppointmentStatus) -> bool {
    use AppointmentStatus::{
        Arrived, Booked, Cancelled, CheckedIn, EnteredInError, Fulfilled, Noshow, Pending, Proposed, Waitlist,
    };
    match status {
        Pending | Booked | Arrived | CheckedIn | Fulfilled => true,
        Proposed | Cancelled | Noshow | EnteredInError | Waitlist => false,
    }
}

/// What the host makes of an appointment that waits for its word, once it has found the time free: a booking. `None` for
/// one that does not wait.
pub fn confirmed(appointment: &str) -> Option<String> {
    let waits = string(appointment, "/status")? == AppointmentStatus::Pending.as_str();
    waits.then(|| set(appointment, "/status", "\"booked\"").ok()).flatten()
}

/// The statuses that a person may set next. Undo restores any earlier one and does not ask here.
pub fn next_statuses(status: AppointmentStatus) -> &'static [AppointmentStatus] {
    use AppointmentStatus::{
        Arrived, Booked, Cancelled, CheckedIn, EnteredInError, Fulfilled, Noshow, Pending, Proposed, Waitlist,
    };
    match status {
        Proposed => &[Booked, Waitlist, Cancelled, EnteredInError],
        Pending => &[Booked, Arrived, CheckedIn, Fulfilled, Noshow, Cancelled, EnteredInError],
        Waitlist => &[Booked, Cancelled, EnteredInError],
        Booked => &[Arrived, CheckedIn, Fulfilled, Noshow, Cancelled, EnteredInError],
        Arrived => &[CheckedIn, Fulfilled, Booked, Noshow, Cancelled, EnteredInError],
        CheckedIn => &[Fulfilled, Arrived, Cancelled, EnteredInError],
        Fulfilled => &[CheckedIn, EnteredInError],
        Noshow => &[Arrived, Booked, Cancelled, EnteredInError],
        Cancelled => &[Booked, EnteredInError],
        EnteredInError => &[],
    }
}

/// Whether an appointment in this status may be moved to another time.
pub fn may_move(status: AppointmentStatus) -> bool {
    use AppointmentStatus::{
        Arrived, Booked, Cancelled, CheckedIn, EnteredInError, Fulfilled, Noshow, Pending, Proposed, Waitlist,
    };
    match status {
        Proposed | Pending | Booked | Arrived | Waitlist => true,
        CheckedIn | Fulfilled | Cancelled | Noshow | EnteredInError => false,
    }
}

/// The word for having gone from one status to another, as it follows a name: "Front Desk: arrived".
pub fn activity(from: AppointmentStatus, to: AppointmentStatus) -> &'static str {
    use AppointmentStatus::{
        Arrived, Booked, Cancelled, CheckedIn, EnteredInError, Fulfilled, Noshow, Pending, Proposed, Waitlist,
    };
    match to {
        Proposed => "proposed",
        Pending => "asked for",
        Booked if matches!(from, Proposed | Pending | Waitlist) => "confirmed",
        Booked => "set back to booked",
        Arrived => "arrived",
        CheckedIn => "taken to a room",
        Fulfilled => "done",
        Cancelled => "cancelled",
        Noshow => "did not come",
        EnteredInError => "entered by mistake",
        Waitlist => "put on the waitlist",
    }
}

/// How many half hours lie free in `hours` after everything in `taken` is cut out. Minutes after midnight.
pub fn free_half_hours(hours: &[(i32, i32)], taken: &[(i32, i32)]) -> u32 {
    let mut taken: Vec<_> = taken.iter().copied().filter(|(start, end)| start < end).collect();
    taken.sort_unstable();
    let mut free = 0;
    for &(mut from, to) in hours {
        for &(start, end) in &taken {
            if start < to && end > from {
                free += (start - from).max(0) / 30;
                from = from.max(end);
            }
        }
        free += (to - from).max(0) / 30;
    }
    free.unsigned_abs()
}

/// How many of `taken` share a moment at most, within `span`. All in one unit, ends not included.
pub fn most_at_once(taken: &[(i64, i64)], (from, to): (i64, i64)) -> usize {
    let at = |moment: i64| taken.iter().filter(|(start, end)| *start <= moment && moment < *end).count();
    let begins = taken.iter().map(|(start, _)| (*start).max(from)).filter(|moment| *moment < to);
    begins.map(at).max().unwrap_or(0)
}

/// Where a visit of `minutes` would lie free in `hours`, the starts nearest to `wanted` first. Minutes after midnight;
/// starts lie a quarter hour apart from where the hours begin, or follow on what is `taken`.
pub fn free_starts(hours: &[(i32, i32)], taken: &[(i32, i32)], minutes: i32, wanted: i32) -> Vec<i32> {
    let is_free = |start: i32| {
        let end = start + minutes;
        hours.iter().any(|&(from, to)| from <= start && end <= to)
            && !taken.iter().any(|&(from, to)| from < end && start < to)
    };
    let steps = hours.iter().flat_map(|&(from, to)| (from..to).step_by(15));
    let mut starts: Vec<i32> = steps.chain(taken.iter().map(|&(_, end)| end)).filter(|start| is_free(*start)).collect();
    starts.sort_unstable_by_key(|start| (start.abs_diff(wanted), *start));
    starts.dedup();
    starts
}

/// The seven days, Monday first, among which `date` is.
pub fn week_of(date: Date) -> impl Iterator<Item = Date> {
    let monday = date.saturating_sub(i64::from(date.weekday().to_monday_zero_offset()).days());
    monday.series(1.day()).take(7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_openings_nearest_to_a_wish_come_first_and_touch_nothing() {
        let hours = [(540, 720), (780, 1020)];
        let taken = [(540, 570), (600, 620), (800, 1000)];
        assert_eq!(free_starts(&hours, &taken, 30, 600), [620, 570, 630, 645, 660, 675, 690]);
        assert_eq!(free_starts(&hours, &taken, 20, 795)[..3], [780, 690, 675]);
        assert!(free_starts(&hours, &taken, 20, 795).contains(&1000), "right after the last");
        assert!(free_starts(&hours, &taken, 200, 600).is_empty());
        assert!(free_starts(&[], &[], 15, 600).is_empty());
    }

    #[test]
    fn a_week_begins_on_monday_and_has_its_date_in_it() {
        for (asked, monday) in
            [("2026-11-23", "2026-11-23"), ("2026-11-29", "2026-11-23"), ("2027-01-01", "2026-12-28")]
        {
            let asked: Date = asked.parse().unwrap();
            let days: Vec<Date> = week_of(asked).collect();
            assert_eq!(days[0].to_string(), monday);
            assert_eq!(days.len(), 7);
            assert!(days.contains(&asked));
        }
    }

    #[test]
    fn visits_that_touch_or_lie_elsewhere_do_not_share_a_moment() {
        let taken = [(0, 30), (30, 60), (10, 40), (90, 120)];
        for (span, most) in [((0, 60), 2), ((0, 10), 1), ((40, 60), 1), ((60, 90), 0), ((60, 91), 1), ((20, 35), 2)] {
            assert_eq!(most_at_once(&taken, span), most, "{span:?}");
        }
    }

    #[test]
    fn a_cancelled_or_missed_visit_frees_its_time_and_a_finished_one_does_not() {
        use AppointmentStatus::{Cancelled, EnteredInError, Fulfilled, Noshow, Pending};
        for (status, holds) in
            [(Cancelled, false), (Noshow, false), (EnteredInError, false), (Fulfilled, true), (Pending, true)]
        {
            assert_eq!(holds_time(status), holds, "{status:?}");
        }
    }

    #[test]
    fn what_waits_is_confirmed_and_nothing_else_is_touched() {
        let waits = r#"{"resourceType":"Appointment", "status" : "pending","x":1.10}"#;
        assert_eq!(
            confirmed(waits).as_deref(),
            Some(r#"{"resourceType":"Appointment", "status" : "booked","x":1.10}"#)
        );
        for status in AppointmentStatus::ALL.into_iter().filter(|status| *status != AppointmentStatus::Pending) {
            assert_eq!(confirmed(&format!(r#"{{"status":"{}"}}"#, status.as_str())), None);
        }
        assert_eq!(confirmed("{}"), None);
    }

    #[test]
    fn every_status_but_a_mistake_has_a_way_on_and_none_follows_itself() {
        for status in AppointmentStatus::ALL {
            let next = next_statuses(status);
            assert_eq!(next.is_empty(), status == AppointmentStatus::EnteredInError);
            assert!(!next.contains(&status));
        }
    }

    #[test]
    fn touching_visits_do_not_overlap() {
        let at = |minute: i64| Stamp::from_millis(minute * 60_000).unwrap();
        let span = |from, to| Span { start: at(from), end: at(to) };
        assert!(!span(0, 30).overlaps(span(30, 60)));
        assert!(span(0, 31).overlaps(span(30, 60)));
        assert!(!span(30, 30).overlaps(span(30, 60)), "a visit without length holds nothing");
    }

    #[test]
    fn free_time_is_what_is_left_of_the_hours() {
        for (hours, taken, free) in [
            (&[(480, 720)][..], &[][..], 8),
            (&[(480, 720)], &[(500, 510)], 7),
            (&[(480, 720), (780, 1020)], &[(480, 720), (790, 800)], 7),
            (&[(480, 720)], &[(0, 1440)], 0),
            (&[(480, 720)], &[(480, 600), (510, 540), (600, 690)], 1),
            (&[], &[(480, 600)], 0),
        ] {
            assert_eq!(free_half_hours(hours, taken), free, "{hours:?} {taken:?}");
        }
    }
}
