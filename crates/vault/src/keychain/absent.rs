//! Where no keychain is written for this operating system yet: every answer says so, and nothing is kept elsewhere.

use super::{Entry, Kept, Keychain, KeychainError, KeychainState, sealed::Sealed};

/// The operating system's keychain, which this build does not know.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsKeychain;

impl Sealed for OsKeychain {}

impl Keychain for OsKeychain {
    fn state(&self) -> KeychainState {
        KeychainState::NoService
    }

    fn backend(&self) -> Result<String, KeychainError> {
        Err(KeychainError::NoService)
    }

    fn get(&self, _entry: &Entry) -> Result<Kept, KeychainError> {
        Err(KeychainError::NoService)
    }

    fn set(&self, _entry: &Entry, _secret: &Kept) -> Result<(), KeychainError> {
        Err(KeychainError::NoService)
    }

    fn delete(&self, _entry: &Entry) -> Result<(), KeychainError> {
        Err(KeychainError::NoService)
    }
}
