//! Passwords: taken in, stretched with Argon2id, compared. Never shown, copied or written.

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc},
};
use practice::{Code, Refusal};
use zeroize::Zeroizing;

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
    /// A password as typed; any text may be compared with what is kept.
    pub fn typed(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// A password that a member may have from now on.
    ///
    /// # Errors
    /// In words, when it is too short, too long or nothing but one character.
    pub fn chosen(text: String) -> Result<Self, Refusal> {
        let password = Self::typed(text);
        let mut all = password.0.chars();
        let first = all.next();
        if password.0.chars().count() < 10 || all.all(|c| Some(c) == first) {
            return Err(Refusal::new(Code::Invalid, "A password needs at least 10 characters, and not all the same."));
        }
        if password.0.len() > 1024 {
            return Err(Refusal::new(Code::Invalid, "A password has at most 1,024 characters."));
        }
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
        let hash = Password::chosen("correct horse".into()).unwrap().hash();
        assert!(Password::typed("correct horse".into()).is(Some(&hash)));
        for wrong in ["correct hors", "correct horse ", "", &"x".repeat(100_000)] {
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

    #[test]
    fn weak_passwords_are_refused() {
        for weak in ["", "short", "aaaaaaaaaaaaaaa", &"xy".repeat(513)] {
            assert!(Password::chosen(weak.into()).is_err());
        }
    }
}
