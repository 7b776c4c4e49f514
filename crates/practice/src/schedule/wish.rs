//! A wish for time: how long, with whom, which days, what time of day. Said back in words, and searched for.

mod clock;
mod dates;
mod known;
mod tokens;
mod words;

pub use words::{Reading, read};

use jiff::{ToSpan, civil::Date};

use super::{Span, Zoned};
use crate::{ids::PractitionerId, time::Stamp, views::DayOfWeek};

/// The whole day: minutes after midnight, end not included.
pub const ANY_TIME: (i32, i32) = (0, 1440);
/// Before noon.
pub const MORNING: (i32, i32) = (0, 720);
/// From noon on.
pub const AFTERNOON: (i32, i32) = (720, 1440);
/// From five on.
pub const EVENING: (i32, i32) = (1020, 1440);

/// Starts are offered at whole five minutes from now on.
const NOW_STEP: i64 = 5 * 60_000;

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Length of the visit.
    pub minutes: u32,
    /// With one of these; with anyone when empty.
    pub practitioners: Vec<PractitionerId>,
    /// On one of these, from Monday on; on any when empty.
    pub days: Vec<DayOfWeek>,
    /// When it begins, in minutes after midnight; end not included.
    pub clock: (i32, i32),
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Option<Date>,
}

impl Wish {
    /// Half an hour with anyone from `today` on.
    pub fn any(today: Date) -> Self {
        Self { minutes: 30, practitioners: Vec::new(), days: Vec::new(), clock: ANY_TIME, from: today, until: None }
    }

    /// Whether `date` is one of the days wished for.
    pub fn wants_day(&self, date: Date) -> bool {
        self.from <= date
            && self.until.is_none_or(|until| date <= until)
            && (self.days.is_empty() || self.days.contains(&DayOfWeek::of(date.weekday())))
    }

    /// The wish in words, so that who typed it sees how it was understood. `name` tells what a provider is called.
    pub fn said(&self, today: Date, name: impl Fn(&PractitionerId) -> String) -> String {
        let who = match self.practitioners.as_slice() {
            [] => "any provider".to_owned(),
            some => listed(some.iter().map(name), "or"),
        };
        let mut said = format!("{} min with {who}", self.minutes);
        let time = match self.clock {
            ANY_TIME => None,
            MORNING => Some("mornings".to_owned()),
            AFTERNOON => Some("afternoons".to_owned()),
            EVENING => Some("evenings".to_owned()),
            (0, to) => Some(format!("before {}", clock::word(to))),
            (from, 1440) => Some(format!("from {}", clock::word(from))),
            (from, to) if to == from + 1 => Some(format!("at {}", clock::word(from))),
            (from, to) => Some(format!("{} to {}", clock::word(from), clock::word(to))),
        };
        let days = match self.days.as_slice() {
            [] => None,
            [DayOfWeek::Monday, .., DayOfWeek::Friday] if self.days.len() == 5 => Some("on weekdays".to_owned()),
            some => Some(format!("on {}", listed(some.iter().map(|day| day_name(*day).to_owned()), "or"))),
        };
        let dates = match self.until {
            Some(until) if until == self.from => match date_word(until, today) {
                near if !near.contains(' ') => Some(near),
                date => Some(format!("on {date}")),
            },
            Some(until) => Some(format!("{} to {}", date_word(self.from, today), date_word(until, today))),
            None if self.from > today => Some(format!("from {}", date_word(self.from, today))),
            None => None,
        };
        for part in [time, days, dates].into_iter().flatten() {
            said.push_str(", ");
            said.push_str(&part);
        }
        said
    }
}

/// "a", "a or b", "a, b or c".
fn listed(items: impl Iterator<Item = String>, last: &str) -> String {
    let items: Vec<String> = items.collect();
    match items.split_last() {
        Some((end, [])) => end.clone(),
        Some((end, rest)) => format!("{} {last} {end}", rest.join(", ")),
        None => String::new(),
    }
}

/// "Monday".
pub fn day_name(day: DayOfWeek) -> &'static str {
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"][day as usize]
}

