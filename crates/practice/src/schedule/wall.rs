//! Wall-clock time in the practice's zone. What a desk says is "9:45 on Monday"; daylight saving must not move it.

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, DateTime},
    tz::{AmbiguousOffset, TimeZone},
};

use super::Span;
use crate::time::Stamp;

/// The practice's zone.
#[derive(Clone)]
pub struct Zoned(TimeZone);

/// Why a wall-clock time is no moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WallError {
    /// Not written as `2026-11-23T09:45`.
    Unreadable,
    /// Clocks jump over it that night.
    Skipped,
}

impl Zoned {
    /// Reads an IANA zone name; `None` when there is none of that name.
    pub fn named(name: &str) -> Option<Self> {
        TimeZone::get(name).ok().map(Self)
    }

    /// Today on the practice's wall.
    pub fn today(&self, now: Stamp) -> Date {
        self.wall(now).date()
    }

    /// The wall clock at `at`.
    pub fn wall(&self, at: Stamp) -> DateTime {
        self.0.to_datetime(at.timestamp())
    }

    /// The moment the wall clock shows `wall` (`2026-11-23T09:45`); the first of the two when clocks go back.
    ///
    /// # Errors
    /// When it can't be read, or clocks jump over it.
    pub fn moment(&self, wall: &str) -> Result<Stamp, WallError> {
        let wall: DateTime = wall.parse().map_err(|_| WallError::Unreadable)?;
        let ambiguous = self.0.to_ambiguous_timestamp(wall);
        if matches!(ambiguous.offset(), AmbiguousOffset::Gap { .. }) {
            return Err(WallError::Skipped);
        }
        ambiguous.earlier().map(Stamp::new).map_err(|_| WallError::Unreadable)
    }

    /// The moment `minute` minutes after midnight on the wall of `date`: where clocks jump over it, as far behind the jump.
    pub fn at_minute(&self, date: Date, minute: i32) -> Stamp {
        let wall = date.to_datetime(jiff::civil::Time::midnight()).saturating_add(i64::from(minute).minutes());
        let at = self.0.to_ambiguous_timestamp(wall).compatible();
        Stamp::new(at.unwrap_or(if minute < 0 { Timestamp::MIN } else { Timestamp::MAX }))
    }

    fn midnight(&self, date: Date) -> Timestamp {
        self.0
            .to_ambiguous_timestamp(date.to_datetime(jiff::civil::Time::midnight()))
            .compatible()
            .unwrap_or(Timestamp::MAX)
    }
}

/// The day `date` from midnight to midnight: 23 to 25 hours.
pub fn day_bounds(zone: &Zoned, date: Date) -> Span {
    let next = date.tomorrow().unwrap_or(date);
    Span { start: Stamp::new(zone.midnight(date)), end: Stamp::new(zone.midnight(next)) }
}

/// Minutes after `date`'s midnight that the wall shows at `at`; negative before that day.
pub fn minute_of(zone: &Zoned, date: Date, at: Stamp) -> i32 {
    let wall = zone.wall(at);
    let days = (wall.date() - date).get_days();
    days * 1440 + i32::from(wall.hour()) * 60 + i32::from(wall.minute())
}

/// The midnights between `now` and `then`, as a person counts days; 0 on the day itself, and after it.
pub fn days_until(zone: &Zoned, then: Stamp, now: Stamp) -> u32 {
    let days = (zone.wall(then).date() - zone.wall(now).date()).get_days();
    u32::try_from(days).unwrap_or(0)
}

/// `at` as ISO 8601 with the practice's offset: its first sixteen characters are the wall clock.
pub fn written(zone: &Zoned, at: Stamp) -> String {
    let offset = zone.0.to_offset(at.timestamp());
    at.timestamp().display_with_offset(offset).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new_york() -> Zoned {
        Zoned::named("America/New_York").unwrap()
    }

    #[test]
    fn a_wall_time_stays_on_the_wall_through_daylight_saving() {
        let zone = new_york();
        for (wall, written_as) in [
            ("2026-07-01T09:45", "2026-07-01T09:45:00-04:00"),
            ("2026-11-23T09:45", "2026-11-23T09:45:00-05:00"),
            ("2026-11-01T01:30", "2026-11-01T01:30:00-04:00"),
        ] {
            assert_eq!(written(&zone, zone.moment(wall).unwrap()), written_as);
        }
        assert_eq!(zone.moment("2026-03-08T02:30"), Err(WallError::Skipped));
        assert_eq!(zone.moment("half past nine"), Err(WallError::Unreadable));
    }

    #[test]
    fn a_day_has_23_24_or_25_hours() {
        let zone = new_york();
        for (date, hours) in [((2026, 3, 8), 23), ((2026, 7, 1), 24), ((2026, 11, 1), 25)] {
            let span = day_bounds(&zone, jiff::civil::date(date.0, date.1, date.2));
            assert_eq!(span.end.since(span.start).as_secs() / 3600, hours);
        }
    }

    #[test]
    fn what_crosses_midnight_has_minutes_outside_the_day() {
        let zone = new_york();
        let date = jiff::civil::date(2026, 11, 23);
        for (wall, minute) in [("2026-11-23T09:45", 585), ("2026-11-22T23:30", -30), ("2026-11-24T00:15", 1455)] {
            assert_eq!(minute_of(&zone, date, zone.moment(wall).unwrap()), minute);
        }
    }

    #[test]
    fn days_to_come_are_counted_by_midnights_where_the_practice_is() {
        let zone = new_york();
        for (then, now, days) in [
            ("2026-12-23T09:59", "2026-11-23T10:00", 30),
            ("2026-11-24T00:01", "2026-11-23T23:59", 1),
            ("2026-11-23T23:59", "2026-11-23T00:01", 0),
            ("2026-11-22T23:59", "2026-11-23T00:01", 0),
            ("2026-03-09T00:10", "2026-03-08T00:20", 1),
        ] {
            let at = |wall| zone.moment(wall).unwrap();
            assert_eq!(days_until(&zone, at(then), at(now)), days, "{now} to {then}");
        }
    }
}
