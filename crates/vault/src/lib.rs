//! Keys: derivation, key slots, the OS keychain, the lock's verdict; opens the SQLCipher file.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod idle;
pub mod keychain;
mod password;

pub use keychain::{Keychain, KeychainError, KeychainState, OsKeychain};
pub use password::{Password, PasswordError};
