//! `slots.json`: what is needed beside the password and the keychain to open the vault. It holds wrapped keys and
//! public things; whoever reads it learns who works here and nothing else.
//!
//! The whole body carries a code that only this computer's keychain can make. What this version does not know in the
//! file it refuses, because a key file that is half understood is not understood.

use std::{fs, io::ErrorKind, path::Path};

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use practice::ids::{MemberId, PracticeId, WorkstationId};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sha2::Sha256;

use crate::{
    attempts::Attempts,
    damage::Damage,
    durable::{self, Prepared},
    error::VaultError,
    kdf::{Kdf, derive},
    owner::SlotOwner,
    secret::Key,
    vault::WorkstationKeyName,
    wrap::Wrapped,
};

const VERSION: u32 = 1;
/// A thousand members fit in a quarter of it.
const MOST_BYTES: u64 = 1 << 20;
const PURPOSE: &str = "shadowchart slots 1";

/// The file.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Slots {
    version: u32,
    pub(crate) body: Body,
    code: Bytes,
    pub(crate) attempts: Attempts,
}

/// What the code covers.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Body {
    pub(crate) practice: PracticeId,
    pub(crate) workstation: WorkstationId,
    /// SHA-256 of what enrolment settled.
    pub(crate) settled: Bytes,
    /// Which keychain held the device secret when the vault was made.
    pub(crate) backend: String,
    /// Tells another device secret from a wrong password. Derived, so it tells nothing about the secret itself.
    pub(crate) device_check: Bytes,
    /// The vault's HPKE key, to seal for it while it is locked.
    pub(crate) public_key: Bytes,
    /// Its other half, wrapped by the vault key.
    pub(crate) private_key: Wrapped,
    /// The vault key, wrapped for the host's share.
    pub(crate) recovery: Wrapped,
    pub(crate) members: Vec<MemberSlot>,
}

/// The vault key, wrapped for one member's password.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MemberSlot {
    pub(crate) owner: SlotOwner,
    pub(crate) kdf: Kdf,
    pub(crate) key: Wrapped,
}

/// What a wrapped key is for. It opens for nothing else.
pub(crate) enum Purpose<'a> {
    Member(&'a SlotOwner, &'a Kdf),
    Recovery,
    Private,
}

impl Purpose<'_> {
    /// The bytes that bind it: practice, workstation, kind of slot, and for a member's slot whose and at what cost.
    pub(crate) fn bound(&self, name: &WorkstationKeyName) -> Vec<u8> {
        let place = ("shadowchart 1", &name.practice, &name.workstation);
        match self {
            Purpose::Member(owner, kdf) => serde_json::to_vec(&(place, "member", owner, kdf)),
            Purpose::Recovery => serde_json::to_vec(&(place, "recovery")),
            Purpose::Private => serde_json::to_vec(&(place, "private")),
        }
        .expect("strings and numbers have a JSON form")
    }
}

impl Slots {
    pub(crate) fn new(body: Body, number: u64, device: &Key) -> Self {
        let code = code_for(device, PURPOSE, &body);
        Self { version: VERSION, body, code, attempts: Attempts::none(number, device) }
    }

    /// Reads the file; `None` when there is none.
    pub(crate) fn read(path: &Path, name: &WorkstationKeyName) -> Result<Option<Self>, VaultError> {
        #[derive(Deserialize)]
        struct Version {
            version: u32,
        }
        let text = match fs::metadata(path) {
            Ok(metadata) if metadata.len() > MOST_BYTES => return Err(Damage::KeyFileUnreadable.into()),
            Ok(_) => fs::read(path)?,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let unreadable = |_| Damage::KeyFileUnreadable;
        let Version { version } = serde_json::from_slice(&text).map_err(unreadable)?;
        if version > VERSION {
            return Err(Damage::KeyFileNewer.into());
        }
        let slots: Slots = serde_json::from_slice(&text).map_err(unreadable)?;
        if slots.body.practice != name.practice || slots.body.workstation != name.workstation {
            return Err(Damage::KeyFileForeign.into());
        }
        if slots.body.settled.0 != name.settled.0 {
            return Err(Damage::EnrolmentAltered.into());
        }
        Ok(Some(slots))
    }

    pub(crate) fn write(&self, path: &Path) -> Result<(), VaultError> {
        Ok(self.prepare(path)?.take_its_place()?)
    }

    /// The first half of [`Self::write`].
    pub(crate) fn prepare(&self, path: &Path) -> Result<Prepared, VaultError> {
        let text = serde_json::to_vec_pretty(self).expect("strings and numbers have a JSON form");
        Ok(durable::prepare(path, &text)?)
    }

    /// Whether the body is what the vault last wrote.
    pub(crate) fn holds(&self, device: &Key) -> bool {
        code_holds(device, PURPOSE, &self.body, &self.code)
    }

    /// Makes the code anew after the body changed.
    pub(crate) fn sign(&mut self, device: &Key) {
        self.code = code_for(device, PURPOSE, &self.body);
    }

    pub(crate) fn slot(&self, member: &MemberId) -> Option<&MemberSlot> {
        self.body.members.iter().find(|slot| slot.owner.id == *member)
    }

    /// Adds a member's slot, in place of the one they had.
    pub(crate) fn put(&mut self, slot: MemberSlot) {
        match self.body.members.iter_mut().find(|old| old.owner.id == slot.owner.id) {
            Some(old) => *old = slot,
            None => self.body.members.push(slot),
        }
    }
}

/// The code (HMAC-SHA-256) of `what`, by a key that the keychain's device secret gives for `purpose`.
pub(crate) fn code_for(device: &Key, purpose: &str, what: &impl Serialize) -> Bytes {
    Bytes(mac(device, purpose, what).finalize().into_bytes().to_vec())
}

/// Whether `code` is the code of `what`, in constant time.
pub(crate) fn code_holds(device: &Key, purpose: &str, what: &impl Serialize, code: &Bytes) -> bool {
    mac(device, purpose, what).verify_slice(&code.0).is_ok()
}

fn mac(device: &Key, purpose: &str, what: &impl Serialize) -> Hmac<Sha256> {
    let key = derive(device, purpose);
    let mut mac = Hmac::<Sha256>::new_from_slice(key.bytes()).expect("HMAC takes a key of any length");
    mac.update(&serde_json::to_vec(what).expect("strings and numbers have a JSON form"));
    mac
}

/// Bytes that JSON holds as base64. Never secret ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bytes(pub(crate) Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        STANDARD.decode(String::deserialize(from)?).map(Self).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::desk::{Desk, name, owner, password, share};

