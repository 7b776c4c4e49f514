//! The first sign-in on this computer makes the vault.
//!
//! The order makes every cut-off harmless: the encrypted file is complete under its temporary name before the key file
//! speaks of it, and gets its own name last. See the table in `vault`.

use std::fs;

use crate::{
    damage::Damage,
    durable,
    error::VaultError,
    kdf::{Kdf, mix},
    open,
    owner::SlotOwner,
    password::Password,
    power, seal,
    secret::{Key, leaving_no_trace},
    share::HostShare,
    slots::{Body, Bytes, MemberSlot, Purpose, Slots},
    unlocked::Unlocked,
    vault::{Vault, device_check},
    wrap,
};

impl Vault {
    /// Makes the vault key, the recovery slot, this member's slot and the encrypted file.
    pub fn create(&self, owner: SlotOwner, password: &Password, share: &HostShare) -> Result<Unlocked, VaultError> {
        leaving_no_trace(|| self.make(owner, password, share))
    }

    fn make(&self, owner: SlotOwner, password: &Password, share: &HostShare) -> Result<Unlocked, VaultError> {
        let _turn = self.turn()?;
        if self.slots()?.is_some() {
            return Err(VaultError::AlreadyMade);
        }
        let device = self.device_secret()?;
        let backend = self.keychain.backend()?;
        let vault_key = Key::random()?;
        let private = seal::new_private();
        let private_key = wrap::wrap(&private, &vault_key, &Purpose::Private.bound(&self.name))?;
        let recovery =
            wrap::wrap(&vault_key, &self.recovery_key(share, &device), &Purpose::Recovery.bound(&self.name))?;
        let body = Body {
            practice: self.name.practice.clone(),
            workstation: self.name.workstation.clone(),
            settled: Bytes(self.name.settled.0.to_vec()),
            backend,
            device_check: device_check(&device),
            public_key: Bytes(seal::public_of(&private)),
            private_key,
            recovery,
            members: vec![self.new_slot(owner, password, &device, &vault_key)?],
        };

        open::make(&self.db_new_path(), &vault_key)?;
        power::may_fail();
        Slots::new(body, self.begin_counting()?, &device).write(&self.slots_path())?;
        power::may_fail();
        fs::rename(self.db_new_path(), self.db_path())?;
        power::may_fail();
        durable::sync_folder_of(&self.db_path())?;
        Ok(Unlocked::new(self, &device, vault_key, private))
    }

    /// The key of the recovery slot.
    pub(crate) fn recovery_key(&self, share: &HostShare, device: &Key) -> Key {
        mix(&share.0, device, "shadowchart recovery 1")
    }

    /// A member's slot around `vault_key`, with a fresh salt.
    pub(crate) fn new_slot(
        &self,
        owner: SlotOwner,
        password: &Password,
        device: &Key,
        vault_key: &Key,
    ) -> Result<MemberSlot, VaultError> {
        let kdf = Kdf::at((self.cost)())?;
        let slot_key = kdf.slot_key(password, device)?;
        let key = wrap::wrap(vault_key, &slot_key, &Purpose::Member(&owner, &kdf).bound(&self.name))?;
        Ok(MemberSlot { owner, kdf, key })
    }

    /// The HPKE private key that `vault_key` opens.
    pub(crate) fn private_key(&self, slots: &Slots, vault_key: &Key) -> Result<Key, VaultError> {
        let bound = Purpose::Private.bound(&self.name);
        wrap::unwrap(&slots.body.private_key, vault_key, &bound).ok_or(Damage::KeyFileAltered.into())
    }
}

#[cfg(test)]
mod tests {
    use practice::Code;

    use super::*;
    use crate::{
        desk::{Desk, owner, password, share},
        keychain::{EntryKind, KeychainError},
    };

    type Cause = fn(&Desk);

