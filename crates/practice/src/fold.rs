//! Folding for search: names without case and accents, and what a typed text may mean (name, date of birth, phone,
//! record number). Any text is fine: what holds no letter and no digit means nothing.

use unicode_normalization::UnicodeNormalization;

mod dates;
mod months;
mod nicknames;
mod sound;

pub use nicknames::also_called;
pub use sound::sound;

/// More words than this are not looked at; nobody types them.
const MAX_TERMS: usize = 8;
/// Longer words are cut, in what is stored and in what is typed alike.
const MAX_WORD: usize = 64;
/// Text behind this many characters is not looked at.
const MAX_TEXT: usize = 512;

/// One word without case, accents and punctuation: "O'Hára" becomes "ohara". Empty when nothing is left.
pub fn word(text: &str) -> String {
    // Decomposed accents are marks, which are neither letters nor digits.
    let letters = text.nfkd().flat_map(char::to_lowercase);
    let mut word = String::new();
    for letter in letters.filter(|letter| letter.is_alphanumeric()).take(MAX_WORD) {
        match plain(letter) {
            Some(plain) => word.push_str(plain),
            None => word.push(letter),
        }
    }
    word
}

/// Letters that decomposition leaves alone but that people type without.
fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ł' => "l",
        'þ' => "th",
        'ħ' => "h",
        'ı' => "i",
        _ => return None,
    })
}

/// The words of a name, sorted: each as a whole, and its parts ("Smith-Jones" is found by smith, jones, smithjones).
pub fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    for chunk in chunks(name) {
        words.push(word(chunk));
        let parts: Vec<&str> = chunk.split(|letter: char| !letter.is_alphanumeric()).collect();
        if parts.len() > 1 {
            words.extend(parts.into_iter().map(word));
        }
    }
    words.retain(|word| !word.is_empty());
    words.sort();
    words.dedup();
    words
}

fn chunks(text: &str) -> impl Iterator<Item = &str> {
    let end = text.char_indices().nth(MAX_TEXT).map_or(text.len(), |(end, _)| end);
    text[..end]
        .split(|letter: char| letter.is_whitespace() || matches!(letter, ',' | ';' | '\0'))
        .filter(|chunk| !chunk.is_empty())
}

/// The digits of `text`, 0 to 9.
pub fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).take(MAX_WORD).collect()
}

/// One typed word and everything it may mean. A patient fits when any of the meanings fits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Term {
    /// First letters of a word of the name.
    pub name: Option<String>,
    /// Words of the name, each as a whole.
    pub words: Vec<String>,
    /// First letters of the record number, folded.
    pub record: Option<String>,
    /// First digits of the date of birth as year, month, day.
    pub birth: Vec<String>,
    /// First digits of the date of birth as month, day, year.
    pub birthday: Vec<String>,
    /// A run of digits within a phone number, three at least.
    pub phone: Option<String>,
}

/// Reads a typed text. A patient is found when every term fits; no term finds nobody.
pub fn terms(typed: &str) -> Vec<Term> {
    let chunks = months::in_numbers(&chunks(typed).collect::<Vec<_>>());
    chunks.iter().filter_map(|chunk| term(chunk)).take(MAX_TERMS).collect()
}

fn term(chunk: &str) -> Option<Term> {
    let folded = word(chunk);
    if folded.is_empty() {
        return None;
    }
    if folded.chars().any(|letter| !letter.is_ascii_digit()) {
        // A record number without any digit is a name as far as anybody types.
        let record = folded.contains(|letter: char| letter.is_ascii_digit()).then(|| folded.clone());
        return Some(Term { name: Some(folded), record, ..Term::default() });
    }
    let (birth, birthday) = dates::meanings(chunk);
    let phone = (folded.len() >= 3).then(|| folded.clone());
    Some(Term { record: Some(folded), birth, birthday, phone, ..Term::default() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn accents_case_and_punctuation_do_not_matter() {
        for (text, folded) in [
            ("Montañez", "montanez"),
            ("O'Hára", "ohara"),
            ("ØSTERGÅRD", "ostergard"),
            ("Weiß", "weiss"),
            ("Łukasz", "lukasz"),
            ("İpek", "ipek"),
            ("ﬁn", "fin"),
            ("Ǆ", "dz"),
            ("李", "李"),
            ("🙂", ""),
            ("\0", ""),
            ("", ""),
        ] {
            assert_eq!(word(text), folded, "{text}");
        }
    }

    #[test]
    fn a_double_name_is_found_by_its_halves_and_as_a_whole() {
        assert_eq!(words("Smith-Jones, Ann"), ["ann", "jones", "smith", "smithjones"]);
        assert_eq!(words("O'Hara"), ["hara", "o", "ohara"]);
        assert_eq!(words(" - , 🙂 "), [""; 0]);
    }

    #[test]
    fn a_word_with_a_letter_is_a_name_or_a_record_number() {
        let [term] = terms("T-0042").try_into().unwrap();
        assert_eq!((term.name.as_deref(), term.record.as_deref(), term.phone), (Some("t0042"), Some("t0042"), None));
        assert_eq!(terms("smith")[0].record, None);
    }

    #[test]
    fn digits_are_a_phone_from_three_on() {
        assert_eq!(terms("42")[0].phone, None);
        assert_eq!(terms("555-0142")[0].phone.as_deref(), Some("5550142"));
        assert_eq!(terms("(617) 555").len(), 2);
    }

    #[test]
    fn an_empty_text_has_no_terms() {
        for text in ["", "  ", ",;", "\"*\"", "🙂", "\0\0", "--", "' ()"] {
            assert!(terms(text).is_empty(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_folds_into_letters_and_digits(text in any::<String>()) {
            for word in words(&text) {
                prop_assert!(word.chars().all(char::is_alphanumeric), "{word:?}");
            }
            prop_assert!(terms(&text).len() <= MAX_TERMS);
        }
    }
}
