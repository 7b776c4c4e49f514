//! How far a computer's copy of the practice reaches back and ahead: what of it each workstation keeps, by policy.
//!
//! Only what happens at a moment and grows with the years is measured ([`LIMITED`]). Everything else stays whatever its
//! age: patients, so that anybody is found; allergies, problems, medications, immunizations and procedures, the state of a
//! patient, of which a part would be worse than nothing; staff, hours, documents that belong to no visit. So does what
//! says no moment, or one that can't be read. The host keeps everything.

use std::ops::RangeInclusive;

use jiff::{
    SignedDuration, Timestamp, ToSpan,
    civil::{Date, DateTime},
    tz::TimeZone,
};
use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    resource::ResourceType,
    schedule::{Zoned, day_bounds},
    text::{each_member, raw},
    time::Stamp,
};

/// Fewest and most days back that a policy may hold.
pub const DAYS_BACK: RangeInclusive<u32> = 30..=3650;

/// Fewest and most days ahead that a policy may hold.
pub const DAYS_AHEAD: RangeInclusive<u32> = 30..=730;

/// What each computer keeps. A side that is not said is kept whole, and so is one that this version does not understand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Horizon {
    /// Days before today.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days_back: Option<u32>,
    /// Days after today.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days_ahead: Option<u32>,
}

impl<'de> Deserialize<'de> for Horizon {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let said = serde_json::Value::deserialize(deserializer)?;
        let days = |name, sane: RangeInclusive<u32>| {
            let days = said.get(name)?.as_u64().and_then(|days| u32::try_from(days).ok())?;
            sane.contains(&days).then_some(days)
        };
        Ok(Self { days_back: days("days_back", DAYS_BACK), days_ahead: days("days_ahead", DAYS_AHEAD) })
    }
}

impl Horizon {
    /// Whether everything is kept.
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }

    /// The window around the practice's day at `now`: whole days.
    pub fn window(self, zone: &Zoned, now: Stamp) -> Window {
        let today = zone.today(now);
        let back = |days: u32| Some(day_bounds(zone, today.checked_sub(i64::from(days).days()).ok()?).start);
        let ahead = |days: u32| Some(day_bounds(zone, today.checked_add(i64::from(days).days()).ok()?).end);
        Window { from: self.days_back.and_then(back), to: self.days_ahead.and_then(ahead) }
    }
}

/// A stretch of time, its end not included; either end open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// Its first moment.
    pub from: Option<Stamp>,
    /// The first moment after it.
    pub to: Option<Stamp>,
}

impl Window {
    /// Whether it has no end on either side.
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a part of `lasts` lies in it.
    pub fn holds(&self, lasts: Lasts) -> bool {
        self.from.is_none_or(|from| lasts.until >= from.millis()) && self.to.is_none_or(|to| lasts.from < to.millis())
    }

    /// Whether all of the time from `start` to `end` lies in it.
    pub fn covers(&self, start: Stamp, end: Stamp) -> bool {
        self.from.is_none_or(|from| from <= start) && self.to.is_none_or(|to| end <= to)
    }

    /// What lies in both. Where nothing does, it is a window of no length.
    pub fn meet(self, other: Self) -> Self {
        let from = self.from.max(other.from);
        let to = match (self.to, other.to) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        Self { from, to: to.map(|to| from.map_or(to, |from| from.max(to))) }
    }

    /// What lies in this and not in `whole`: before it, and after it.
    pub fn gaps(self, whole: Self) -> Vec<Self> {
        let before = whole.from.filter(|first| self.from.is_none_or(|from| from < *first));
        let after = whole.to.filter(|last| self.to.is_none_or(|to| *last < to));
        let before = before.map(|first| Self { from: self.from, to: Some(first) });
        before.into_iter().chain(after.map(|last| Self { from: Some(last), to: self.to })).collect()
    }

