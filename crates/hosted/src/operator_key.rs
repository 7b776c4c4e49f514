//! The operator's key, which wraps each practice's own: in a file that only the operator may read, in the keychain of the
//! account that the host runs under, or a secret of its environment.

mod keychain;

use std::{
    env, fs,
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use aes_gcm::{
    Aes256Gcm, Nonce,
    aead::{Aead, KeyInit, Payload},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use practice::{Code, ids::PracticeId};
use zeroize::Zeroizing;

use crate::{random, store::StoreError};

const NONCE: usize = 12;

/// The operator's key. It can wrap and unwrap; its bytes cannot be had.
pub struct OperatorKey(Zeroizing<[u8; 32]>);

/// A practice's database key. Only the store opens a file with it.
pub struct PracticeKey(Zeroizing<[u8; 32]>);

/// The environment's word for the key: what the file would hold.
pub const VARIABLE: &str = "SHADOWCHART_OPERATOR_KEY";

/// Where a key is kept besides the environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Keep {
    /// In a file of its own, which says it.
    File,
    /// In the keychain; the file says under which name.
    Keychain,
}

/// What the file says before the name of the keychain's entry.
const IN_KEYCHAIN: &str = "keychain ";

impl OperatorKey {
    /// Whether the environment has the key: it goes before the file.
    pub fn is_of_environment() -> bool {
        env::var_os(VARIABLE).is_some()
    }

    /// The key of the environment, or what `of_file` gives where it has none.
    ///
    /// # Errors
    /// What the environment has is no key, or `of_file` fails.
    pub fn of_environment_or(of_file: impl FnOnce() -> Result<Self, StoreError>) -> Result<Self, StoreError> {
        match env::var_os(VARIABLE) {
            Some(text) => Self::parse(&Zeroizing::new(text.into_encoded_bytes())),
            None => of_file(),
        }
    }

    /// Makes a new key and keeps it in `file`, which must not exist.
    ///
    /// # Errors
    /// When the file exists or cannot be written.
    pub fn create(file: &Path) -> Result<Self, StoreError> {
        let key = Self(Zeroizing::new(random::bytes()));
        write(file, key.text().as_bytes())?;
        Ok(key)
    }

    /// Reads the key that is in `file`, or where `file` says.
    ///
    /// # Errors
    /// When the file cannot be read or leads to no key; in words when the keychain can't be asked.
    pub fn read(file: &Path) -> Result<Self, StoreError> {
        let text = Zeroizing::new(fs::read_to_string(file)?);
        match text.strip_prefix(IN_KEYCHAIN) {
            Some(name) => Self::parse(&keychain::get(name.trim())?),
            None => Self::parse(text.as_bytes()),
        }
    }

    /// Keeps the key that `file` leads to there from now on.
    ///
    /// # Errors
    /// As [`Self::read`]; the key is then where it was.
    pub fn keep(file: &Path, place: Keep) -> Result<(), StoreError> {
        let key = Self::read(file)?;
        let before = Zeroizing::new(fs::read_to_string(file)?);
        let next = match place {
            Keep::File => key.text(),
            Keep::Keychain => {
                let name = random::bytes::<8>().iter().map(|byte| format!("{byte:02x}")).collect::<String>();
                keychain::set(&name, key.text().as_bytes())?;
                if keychain::get(&name)?.as_slice() != key.text().as_bytes() {
                    keychain::delete(&name)?;
                    return Err(StoreError::refused(
                        Code::Invalid,
                        "The keychain gave back another key than it was given, so the key stays where it was.",
                    ));
                }
                Zeroizing::new(format!("{IN_KEYCHAIN}{name}"))
            }
        };
        let new = file.with_extension("key.new");
        match fs::remove_file(&new) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => write(&new, next.as_bytes())?,
        }
        fs::rename(&new, file)?;
        // An entry that stays is not wrong: it opens what it opened before.
        if let Some(name) = before.strip_prefix(IN_KEYCHAIN) {
            keychain::delete(name.trim())?;
        }
        Ok(())
    }

    fn parse(text: &[u8]) -> Result<Self, StoreError> {
        let bytes = Zeroizing::new(STANDARD.decode(text.trim_ascii()).map_err(|_| StoreError::OperatorKey)?);
        let key = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| StoreError::OperatorKey)?;
        Ok(Self(Zeroizing::new(key)))
    }

    fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(STANDARD.encode(self.0.as_slice()))
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

/// A new file that only its owner may read, on the disk when this returns.
fn write(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut out = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    out.write_all(bytes)?;
    out.sync_all()
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