    /// Every place in `value` that `change` alters, each altered alone.
    fn alterations(value: &Value, change: &dyn Fn(&Value) -> Option<Value>) -> Vec<(String, Value)> {
        let inner: Vec<(String, Value)> = match value {
            Value::Object(members) => members
                .iter()
                .flat_map(|(key, member)| {
                    alterations(member, change).into_iter().map(move |(path, altered)| {
                        let mut whole = value.clone();
                        whole[key] = altered;
                        (format!("{key}.{path}"), whole)
                    })
                })
                .collect(),
            Value::Array(items) => (0..items.len())
                .flat_map(|at| {
                    alterations(&items[at], change).into_iter().map(move |(path, altered)| {
                        let mut whole = value.clone();
                        whole[at] = altered;
                        (format!("{at}.{path}"), whole)
                    })
                })
                .collect(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
        };
        inner.into_iter().chain(change(value).map(|altered| (String::new(), altered))).collect()
    }

    fn another_leaf(value: &Value) -> Option<Value> {
        match value {
            Value::String(text) => {
                let mut bytes = text.clone().into_bytes();
                bytes[0] = if bytes[0] == b'A' { b'B' } else { b'A' };
                Some(Value::String(String::from_utf8(bytes).unwrap()))
            }
            Value::Number(number) => Some(Value::from(number.as_u64().unwrap() + 1)),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        }
    }

    fn an_unknown_field(value: &Value) -> Option<Value> {
        let mut members = value.as_object()?.clone();
        members.insert("surprise".to_owned(), Value::Null);
        Some(Value::Object(members))
    }

    /// A desk where Bob mistyped once, so that the file has every part it can have.
    fn busy_desk() -> (Desk, Value) {
        let desk = Desk::anns();
        desk.vault.adopt(owner("bob"), &password("bob's"), &share(1)).map(drop).unwrap();
        desk.unlock("bob", "guess").err().unwrap();
        let file = serde_json::from_slice(&fs::read(desk.path("slots.json")).unwrap()).unwrap();
        (desk, file)
    }

    fn read(desk: &Desk) -> Slots {
        Slots::read(&desk.path("slots.json"), &name()).unwrap().unwrap()
    }

    #[test]
    fn a_file_edited_anywhere_opens_nothing_and_deletes_nothing_and_signing_in_online_mends_what_can_be_mended() {
        let (desk, file) = busy_desk();
        let device = desk.vault.device_secret().unwrap();
        let vault_file = fs::read(desk.path("vault.db")).unwrap();
        let edits = alterations(&file, &another_leaf);
        assert!(edits.len() > 25, "the table of edits is empty");
        for (path, edited) in edits {
            fs::write(desk.path("slots.json"), serde_json::to_vec(&edited).unwrap()).unwrap();
            assert!(desk.unlock("ann", "ann's").is_err(), "{path}");
            let mended = match desk.vault.adopt(owner("ann"), &password("ann's"), &share(1)) {
                Ok(_) => read(&desk).holds(&device),
                Err(error) => matches!(error, VaultError::Damaged(_)),
            };
            assert!(mended, "{path}");
            assert_eq!(fs::read(desk.path("vault.db")).unwrap(), vault_file, "{path}");
        }
        fs::write(desk.path("slots.json"), serde_json::to_vec(&file).unwrap()).unwrap();
        let number = file["attempts"]["number"].as_u64().unwrap();
        desk.keychain.overwrite(crate::keychain::EntryKind::Tries, &number.to_be_bytes());
        assert!(desk.unlock("ann", "ann's").is_ok(), "the file as it was, beside the number as it was");
    }

    #[test]
    fn what_this_version_does_not_know_it_refuses() {
        let (desk, file) = busy_desk();
        for (path, edited) in alterations(&file, &an_unknown_field) {
            fs::write(desk.path("slots.json"), serde_json::to_vec(&edited).unwrap()).unwrap();
            let error = desk.unlock("ann", "ann's").err();
            assert_eq!(error, Some(Damage::KeyFileUnreadable.into()), "{path}");
        }
    }

    #[test]
    fn each_unreadable_file_has_its_words() {
        let desk = Desk::anns();
        let newer = br#"{"version": 2, "sections": []}"#.to_vec();
        for (bytes, damage) in [
            (Vec::new(), Damage::KeyFileUnreadable),
            (b"{}".to_vec(), Damage::KeyFileUnreadable),
            (vec![0; 4096], Damage::KeyFileUnreadable),
            (vec![b'['; 2 << 20], Damage::KeyFileUnreadable),
            (newer, Damage::KeyFileNewer),
        ] {
            fs::write(desk.path("slots.json"), &bytes).unwrap();
            assert_eq!(desk.unlock("ann", "ann's").err(), Some(damage.into()));
            assert_eq!(desk.vault.owners().err(), Some(damage.into()));
            assert_eq!(fs::read(desk.path("slots.json")).unwrap(), bytes);
        }
    }
}