    /// What a search for everything within it asks for (<https://hl7.org/fhir/R4/search.html#date>): `date` parameters,
    /// each with its `&`. Two days more on either side, since a date without an offset lies where its reader's zone says.
    pub fn as_search(&self) -> String {
        let moved =
            |at: Stamp, hours| at.timestamp().checked_add(SignedDuration::from_hours(hours)).ok().map(Stamp::new);
        let from = self.from.and_then(|from| moved(from, -48)).map(|from| format!("&date=ge{from}"));
        let to = self.to.and_then(|to| moved(to, 48)).map(|to| format!("&date=lt{to}"));
        from.unwrap_or_default() + &to.unwrap_or_default()
    }

    /// Reads what [`std::fmt::Display`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        let end = |end: &str| if end == ".." { Some(None) } else { Stamp::parse(end).map(Some) };
        let (from, to) = text.split_once('/')?;
        Some(Self { from: end(from)?, to: end(to)? })
    }
}

/// An interval of ISO 8601-2, with `..` for an open end.
impl std::fmt::Display for Window {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let end = |end: Option<Stamp>| end.map_or_else(|| "..".to_owned(), |end| end.to_string());
        write!(f, "{}/{}", end(self.from), end(self.to))
    }
}

/// How long something lasted: milliseconds since 1970, both ends included. A date is as long as it lasts anywhere on earth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lasts {
    from: i64,
    until: i64,
}

/// The types that are kept by their moment. The host finds each of them by `date`.
pub const LIMITED: [ResourceType; 9] = [
    ResourceType::APPOINTMENT,
    ResourceType::CLAIM,
    ResourceType::DIAGNOSTIC_REPORT,
    ResourceType::DOCUMENT_REFERENCE,
    ResourceType::ENCOUNTER,
    ResourceType::EXPLANATION_OF_BENEFIT,
    ResourceType::OBSERVATION,
    ResourceType::PROVENANCE,
    ResourceType::SLOT,
];

/// When the resource `text` of type `kind` was or will be; `None` for what stays whatever its age.
pub fn lasts(kind: ResourceType, text: &str) -> Option<Lasts> {
    let mut moments = Moments::of(kind);
    each_member(text, |name, value| moments.take(name, value)).ok()?;
    moments.lasts()
}

/// The members of a resource that say when it was, gathered by whoever walks over them anyway.
pub struct Moments<'a> {
    kind: ResourceType,
    start: Option<&'a str>,
    end: Option<&'a str>,
    period: Option<&'a str>,
    moment: Option<&'a str>,
    of_visit: bool,
}

impl<'a> Moments<'a> {
    /// For a resource of type `kind`.
    pub fn of(kind: ResourceType) -> Self {
        Self { kind, start: None, end: None, period: None, moment: None, of_visit: false }
    }

    /// Takes a member: its name, and its value as raw JSON.
    pub fn take(&mut self, name: &str, value: &'a str) {
        const MEASURED: [ResourceType; 2] = [ResourceType::OBSERVATION, ResourceType::DIAGNOSTIC_REPORT];
        match (self.kind, name) {
            (ResourceType::APPOINTMENT | ResourceType::SLOT, "start") => self.start = Some(value),
            (ResourceType::APPOINTMENT | ResourceType::SLOT, "end") => self.end = Some(value),
            (ResourceType::ENCOUNTER, "period") => self.period = Some(value),
            (ResourceType::DOCUMENT_REFERENCE, "context") => self.of_visit = raw(value, "/encounter").is_some(),
            (ResourceType::DOCUMENT_REFERENCE, "date")
            | (ResourceType::CLAIM | ResourceType::EXPLANATION_OF_BENEFIT, "created")
            | (ResourceType::PROVENANCE, "recorded") => self.moment = Some(value),
            (kind, "effectivePeriod") if MEASURED.contains(&kind) => self.period = Some(value),
            (kind, "effectiveDateTime" | "effectiveInstant") if MEASURED.contains(&kind) => self.moment = Some(value),
            (kind, "issued") if MEASURED.contains(&kind) => self.moment = self.moment.or(Some(value)),
            _ => {}
        }
    }

