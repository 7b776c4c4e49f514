//! Names and numbers as they are compared: without case, accents or punctuation.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// The words of `text`, folded: `Núñez-Ray` is `nunez` and `ray`.
pub(in crate::store) fn fold(text: &str) -> Vec<String> {
    let folded: String = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The digits of a telephone number; none when there are too few to mean anything.
pub(in crate::store) fn phone(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    // The extension or country code of a North American number is not what people type.
    let digits = digits.strip_prefix('1').filter(|rest| rest.len() == 10).unwrap_or(&digits);
    (digits.len() >= 4).then(|| digits.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_case_accents_or_punctuation() {
        for (text, words) in [
            ("Núñez-Ray", &["nunez", "ray"][..]),
            ("O'Hara", &["o", "hara"]),
            ("ﬁne ＡＢ", &["fine", "ab"]),
            (" - ", &[]),
        ] {
            assert_eq!(fold(text), words, "{text}");
        }
    }

    #[test]
    fn a_phone_number_is_its_digits() {
        for (text, digits) in
            [("1-555-010-2030", Some("5550102030")), ("(555) 010 2030", Some("5550102030")), ("12", None)]
        {
            assert_eq!(phone(text).as_deref(), digits, "{text}");
        }
    }
}
