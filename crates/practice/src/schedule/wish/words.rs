//! Reads a typed wish: "30 min dr reyes mornings after 3 dec", "next tuesday afternoon 45", "an hour with anyone this week".
//!
//! Every word is either understood or given back as not understood; nothing is refused. What a word means may depend on the
//! next: "after 3" is a time of day, "after 3 dec" a day.

use jiff::{ToSpan, civil::Date};

use super::{
    AFTERNOON, ANY_TIME, EVENING, MORNING, Wish, clock,
    dates::{ahead, date, day_meant, month, named_day, stretch, week_end, weekday},
    known::{NOISE, RESERVED},
    tokens::tokens,
};
use crate::{fold, ids::PractitionerId, views::DayOfWeek};

/// Shortest and longest visit, in minutes.
const LENGTHS: std::ops::RangeInclusive<u32> = 5..=480;

/// What was understood, and what was not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The wish; what was not said is as in [`Wish::any`].
    pub wish: Wish,
    /// Words that mean nothing here, as they were read.
    pub unread: Vec<String>,
}

/// Reads `text`, typed on the day `today`; `providers` are those that it may name, by id and name ("Ann Reyes, MD").
pub fn read(text: &str, today: Date, providers: &[(PractitionerId, String)]) -> Reading {
    let names = providers.iter().map(|(id, name)| {
        let name = name.split(',').next().unwrap_or(name);
        (id, name.split_whitespace().map(fold::word).filter(|word| !matches!(word.as_str(), "" | "dr")).collect())
    });
    let words = tokens(text);
    let words: Vec<&str> = words.iter().map(String::as_str).filter(|word| *word != "the").collect();
    let wish = Wish::any(today);
    let mut reader =
        Reader { today, names: names.collect(), wish, length: false, named: Vec::new(), unread: Vec::new() };
    let (mut at, mut after_name) = (0, false);
    while let Some(rest) = words.get(at..).filter(|rest| !rest.is_empty()) {
        if let Some(used) = reader.name(rest, after_name) {
            after_name = true;
            at += used;
            continue;
        }
        after_name = after_name && rest[0] == ",";
        let used = reader.dates(rest).or_else(|| reader.length(rest)).or_else(|| reader.clock(rest));
        at += used.or_else(|| reader.weekdays(rest)).unwrap_or_else(|| reader.pass(rest[0]));
    }
    reader.done()
}

struct Reader<'a> {
    today: Date,
    names: Vec<(&'a PractitionerId, Vec<String>)>,
    wish: Wish,
    length: bool,
    /// Who may be meant, a list for each name that was typed.
    named: Vec<Vec<&'a PractitionerId>>,
    unread: Vec<String>,
}

