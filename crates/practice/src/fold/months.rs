//! Dates with the month in words, as they are typed among other words.

use crate::patient::birth::month_named;

/// `chunks` with each date whose month is a word written as numbers, month first: "14 mar 61", "march 14 1961",
/// "14-Mar-1961", and "14 mar" while the year is not typed yet.
pub(super) fn in_numbers(chunks: &[&str]) -> Vec<String> {
    let (mut written, mut at) = (Vec::new(), 0);
    while let Some(chunk) = chunks.get(at) {
        let parts: Vec<&str> = chunk.split(['-', '/', '.']).collect();
        let apart =
            chunks.get(at..at + 2).and_then(date).map(|date| (date, chunks.get(at + 2).filter(|year| is_year(year))));
        let (word, used) = match (parts.as_slice(), apart) {
            ([first, second, year], _) if is_year(year) => {
                (date(&[*first, *second]).map_or_else(|| (*chunk).to_owned(), |date| format!("{date}/{year}")), 1)
            }
            (_, Some((date, Some(year)))) => (format!("{date}/{year}"), 3),
            (_, Some((date, None))) => (date, 2),
            _ => ((*chunk).to_owned(), 1),
        };
        written.push(word);
        at += used;
    }
    written
}

/// "3/14" for a day and a month in words, in either order.
fn date(pair: &[&str]) -> Option<String> {
    let day = |text: &str| text.parse::<u8>().ok().filter(|day| text.len() <= 2 && (1..=31).contains(day));
    let month = |text: &str| month_named(&text.to_lowercase());
    let [first, second] = pair else { return None };
    let (month, day) = month(second).zip(day(first)).or_else(|| month(first).zip(day(second)))?;
    Some(format!("{month}/{day}"))
}

fn is_year(text: &str) -> bool {
    matches!(text.len(), 2 | 4) && text.bytes().all(|digit| digit.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_in_words_is_a_date_and_a_name_stays_a_name() {
        for (typed, written) in [
            ("14 mar 61", "3/14/61"),
            ("March 14 1961", "3/14/1961"),
            ("14-Mar-1961", "3/14/1961"),
            ("sample 14 MAR 1961 ada", "sample 3/14/1961 ada"),
            ("14 mar", "3/14"),
            ("june sample", "june sample"),
            ("april 61", "april 61"),
            ("may 5/3/1961", "may 5/3/1961"),
            ("14 marta", "14 marta"),
            ("ma 14 61", "ma 14 61"),
            ("smith-jones-ab", "smith-jones-ab"),
            ("", ""),
        ] {
            assert_eq!(in_numbers(&typed.split_whitespace().collect::<Vec<_>>()).join(" "), written, "{typed}");
        }
    }
}
