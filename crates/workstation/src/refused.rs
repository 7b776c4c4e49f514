//! The outer face of every error here: [`Refused`], with words from us or from our host.

use practice::{Code, Refusal};

use crate::screen::Refused;

/// What every use case answers.
pub type Outcome<T> = Result<T, Refused>;

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self { code: refusal.code, say: refusal.say.to_owned() }
    }
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.say)
    }
}

impl std::error::Error for Refused {}

/// A refusal in our own words.
pub(crate) fn refuse<T>(code: Code, say: &'static str) -> Outcome<T> {
    Err(Refusal::new(code, say).into())
}
