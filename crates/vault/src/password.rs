//! What a member types, in the one form that is hashed.

use practice::{Code, Refusal};
use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize, Zeroizing};

/// More than anybody types, and little enough that hashing it costs the same as hashing one letter.
const MOST_CHARACTERS: usize = 1_000;

/// A password in NFKC (UAX #15), so that the same keys typed on two keyboards, or by two operating systems that
/// compose letters differently, are the same password. Upper and lower case, spaces and emoji count as typed.
pub struct Password(Zeroizing<String>);

/// Why a text is no password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Nothing was typed.
    #[error("empty")]
    Empty,
    /// More than 1,000 characters.
    #[error("too long")]
    TooLong,
    /// A control character (NUL, line feed, ...), which no keyboard can be relied on to type again.
    #[error("control character")]
    Control,
}

impl Password {
    /// Takes the text and wipes it.
    ///
    /// ```
    /// use vault::{Password, PasswordError};
    /// assert!(Password::new("correct horse battery staple".to_owned()).is_ok());
    /// assert_eq!(Password::new("x".repeat(10_000)).err(), Some(PasswordError::TooLong));
    /// ```
    pub fn new(mut text: String) -> Result<Self, PasswordError> {
        let made = Self::normalised(&text);
        text.zeroize();
        made
    }

    fn normalised(text: &str) -> Result<Self, PasswordError> {
        // Counted before normalising, which can make eighteen characters of one.
        if text.chars().nth(MOST_CHARACTERS).is_some() {
            return Err(PasswordError::TooLong);
        }
        // Room for the longest NFKC expansion, so that the string never grows and leaves a copy behind.
        let mut nfkc = Zeroizing::new(String::with_capacity(text.len() * 18));
        nfkc.extend(text.nfkc());
        if nfkc.is_empty() {
            return Err(PasswordError::Empty);
        }
        if nfkc.chars().any(char::is_control) {
            return Err(PasswordError::Control);
        }
        Ok(Self(nfkc))
    }

    /// The normalised text, for the one other place that may see it: the sign-in request to the practice's host.
    pub fn for_sign_in(&self) -> &str {
        &self.0
    }
}

impl PasswordError {
    /// In words for the person who typed it.
    pub fn refusal(self) -> Refusal {
        Refusal::new(
            Code::Invalid,
            match self {
                PasswordError::Empty => "The password is empty. Type your password.",
                PasswordError::TooLong => "The password is longer than 1,000 characters. Type a shorter one.",
                PasswordError::Control => {
                    "The password holds a character that can't be typed, such as a line break. Type it by hand."
                }
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_the_same_in_every_normal_form() {
        for (typed, also) in [
            ("caf\u{e9}", "cafe\u{301}"),
            ("\u{fb01}sh", "fish"),
            ("\u{ff21}\u{ff42}\u{ff43}", "Abc"),
            ("\u{1f9b7} tooth", "\u{1f9b7} tooth"),
            // Two fractions, a Roman numeral, a long s, an Angstrom sign, Hangul by the letter, a blank that does not break.
            ("\u{bd}\u{2163}\u{17f}\u{212b}", "1\u{2044}2IVs\u{c5}"),
            ("\u{1112}\u{1161}\u{11ab}", "\u{d55c}"),
            ("door\u{a0}17", "door 17"),
        ] {
            for typed in [typed, also] {
                let forms =
                    [typed.nfc().collect(), typed.nfd().collect(), typed.nfkc().collect(), typed.nfkd().collect()];
                for form in forms {
                    let form: String = form;
                    let normal: String = also.nfkc().collect();
                    assert_eq!(Password::new(form).ok().unwrap().for_sign_in(), normal, "{typed}");
                }
            }
        }
    }

    #[test]
    fn emoji_count_as_typed_however_they_are_composed() {
        for typed in ["\u{1f9b7}", "\u{1f468}\u{200d}\u{2695}\u{fe0f}", "\u{1f44d}\u{1f3fd}", "\u{1f1e8}\u{1f1ed}"] {
            assert_eq!(Password::new(typed.to_owned()).ok().unwrap().for_sign_in(), typed);
        }
    }

    #[test]
    fn case_and_spaces_count() {
        let one = Password::new("Door ".to_owned()).ok().unwrap();
        assert_eq!(one.for_sign_in(), "Door ");
    }

    #[test]
    fn what_cannot_be_a_password_is_refused_in_words() {
        for (text, why) in [
            (String::new(), PasswordError::Empty),
            ("x".repeat(1_001), PasswordError::TooLong),
            ("x".repeat(10_000), PasswordError::TooLong),
            ("\u{1f9b7}".repeat(10_000), PasswordError::TooLong),
            ("\u{fdfa}".repeat(10_000), PasswordError::TooLong),
            ("a\0b".to_owned(), PasswordError::Control),
            ("\0".to_owned(), PasswordError::Control),
            ("a\nb".to_owned(), PasswordError::Control),
            ("a\u{85}b".to_owned(), PasswordError::Control),
        ] {
            assert_eq!(Password::new(text).err(), Some(why));
            let refusal = why.refusal();
            assert!(refusal.code == Code::Invalid && refusal.say.ends_with('.'));
        }
        assert!(Password::new("\u{fdfa}".repeat(1_000)).is_ok());
    }
}
