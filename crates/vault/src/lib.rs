//! Keys: derivation, key slots, the OS keychain, the lock's verdict; opens the SQLCipher file.
//!
//! ```text
//! password --Argon2id(salt)--+
//!                            +--HKDF--> slot key --AES-256-GCM--> unwraps the vault key (256 bit, random)
//! device secret (keychain) --+                                        |
//!                                                                     v
//! host's share + device secret --HKDF--> recovery slot        SQLCipher raw key
//! ```
//!
//! Invariants:
//!
//! - No public function returns a key's bytes. An [`Unlocked`] opens connections; it cannot be printed, copied or stored.
//! - `slots.json` holds wrapped keys and public things only. Without the keychain's device secret it opens nothing.
//! - Nothing here deletes or recreates a vault because it does not open. Only [`Vault::forget`] deletes.
//! - This crate knows no network, no patient and no screen.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod adopt;
pub mod attempts;
mod clock;
mod create;
mod damage;
#[cfg(test)]
mod desk;
mod device;
#[cfg(all(test, target_os = "linux"))]
mod disk_full_tests;
mod dumps;
mod durable;
mod error;
mod forget;
pub mod idle;
mod kdf;
pub mod keychain;
mod open;
mod owner;
mod password;
mod personal;
mod power;
#[cfg(all(test, target_os = "linux"))]
mod power_tests;
mod proofs;
mod rescue;
mod seal;
mod secret;
mod self_test;
mod share;
mod signature;
mod slots;
#[cfg(all(test, target_os = "linux"))]
mod small_disk_tests;
mod tries;
mod trusting;
mod unlock;
mod unlocked;
mod vault;
mod wrap;

pub use clock::Moment;
pub use damage::Damage;
pub use device::DeviceToken;
pub use dumps::stay_out_of_dumps;
pub use error::VaultError;
pub use keychain::{Keychain, KeychainError, KeychainState, OsKeychain};
pub use owner::SlotOwner;
pub use password::{Password, PasswordError};
pub use rescue::RescueKey;
pub use share::HostShare;
pub use signature::Signed;
pub use unlocked::Unlocked;
pub use vault::{Vault, WorkstationKeyName};