impl Reader<'_> {
    fn done(mut self) -> Reading {
        let named = self.named.iter().flatten();
        for id in named {
            if !self.wish.practitioners.contains(id) {
                self.wish.practitioners.push((*id).clone());
            }
        }
        self.wish.days.sort_unstable();
        self.wish.days.dedup();
        Reading { wish: self.wish, unread: self.unread }
    }

    fn pass(&mut self, word: &str) -> usize {
        if !NOISE.contains(&word) {
            self.unread.push(word.to_owned());
        }
        1
    }

    /// A provider's name, whole or begun, perhaps after a title. Two words of a name together mean who has both.
    fn name(&mut self, rest: &[&str], after_name: bool) -> Option<usize> {
        let (titled, word) = match rest {
            ["dr" | "doctor" | "with", word, ..] => (true, word),
            [word, ..] => (false, word),
            [] => return None,
        };
        // Names are folded once more: what people type without, they may also type.
        let word = fold::word(word);
        let says = |words: &[&str]| words.contains(&word.as_str());
        let means_more =
            || says(NOISE) || says(RESERVED) || weekday(&word).is_some() || date(rest, self.today).is_some();
        if word.is_empty() || (!titled && means_more()) {
            return None;
        }
        let fits = |name: &String| *name == word || (word.chars().count() >= 3 && name.starts_with(&word));
        let mut meant: Vec<_> =
            self.names.iter().filter(|(_, words)| words.iter().any(fits)).map(|(id, _)| *id).collect();
        if meant.is_empty() {
            return None;
        }
        if after_name
            && !titled
            && let Some(before) = self.named.last_mut()
        {
            let both: Vec<_> = meant.iter().filter(|id| before.contains(id)).copied().collect();
            if !both.is_empty() {
                *before = both;
                return Some(1);
            }
        }
        meant.sort();
        self.named.push(meant);
        Some(if titled { 2 } else { 1 })
    }

    /// Days on the calendar.
    fn dates(&mut self, rest: &[&str]) -> Option<usize> {
        let today = self.today;
        let used = match rest {
            ["day", "after", "tomorrow", ..] => self.between(ahead(today, 2.days()), Some(ahead(today, 2.days())), 3),
            ["this", "morning", ..] => self.part(MORNING, Some(today), 2),
            ["this", "afternoon", ..] => self.part(AFTERNOON, Some(today), 2),
            ["this", "evening", ..] => self.part(EVENING, Some(today), 2),
            ["tonight", ..] => self.part(EVENING, Some(today), 1),
            ["this", "week", ..] => self.between(today, Some(week_end(today)), 2),
            ["next", "week", ..] => {
                self.between(ahead(week_end(today), 1.day()), Some(ahead(week_end(today), 7.days())), 2)
            }
            ["this", "month", ..] => self.between(today, Some(today.last_of_month()), 2),
            ["next", "month", ..] => {
                let first = ahead(today.last_of_month(), 1.day());
                self.between(first, Some(first.last_of_month()), 2)
            }
            ["week", "of", more @ ..] => {
                let (day, used) = date(more, today)?;
                let end = week_end(day);
                self.between(ahead(end, (-6).days()), Some(end), used + 2)
            }
            ["in", named, ..] if month(named).is_some() => {
                let first = (0..12).map(|months| ahead(today.first_of_month(), months.months()));
                let first = first.into_iter().find(|first| Some(first.month()) == month(named))?;
                self.between(first, Some(first.last_of_month()), 2)
            }
            ["in", more @ ..] => {
                let (span, used) = stretch(more)?;
                self.between(ahead(today, span), None, used + 1)
            }
            ["within" | "next", more @ ..] if stretch(more).is_some() => {
                let (span, used) = stretch(more)?;
                self.between(today, Some(ahead(today, span)), used + 1)
            }
            ["within", "next", more @ ..] => {
                let (span, used) = stretch(more)?;
                self.between(today, Some(ahead(today, span)), used + 2)
            }
            ["after", more @ ..] => {
                let (day, used) = day_meant(more, today)?;
                self.between(ahead(day, 1.day()), None, used + 1)
            }
            ["from" | "since" | "starting" | "between", more @ ..] => {
                self.range(more).map(|used| used + 1).or_else(|| {
                    let (day, used) = day_meant(more, today)?;
                    (rest[0] != "between").then(|| self.between(day, None, used + 1))
                })?
            }
            ["before", more @ ..] => {
                let (day, used) = day_meant(more, today)?;
                self.between(today, Some(ahead(day, (-1).days())), used + 1)
            }
            ["until" | "till" | "by" | "to", more @ ..] => {
                let (day, used) = day_meant(more, today)?;
                self.between(today, Some(day), used + 1)
            }
            ["on", more @ ..] if date(more, today).is_some() => {
                let (day, used) = date(more, today)?;
                self.between(day, Some(day), used + 1)
            }
            _ => match self.range(rest) {
                Some(used) => used,
                None => {
                    let (day, used) = date(rest, today).or_else(|| named_day(rest, today))?;
                    self.between(day, Some(day), used)
                }
            },
        };
        Some(used)
    }

    /// "3 dec to 10 dec", "3 to 10 dec", "mon 7 dec and fri 11 dec".
    fn range(&mut self, rest: &[&str]) -> Option<usize> {
        let joins = |word: &&str| matches!(*word, "to" | "and" | "until" | "till");
        if let [first, join, last, month, ..] = rest
            && joins(join)
            && let (Some((first, _)), Some((last, _))) =
                (date(&[*first, *month], self.today), date(&[*last, *month], self.today))
        {
            return Some(self.between(first, Some(last), 4));
        }
        let (first, used) = date(rest, self.today)?;
        let join = rest.get(used).filter(|word| joins(word))?;
        let (last, more) = date(rest.get(used + 1..)?, self.today)?;
        // "and" parts two days as well; only two that follow each other are a stretch.
        (*join != "and" || first < last).then(|| self.between(first, Some(last), used + 1 + more))
    }

    fn between(&mut self, from: Date, until: Option<Date>, used: usize) -> usize {
        let last = match (until, self.wish.until) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        let first = from.max(self.wish.from);
        // Of two things said of the days both hold, where they can.
        let both = last.is_none_or(|last| first <= last);
        (self.wish.from, self.wish.until) = if both { (first, last) } else { (from.max(self.today), until) };
        used
    }

    /// How long.
    fn length(&mut self, rest: &[&str]) -> Option<usize> {
        let (minutes, used) = match rest {
            ["half", "an", "hour", ..] => (30, 3),
            ["half", "hour", ..] => (30, 2),
            ["quarter", "of", "an", "hour", ..] => (15, 4),
            ["quarter", "hour", ..] => (15, 2),
            ["hour", "and", "a", "half", ..] => (90, 4),
            ["a" | "an" | "one", "hour", "and", "a", "half", ..] => (90, 5),
            ["a" | "an" | "one", "hour", ..] => (60, 2),
            ["hour", ..] => (60, 1),
            ["forty", "five", "min" | "mins" | "minute" | "minutes", ..] => (45, 3),
            [number, unit, more @ ..] if is_hours(unit) => {
                let hours: f64 = number.parse().ok().filter(|hours| (0.0..=8.0).contains(hours))?;
                let minutes = (hours * 60.0).round() as u32;
                match more {
                    [rest, unit, ..] if is_minutes(unit) => (minutes + count(rest)?, 4),
                    _ => (minutes, 2),
                }
            }
            [number, unit, ..] if is_minutes(unit) => (count(number)?, 2),
            [number, ..] if !self.length && number.bytes().all(|digit| digit.is_ascii_digit()) => {
                let half = rest.get(1).is_some_and(|next| matches!(*next, "am" | "pm" | "p" | "to"));
                (number.parse().ok().filter(|minutes| minutes % 5 == 0 && !half)?, 1)
            }
            _ => return None,
        };
        if !LENGTHS.contains(&minutes) {
            return None;
        }
        (self.wish.minutes, self.length) = (minutes, true);
        Some(used)
    }

    /// What time of day.
    fn clock(&mut self, rest: &[&str]) -> Option<usize> {
        let narrowed = match rest {
            ["morning" | "mornings" | "am", ..] => (MORNING, 1),
            ["afternoon" | "afternoons" | "pm", ..] => (AFTERNOON, 1),
            ["evening" | "evenings", ..] => (EVENING, 1),
            ["after", "lunch", ..] => ((780, 1440), 2),
            ["before", "lunch", ..] => (MORNING, 2),
            ["after", "school", ..] => ((900, 1440), 2),
            ["after", "work", ..] => (EVENING, 2),
            ["between" | "from", more @ ..] if two_times(more).is_some() => {
                let (from, to, used) = two_times(more)?;
                ((from, to), used + 1)
            }
            ["before" | "until" | "till" | "by", more @ ..] => {
                let (to, used) = time(more)?;
                ((0, to), used + 1)
            }
            ["after" | "from" | "since" | "past", more @ ..] => {
                let (from, used) = time(more)?;
                ((from, 1440), used + 1)
            }
            ["around" | "about", more @ ..] => {
                let (at, used) = time(more)?;
                (((at - 60).max(0), (at + 61).min(1440)), used + 1)
            }
            ["at", more @ ..] => {
                let (at, used) = time(more)?;
                ((at, at + 1), used + 1)
            }
            _ => match (two_times(rest), time(rest)) {
                (Some((from, to, used)), _) => ((from, to), used),
                (None, Some((at, used))) if used > 1 || rest[0].contains(':') || rest[0] == "noon" => {
                    ((at, at + 1), used)
                }
                _ => return None,
            },
        };
        let (part, used) = narrowed;
        Some(self.part(part, None, used))
    }

    /// Of two things said of the time of day both hold, where they can.
    fn part(&mut self, part: (i32, i32), on: Option<Date>, used: usize) -> usize {
        let before = self.wish.clock;
        let both = (before.0.max(part.0), before.1.min(part.1));
        let either = before.1 == part.0 || part.1 == before.0;
        self.wish.clock = match both {
            (from, to) if from < to => both,
            _ if either => (before.0.min(part.0), before.1.max(part.1)),
            _ => part,
        };
        if self.wish.clock.0 >= self.wish.clock.1 {
            self.wish.clock = ANY_TIME;
        }
        on.map_or(used, |day| self.between(day, Some(day), used))
    }

    /// Days of the week, which stand for every such day.
    fn weekdays(&mut self, rest: &[&str]) -> Option<usize> {
        let (days, used) = match rest {
            ["weekday" | "weekdays", ..] => (&DayOfWeek::ALL[..5], 1),
            ["weekend" | "weekends", ..] => (&DayOfWeek::ALL[5..], 1),
            [first, "to", last, ..] if weekday(first).zip(weekday(last)).is_some_and(|(first, last)| first < last) => {
                let (first, last) = weekday(first).zip(weekday(last))?;
                (&DayOfWeek::ALL[first as usize..=last as usize], 3)
            }
            [day, ..] => {
                let day = weekday(day)?;
                (&DayOfWeek::ALL[day as usize..=day as usize], 1)
            }
            [] => return None,
        };
        self.wish.days.extend_from_slice(days);
        Some(used)
    }
}

