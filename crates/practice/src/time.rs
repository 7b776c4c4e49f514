//! Time as an argument: moments on the calendar, and monotonic time that goes on while the computer sleeps.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A moment, to the millisecond, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Stamp(jiff::Timestamp);

impl Stamp {
    /// From a jiff timestamp; what is finer than a millisecond is cut off.
    pub fn new(at: jiff::Timestamp) -> Self {
        Self(jiff::Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at))
    }

    /// Reads an RFC 3339 / FHIR instant, or a FHIR dateTime with offset.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().ok().map(Self::new)
    }

    /// Milliseconds since 1970.
    pub fn millis(self) -> i64 {
        self.0.as_millisecond()
    }

    /// The moment `millis` milliseconds after 1970; `None` outside the calendar.
    pub fn from_millis(millis: i64) -> Option<Self> {
        jiff::Timestamp::from_millisecond(millis).ok().map(Self)
    }

    /// For jiff's arithmetic.
    pub fn timestamp(self) -> jiff::Timestamp {
        self.0
    }

    /// Time passed since `earlier`; zero when `earlier` is later.
    pub fn since(self, earlier: Stamp) -> Duration {
        Duration::from_millis(u64::try_from(self.millis() - earlier.millis()).unwrap_or(0))
    }
}

impl std::fmt::Display for Stamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.3}", self.0)
    }
}

impl TryFrom<String> for Stamp {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not an instant")
    }
}

impl From<Stamp> for String {
    fn from(at: Stamp) -> String {
        at.to_string()
    }
}

/// Time since this computer started, sleep included (`CLOCK_BOOTTIME`). Never goes back, means nothing elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mono(pub Duration);

impl Mono {
    /// Time passed since `earlier`; zero when `earlier` is later.
    pub fn since(self, earlier: Mono) -> Duration {
        self.0.saturating_sub(earlier.0)
    }

    /// The moment `wait` from now.
    pub fn plus(self, wait: Duration) -> Mono {
        Mono(self.0 + wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_written_with_milliseconds_in_utc() {
        assert_eq!(Stamp::parse("2026-11-23T09:45:00-05:00").unwrap().to_string(), "2026-11-23T14:45:00.000Z");
        assert_eq!(Stamp::parse("2026-11-23T09:45:00.1239Z").unwrap().to_string(), "2026-11-23T09:45:00.123Z");
        assert!(Stamp::parse("2026-11-23").is_none());
    }
}
