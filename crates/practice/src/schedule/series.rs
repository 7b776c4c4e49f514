//! A series: visits of one patient that repeat by a rule, each an Appointment of its own.
//!
//! R4 has no recurrence on Appointment (R5 has). What they share is an `identifier` of ours, since R4 says of it that it
//! comes of a business process: every system keeps and finds it. `basedOn` would make a clinical order of it. The rule lies
//! beside it as an RRULE (RFC 5545, section 3.3.10), so that each visit can say how it repeats; no visit is made from it
//! later. One that was moved alone says so with an extension, and stays where it is when the others move.
//!
//! Days are counted on the wall: a visit at 9:45 is at 9:45 on the other side of daylight saving. What of RRULE a front desk
//! uses are three frequencies, an interval, days of the week and an end; the crates that read all of it bring a second
//! library of time with them.

use jiff::{ToSpan, civil::Date};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::views::{AppointmentView, DayOfWeek};

/// The system of identifiers that visits of a series share.
pub const SERIES: &str = "urn:shadowchart:series";
/// Extension: how a visit repeats, as an RRULE (`valueString`).
pub const REPEATS: &str = "urn:shadowchart:repeats";
/// Extension: this visit was moved apart from its series (`valueBoolean`).
pub const APART: &str = "urn:shadowchart:apart";

/// Visits of one series, at most.
pub const MOST: usize = 60;
/// Days that a series lasts, at most.
const LONGEST: i32 = 731;

/// What an interval counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Days.
    Day,
    /// Weeks.
    Week,
    /// Months.
    Month,
}

/// How visits repeat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What is counted.
    pub unit: Unit,
    /// Every so many.
    pub every: u32,
    /// Of weeks, the days; the first visit's own when empty.
    pub days: Vec<DayOfWeek>,
    /// The last day that may have one.
    pub until: Option<Date>,
    /// How many visits there are.
    pub times: Option<u32>,
}

impl Rule {
    /// The days of the visits, `first` among them: at most [`MOST`], and none past two years. A month that lacks the day has
    /// its last instead.
    pub fn dates(&self, first: Date) -> Vec<Date> {
        let every = i32::try_from(self.every.clamp(1, 366)).unwrap_or(1);
        let times = self.times.map_or(MOST, |times| MOST.min(times as usize));
        let last = self.until.unwrap_or(Date::MAX).min(first.saturating_add(LONGEST.days()));
        let mut days = self.days.clone();
        if days.is_empty() {
            days.push(DayOfWeek::of(first.weekday()));
        }
        let monday = first.saturating_sub(i64::from(first.weekday().to_monday_zero_offset()).days());
        let of_step = |step: i32| -> Vec<Date> {
            let count = step.saturating_mul(every);
            match self.unit {
                Unit::Day => vec![first.saturating_add(count.days())],
                Unit::Month => vec![first.saturating_add(count.months())],
                Unit::Week => {
                    let week = monday.saturating_add(count.weeks());
                    let among = |day: &Date| days.contains(&DayOfWeek::of(day.weekday()));
                    week.series(1.day()).take(7).filter(among).collect()
                }
            }
        };
        let steps = (0..=LONGEST).map(of_step).take_while(|of| of.first().is_none_or(|day| *day <= last));
        let mut dates: Vec<Date> = steps.flatten().filter(|day| (first..=last).contains(day)).take(times).collect();
        dates.dedup();
        dates
    }

    /// As an RRULE.
    pub fn written(&self) -> String {
        let freq = match self.unit {
            Unit::Day => "DAILY",
            Unit::Week => "WEEKLY",
            Unit::Month => "MONTHLY",
        };
        let mut text = format!("FREQ={freq};INTERVAL={}", self.every);
        if !self.days.is_empty() {
            let days: Vec<String> = self.days.iter().map(|day| day.as_str()[..2].to_uppercase()).collect();
            text.push_str(&format!(";BYDAY={}", days.join(",")));
        }
        if let Some(until) = self.until {
            text.push_str(&format!(";UNTIL={}", until.strftime("%Y%m%d")));
        }
        if let Some(times) = self.times {
            text.push_str(&format!(";COUNT={times}"));
        }
        text
    }

    /// Reads what [`Self::written`] wrote; `None` for a rule with more in it.
    pub fn parse(text: &str) -> Option<Self> {
        let mut rule = Self { unit: Unit::Day, every: 1, days: Vec::new(), until: None, times: None };
        for part in text.split(';') {
            match part.split_once('=')? {
                ("FREQ", "DAILY") => rule.unit = Unit::Day,
                ("FREQ", "WEEKLY") => rule.unit = Unit::Week,
                ("FREQ", "MONTHLY") => rule.unit = Unit::Month,
                ("INTERVAL", every) => rule.every = every.parse().ok()?,
                ("BYDAY", days) => rule.days = days.split(',').map(day_of).collect::<Option<_>>()?,
                ("UNTIL", until) => rule.until = Some(Date::strptime("%Y%m%d", until).ok()?),
                ("COUNT", times) => rule.times = Some(times.parse().ok()?),
                _ => return None,
            }
        }
        Some(rule)
    }

    /// In words: "every 2 weeks on Mon and Wed".
    pub fn said(&self) -> String {
        let unit = match self.unit {
            Unit::Day => "day",
            Unit::Week => "week",
            Unit::Month => "month",
        };
        let every = if self.every == 1 { format!("every {unit}") } else { format!("every {} {unit}s", self.every) };
        let days: Vec<String> = self.days.iter().map(|day| capital(day.as_str())).collect();
        match days.as_slice() {
            [] => every,
            [only] => format!("{every} on {only}"),
            [first @ .., last] => format!("{every} on {} and {last}", first.join(", ")),
        }
    }
}

