//! A keychain that lives as long as the test, and fails when told to.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{Entry, EntryKind, Kept, Keychain, KeychainError, KeychainState, sealed::Sealed};

/// Entries in memory.
pub struct MemoryKeychain(Mutex<Inner>);

#[derive(Clone)]
struct Inner {
    entries: HashMap<Entry, Vec<u8>>,
    state: KeychainState,
    backend: String,
    forgetful: bool,
}

impl Default for MemoryKeychain {
    fn default() -> Self {
        Self(Mutex::new(Inner {
            entries: HashMap::new(),
            state: KeychainState::Ready,
            backend: "memory".to_owned(),
            forgetful: false,
        }))
    }
}

impl MemoryKeychain {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ready(&self) -> Result<MutexGuard<'_, Inner>, KeychainError> {
        let inner = self.inner();
        match inner.state {
            KeychainState::Ready => Ok(inner),
            KeychainState::Locked => Err(KeychainError::Locked),
            KeychainState::NoService => Err(KeychainError::NoService),
        }
    }

    /// From now on it is in this state.
    pub fn become_(&self, state: KeychainState) {
        self.inner().state = state;
    }

    /// From now on it says yes and keeps nothing.
    pub fn become_forgetful(&self) {
        self.inner().forgetful = true;
    }

    /// Another keychain takes its place, empty.
    pub fn replace_backend(&self, name: &str) {
        let mut inner = self.inner();
        inner.entries.clear();
        inner.backend = name.to_owned();
    }

    /// Somebody deletes every entry of this kind.
    pub fn lose(&self, kind: EntryKind) {
        self.inner().entries.retain(|entry, _| entry.kind != kind);
    }

    /// Somebody overwrites every entry of this kind.
    pub fn overwrite(&self, kind: EntryKind, bytes: &[u8]) {
        let mut inner = self.inner();
        inner.entries.iter_mut().filter(|(entry, _)| entry.kind == kind).for_each(|(_, kept)| *kept = bytes.to_vec());
    }

    /// What a backup of the keychain holds.
    pub fn as_it_is(&self) -> Self {
        Self(Mutex::new(self.inner().clone()))
    }

    /// Somebody restores the backup.
    pub fn become_as(&self, backup: &Self) {
        *self.inner() = backup.inner().clone();
    }

    /// How many entries there are.
    pub fn count(&self) -> usize {
        self.inner().entries.len()
    }
}

impl Sealed for MemoryKeychain {}

impl Keychain for MemoryKeychain {
    fn state(&self) -> KeychainState {
        self.inner().state
    }

    fn backend(&self) -> Result<String, KeychainError> {
        Ok(self.ready()?.backend.clone())
    }

    fn get(&self, entry: &Entry) -> Result<Kept, KeychainError> {
        self.ready()?.entries.get(entry).map(|bytes| Kept::new(bytes)).ok_or(KeychainError::NoEntry)
    }

    fn set(&self, entry: &Entry, secret: &Kept) -> Result<(), KeychainError> {
        let mut inner = self.ready()?;
        if !inner.forgetful {
            inner.entries.insert(entry.clone(), secret.bytes().to_vec());
        }
        Ok(())
    }

    fn delete(&self, entry: &Entry) -> Result<(), KeychainError> {
        self.ready()?.entries.remove(entry).map(drop).ok_or(KeychainError::NoEntry)
    }
}
