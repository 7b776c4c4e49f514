//! The operator's key: one file that only the operator may read, wrapping each practice's own key.

use std::{fs, io::Write, os::unix::fs::OpenOptionsExt, path::Path};

use aes_gcm::{
    Aes256Gcm, Nonce,
    aead::{Aead, KeyInit, Payload},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use practice::ids::PracticeId;
use zeroize::Zeroizing;

use crate::{random, store::StoreError};

const NONCE: usize = 12;

/// The operator's key. It can wrap and unwrap; its bytes cannot be had.
pub struct OperatorKey(Zeroizing<[u8; 32]>);

/// A practice's database key. Only the store opens a file with it.
pub struct PracticeKey(Zeroizing<[u8; 32]>);

impl OperatorKey {
    /// Makes a new key and keeps it in `file`, which must not exist.
    ///
    /// # Errors
    /// When the file exists or cannot be written.
    pub fn create(file: &Path) -> Result<Self, StoreError> {
        let key = Zeroizing::new(random::bytes());
        let mut out = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
        out.write_all(Zeroizing::new(STANDARD.encode(key.as_slice())).as_bytes())?;
        out.sync_all()?;
        Ok(Self(key))
    }

    /// Reads the key from `file`.
    ///
    /// # Errors
    /// When the file cannot be read or holds no key.
    pub fn read(file: &Path) -> Result<Self, StoreError> {
        let text = Zeroizing::new(fs::read_to_string(file)?);
        let bytes = Zeroizing::new(STANDARD.decode(text.trim()).map_err(|_| StoreError::OperatorKey)?);
        let key = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| StoreError::OperatorKey)?;
        Ok(Self(Zeroizing::new(key)))
    }

    /// A new practice key, and how it is kept: bound to `practice`, so that two files cannot be swapped.
    pub(crate) fn make(&self, practice: &PracticeId) -> Result<(PracticeKey, String), StoreError> {
        let key = Zeroizing::new(random::bytes::<32>());
        let wrapped = self.seal(practice.as_str(), key.as_slice())?;
        Ok((PracticeKey(key), wrapped))
    }

    /// The practice key that `wrapped` holds.
    pub(crate) fn unwrap(&self, practice: &PracticeId, wrapped: &str) -> Result<PracticeKey, StoreError> {
        let key = self.unseal(practice.as_str(), wrapped)?;
        let key = <[u8; 32]>::try_from(key.as_slice()).map_err(|_| StoreError::OperatorKey)?;
        Ok(PracticeKey(Zeroizing::new(key)))
    }

    /// How `secret` is kept, bound to `what` it is. No practice's id has a blank in it, and `what` has one.
    pub(crate) fn seal(&self, what: &str, secret: &[u8]) -> Result<String, StoreError> {
        let nonce = random::bytes::<NONCE>();
        let sealed = self
            .cipher()
            .encrypt(&Nonce::from(nonce), Payload { msg: secret, aad: what.as_bytes() })
            .map_err(|_| StoreError::OperatorKey)?;
        Ok(STANDARD.encode([nonce.as_slice(), &sealed].concat()))
    }

    /// What `sealed` holds.
    pub(crate) fn unseal(&self, what: &str, sealed: &str) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let bytes = STANDARD.decode(sealed.trim()).map_err(|_| StoreError::OperatorKey)?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE>().ok_or(StoreError::OperatorKey)?;
        self.cipher()
            .decrypt(&Nonce::from(*nonce), Payload { msg: sealed, aad: what.as_bytes() })
            .map(Zeroizing::new)
            .map_err(|_| StoreError::OperatorKey)
    }

    fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new(&(*self.0).into())
    }
}

impl PracticeKey {
    /// The statement that keys a SQLCipher connection (<https://www.zetetic.net/sqlcipher/sqlcipher-api/#key>).
    pub(crate) fn pragma(&self) -> Zeroizing<String> {
        let mut out = Zeroizing::new(String::with_capacity(96));
        out.push_str("pragma key = \"x'");
        for byte in self.0.iter() {
            for nibble in [byte >> 4, byte & 15] {
                out.push(char::from_digit(nibble.into(), 16).unwrap_or('0'));
            }
        }
        out.push_str("'\"");
        out
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn practice(id: &str) -> PracticeId {
        PracticeId::parse(id).unwrap()
    }

    #[test]
    fn only_the_operator_may_read_the_key() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("operator.key");
        OperatorKey::create(&file).unwrap();
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(OperatorKey::create(&file).is_err(), "an existing key is never replaced");
    }

    #[test]
    fn a_wrapped_key_opens_for_its_practice_and_operator_alone() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("operator.key");
        let operator = OperatorKey::create(&file).unwrap();
        let (key, wrapped) = operator.make(&practice("a")).unwrap();
        let again = OperatorKey::read(&file).unwrap().unwrap(&practice("a"), &wrapped).unwrap();
        assert_eq!(*key.pragma(), *again.pragma());
        assert!(operator.unwrap(&practice("b"), &wrapped).is_err());
        let other = OperatorKey::create(&dir.path().join("other.key")).unwrap();
        assert!(other.unwrap(&practice("a"), &wrapped).is_err());
    }
}