    #[test]
    fn wherever_a_creation_is_cut_off_there_is_a_vault_or_none_and_the_next_sign_in_works() {
        // The states between the steps, as they lie on disk.
        let cut_offs: [(&str, Cause, bool); 4] = [
            (
                "half the file under its temporary name",
                |desk| {
                    fs::remove_file(desk.path("slots.json")).unwrap();
                    fs::write(desk.path("vault.db.new"), [0; 512]).unwrap();
                    fs::remove_file(desk.path("vault.db")).unwrap();
                },
                false,
            ),
            (
                "the file, no key file",
                |desk| {
                    fs::remove_file(desk.path("slots.json")).unwrap();
                    fs::rename(desk.path("vault.db"), desk.path("vault.db.new")).unwrap();
                },
                false,
            ),
            (
                "half a key file under its temporary name",
                |desk| {
                    fs::rename(desk.path("slots.json"), desk.path("slots.json.new")).unwrap();
                    fs::rename(desk.path("vault.db"), desk.path("vault.db.new")).unwrap();
                },
                false,
            ),
            (
                "the key file, and the file not named yet",
                |desk| {
                    fs::rename(desk.path("vault.db"), desk.path("vault.db.new")).unwrap();
                },
                true,
            ),
        ];
        for (state, cut_off, made) in cut_offs {
            let desk = Desk::anns();
            cut_off(&desk);
            assert_eq!(desk.vault.exists(), made, "{state}");
            if !made {
                desk.vault.create(owner("ann"), &password("ann's"), &share(1)).map(drop).unwrap();
            }
            desk.unlock("ann", "ann's").ok().unwrap().connect().unwrap();
            assert_eq!(desk.names(), ["slots.json", "vault.db"], "{state}");
        }
    }

    #[test]
    fn half_a_vault_is_damage_and_is_never_made_anew() {
        for (lost, damage) in [("vault.db", Damage::FileMissing), ("slots.json", Damage::KeyFileMissing)] {
            let desk = Desk::anns();
            fs::remove_file(desk.path(lost)).unwrap();
            let before = desk.files();
            assert!(desk.vault.exists(), "{lost}: half a vault is diagnosed, not taken for none");
            let damaged = Some(VaultError::Damaged(damage));
            assert_eq!(desk.unlock("ann", "ann's").err(), damaged);
            assert_eq!(desk.vault.adopt(owner("ann"), &password("ann's"), &share(1)).err(), damaged);
            let created = desk.vault.create(owner("ann"), &password("ann's"), &share(1)).err().unwrap();
            assert!([Code::VaultDamaged, Code::AlreadyEnrolled].contains(&created.refusal().code));
            assert_eq!(desk.vault.enrol("token").err(), Some(VaultError::AlreadyMade));
            assert_eq!(desk.files(), before);
        }
    }

    #[test]
    fn a_second_creation_and_a_second_enrolment_are_refused() {
        let desk = Desk::anns();
        let before = desk.files();
        let again = desk.vault.create(owner("bob"), &password("bob's"), &share(1));
        assert_eq!(again.err(), Some(VaultError::AlreadyMade));
        assert_eq!(desk.vault.enrol("other token").err(), Some(VaultError::AlreadyMade));
        assert_eq!(desk.files(), before);
        assert!(desk.unlock("ann", "ann's").is_ok(), "the device secret is the old one");
    }

    #[test]
    fn without_a_device_secret_no_vault_is_made() {
        let desk = Desk::enrolled();
        desk.keychain.lose(EntryKind::DeviceSecret);
        let created = desk.vault.create(owner("ann"), &password("ann's"), &share(1));
        assert_eq!(created.err(), Some(KeychainError::NoEntry.into()));
        assert!(desk.names().is_empty());
    }

    #[test]
    fn a_keychain_that_keeps_nothing_is_noticed_at_enrolment() {
        let desk = Desk::enrolled();
        desk.keychain.lose(EntryKind::DeviceSecret);
        desk.keychain.become_forgetful();
        assert_eq!(desk.vault.enrol("token").err(), Some(KeychainError::NotKept.into()));
    }

    #[test]
    fn the_key_file_holds_no_secret_in_clear() {
        let desk = Desk::anns();
        let device = desk.vault.device_secret().unwrap();
        let file = fs::read_to_string(desk.path("slots.json")).unwrap();
        let base64 = serde_json::to_string(&Bytes(device.bytes().to_vec())).unwrap();
        assert!(!file.contains(base64.trim_matches('"')));
        assert!(!file.contains("ann's"));
        assert!(!file.contains("token"));
    }
}
