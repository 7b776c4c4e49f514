//! A keychain that outlives the process that is killed: a folder, an entry a file.

use std::{fs, io, path::PathBuf};

use super::{Entry, Kept, Keychain, KeychainError, KeychainState, sealed::Sealed};

pub(crate) struct FolderKeychain(pub(crate) PathBuf);

impl FolderKeychain {
    fn path(&self, entry: &Entry) -> PathBuf {
        self.0.join(entry.kind.as_str())
    }
}

fn said(error: io::Error) -> KeychainError {
    if error.kind() == io::ErrorKind::NotFound { KeychainError::NoEntry } else { KeychainError::Refused }
}

impl Sealed for FolderKeychain {}

impl Keychain for FolderKeychain {
    fn state(&self) -> KeychainState {
        KeychainState::Ready
    }

    fn backend(&self) -> Result<String, KeychainError> {
        Ok("folder".to_owned())
    }

    fn get(&self, entry: &Entry) -> Result<Kept, KeychainError> {
        fs::read(self.path(entry)).map(|bytes| Kept::new(&bytes)).map_err(said)
    }

    fn set(&self, entry: &Entry, secret: &Kept) -> Result<(), KeychainError> {
        let beside = self.path(entry).with_added_extension("new");
        fs::write(&beside, secret.bytes()).and_then(|()| fs::rename(&beside, self.path(entry))).map_err(said)
    }

    fn delete(&self, entry: &Entry) -> Result<(), KeychainError> {
        fs::remove_file(self.path(entry)).map_err(said)
    }
}
