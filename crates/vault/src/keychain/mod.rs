//! The operating system's keychain: where the half of every key lives that is not in anybody's head.
//!
//! It is asked whether it is there and unlocked before anything else, it is never made to prompt, and no call takes
//! longer than three seconds: a keychain that hangs must not hang the desk.

use practice::{Code, ids::WorkstationId};
use zeroize::Zeroizing;

#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
mod absent;
#[cfg(all(test, target_os = "linux"))]
mod folder;
#[cfg(any(target_os = "linux", target_os = "macos", windows))]
mod limit;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(any(test, feature = "test-keychain"))]
mod memory;
#[cfg(target_os = "linux")]
mod secret_service;
#[cfg(windows)]
mod windows;

#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
pub use absent::OsKeychain;
#[cfg(all(test, target_os = "linux"))]
pub(crate) use folder::FolderKeychain;
#[cfg(target_os = "macos")]
pub use macos::OsKeychain;
#[cfg(any(test, feature = "test-keychain"))]
pub use memory::MemoryKeychain;
#[cfg(target_os = "linux")]
pub use secret_service::OsKeychain;
#[cfg(windows)]
pub use windows::OsKeychain;

/// A keychain. Only this crate implements it, because only this crate may read what is kept.
pub trait Keychain: sealed::Sealed + Send + Sync {
    /// Whether it can be used now. Never prompts, never starts a service.
    fn state(&self) -> KeychainState;
    /// A name for the place new entries go to, which changes when the keychain is replaced by another one.
    fn backend(&self) -> Result<String, KeychainError>;
    /// Reads an entry.
    fn get(&self, entry: &Entry) -> Result<Kept, KeychainError>;
    /// Makes or replaces an entry. Who calls it reads it back.
    fn set(&self, entry: &Entry, secret: &Kept) -> Result<(), KeychainError>;
    /// Removes an entry.
    fn delete(&self, entry: &Entry) -> Result<(), KeychainError>;
}

pub(crate) mod sealed {
    pub trait Sealed {}
}

/// Whether the keychain can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeychainState {
    /// There and unlocked.
    Ready,
    /// There, and locked by the operating system.
    Locked,
    /// There is none, or none that entries can be put into.
    NoService,
}

/// Names one entry: whose, and what.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    /// The workstation it belongs to; one computer may be several.
    pub workstation: WorkstationId,
    /// Which of its secrets.
    pub kind: EntryKind,
}

/// What a workstation keeps in the keychain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EntryKind {
    /// 32 random bytes: the half of every slot key that never leaves this computer.
    DeviceSecret,
    /// What the host knows this computer by.
    DeviceToken,
    /// How many tries there have been: no secret, and out of reach of whoever puts an older folder back.
    Tries,
}

impl EntryKind {
    /// Every kind.
    pub const ALL: [EntryKind; 3] = [EntryKind::DeviceSecret, EntryKind::DeviceToken, EntryKind::Tries];

    /// The word in the entry's attributes.
    pub fn as_str(self) -> &'static str {
        match self {
            EntryKind::DeviceSecret => "device-secret",
            EntryKind::DeviceToken => "device-token",
            EntryKind::Tries => "tries",
        }
    }
}

/// A secret on its way into or out of a keychain. Opaque outside this crate.
pub struct Kept(Zeroizing<Vec<u8>>);

impl Kept {
    pub(crate) fn new(bytes: &[u8]) -> Self {
        Self(Zeroizing::new(bytes.to_vec()))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Why the keychain did not do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeychainError {
    /// Locked by the operating system.
    #[error("locked")]
    Locked,
    /// None, or no keyring in it.
    #[error("no service")]
    NoService,
    /// It does not answer.
    #[error("no answer")]
    Silent,
    /// It has no such entry.
    #[error("no entry")]
    NoEntry,
    /// The entry is not the one this vault was made with, or there are two of it.
    #[error("changed")]
    Changed,
    /// It said yes and kept nothing.
    #[error("not kept")]
    NotKept,
    /// It refused, for a reason of its own.
    #[error("refused")]
    Refused,
}

impl KeychainError {
    pub(crate) fn words(self) -> (Code, &'static str) {
        match self {
            KeychainError::Locked => (
                Code::KeychainLocked,
                "This computer's keychain is locked, so the chart stays closed. Unlock it in the system's password \
                 settings, or sign out of the computer and in again.",
            ),
            KeychainError::NoService => (
                Code::KeychainMissing,
                "This computer has no keychain running, so the chart stays closed. Sign in to the computer's desktop, \
                 or ask whoever looks after it to start the keychain (Secret Service).",
            ),
            KeychainError::Silent => (
                Code::KeychainMissing,
                "This computer's keychain does not answer, so the chart stays closed. Sign out of the computer and \
                 in again.",
            ),
            KeychainError::NoEntry => (
                Code::KeychainEntryMissing,
                "This computer's keychain no longer holds its part of the chart's key. Nothing was deleted. Restore \
                 the keychain from a backup, or enrol this computer again.",
            ),
            KeychainError::Changed => (
                Code::KeychainChanged,
                "This computer's keychain is not the one the chart was made with. Nothing was deleted. Switch back \
                 to the earlier keychain, or enrol this computer again.",
            ),
            KeychainError::NotKept | KeychainError::Refused => (
                Code::KeychainMissing,
                "This computer's keychain does not keep what it is given, so no key can be made safely. Ask whoever \
                 looks after the computer to check its keychain.",
            ),
        }
    }
}
