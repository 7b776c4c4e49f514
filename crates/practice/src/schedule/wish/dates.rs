//! Days on the calendar as people write them, on the day `today`.

use jiff::{Span, ToSpan, civil::Date};

use super::words::count;
use crate::views::DayOfWeek;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// "2 weeks", "a month".
pub(super) fn stretch(rest: &[&str]) -> Option<(Span, usize)> {
    let [number, unit, ..] = rest else { return None };
    let number = i64::from(count(number)?);
    let span = match *unit {
        "d" | "day" | "days" => number.days(),
        "w" | "wk" | "wks" | "week" | "weeks" => number.weeks(),
        "month" | "months" => number.months(),
        _ => return None,
    };
    Some((span, 2))
}

pub(super) fn ahead(date: Date, span: Span) -> Date {
    date.saturating_add(span)
}

/// The Sunday of its week.
pub(super) fn week_end(date: Date) -> Date {
    ahead(date, (6 - i64::from(date.weekday().to_monday_zero_offset())).days())
}

/// A day of the week by its name or the beginning of it: "tue", "tues", "tuesdays", "weds".
pub(super) fn weekday(word: &str) -> Option<DayOfWeek> {
    let named = |word: &str| {
        let fits = |day: &&DayOfWeek| word.len() >= 3 && super::day_name(**day).to_lowercase().starts_with(word);
        DayOfWeek::ALL.iter().find(fits).copied()
    };
    named(word).or_else(|| named(word.strip_suffix('s')?))
}

/// A day that has a date, or the name of one of the days to come.
pub(super) fn day_meant(rest: &[&str], today: Date) -> Option<(Date, usize)> {
    let coming = || {
        let day = weekday(rest.first()?)?;
        let away = (day as i64 - i64::from(today.weekday().to_monday_zero_offset())).rem_euclid(7);
        Some((ahead(today, away.days()), 1))
    };
    date(rest, today).or_else(|| named_day(rest, today)).or_else(coming)
}

/// "this friday", "next tuesday": that of this week, that of the next.
pub(super) fn named_day(rest: &[&str], today: Date) -> Option<(Date, usize)> {
    let [which @ ("this" | "next"), day, ..] = rest else { return None };
    let day = weekday(day)? as i64 - 6;
    let of_this = ahead(week_end(today), day.days());
    let passed = *which == "next" || of_this < today;
    Some((if passed { ahead(of_this, 7.days()) } else { of_this }, 2))
}

/// A month by its name or the beginning of it, from 1 on.
pub(super) fn month(word: &str) -> Option<i8> {
    let at = MONTHS.iter().position(|name| word.len() >= 3 && name.starts_with(word))?;
    i8::try_from(at + 1).ok()
}

/// A date: "2026-12-03", "3 dec", "dec 3 2026", "12/3", "fri 4 dec", "today". Without a year the next such date.
pub(super) fn date(rest: &[&str], today: Date) -> Option<(Date, usize)> {
    let day = |word: &str| word.parse::<i8>().ok().filter(|_| word.len() <= 2);
    let year = |word: Option<&&str>| word.filter(|word| word.len() == 4).and_then(|word| word.parse::<i16>().ok());
    let next = |month: i8, day: i8| {
        let of = |year: i16| Date::new(year, month, day).ok().filter(|date| *date >= today);
        (0..=8).find_map(|years| of(today.year() + years))
    };
    let dated = |month: i8, day: i8, written: Option<i16>| match written {
        Some(year) => Date::new(year, month, day).ok().map(|date| (date, 1)),
        None => next(month, day).map(|date| (date, 0)),
    };
    match rest {
        ["today", ..] => Some((today, 1)),
        ["tomorrow", ..] => Some((ahead(today, 1.day()), 1)),
        [first, second, more @ ..] if day(first).is_some() && month(second).is_some() => {
            let (date, used) = dated(month(second)?, day(first)?, year(more.first()))?;
            Some((date, used + 2))
        }
        [first, second, more @ ..] if month(first).is_some() && day(second).is_some() => {
            let (date, used) = dated(month(first)?, day(second)?, year(more.first()))?;
            Some((date, used + 2))
        }
        [one, ..] if one.contains('/') => {
            let parts: Vec<&str> = one.split('/').collect();
            let written = match parts.as_slice() {
                [_, _] => None,
                [_, _, short] if short.len() == 2 => Some(2000 + short.parse::<i16>().ok()?),
                [_, _, long] => Some(long.parse().ok()?),
                _ => return None,
            };
            // The month comes first unless it can't be one.
            let (first, second) = (day(parts[0])?, day(parts[1])?);
            let (month, day) = if first > 12 { (second, first) } else { (first, second) };
            dated(month, day, written).map(|(date, _)| (date, 1))
        }
        [named, more @ ..] if weekday(named).is_some() => {
            let (date, used) = date(more, today).filter(|_| !matches!(more, ["today" | "tomorrow", ..]))?;
            Some((date, used + 1))
        }
        [one, ..] => one.parse().ok().filter(|_| one.len() == 10).map(|date| (date, 1)),
        [] => None,
    }
}
