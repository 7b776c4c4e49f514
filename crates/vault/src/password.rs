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
        ] {
            let typed = Password::new(typed.to_owned()).ok().unwrap();
            assert_eq!(typed.for_sign_in(), Password::new(also.to_owned()).ok().unwrap().for_sign_in());
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
            ("\u{fdfa}".repeat(10_000), PasswordError::TooLong),
            ("a\0b".to_owned(), PasswordError::Control),
            ("a\nb".to_owned(), PasswordError::Control),
        ] {
            assert_eq!(Password::new(text).err(), Some(why));
            assert_eq!(why.refusal().code, Code::Invalid);
        }
        assert!(Password::new("\u{fdfa}".repeat(1_000)).is_ok());
    }
}
