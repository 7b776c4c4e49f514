//! From a password to key material: Argon2id (RFC 9106), with its cost kept beside the slot that it opens.
//!
//! The cost is what takes this computer about half a second, measured when it is first asked for. A slot that a right
//! password opens much sooner than that is wrapped anew: a desk that got a faster computer gets dearer slots.

use std::{sync::OnceLock, time::Duration};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use hkdf::Hkdf;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::Zeroize;

use crate::{
    clock::timed,
    damage::Damage,
    error::VaultError,
    password::Password,
    secret::{Key, fill_random},
    slots::Bytes,
};

/// What one try costs: memory in KiB, and how often it is gone over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cost {
    pub(crate) memory_kib: u32,
    pub(crate) passes: u32,
}

/// The least that any slot costs: 64 MiB, three passes.
const FLOOR: Cost = Cost { memory_kib: 64 * 1024, passes: 3 };
/// The most that a slot may ask of this computer; a file that asks for more was altered.
const CEILING: Cost = Cost { memory_kib: 1024 * 1024, passes: 64 };
/// More memory than this is never chosen: the desk has other programs. Passes grow instead.
const ROOM_KIB: u32 = 256 * 1024;
/// How long a try should take.
const TARGET: Duration = Duration::from_millis(600);
/// A slot that opens sooner than this has fallen behind.
pub(crate) const BEHIND: Duration = Duration::from_millis(300);

impl Cost {
    /// The cost that takes [`TARGET`], when this one took `took`. Never below the floor.
    fn suited(self, took: Duration) -> Cost {
        let work = u64::from(self.memory_kib) * u64::from(self.passes);
        let scaled = u128::from(work) * TARGET.as_micros() / took.as_micros().max(1);
        let most = u64::from(ROOM_KIB) * u64::from(CEILING.passes);
        let work = u64::try_from(scaled).unwrap_or(most).min(most);
        let memory = (work / u64::from(FLOOR.passes)).clamp(FLOOR.memory_kib.into(), ROOM_KIB.into());
        // Whole mebibytes read well in a file that people look at when something is wrong.
        let memory_kib = memory as u32 / 1024 * 1024;
        let passes = (work / u64::from(memory_kib)) as u32;
        Cost { memory_kib, passes: passes.clamp(FLOOR.passes, CEILING.passes) }
    }

    /// Whether the other asks for more, and for less of nothing.
    fn is_below(self, other: Cost) -> bool {
        self != other && self.memory_kib <= other.memory_kib && self.passes <= other.passes
    }

    /// What suits this computer, measured once in the life of the process. Tests, which make hundreds of slots, take the
    /// floor, as a slow computer would.
    pub(crate) fn here() -> Cost {
        static MEASURED: OnceLock<Cost> = OnceLock::new();
        if cfg!(any(test, feature = "test-keychain")) { FLOOR } else { *MEASURED.get_or_init(Cost::measured) }
    }

    fn measured() -> Cost {
        let mut memory = FLOOR.memory();
        let (_, took) = timed(|| FLOOR.hash(b"", &[0; 16], 1, &mut [0; 32], &mut memory));
        FLOOR.suited(took)
    }

    fn memory(self) -> Vec<Block> {
        vec![Block::default(); self.memory_kib as usize]
    }

    fn hash(self, password: &[u8], salt: &[u8], lanes: u32, out: &mut [u8; 32], memory: &mut [Block]) -> Option<()> {
        let params = Params::new(self.memory_kib, self.passes, lanes, Some(32)).ok()?;
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into_with_memory(password, salt, out, memory)
            .ok()
    }
}

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
    /// With a fresh salt.
    pub(crate) fn at(cost: Cost) -> Result<Self, VaultError> {
        let mut salt = vec![0; 16];
        fill_random(&mut salt)?;
        let Cost { memory_kib, passes } = cost;
        Ok(Self { name: KdfName::Argon2id, memory_kib, passes, lanes: 1, salt: Bytes(salt) })
    }

    /// Whether it asks for less than `cost`, and for more of nothing.
    pub(crate) fn is_below(&self, cost: Cost) -> bool {
        self.cost().is_below(cost)
    }

    fn cost(&self) -> Cost {
        Cost { memory_kib: self.memory_kib, passes: self.passes }
    }

    /// Whether this asks for no less than the floor and no more than any computer of ours would have chosen.
    pub(crate) fn is_sane(&self) -> bool {
        (FLOOR.memory_kib..=CEILING.memory_kib).contains(&self.memory_kib)
            && (FLOOR.passes..=CEILING.passes).contains(&self.passes)
            && (1..=4).contains(&self.lanes)
            && self.salt.0.len() == 16
    }

    /// Hashes; the memory it worked in is wiped before it returns.
    fn stretch(&self, password: &Password) -> Result<Key, VaultError> {
        let KdfName::Argon2id = self.name;
        let mut memory = self.cost().memory();
        let mut out = Key::zero();
        let password = password.for_sign_in().as_bytes();
        let hashed = self.cost().hash(password, &self.salt.0, self.lanes, out.bytes_mut(), &mut memory);
        memory.iter_mut().for_each(Zeroize::zeroize);
        hashed.ok_or(Damage::KeyFileUnreadable)?;
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
        let kdf = Kdf::at(FLOOR).unwrap();
        let device = Key::random().unwrap();
        let key = |kdf: &Kdf, text: &str, device: &Key| *kdf.slot_key(&password(text), device).unwrap().bytes();
        let right = key(&kdf, "one", &device);
        assert_eq!(right, key(&kdf, "one", &device));
        assert_ne!(right, key(&kdf, "two", &device), "password");
        assert_ne!(right, key(&Kdf::at(FLOOR).unwrap(), "one", &device), "salt");
        assert_ne!(right, key(&kdf, "one", &Key::random().unwrap()), "device secret");
    }

    fn cost(memory_mib: u32, passes: u32) -> Cost {
        Cost { memory_kib: memory_mib * 1024, passes }
    }

    #[test]
    fn a_try_costs_what_takes_this_computer_about_half_a_second_and_never_less_than_the_floor() {
        for (took, suited) in [
            (5_000, cost(64, 3)),
            (600, cost(64, 3)),
            (300, cost(128, 3)),
            (150, cost(256, 3)),
            (50, cost(256, 9)),
            (0, cost(256, 64)),
        ] {
            assert_eq!(FLOOR.suited(Duration::from_millis(took)), suited, "{took} ms");
        }
        assert_eq!(cost(256, 9).suited(Duration::from_millis(600)), cost(256, 9), "what suits stays");
        let here = Kdf::at(Cost::measured()).unwrap();
        assert!(here.is_sane() && here.memory_kib <= ROOM_KIB);
    }

    #[test]
    fn one_cost_is_below_another_only_in_all_of_it() {
        assert!(FLOOR.is_below(cost(256, 3)) && cost(256, 3).is_below(cost(256, 9)));
        assert!(!cost(256, 9).is_below(cost(256, 9)), "as it is");
        assert!(!cost(1024, 3).is_below(cost(256, 9)), "not less memory for more passes");
    }

    #[test]
    fn a_slot_weaker_than_the_floor_or_dearer_than_the_ceiling_is_not_sane() {
        let sane = Kdf::at(FLOOR).unwrap();
        assert!(sane.is_sane());
        for broken in [
            Kdf { memory_kib: FLOOR.memory_kib - 1, ..sane.clone() },
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
