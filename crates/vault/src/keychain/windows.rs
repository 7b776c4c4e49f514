//! The Windows Credential Manager
//! (<https://learn.microsoft.com/windows/win32/api/wincred/nf-wincred-credwritew>).
//!
//! It is unlocked for as long as a person is signed in, so it is never "locked"; a logon without a profile (a service,
//! say) has none. Entries stay on this computer: what Windows would take along to another one in a roaming profile is no
//! device secret. It takes 2,560 bytes an entry, and ours are shorter than a hundred.

use std::collections::HashMap;

use keyring_core::{Entry as Credential, Error, api::CredentialStoreApi};
use windows_native_keyring_store::Store;
use zeroize::Zeroizing;

use super::{Entry, Kept, Keychain, KeychainError, KeychainState, limit::within, sealed::Sealed};

/// The operating system's keychain.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsKeychain;

impl Sealed for OsKeychain {}

impl Keychain for OsKeychain {
    fn state(&self) -> KeychainState {
        match within(ready) {
            Ok(()) => KeychainState::Ready,
            Err(_) => KeychainState::NoService,
        }
    }

    fn backend(&self) -> Result<String, KeychainError> {
        within(|| ready().map(|()| "Windows Credential Manager".to_owned()))
    }

    fn get(&self, entry: &Entry) -> Result<Kept, KeychainError> {
        let name = name(entry);
        within(move || {
            let secret = Zeroizing::new(credential(&name)?.get_secret().map_err(said)?);
            Ok(Kept::new(&secret))
        })
    }

    fn set(&self, entry: &Entry, secret: &Kept) -> Result<(), KeychainError> {
        let (name, secret) = (name(entry), Kept::new(secret.bytes()));
        within(move || credential(&name)?.set_secret(secret.bytes()).map_err(said))
    }

    fn delete(&self, entry: &Entry) -> Result<(), KeychainError> {
        let name = name(entry);
        within(move || credential(&name)?.delete_credential().map_err(said))
    }
}

/// Whether this logon has credentials at all. Asked for an entry that nobody makes.
fn ready() -> Result<(), KeychainError> {
    match credential("shadowchart")?.get_attributes() {
        Ok(_) | Err(Error::NoEntry) => Ok(()),
        Err(error) => Err(said(error)),
    }
}

fn name(entry: &Entry) -> String {
    format!("shadowchart/{}/{}", entry.workstation, entry.kind.as_str())
}

/// The generic credential of this name, there or not.
fn credential(name: &str) -> Result<Credential, KeychainError> {
    let how = HashMap::from([("target", name), ("persistence", "Local")]);
    Store::new().and_then(|store| store.build("shadowchart", name, Some(&how))).map_err(said)
}

/// What the store's error means. By kind, never by text.
fn said(error: Error) -> KeychainError {
    match error {
        Error::NoEntry => KeychainError::NoEntry,
        // ERROR_NO_SUCH_LOGON_SESSION: this logon has no credential set.
        Error::NoStorageAccess(_) => KeychainError::NoService,
        _ => KeychainError::Refused,
    }
}
