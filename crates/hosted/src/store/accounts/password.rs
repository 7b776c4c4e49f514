//! Passwords: taken in, stretched with Argon2id, compared. Never shown, copied or written.

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc},
};
use practice::Refusal;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::password_rules;

/// A password as it was typed.
///
/// ```compile_fail
/// fn shown(password: hosted::store::Password) -> String { format!("{password:?}") }
/// ```
pub struct Password(Zeroizing<String>);

/// What is kept of a password: a PHC string.
pub struct PasswordHash(String);

/// OWASP's first choice for Argon2id, <https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html>.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;

/// Verified against when the address is unknown, so that both answers take the same time.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c2hhZG93Y2hhcnQgbm9ib2R5$8LkNQOvNpS3Xiw0Fq6hEYuhlBfPYKsvHyrPGmu1kFMs";

impl Password {
    /// A password as typed, in NFKC (UAX #15), as windows send it; any text may be compared with what is kept.
    pub fn typed(text: String) -> Self {
        let text = Zeroizing::new(text);
        Self(Zeroizing::new(text.nfkc().collect()))
    }

    /// A password that anybody may have from now on.
    ///
    /// # Errors
    /// In words, when it is too short, too long, easy to guess or known to be stolen.
    pub fn chosen(text: String) -> Result<Self, Refusal> {
        Self::chosen_by(text, &[])
    }

    /// A password that a person may have from now on; `about` is what they are called, which makes it no better.
    ///
    /// # Errors
    /// As [`Self::chosen`].
    pub fn chosen_by(text: String, about: &[&str]) -> Result<Self, Refusal> {
        let password = Self::typed(text);
        password_rules::check(&password.0, about)?;
        Ok(password)
    }

    /// Stretches the password. Takes tens of milliseconds: not on a thread that serves others.
    pub fn hash(&self) -> PasswordHash {
        match hasher().hash_password(self.0.as_bytes()) {
            Ok(hash) => PasswordHash(hash.to_string()),
            Err(error) => panic!("Argon2 with constant parameters cannot fail: {error}"),
        }
    }

    /// Whether this is the password that `kept` was made from. Takes as long when there is none.
    pub fn is(&self, kept: Option<&PasswordHash>) -> bool {
        let text = kept.map_or(NOBODY, |hash| hash.0.as_str());
        // A hugely long password would let a stranger choose how long the hash takes.
        let typed = &self.0.as_bytes()[..self.0.len().min(1025)];
        let fits = phc::PasswordHash::new(text).is_ok_and(|hash| hasher().verify_password(typed, &hash).is_ok());
        fits && kept.is_some()
    }
}

impl PasswordHash {
    pub(in crate::store) fn kept(text: String) -> Self {
        Self(text)
    }

    pub(in crate::store) fn as_str(&self) -> &str {
        &self.0
    }
}

fn hasher() -> Argon2<'static> {
    match Params::new(MEMORY_KIB, PASSES, 1, None) {
        Ok(params) => Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
        Err(error) => panic!("these parameters are constants: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_fits_its_own_hash_alone() {
        let hash = Password::chosen("correct hórse battery".into()).unwrap().hash();
        for right in ["correct hórse battery", "correct ho\u{301}rse battery"] {
            assert!(Password::typed(right.into()).is(Some(&hash)), "however its letters are composed");
        }
        for wrong in ["correct hórse batter", "correct hórse battery ", "", &"x".repeat(100_000)] {
            assert!(!Password::typed(wrong.into()).is(Some(&hash)));
            assert!(!Password::typed(wrong.into()).is(None));
        }
    }

    #[test]
    fn the_stand_in_for_nobody_is_a_full_hash_of_the_same_cost() {
        let hash = phc::PasswordHash::new(NOBODY).unwrap();
        assert!(hash.hash.is_some(), "without an output, verification would return at once");
        assert_eq!(Params::try_from(&hash).unwrap().m_cost(), MEMORY_KIB);
        assert_eq!(Params::try_from(&hash).unwrap().t_cost(), PASSES);
    }
}
