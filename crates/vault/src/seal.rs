//! Sealing for a vault that is locked: HPKE (RFC 9180), X25519 and AES-256-GCM, to the vault's public key. In PSK mode,
//! with a key that the keychain's device secret gives: whoever can only write files makes nothing that the vault takes.

use hpke::{
    Deserializable, Kem as _, OpModeR, OpModeS, PskBundle, Serializable, aead::AesGcm256, kdf::HkdfSha256,
    kem::X25519HkdfSha256, single_shot_open, single_shot_seal,
};
use zeroize::Zeroize;

use crate::{
    damage::Damage,
    error::VaultError,
    kdf::derive,
    secret::Key,
    vault::{Vault, WorkstationKeyName},
};

type Kem = X25519HkdfSha256;
/// First byte of everything sealed, so that another suite can follow.
const SUITE: u8 = 1;
const ENCAPSULATED: usize = 32;

/// A fresh private key.
pub(crate) fn new_private() -> Key {
    let (private, _) = Kem::gen_keypair();
    let mut bytes = private.to_bytes();
    let mut key = Key::zero();
    key.bytes_mut().copy_from_slice(&bytes);
    bytes.zeroize();
    key
}

/// The public half.
pub(crate) fn public_of(private: &Key) -> Vec<u8> {
    Kem::sk_to_pk(&read_private(private)).to_bytes().to_vec()
}

/// What this computer seals with.
pub(crate) fn sender_of(device: &Key) -> Key {
    derive(device, "shadowchart sealed 1")
}

fn bundle(sender: &Key) -> PskBundle<'_> {
    PskBundle::new(sender.bytes(), b"device secret").expect("neither the key nor its name is empty")
}

fn read_private(private: &Key) -> <Kem as hpke::Kem>::PrivateKey {
    <Kem as hpke::Kem>::PrivateKey::from_bytes(private.bytes()).expect("any 32 bytes are an X25519 private key")
}

fn info(name: &WorkstationKeyName) -> Vec<u8> {
    serde_json::to_vec(&("shadowchart sealed 1", &name.practice, &name.workstation)).expect("strings have a JSON form")
}

impl Vault {
    /// Seals `bytes` for this vault; works while it is locked. Only an unlocked vault opens it again.
    ///
    /// The key it seals to is the vault's own: a key file that something altered is refused.
    pub fn seal(&self, bytes: &[u8]) -> Result<Vec<u8>, VaultError> {
        let slots = self.slots()?.ok_or(VaultError::NotMade)?;
        let device = self.device_secret_of(&slots)?;
        if !slots.holds(&device) {
            return Err(Damage::KeyFileAltered.into());
        }
        let altered = |_| Damage::KeyFileAltered;
        let public = <Kem as hpke::Kem>::PublicKey::from_bytes(&slots.body.public_key.0).map_err(altered)?;
        let sender = sender_of(&device);
        let mode = OpModeS::Psk(bundle(&sender));
        let (encapsulated, sealed) =
            single_shot_seal::<AesGcm256, HkdfSha256, Kem>(&mode, &public, &info(&self.name), bytes, &[])
                .map_err(altered)?;
        let mut out = Vec::with_capacity(1 + ENCAPSULATED + sealed.len());
        out.push(SUITE);
        out.extend_from_slice(&encapsulated.to_bytes());
        out.extend_from_slice(&sealed);
        Ok(out)
    }
}

/// Opens what [`Vault::seal`] sealed; `None` when it was altered, sealed for another vault, or made elsewhere.
pub(crate) fn open(private: &Key, sender: &Key, name: &WorkstationKeyName, sealed: &[u8]) -> Option<Vec<u8>> {
    let (suite, rest) = sealed.split_first()?;
    let (encapsulated, sealed) = rest.split_at_checked(ENCAPSULATED)?;
    if *suite != SUITE {
        return None;
    }
    let encapsulated = <Kem as hpke::Kem>::EncappedKey::from_bytes(encapsulated).ok()?;
    single_shot_open::<AesGcm256, HkdfSha256, Kem>(
        &OpModeR::Psk(bundle(sender)),
        &read_private(private),
        &encapsulated,
        &info(name),
        sealed,
        &[],
    )
    .ok()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::desk::{Desk, owner, password, share};

    #[test]
    fn what_was_sealed_while_locked_opens_for_every_member_and_for_no_other_vault() {
        let desk = Desk::anns();
        let page = vec![7; 100_000];
        let sealed = desk.vault.seal(&page).unwrap();
        desk.vault.adopt(owner("bob"), &password("bob's"), &share(1)).map(drop).unwrap();
        for (member, password) in [("ann", "ann's"), ("bob", "bob's")] {
            assert_eq!(desk.unlock(member, password).ok().unwrap().open_sealed(&sealed), Some(page.clone()));
        }
        let other = Desk::anns();
        assert_eq!(other.unlock("ann", "ann's").ok().unwrap().open_sealed(&sealed), None);
        assert_ne!(desk.vault.seal(&page).unwrap(), sealed, "the same page never looks the same");
    }

    #[test]
    fn what_was_altered_after_sealing_does_not_open() {
        let desk = Desk::anns();
        let sealed = desk.vault.seal(b"page").unwrap();
        let unlocked = desk.unlock("ann", "ann's").ok().unwrap();
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert_eq!(unlocked.open_sealed(&altered), None, "byte {at}");
            assert_eq!(unlocked.open_sealed(&sealed[..at]), None, "cut at {at}");
        }
    }

    #[test]
    fn what_was_sealed_to_the_public_key_without_this_computers_secret_does_not_open() {
        let desk = Desk::anns();
        let slots = desk.vault.slots().unwrap().unwrap();
        let public = <Kem as hpke::Kem>::PublicKey::from_bytes(&slots.body.public_key.0).unwrap();
        let guessed = Key::random().unwrap();
        for mode in [OpModeS::Base, OpModeS::Psk(bundle(&guessed))] {
            let name = info(&desk.vault.name);
            let (encapsulated, sealed) =
                single_shot_seal::<AesGcm256, HkdfSha256, Kem>(&mode, &public, &name, b"forged", &[]).unwrap();
            let forged = [&[SUITE][..], &encapsulated.to_bytes(), &sealed].concat();
            assert_eq!(desk.unlock("ann", "ann's").ok().unwrap().open_sealed(&forged), None);
        }
    }

    #[test]
    fn nothing_is_sealed_to_a_key_that_somebody_put_into_the_key_file() {
        let desk = Desk::anns();
        let text = fs::read_to_string(desk.path("slots.json")).unwrap();
        let mut file: serde_json::Value = serde_json::from_str(&text).unwrap();
        let theirs = crate::slots::Bytes(public_of(&new_private()));
        file["body"]["public_key"] = serde_json::to_value(theirs).unwrap();
        fs::write(desk.path("slots.json"), file.to_string()).unwrap();
        assert_eq!(desk.vault.seal(b"page").err(), Some(Damage::KeyFileAltered.into()));
    }
}
