//! FHIR dates as spans of time: `2026-11` is a month, not a moment
//! (<https://hl7.org/fhir/R4/search.html#date>).

use jiff::{
    Timestamp, Zoned,
    civil::{Date, DateTime},
    tz::TimeZone,
};

/// From `low` up to, not including, `high`: milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// Its first moment.
    pub low: i64,
    /// The first moment after.
    pub high: i64,
}

impl Span {
    /// Reads a FHIR date, dateTime or instant. What has no offset is in `zone`.
    pub fn read(text: &str, zone: &TimeZone) -> Option<Self> {
        let day = |date: Date| date.to_zoned(zone.clone()).ok();
        let span = |from: Zoned, to: Zoned| Self::new(from.timestamp(), to.timestamp());
        match text.len() {
            4 => {
                let first = Date::new(text.parse().ok()?, 1, 1).ok()?;
                Some(span(day(first)?, day(first.checked_add(jiff::Span::new().years(1)).ok()?)?))
            }
            7 => {
                let first: Date = format!("{text}-01").parse().ok()?;
                Some(span(day(first)?, day(first.checked_add(jiff::Span::new().months(1)).ok()?)?))
            }
            10 => {
                let date: Date = text.parse().ok()?;
                Some(span(day(date)?, day(date.tomorrow().ok()?)?))
            }
            _ => {
                let at = match text.parse::<Timestamp>() {
                    Ok(at) => at,
                    Err(_) => text.parse::<DateTime>().ok()?.to_zoned(zone.clone()).ok()?.timestamp(),
                };
                Some(Self { low: at.as_millisecond(), high: at.as_millisecond() + 1 })
            }
        }
    }

    /// Reads a period; without an end, or with one before its start, it is its start.
    pub fn between(start: &str, end: Option<&str>, zone: &TimeZone) -> Option<Self> {
        let start = Self::read(start, zone)?;
        match end.and_then(|end| Self::read(end, zone)) {
            // An end with a time is exclusive here: 9:00 to 9:15 and 9:15 to 9:30 do not meet.
            Some(end) if end.high == end.low + 1 && end.low > start.low => Some(Self { low: start.low, high: end.low }),
            Some(end) if end.low > start.low => Some(Self { low: start.low, high: end.high }),
            _ => Some(start),
        }
    }

    fn new(from: Timestamp, to: Timestamp) -> Self {
        Self { low: from.as_millisecond(), high: to.as_millisecond() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_as_long_as_it_is_vague() {
        let zone = TimeZone::get("America/New_York").unwrap();
        for (text, hours) in [
            ("2026", Some(8760)),
            ("2026-02", Some(672)),
            ("2026-11-23", Some(24)),
            ("2026-11-01", Some(25)),
            ("2026-13", None),
            ("2026-02-30", None),
            ("soon", None),
            ("", None),
            ("20é6", None),
        ] {
            let got = Span::read(text, &zone).map(|s| (s.high - s.low) / 3_600_000);
            assert_eq!(got, hours, "{text}");
        }
        let instant = Span::read("2026-11-23T09:00:00-05:00", &zone).unwrap();
        assert_eq!(instant, Span::read("2026-11-23T09:00:00", &zone).unwrap(), "no offset means the practice's clock");
        assert_eq!(instant.high - instant.low, 1);
    }

    #[test]
    fn neighbouring_appointments_do_not_meet() {
        let zone = TimeZone::UTC;
        let first = Span::between("2026-11-23T09:00:00Z", Some("2026-11-23T09:15:00Z"), &zone).unwrap();
        let second = Span::between("2026-11-23T09:15:00Z", Some("2026-11-23T09:30:00Z"), &zone).unwrap();
        assert_eq!(first.high, second.low);
        let backwards = Span::between("2026-11-23T09:15:00Z", Some("2026-11-23T09:00:00Z"), &zone).unwrap();
        assert_eq!(backwards.high - backwards.low, 1);
    }
}