fn day_of(two: &str) -> Option<DayOfWeek> {
    let all = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    all.iter().find(|day| day[..2].eq_ignore_ascii_case(two)).and_then(|day| DayOfWeek::parse(day))
}

fn capital(word: &str) -> String {
    word[..1].to_uppercase() + &word[1..]
}

/// What makes an Appointment one of the series `id`: members to be put into it.
pub fn members(id: &str, rule: &Rule) -> [(&'static str, Value); 2] {
    [
        ("identifier", json!([{"system": SERIES, "value": id}])),
        ("extension", json!([{"url": REPEATS, "valueString": rule.written()}])),
    ]
}

/// The series that an Appointment is of.
pub fn series_of<'v>(view: &'v AppointmentView<'_>) -> Option<&'v str> {
    let ours = view.identifier.iter().find(|one| one.system.as_deref() == Some(SERIES))?;
    ours.value.as_deref().filter(|value| !value.is_empty())
}

fn rule_of(view: &AppointmentView<'_>) -> Option<Rule> {
    let written = view.extension.iter().find(|one| one.url.as_deref() == Some(REPEATS))?;
    Rule::parse(written.value_string.as_deref()?)
}

/// How a visit of a series repeats, in words; `None` for one of no series.
pub fn repeats(view: &AppointmentView<'_>) -> Option<String> {
    series_of(view).map(|_| rule_of(view).map_or_else(|| "in a series".to_owned(), |rule| rule.said()))
}

/// Whether it was moved apart from its series.
pub fn is_apart(view: &AppointmentView<'_>) -> bool {
    view.extension.iter().any(|one| one.url.as_deref() == Some(APART) && one.value_boolean == Some(true))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn rule(unit: Unit, every: u32, days: &[DayOfWeek], until: Option<Date>, times: Option<u32>) -> Rule {
        Rule { unit, every, days: days.to_vec(), until, times }
    }

    /// The days of `rule` from `first` on, as month and day.
    fn dates(rule: &Rule, first: Date) -> Vec<String> {
        rule.dates(first).into_iter().map(|day| day.strftime("%-m/%-d").to_string()).collect()
    }

    #[test]
    fn a_rule_gives_its_days_with_the_first_among_them() {
        use DayOfWeek::{Friday, Monday, Wednesday};
        let monday = date(2026, 11, 30);
        for (rule, first, days) in [
            (rule(Unit::Day, 1, &[], None, Some(3)), monday, &["11/30", "12/1", "12/2"][..]),
            (rule(Unit::Day, 10, &[], Some(date(2026, 12, 20)), None), monday, &["11/30", "12/10", "12/20"]),
            (rule(Unit::Week, 2, &[], None, Some(3)), monday, &["11/30", "12/14", "12/28"]),
            (
                rule(Unit::Week, 1, &[Monday, Wednesday, Friday], None, Some(4)),
                monday,
                &["11/30", "12/2", "12/4", "12/7"],
            ),
            // It begins on a Wednesday: the Monday of that week is past.
            (rule(Unit::Week, 2, &[Monday, Wednesday], None, Some(3)), date(2026, 12, 2), &["12/2", "12/14", "12/16"]),
            (rule(Unit::Month, 1, &[], None, Some(4)), date(2026, 12, 31), &["12/31", "1/31", "2/28", "3/31"]),
            (rule(Unit::Month, 6, &[], Some(date(2027, 11, 30)), None), monday, &["11/30", "5/30", "11/30"]),
        ] {
            assert_eq!(dates(&rule, first), days, "{rule:?}");
        }
    }

    #[test]
    fn no_series_is_endless() {
        let daily = rule(Unit::Day, 1, &[], None, None);
        assert_eq!(daily.dates(date(2026, 11, 30)).len(), MOST);
        assert_eq!(rule(Unit::Day, 1, &[], None, Some(4_000_000_000)).dates(date(2026, 11, 30)).len(), MOST);
        let yearly = rule(Unit::Month, 12, &[], None, None);
        assert_eq!(yearly.dates(date(2026, 11, 30)).len(), 3, "two years on is far enough");
        assert!(rule(Unit::Week, 1, &[], Some(date(2020, 1, 1)), None).dates(date(2026, 11, 30)).is_empty());
        assert_eq!(rule(Unit::Day, 0, &[], None, Some(2)).dates(date(2026, 11, 30)).len(), 2);
    }

    #[test]
    fn a_rule_reads_back_as_it_was_written_and_one_with_more_in_it_is_not_guessed() {
        use DayOfWeek::{Monday, Sunday, Thursday};
        for (rule, said) in [
            (rule(Unit::Week, 2, &[Monday, Thursday], Some(date(2027, 3, 14)), None), "every 2 weeks on Mon and Thu"),
            (rule(Unit::Week, 1, &[Monday, Thursday, Sunday], None, Some(8)), "every week on Mon, Thu and Sun"),
            (rule(Unit::Month, 3, &[], None, Some(4)), "every 3 months"),
            (rule(Unit::Day, 1, &[], None, Some(4)), "every day"),
        ] {
            assert_eq!((Rule::parse(&rule.written()).as_ref(), rule.said().as_str()), (Some(&rule), said));
        }
        for other in ["", "FREQ=YEARLY", "FREQ=MONTHLY;BYDAY=2TU", "FREQ=WEEKLY;INTERVAL=x", "FREQ=DAILY;BYSETPOS=1"] {
            assert_eq!(Rule::parse(other), None, "{other}");
        }
    }
}
