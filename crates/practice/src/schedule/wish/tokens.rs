//! A typed wish in words without case and accents. What is joined in writing is taken apart, so that "30min", "9-11" and
//! "3rd" need no rule of their own.

use jiff::civil::Date;
use unicode_normalization::UnicodeNormalization;

/// Words behind these are not looked at; nobody types them.
const MAX_WORDS: usize = 60;
/// Nor is text behind this many characters.
const MAX_TEXT: usize = 300;

/// The words of `text`. A comma is a word of its own: it parts two providers.
pub(super) fn tokens(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let text: String = text.chars().take(MAX_TEXT).collect::<String>().nfkd().flat_map(char::to_lowercase).collect();
    for chunk in text.replace([',', ';', '&'], " , ").split_whitespace() {
        if chunk == "," || chunk.parse::<Date>().is_ok() {
            words.push(chunk.to_owned());
            continue;
        }
        for (place, part) in chunk.split(['-', '\u{2013}', '\u{2014}']).enumerate() {
            let day = super::dates::weekday(part).is_some();
            if place > 0 && (day || part.starts_with(|first: char| first.is_ascii_digit())) {
                words.push("to".to_owned());
            }
            parted(part, &mut words);
        }
    }
    words.truncate(MAX_WORDS);
    words
}

/// Numbers apart from letters, and no sign but those within a number.
fn parted(chunk: &str, words: &mut Vec<String>) {
    let mut runs: Vec<(bool, String)> = Vec::new();
    for letter in chunk.chars() {
        let after_digit = runs.last().is_some_and(|(numeric, _)| *numeric);
        let numeric = letter.is_ascii_digit() || (after_digit && matches!(letter, ':' | '/' | '.'));
        if !numeric && !letter.is_alphanumeric() {
            continue;
        }
        match runs.last_mut() {
            Some((before, run)) if *before == numeric => run.push(letter),
            _ => runs.push((numeric, letter.to_string())),
        }
    }
    let ordinal = |run: &str| matches!(run, "st" | "nd" | "rd" | "th");
    if runs.first().is_some_and(|(numeric, _)| *numeric) {
        runs.retain(|(_, run)| !ordinal(run));
    }
    words
        .extend(runs.iter().map(|(_, run)| run.trim_matches([':', '/', '.']).to_owned()).filter(|run| !run.is_empty()));
}