fn is_hours(unit: &str) -> bool {
    matches!(unit, "h" | "hr" | "hrs" | "hour" | "hours")
}

fn is_minutes(unit: &str) -> bool {
    matches!(unit, "m" | "min" | "mins" | "minute" | "minutes")
}

/// "3", "three", "a".
pub(super) fn count(word: &str) -> Option<u32> {
    const NAMES: [(&str, u32); 18] = [
        ("a", 1),
        ("an", 1),
        ("one", 1),
        ("two", 2),
        ("three", 3),
        ("four", 4),
        ("five", 5),
        ("six", 6),
        ("seven", 7),
        ("eight", 8),
        ("nine", 9),
        ("ten", 10),
        ("fifteen", 15),
        ("twenty", 20),
        ("thirty", 30),
        ("forty", 40),
        ("sixty", 60),
        ("ninety", 90),
    ];
    let named = || NAMES.iter().find(|(name, _)| *name == word).map(|(_, count)| *count);
    word.parse().ok().filter(|_| word.len() <= 3).or_else(named)
}

/// A time of day.
fn time(rest: &[&str]) -> Option<(i32, usize)> {
    match rest {
        ["noon" | "midday", ..] => Some((720, 1)),
        [number, half @ ("am" | "pm"), ..] => Some((clock::read(number, Some(half))?, 2)),
        [number, "p", ..] => Some((clock::read(number, Some("pm"))?, 2)),
        [number, "oclock", ..] => Some((clock::read(number, None)?, 2)),
        [number, ..] => Some((clock::read(number, None)?, 1)),
        [] => None,
    }
}

/// "9 to 11", "10:30 and 12".
fn two_times(rest: &[&str]) -> Option<(i32, i32, usize)> {
    let (from, used) = time(rest)?;
    let join = rest.get(used)?;
    let (to, more) = time(rest.get(used + 1..)?)?;
    (matches!(*join, "to" | "and" | "until" | "till") && from < to).then_some((from, to, used + 1 + more))
}