    /// When it was or will be; `None` for what stays whatever its age. An encounter without an end goes on. A document
    /// counts as of its visit, and without one it stays.
    pub fn lasts(&self) -> Option<Lasts> {
        if self.kind == ResourceType::DOCUMENT_REFERENCE && !self.of_visit {
            return None;
        }
        match (self.period, self.start) {
            (Some(period), _) => {
                let (start, end) = (raw(period, "/start"), raw(period, "/end"));
                let goes_on = self.kind == ResourceType::ENCOUNTER && end.is_none();
                start.and_then(|start| between(start, end)).filter(|_| !goes_on)
            }
            (None, Some(start)) => between(start, self.end),
            (None, None) => self.moment.and_then(read),
        }
    }
}

fn between(start: &str, end: Option<&str>) -> Option<Lasts> {
    let start = read(start)?;
    let until = match end {
        Some(end) => read(end)?.until.max(start.until),
        None => start.until,
    };
    Some(Lasts { from: start.from, until })
}

/// Reads a FHIR date, dateTime or instant, as raw JSON.
fn read(raw: &str) -> Option<Lasts> {
    let text = raw.strip_prefix('"')?.strip_suffix('"')?;
    // The first and the last zone on earth to have a date.
    let anywhere = |from: DateTime, to: DateTime| {
        let utc = |at: DateTime| at.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp().as_millisecond());
        Some(Lasts { from: utc(from)? - 14 * HOUR, until: utc(to)? + 12 * HOUR })
    };
    let dates = |first: Date, after: Date| anywhere(first.into(), after.into());
    match text.len() {
        4 => {
            let first = Date::new(text.parse().ok()?, 1, 1).ok()?;
            dates(first, first.checked_add(1.year()).ok()?)
        }
        7 => {
            let first: Date = format!("{text}-01").parse().ok()?;
            dates(first, first.checked_add(1.month()).ok()?)
        }
        10 => {
            let date: Date = text.parse().ok()?;
            dates(date, date.tomorrow().ok()?)
        }
        _ => match text.parse::<Timestamp>() {
            Ok(at) => Some(Lasts { from: at.as_millisecond(), until: at.as_millisecond() }),
            Err(_) => text.parse::<DateTime>().ok().and_then(|at| anywhere(at, at)),
        },
    }
}