fn date_word(date: Date, today: Date) -> String {
    match date {
        date if date == today => "today".to_owned(),
        date if today.tomorrow().is_ok_and(|next| next == date) => "tomorrow".to_owned(),
        date if date.year() == today.year() || date < today.saturating_add(200.days()) => {
            date.strftime("%a %-d %b").to_string()
        }
        date => date.strftime("%a %-d %b %Y").to_string(),
    }
}

/// A start that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Start {
    /// When it begins.
    pub at: Stamp,
    /// Whether it lies in time that is kept for whoever looks.
    pub kept: bool,
}

/// One provider's day, to look for time in. Every list in any order.
pub struct Ground<'a> {
    /// Working hours.
    pub hours: &'a [Span],
    /// What is taken: visits, block-outs, and holds of others.
    pub taken: &'a [Span],
    /// Holds that are kept for whoever looks.
    pub kept: &'a [Span],
}

/// The starts of a visit of `minutes` on `date` that lie free from `now` on, by time. Visits follow each other from where
/// free time begins, so that what is offered leaves no gap too short for another. Moments are compared, not what the wall
/// shows, so the night on which clocks change has the hours that it has.
pub fn starts(wish: &Wish, ground: &Ground<'_>, zone: &Zoned, date: Date, now: Stamp) -> Vec<Start> {
    let length = i64::from(wish.minutes) * 60_000;
    let soonest =
        now.millis().div_euclid(NOW_STEP) * NOW_STEP + if now.millis() % NOW_STEP == 0 { 0 } else { NOW_STEP };
    let [first, last] = [wish.clock.0, wish.clock.1].map(|minute| zone.at_minute(date, minute).millis());
    let earliest = first.max(soonest);
    let free = without(&union(ground.hours), &union(ground.taken));
    let kept = within(&free, &union(ground.kept));
    let stepped = |spans: &[(i64, i64)]| -> Vec<i64> {
        let mut starts = Vec::new();
        for (from, to) in spans {
            let mut at = *from.max(&earliest);
            while at < last && at + length <= *to {
                starts.push(at);
                at += length;
            }
        }
        starts
    };
    let mut all = stepped(&free);
    all.extend(stepped(&kept));
    all.sort_unstable();
    all.dedup();
    let is_kept = |at: i64| kept.iter().any(|(from, to)| *from <= at && at + length <= *to);
    let start = |at: i64| Some(Start { at: Stamp::from_millis(at)?, kept: is_kept(at) });
    all.into_iter().filter_map(start).collect()
}

/// `spans` in order, joined where they touch; what has no length is left out.
fn union(spans: &[Span]) -> Vec<(i64, i64)> {
    let mut spans: Vec<_> = spans.iter().map(|span| (span.start.millis(), span.end.millis())).collect();
    spans.retain(|(from, to)| from < to);
    spans.sort_unstable();
    let mut joined: Vec<(i64, i64)> = Vec::with_capacity(spans.len());
    for (from, to) in spans {
        match joined.last_mut() {
            Some((_, end)) if from <= *end => *end = to.max(*end),
            _ => joined.push((from, to)),
        }
    }
    joined
}

/// What of `spans` is left when `taken` is cut out. Both in order and apart.
fn without(spans: &[(i64, i64)], taken: &[(i64, i64)]) -> Vec<(i64, i64)> {
    let mut left = Vec::new();
    for &(mut from, to) in spans {
        for &(start, end) in taken {
            if start < to && end > from {
                if from < start {
                    left.push((from, start));
                }
                from = end;
            }
        }
        if from < to {
            left.push((from, to));
        }
    }
    left
}

/// What `spans` and `others` share.
fn within(spans: &[(i64, i64)], others: &[(i64, i64)]) -> Vec<(i64, i64)> {
    let shared = |(from, to): &(i64, i64)| {
        let (from, to) = (*from, *to);
        others.iter().map(move |(start, end)| (from.max(*start), to.min(*end))).filter(|(from, to)| from < to)
    };
    spans.iter().flat_map(shared).collect()
}

#[cfg(test)]
mod tests;
