//! Dates of birth: as they are typed, and which may be the same one written wrongly.

use jiff::civil::Date;

/// Nobody is older; an older date is asked about.
const OLDEST: i16 = 130;

/// How close two dates of birth are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nearness {
    /// The same.
    Same,
    /// One slip apart: day and month changed, a digit wrong, two digits changed, or one is less precise.
    Near,
    /// One of them is not known.
    Unknown,
    /// Another date.
    Other,
}

/// Reads a whole text as a date of birth, as precise as it was typed: `1961-03-14`, `3/14/1961`, `14.3.61`, `031461`,
/// `19610314`, `14 Mar 1961`, `March 14, 1961`, `3/1961`, `1961`. With slashes or dashes the month comes first unless it
/// can't be one, with dots the day does. A year of two digits is the last such year.
pub fn read(typed: &str, today: Date) -> Option<String> {
    let typed = typed.trim().to_lowercase();
    let mut numbers: Vec<&str> = Vec::new();
    let mut named = None;
    for token in tokens(&typed)? {
        match token.as_bytes()[0].is_ascii_digit() {
            true => numbers.push(token),
            false if named.is_none() => named = Some(month_named(token)?),
            false => return None,
        }
    }
    let (year, long) = (|digits: &str| year(digits, today), |digits: &str| digits.len() == 4);
    match (named, numbers.as_slice()) {
        (Some(month), [first]) if long(first) => of_month(year(first)?, month),
        (Some(month), [first, day]) if long(first) => of_day(year(first)?, month, short(day)?),
        (Some(month), [day, last]) => of_day(year(last)?, month, short(day)?),
        (None, [run]) => one_run(run, today),
        (None, [first, month]) if long(first) => of_month(year(first)?, short(month)?),
        (None, [month, last]) if long(last) => of_month(year(last)?, short(month)?),
        (None, [first, month, day]) if long(first) => of_day(year(first)?, short(month)?, short(day)?),
        (None, [first, second, last]) => either(year(last)?, short(first)?, short(second)?, typed.contains('.')),
        _ => None,
    }
}

/// Whether a date that [`read`] gave is after `today`.
pub fn is_to_come(birth: &str, today: Date) -> bool {
    birth > today.to_string().get(..birth.len()).unwrap_or_default()
}

/// Whether a date that [`read`] gave is older than anybody.
pub fn is_very_old(birth: &str, today: Date) -> bool {
    birth.get(..4).and_then(|year| year.parse().ok()).is_some_and(|year: i16| today.year() - year > OLDEST)
}

/// How close two dates are, each in digits, year first.
pub fn nearness(one: &str, other: &str) -> Nearness {
    if one.is_empty() || other.is_empty() {
        return Nearness::Unknown;
    }
    if one == other {
        return Nearness::Same;
    }
    let less_precise = one.starts_with(other) || other.starts_with(one);
    if less_precise || slips(one).iter().any(|slip| slip == other) { Nearness::Near } else { Nearness::Other }
}

/// Every date that one slip makes of `birth`, which is eight digits, year first; nothing for another text.
pub fn slips(birth: &str) -> Vec<String> {
    let digits = birth.as_bytes();
    if digits.len() != 8 || !digits.iter().all(u8::is_ascii_digit) {
        return Vec::new();
    }
    let mut slips = vec![format!("{}{}{}", &birth[..4], &birth[6..], &birth[4..6])];
    for at in 0..digits.len() {
        slips.extend((b'0'..=b'9').map(|digit| changed(digits, &[(at, digit)])));
        if let Some(next) = digits.get(at + 1) {
            slips.push(changed(digits, &[(at, *next), (at + 1, digits[at])]));
        }
    }
    slips.retain(|slip| slip != birth && one_run(slip, Date::MAX).is_some_and(|date| date.len() == 10));
    slips.sort();
    slips.dedup();
    slips
}

fn changed(digits: &[u8], changes: &[(usize, u8)]) -> String {
    let mut digits = digits.to_vec();
    changes.iter().for_each(|(at, digit)| digits[*at] = *digit);
    digits.into_iter().map(char::from).collect()
}

/// Runs of digits and runs of letters; nothing where there is anything else than what stands between parts of a date.
fn tokens(text: &str) -> Option<Vec<&str>> {
    let kind = |letter: char| (letter.is_ascii_digit(), letter.is_ascii_alphabetic());
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|letter| kind(letter) != kind(first)).unwrap_or(rest.len());
        let (token, behind) = rest.split_at(end);
        if kind(first) != (false, false) {
            tokens.push(token);
        } else if !token.chars().all(|letter| matches!(letter, ' ' | ',' | '.' | '-' | '/')) {
            return None;
        }
        rest = behind;
    }
    Some(tokens)
}

pub(crate) fn month_named(word: &str) -> Option<i8> {
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
    let index = MONTHS.iter().position(|month| word.len() >= 3 && month.starts_with(word))?;
    i8::try_from(index + 1).ok()
}

