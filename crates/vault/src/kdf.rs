//! From a password to key material: Argon2id (RFC 9106), with its cost kept beside the slot that it opens.

use argon2::{Algorithm, Argon2, Block, Params, Version};
use hkdf::Hkdf;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::Zeroize;

use crate::{
    damage::Damage,
    error::VaultError,
    password::Password,
    secret::{Key, fill_random},
    slots::Bytes,
};

/// The least that any slot costs: 64 MiB, three passes.
const FLOOR: (u32, u32) = (64 * 1024, 3);
/// The most that a slot may ask of this computer; a file that asks for more was altered.
const CEILING: (u32, u32) = (1024 * 1024, 64);

/// How one slot's password is hashed. Not secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Kdf {
    name: KdfName,
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    salt: Bytes,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum KdfName {
    Argon2id,
}

impl Kdf {
    /// With a fresh salt, at the floor.
    pub(crate) fn fresh() -> Result<Self, VaultError> {
        let mut salt = vec![0; 16];
        fill_random(&mut salt)?;
        Ok(Self { name: KdfName::Argon2id, memory_kib: FLOOR.0, passes: FLOOR.1, lanes: 1, salt: Bytes(salt) })
    }

    /// Whether this asks for no less than the floor and no more than any computer of ours would have chosen.
    pub(crate) fn is_sane(&self) -> bool {
        (FLOOR.0..=CEILING.0).contains(&self.memory_kib)
            && (FLOOR.1..=CEILING.1).contains(&self.passes)
            && (1..=4).contains(&self.lanes)
            && self.salt.0.len() == 16
    }

    /// Hashes; the memory it worked in is wiped before it returns.
    fn stretch(&self, password: &Password) -> Result<Key, VaultError> {
        let KdfName::Argon2id = self.name;
        let params =
            Params::new(self.memory_kib, self.passes, self.lanes, Some(32)).map_err(|_| Damage::KeyFileUnreadable)?;
        let mut memory = vec![Block::default(); params.block_count()];
        let mut out = Key::zero();
        let hashed = Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into_with_memory(
            password.for_sign_in().as_bytes(),
            &self.salt.0,
            out.bytes_mut(),
            &mut memory,
        );
        memory.iter_mut().for_each(Zeroize::zeroize);
        hashed.map_err(|_| Damage::KeyFileUnreadable)?;
        Ok(out)
    }

    /// The key of a member's slot.
    pub(crate) fn slot_key(&self, password: &Password, device: &Key) -> Result<Key, VaultError> {
        Ok(mix(&self.stretch(password)?, device, "shadowchart slot 1"))
    }
}

/// One key from two, neither of which tells anything without the other (HKDF-SHA-256, RFC 5869).
pub(crate) fn mix(first: &Key, second: &Key, purpose: &str) -> Key {
    let mut both = [0; 64];
    both[..32].copy_from_slice(first.bytes());
    both[32..].copy_from_slice(second.bytes());
    let key = expand(&both, purpose);
    both.zeroize();
    key
}

/// A key for one purpose from one key.
pub(crate) fn derive(from: &Key, purpose: &str) -> Key {
    expand(from.bytes(), purpose)
}

fn expand(material: &[u8], purpose: &str) -> Key {
    let mut key = Key::zero();
    Hkdf::<Sha256>::new(None, material)
        .expand(purpose.as_bytes(), key.bytes_mut())
        .expect("32 bytes are fewer than the 8,160 that HKDF-SHA-256 gives");
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(text: &str) -> Password {
        Password::new(text.to_owned()).ok().unwrap()
    }

    #[test]
    fn the_slot_key_needs_password_salt_and_device_secret() {
        let kdf = Kdf::fresh().unwrap();
        let device = Key::random().unwrap();
        let key = |kdf: &Kdf, text: &str, device: &Key| *kdf.slot_key(&password(text), device).unwrap().bytes();
        let right = key(&kdf, "one", &device);
        assert_eq!(right, key(&kdf, "one", &device));
        assert_ne!(right, key(&kdf, "two", &device), "password");
        assert_ne!(right, key(&Kdf::fresh().unwrap(), "one", &device), "salt");
        assert_ne!(right, key(&kdf, "one", &Key::random().unwrap()), "device secret");
    }

    #[test]
    fn a_slot_weaker_than_the_floor_or_dearer_than_the_ceiling_is_not_sane() {
        let sane = Kdf::fresh().unwrap();
        assert!(sane.is_sane());
        for broken in [
            Kdf { memory_kib: FLOOR.0 - 1, ..sane.clone() },
            Kdf { passes: 2, ..sane.clone() },
            Kdf { memory_kib: u32::MAX, ..sane.clone() },
            Kdf { passes: u32::MAX, ..sane.clone() },
            Kdf { lanes: 0, ..sane.clone() },
            Kdf { salt: Bytes(vec![1; 4]), ..sane.clone() },
        ] {
            assert!(!broken.is_sane(), "{broken:?}");
        }
    }
}