const HOUR: i64 = 3_600_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Stamp {
        Stamp::parse(text).unwrap()
    }

    fn window(from: &str, to: &str) -> Window {
        Window::parse(&format!("{from}/{to}")).unwrap()
    }

    #[test]
    fn a_window_is_whole_days_of_the_practice() {
        let zone = Zoned::named("America/New_York").unwrap();
        let horizon = Horizon { days_back: Some(30), days_ahead: Some(30) };
        let kept = horizon.window(&zone, at("2026-11-24T03:00:00Z"));
        assert_eq!(kept, window("2026-10-24T04:00:00.000Z", "2026-12-24T05:00:00.000Z"), "it is still the 23rd there");
        let back = Horizon { days_ahead: None, ..horizon }.window(&zone, at("2026-11-24T03:00:00Z"));
        assert_eq!(back.to_string(), "2026-10-24T04:00:00.000Z/..");
        assert!(Horizon::default().window(&zone, at("2026-11-24T03:00:00Z")).is_everything());
    }

    #[test]
    fn what_no_sane_policy_says_keeps_everything() {
        for (said, back, ahead) in [
            (r#"{"days_back":30,"days_ahead":730}"#, Some(30), Some(730)),
            (r#"{"days_back":29,"days_ahead":731}"#, None, None),
            (r#"{"days_back":-90,"days_ahead":"90"}"#, None, None),
            (r#"{"days_back":90,"rooms":"all"}"#, Some(90), None),
            ("7", None, None),
        ] {
            let read: Horizon = serde_json::from_str(said).unwrap();
            assert_eq!((read.days_back, read.days_ahead), (back, ahead), "{said}");
        }
    }

    #[test]
    fn what_is_lacking_is_what_is_wished_and_not_here() {
        let (a, b, c, d) = (
            "2026-01-01T00:00:00.000Z",
            "2026-02-01T00:00:00.000Z",
            "2026-03-01T00:00:00.000Z",
            "2026-04-01T00:00:00.000Z",
        );
        for (wished, whole, gaps) in [
            (window(a, d), window(b, c), vec![window(a, b), window(c, d)]),
            (window(b, c), window(a, d), vec![]),
            (window("..", ".."), window(b, ".."), vec![window("..", b)]),
            (window(a, ".."), window(a, c), vec![window(c, "..")]),
            (window(a, b), window(a, b), vec![]),
        ] {
            assert_eq!(wished.gaps(whole), gaps, "{wished} of {whole}");
            assert!(wished.meet(whole).gaps(whole).is_empty(), "what lies in both is here");
        }
        let apart = window(a, b).meet(window(c, d));
        assert_eq!(apart.from, apart.to, "nothing lies in both");
        assert_eq!(window(c, d).gaps(apart), [window(c, d)], "and all of it is lacking");
    }

    #[test]
    fn only_what_has_a_moment_and_grows_is_measured() {
        let text = |kind: &str, rest: &str| format!(r#"{{"resourceType":"{kind}","id":"x",{rest}}}"#);
        let may = window("2026-05-01T00:00:00Z", "2026-06-01T00:00:00Z");
        for (kind, rest, kept) in [
            ("Appointment", r#""start":"2026-04-30T23:59:59Z","end":"2026-05-01T00:15:00Z""#, true),
            ("Appointment", r#""start":"2026-04-30T23:00:00Z","end":"2026-04-30T23:15:00Z""#, false),
            ("Appointment", r#""start":"2026-06-01T00:00:00Z","end":"2026-06-01T00:15:00Z""#, false),
            ("Appointment", r#""status":"waitlist""#, true),
            ("Slot", r#""start":"2027-01-01T00:00:00Z","end":"2027-01-02T00:00:00Z""#, false),
            ("Encounter", r#""period":{"start":"2020-01-01T10:00:00Z"}"#, true),
            ("Encounter", r#""period":{"start":"2020-01-01T10:00:00Z","end":"2020-01-01T11:00:00Z"}"#, false),
            ("Observation", r#""effectiveDateTime":"2026""#, true),
            ("Observation", r#""effectiveDateTime":"2025-12""#, false),
            ("Observation", r#""effectiveDateTime":"2026-04-30""#, true),
            ("Observation", r#""effectiveDateTime":"2026-04-29""#, false),
            ("Observation", r#""issued":"2026-05-02T00:00:00Z","effectiveDateTime":"2020-01-01T00:00:00Z""#, false),
            ("Observation", r#""effectiveDateTime":"2020-01-01T00:00:00Z","issued":"2026-05-02T00:00:00Z""#, false),
            ("Observation", r#""effectiveDateTime":"long ago""#, true),
            ("Observation", r#""effectiveDateTime":[]"#, true),
            ("DiagnosticReport", r#""effectivePeriod":{"start":"2020-01-01","end":"2020-01-02"}"#, false),
            ("Claim", r#""created":"2020-01-01T00:00:00Z""#, false),
            ("Provenance", r#""recorded":"2020-01-01T00:00:00Z""#, false),
            ("DocumentReference", r#""date":"2020-01-01T00:00:00Z""#, true),
            ("DocumentReference", r#""date":"2020-01-01T00:00:00Z","context":{"encounter":[]}"#, false),
            ("AllergyIntolerance", r#""recordedDate":"1990-01-01""#, true),
            ("Condition", r#""onsetDateTime":"1990-01-01""#, true),
            ("MedicationRequest", r#""authoredOn":"1990-01-01""#, true),
            ("Immunization", r#""occurrenceDateTime":"1990-01-01""#, true),
            ("Procedure", r#""performedDateTime":"1990-01-01""#, true),
            ("Patient", r#""birthDate":"1990-01-01""#, true),
            ("Schedule", r#""planningHorizon":{"start":"1990-01-01","end":"1990-01-02"}"#, true),
        ] {
            let found = lasts(ResourceType::parse(kind).unwrap(), &text(kind, rest));
            assert_eq!(found.is_none_or(|lasts| may.holds(lasts)), kept, "{kind} {rest}");
        }
    }
}
