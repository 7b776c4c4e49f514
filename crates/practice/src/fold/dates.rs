//! Dates of birth as people type them, also while they are still typing.

/// What the digits of `chunk` may mean: beginnings of year-month-day, and beginnings of month-day-year.
///
/// `1961-03-14`, `19610314`, `3/14/1961`, `14.3.1961`, `031461`, `03141961`, `1961`, `1961-03`, `3/14`, `14.3.`; with
/// slashes or dashes the month comes first unless it can't be one, with dots the day does.
pub(super) fn meanings(chunk: &str) -> (Vec<String>, Vec<String>) {
    let mut parts: Vec<&str> = chunk.split(['-', '/', '.']).collect();
    if parts.last() == Some(&"") {
        parts.pop();
    }
    if parts.iter().any(|part| part.is_empty() || part.len() > 8 || !part.bytes().all(|digit| digit.is_ascii_digit())) {
        return (Vec::new(), Vec::new());
    }
    let day_first = chunk.contains('.');
    match parts.as_slice() {
        [run] => one_run(run),
        [year, month] if year.len() == 4 => {
            (beginnings(month, is_month).map(|month| format!("{year}{month}")).collect(), Vec::new())
        }
        [year, month, day] if year.len() == 4 => match padded(month).filter(|month| is_month(month)) {
            Some(month) => (beginnings(day, is_day).map(|day| format!("{year}{month}{day}")).collect(), Vec::new()),
            None => (Vec::new(), Vec::new()),
        },
        [first, second] => (Vec::new(), month_day(first, second, day_first, true)),
        [first, second, year] => {
            let days = month_day(first, second, day_first, false);
            (Vec::new(), days.iter().flat_map(|day| years(year).map(move |year| format!("{day}{year}"))).collect())
        }
        _ => (Vec::new(), Vec::new()),
    }
}

fn one_run(run: &str) -> (Vec<String>, Vec<String>) {
    let mut birth = Vec::new();
    if matches!(run.len(), 4 | 6 | 8)
        && is_year(&run[..4])
        && run.get(4..6).is_none_or(is_month)
        && run.get(6..8).is_none_or(is_day)
    {
        birth.push(run.to_owned());
    }
    let birthday = match run.len() {
        4 => month_day(&run[..2], &run[2..], false, false),
        6 | 8 => {
            let days = month_day(&run[..2], &run[2..4], false, false);
            days.iter().flat_map(|day| years(&run[4..]).map(move |year| format!("{day}{year}"))).collect()
        }
        _ => Vec::new(),
    };
    (birth, birthday)
}

/// "MMDD" for two numbers; the usual order first, the other one where the usual makes no date.
fn month_day(first: &str, second: &str, day_first: bool, typing: bool) -> Vec<String> {
    let ordered = |month: &str, day: &str, open: bool| -> Vec<String> {
        let Some(month) = padded(month).filter(|month| is_month(month)) else { return Vec::new() };
        if open {
            return beginnings(day, is_day).map(|day| format!("{month}{day}")).collect();
        }
        padded(day).filter(|day| is_day(day)).map(|day| format!("{month}{day}")).into_iter().collect()
    };
    let usual = if day_first { ordered(second, first, false) } else { ordered(first, second, typing) };
    if !usual.is_empty() {
        return usual;
    }
    if day_first { ordered(first, second, typing) } else { ordered(second, first, false) }
}

/// A number that may be half typed: "1" is 01, or the start of 10 to 19.
fn beginnings(number: &str, fits: fn(&str) -> bool) -> impl Iterator<Item = String> {
    let whole = padded(number).filter(|number| fits(number));
    let open = (number.len() == 1 && matches!(number, "0" | "1" | "2" | "3")).then(|| number.to_owned());
    whole.into_iter().chain(open)
}

/// Years for what was typed: "61" is 1961, 2061, or the start of a year; "1961" is itself.
fn years(typed: &str) -> impl Iterator<Item = String> {
    let typed = typed.to_owned();
    let short = (typed.len() == 2).then(|| ["19", "20"].map(|century| format!("{century}{typed}")));
    let open = (typed.len() <= 4).then_some(typed);
    short.into_iter().flatten().chain(open)
}

fn padded(number: &str) -> Option<String> {
    match number.len() {
        1 => Some(format!("0{number}")),
        2 => Some(number.to_owned()),
        _ => None,
    }
}

fn is_month(number: &str) -> bool {
    ("01"..="12").contains(&number)
}

fn is_day(number: &str) -> bool {
    ("01"..="31").contains(&number)
}

fn is_year(number: &str) -> bool {
    ("1850".."2150").contains(&number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(typed: &str) -> bool {
        let (birth, birthday) = meanings(typed);
        birth.iter().any(|start| "19610314".starts_with(start.as_str()))
            || birthday.iter().any(|start| "03141961".starts_with(start.as_str()))
    }

    #[test]
    fn a_date_of_birth_is_found_in_every_usual_form() {
        for typed in [
            "1961-03-14",
            "1961/3/14",
            "1961.03.14",
            "19610314",
            "3/14/1961",
            "03/14/1961",
            "3-14-1961",
            "14.3.1961",
            "14.03.1961",
            "14/3/1961",
            "031461",
            "140361",
            "03141961",
            "14031961",
            "1961",
            "1961-03",
            "196103",
            "3/14",
            "03-14",
            "14.3",
            "14.3.",
            "3/14/61",
            "14.3.61",
            "0314",
        ] {
            assert!(finds(typed), "{typed}");
        }
    }

    #[test]
    fn a_date_is_found_at_every_keystroke_once_it_names_a_day_or_a_year() {
        for whole in ["1961-03-14", "3/14/1961", "03/14/1961"] {
            for end in 4..=whole.len() {
                assert!(finds(&whole[..end]), "{}", &whole[..end]);
            }
        }
    }

    #[test]
    fn other_dates_and_other_numbers_do_not_find_it() {
        for typed in [
            "1961-04",
            "3/15/1961",
            "4/14/1961",
            "14.4.1961",
            "031462",
            "1962",
            "3/15",
            "555-0142",
            "99/99",
            "1961-13-14",
            "0/0/0",
            "617-555-0142",
            "1",
            "--",
            "1//2",
            "12345678901234567890",
        ] {
            assert!(!finds(typed), "{typed}");
        }
    }
}
