//! How a patient is called where others may read along: in the list of who waits, and on the day's paper.

use serde::{Deserialize, Deserializer, Serialize};

/// How much of a name is shown there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum NameFormat {
    /// "A. R."
    Initials,
    /// "Ana R."
    FirstAndLetter,
    /// "Ray, Ana"
    #[default]
    Full,
}

impl NameFormat {
    /// All of them, the strictest first.
    pub const ALL: [Self; 3] = [Self::Initials, Self::FirstAndLetter, Self::Full];

    /// The contract's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Initials => "initials",
            Self::FirstAndLetter => "first_and_letter",
            Self::Full => "full",
        }
    }

    /// Reads the contract's word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == text)
    }

    /// As a policy is written: nothing is said of a name in full.
    pub(super) fn is_full(&self) -> bool {
        *self == Self::Full
    }

    /// The short form of a name like "Ray, Ana Maria"; `None` for a name in full.
    pub fn called(self, name: &str) -> Option<String> {
        let (family, given) = name.split_once(',').map_or((name.trim(), ""), |(a, b)| (a.trim(), b.trim()));
        let letter = |word: &str| word.chars().find(|c| c.is_alphabetic()).map(|c| format!("{c}."));
        let first = given.split_whitespace().next().unwrap_or_default();
        let head = match self {
            Self::Full => return None,
            Self::Initials => letter(first),
            Self::FirstAndLetter => Some(first.to_owned()).filter(|first| !first.is_empty()),
        };
        let parts: Vec<String> = head.into_iter().chain(letter(family)).collect();
        Some(parts.join(" "))
    }
}

/// A format that this version does not know is as strict as any.
pub(super) fn known<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NameFormat, D::Error> {
    let word = serde_json::Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(word).unwrap_or(NameFormat::Initials))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_name_tells_no_more_than_the_practice_wants() {
        for (name, initials, letter) in [
            ("Ray, Ana Maria", "A. R.", "Ana R."),
            ("O", "O.", "O."),
            ("O'Hára-Smith, Jo", "J. O.", "Jo O."),
            ("نموذج, سلمى", "س. ن.", "سلمى ن."),
            (", Ana", "A.", "Ana"),
            ("?, ", "", ""),
        ] {
            assert_eq!(NameFormat::Initials.called(name).as_deref(), Some(initials), "{name}");
            assert_eq!(NameFormat::FirstAndLetter.called(name).as_deref(), Some(letter), "{name}");
            assert_eq!(NameFormat::Full.called(name), None);
        }
    }
}
