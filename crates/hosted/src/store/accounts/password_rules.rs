//! Which passwords may be chosen: long enough, hard to guess, and not among those that were stolen elsewhere before.

use practice::{Code, Refusal};
use sha2::{Digest, Sha256};
use zxcvbn::{Score, feedback::Warning, zxcvbn};

/// Of a million common stolen passwords those of at least [`LEAST`] characters: the first four bytes of SHA-256 each,
/// sorted. `scripts/breached-passwords.mjs` makes it. One in 38,000 others is taken for one of them.
static BREACHED: &[u8] = include_bytes!("breached.bin");

/// The fewest characters.
const LEAST: usize = 10;

/// The most, in bytes: more would let a stranger choose how long a hash takes.
const MOST: usize = 1024;

/// Checks a password in NFKC. `about` is what anybody would try first for this person: their address, their name.
///
/// # Errors
/// In words, with what makes it easy to guess.
pub(super) fn check(password: &str, about: &[&str]) -> Result<(), Refusal> {
    let refuse = |say| Err(Refusal::new(Code::Invalid, say));
    let mut all = password.chars();
    let first = all.next();
    if password.chars().count() < LEAST || all.all(|c| Some(c) == first) {
        return refuse("A password needs at least 10 characters, and not all the same.");
    }
    if password.len() > MOST {
        return refuse("A password has at most 1,024 characters.");
    }
    // A window that a person types into sends no such thing, and could not type it again.
    if password.chars().any(char::is_control) {
        return refuse("A password has no control characters. Type it by hand.");
    }
    if is_breached(password) {
        return refuse("This password was stolen elsewhere and is on lists that are tried first. Choose another one.");
    }
    // Their parts too: `ann.smith@elm.test` makes `smith` easy.
    let about: Vec<&str> = about
        .iter()
        .flat_map(|text| std::iter::once(*text).chain(text.split(|c: char| !c.is_alphanumeric())))
        .filter(|word| word.chars().count() > 2)
        .collect();
    let found = zxcvbn(password, &about);
    if found.score() >= Score::Three {
        return Ok(());
    }
    refuse(why(found.feedback().and_then(|feedback| feedback.warning())))
}

fn is_breached(password: &str) -> bool {
    let mark: [u8; 32] = Sha256::digest(password.to_lowercase().as_bytes()).into();
    BREACHED.as_chunks::<4>().0.binary_search_by(|kept| kept.as_slice().cmp(&mark[..4])).is_ok()
}

fn why(warning: Option<Warning>) -> &'static str {
    match warning {
        Some(Warning::StraightRowsOfKeysAreEasyToGuess | Warning::ShortKeyboardPatternsAreEasyToGuess) => {
            "Keys that lie beside each other are easy to guess. Choose four words that have nothing to do with each other."
        }
        Some(
            Warning::RepeatsLikeAaaAreEasyToGuess
            | Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess
            | Warning::SequencesLikeAbcAreEasyToGuess,
        ) => {
            "Repeats and sequences such as abcabc or 6543 are easy to guess. Choose four words that have nothing to do \
             with each other."
        }
        Some(
            Warning::ThisIsATop10Password
            | Warning::ThisIsATop100Password
            | Warning::ThisIsACommonPassword
            | Warning::ThisIsSimilarToACommonlyUsedPassword,
        ) => "This is like a password that many people use. Choose four words that have nothing to do with each other.",
        Some(Warning::RecentYearsAreEasyToGuess | Warning::DatesAreOftenEasyToGuess) => {
            "Dates and years are easy to guess. Choose four words that have nothing to do with each other."
        }
        Some(
            Warning::AWordByItselfIsEasyToGuess
            | Warning::NamesAndSurnamesByThemselvesAreEasyToGuess
            | Warning::CommonNamesAndSurnamesAreEasyToGuess,
        ) => "A word or a name by itself is easy to guess. Choose four words that have nothing to do with each other.",
        None => "This password is easy to guess. Make it longer: four words that have nothing to do with each other.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_whole() {
        let (marks, rest) = BREACHED.as_chunks::<4>();
        assert!(rest.is_empty() && marks.len() > 100_000, "{}", marks.len());
        assert!(marks.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn what_anybody_would_guess_is_refused_with_what_is_wrong_with_it() {
        let about = ["ann.weatherby@elm.test", "Ann Weatherby"];
        for (password, word) in [
            ("short", "at least 10"),
            ("aaaaaaaaaaaaaaa", "not all the same"),
            (&"xy".repeat(513), "at most 1,024"),
            ("line\nfeed and more words", "control"),
            ("1234567890", "stolen"),
            ("Password123", "stolen"),
            ("qwertyuiop", "stolen"),
            ("zxcvbnm,./zxcvbnm", "easy to guess"),
            ("abcdefghijklmno", "easy to guess"),
            ("weatherby1987", "easy to guess"),
            ("05/12/1987", "easy to guess"),
        ] {
            let refused = check(password, &about).expect_err(password);
            assert_eq!(refused.code, Code::Invalid);
            assert!(refused.say.contains(word), "{password}: {}", refused.say);
            assert!(!refused.say.contains(password), "{password}: a password is not shown");
        }
    }

    #[test]
    fn a_few_words_that_have_nothing_to_do_with_each_other_are_taken() {
        for password in
            ["correct horse battery", "amber-otter-violin-plaza-42", "vraiment jamais ouï dire", "ナツメグ 三つ おくれ"]
        {
            assert!(check(password, &["ann@elm.test", "Ann"]).is_ok(), "{password}");
        }
    }

    #[test]
    fn a_stolen_password_is_known_however_it_is_written() {
        for password in ["qwertyuiop", "QwertyUIOP", "1q2w3e4r5t"] {
            assert!(is_breached(password), "{password}");
        }
        assert!(!is_breached("correct horse battery"));
    }
}