fn one_run(run: &str, today: Date) -> Option<String> {
    match run.len() {
        4 => year(run, today).map(|year| year.to_string()),
        6 => either(year(&run[4..], today)?, short(&run[..2])?, short(&run[2..4])?, false),
        8 => {
            let year_first =
                year(&run[..4], today).and_then(|year| of_day(year, short(&run[4..6])?, short(&run[6..])?));
            year_first.or_else(|| either(year(&run[4..], today)?, short(&run[..2])?, short(&run[2..4])?, false))
        }
        _ => None,
    }
}

/// A date from a year and two numbers, month first unless they are told apart otherwise.
fn either(year: i16, first: i8, second: i8, day_first: bool) -> Option<String> {
    let (usual, other) =
        if day_first { ((second, first), (first, second)) } else { ((first, second), (second, first)) };
    of_day(year, usual.0, usual.1).or_else(|| of_day(year, other.0, other.1))
}

fn of_day(year: i16, month: i8, day: i8) -> Option<String> {
    Date::new(year, month, day).ok().map(|date| date.to_string())
}

fn of_month(year: i16, month: i8) -> Option<String> {
    (1..=12).contains(&month).then(|| format!("{year:04}-{month:02}"))
}

fn year(digits: &str, today: Date) -> Option<i16> {
    match (digits.len(), digits.parse::<i16>()) {
        (4, Ok(year)) => (1800..2200).contains(&year).then_some(year),
        (2, Ok(short)) => Some(if 2000 + short <= today.year() { 2000 + short } else { 1900 + short }),
        _ => None,
    }
}

fn short(digits: &str) -> Option<i8> {
    digits.parse().ok().filter(|_| digits.len() <= 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = jiff::civil::date(2026, 11, 23);

    #[test]
    fn a_date_of_birth_is_read_in_every_usual_form() {
        for typed in [
            "1961-03-14",
            "1961/3/14",
            "1961.03.14",
            "19610314",
            "3/14/1961",
            "03/14/1961",
            "3-14-1961",
            "14.3.1961",
            "14.03.61",
            "14/3/1961",
            "03141961",
            "14031961",
            "031461",
            "3/14/61",
            "14 Mar 1961",
            "14mar1961",
            "March 14, 1961",
            "mar 14 61",
            "14. March 1961",
            "1961 mar 14",
            " 3 14 1961 ",
        ] {
            assert_eq!(read(typed, TODAY).as_deref(), Some("1961-03-14"), "{typed}");
        }
        for (typed, date) in [
            ("1961", "1961"),
            ("1961-03", "1961-03"),
            ("3/1961", "1961-03"),
            ("mar 1961", "1961-03"),
            ("11/22/26", "2026-11-22"),
            ("11/22/27", "1927-11-22"),
            ("2/29/2024", "2024-02-29"),
            ("5/6/2001", "2001-05-06"),
            ("5.6.2001", "2001-06-05"),
        ] {
            assert_eq!(read(typed, TODAY).as_deref(), Some(date), "{typed}");
        }
    }

    #[test]
    fn what_is_no_date_is_not_read_as_one() {
        for typed in [
            "",
            "x",
            "14",
            "3/14",
            "2/29/2023",
            "13/13/2001",
            "1961-13-01",
            "99999999",
            "mar",
            "mar mar 1961",
            "١٤/٣/١٩٦١",
            "14 Maz 1961",
            "3/14/1961x",
            "0/0/1961",
            "3//",
            "1700",
            "555-010-0142",
            "3/14/1961/5",
            "🙂",
        ] {
            assert_eq!(read(typed, TODAY), None, "{typed}");
        }
    }

    #[test]
    fn a_date_to_come_and_a_very_old_one_are_told() {
        for (date, to_come, old) in [
            ("2026-11-23", false, false),
            ("2026-11-24", true, false),
            ("2026-12", true, false),
            ("2026", false, false),
            ("2027", true, false),
            ("1896-01-01", false, false),
            ("1895-12-31", false, true),
        ] {
            assert_eq!((is_to_come(date, TODAY), is_very_old(date, TODAY)), (to_come, old), "{date}");
        }
    }

    #[test]
    fn one_slip_makes_a_date_near_and_two_make_another() {
        for (one, other, near) in [
            ("19610314", "19610314", Nearness::Same),
            ("19610314", "19610413", Nearness::Other),
            ("19610304", "19610403", Nearness::Near),
            ("19610314", "19710314", Nearness::Near),
            ("19610314", "19160314", Nearness::Near),
            ("19610314", "19610315", Nearness::Near),
            ("19610314", "1961", Nearness::Near),
            ("19610314", "1962", Nearness::Other),
            ("19610314", "19720314", Nearness::Other),
            ("19610314", "", Nearness::Unknown),
        ] {
            assert_eq!(nearness(one, other), near, "{one} {other}");
            assert_eq!(nearness(other, one), near, "{other} {one}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_reading_panic(text in "[0-9a-zß./ ,-]{0,24}") {
            let _ = read(&text, TODAY);
            let _ = slips(&text);
        }
    }
}
