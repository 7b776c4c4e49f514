//! After an online sign-in the host's share opens the recovery slot: a member new to this desk gets a slot, one whose
//! password changed gets theirs wrapped anew, and a key file that something altered is mended.

use practice::ids::MemberId;

use crate::{
    damage::Damage,
    error::VaultError,
    owner::SlotOwner,
    password::Password,
    seal,
    secret::leaving_no_trace,
    share::HostShare,
    slots::{Bytes, Purpose},
    unlocked::Unlocked,
    vault::{Vault, device_check},
    wrap,
};

impl Vault {
    /// Opens by the recovery slot and gives `owner` a slot for `password`. One file is replaced, in one step.
    ///
    /// Everything in the file that a code or a key does not prove is left for those who can prove it: other members'
    /// slots open only for their passwords, whoever wrote the file.
    pub fn adopt(&self, owner: SlotOwner, password: &Password, share: &HostShare) -> Result<Unlocked, VaultError> {
        leaving_no_trace(|| self.open_recovery(owner, password, share))
    }

    fn open_recovery(&self, owner: SlotOwner, password: &Password, share: &HostShare) -> Result<Unlocked, VaultError> {
        let _turn = self.turn()?;
        let mut slots = self.whole()?;
        let device = match self.device_secret_of(&slots) {
            Err(VaultError::Damaged(Damage::KeyFileAltered)) => self.device_secret()?,
            device => device?,
        };
        let recovery_key = self.recovery_key(share, &device);
        let vault_key = wrap::unwrap(&slots.body.recovery, &recovery_key, &Purpose::Recovery.bound(&self.name))
            .ok_or(if slots.holds(&device) { Damage::ShareRefused } else { Damage::KeyFileAltered })?;
        let private = self.private_key(&slots, &vault_key)?;

        let now = (self.clock)();
        if self.catch_up(&mut slots, &device, &now).is_err() {
            // A keychain that can't keep the number costs the others a wait, and nobody the vault.
            let members = slots.body.members.iter().map(|slot| &slot.owner.id);
            slots.attempts.raise(members, u32::MAX, slots.attempts.number, &now, &device);
        }
        slots.body.members.retain(|slot| slot.kdf.is_sane());
        slots.body.public_key = Bytes(seal::public_of(&private));
        slots.body.device_check = device_check(&device);
        slots.body.backend = self.keychain.backend()?;
        slots.attempts.clear(&owner.id, &device);
        slots.put(self.new_slot(owner, password, &device, &vault_key)?);
        slots.sign(&device);
        slots.write(&self.slots_path())?;
        Ok(Unlocked::new(self, &device, vault_key, private))
    }

    /// Takes a member's slot away. Their password opens nothing here any more; the vault and the others' slots stay.
    pub fn remove(&self, member: &MemberId) -> Result<(), VaultError> {
        let _turn = self.turn()?;
        let mut slots = self.whole()?;
        let device = self.device_secret_of(&slots)?;
        if !slots.holds(&device) {
            return Err(Damage::KeyFileAltered.into());
        }
        slots.body.members.retain(|slot| slot.owner.id != *member);
        slots.sign(&device);
        slots.write(&self.slots_path())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::{
        desk::{Desk, owner, password, share},
        keychain::KeychainError,
    };

    fn write_42(unlocked: &Unlocked) {
        unlocked.connect().unwrap().execute_batch("CREATE TABLE t (x); INSERT INTO t VALUES (42)").unwrap();
    }

    fn reads_42(unlocked: &Unlocked) -> bool {
        unlocked.connect().unwrap().query_row("SELECT x FROM t", [], |row| row.get::<_, i64>(0)).unwrap() == 42
    }

    #[test]
    fn two_members_open_one_vault_each_with_their_own_password() {
        let desk = Desk::anns();
        write_42(&desk.unlock("ann", "ann's").ok().unwrap());
        assert!(reads_42(&desk.vault.adopt(owner("bob"), &password("bob's"), &share(1)).ok().unwrap()));
        assert!(reads_42(&desk.unlock("bob", "bob's").ok().unwrap()));
        assert!(reads_42(&desk.unlock("ann", "ann's").ok().unwrap()));
        assert_eq!(desk.unlock("ann", "bob's").err(), Some(VaultError::WrongPassword));
        assert_eq!(desk.vault.owners().unwrap(), [owner("ann"), owner("bob")]);
    }

    #[test]
    fn after_a_reset_the_new_password_opens_and_the_old_one_does_not() {
        let desk = Desk::anns();
        write_42(&desk.unlock("ann", "ann's").ok().unwrap());
        for _ in 0..5 {
            desk.unlock("ann", "forgotten").err().unwrap();
        }
        let renamed = SlotOwner { name: "ANN MARRIED".to_owned(), ..owner("ann") };
        assert!(reads_42(&desk.vault.adopt(renamed.clone(), &password("new"), &share(1)).ok().unwrap()));
        assert!(reads_42(&desk.unlock("ann", "new").ok().unwrap()), "and the wait is over");
        assert_eq!(desk.unlock("ann", "ann's").err(), Some(VaultError::WrongPassword));
        assert_eq!(desk.vault.owners().unwrap(), [renamed]);
    }

    #[test]
    fn another_share_opens_nothing_and_changes_nothing() {
        let desk = Desk::anns();
        let before = desk.files();
        let adopted = desk.vault.adopt(owner("ann"), &password("new"), &share(2));
        assert_eq!(adopted.err(), Some(Damage::ShareRefused.into()));
        assert_eq!(desk.files(), before);
    }

    #[test]
    fn the_share_without_the_keychain_opens_nothing() {
        let desk = Desk::anns();
        desk.keychain.overwrite(crate::keychain::EntryKind::DeviceSecret, &[9; 32]);
        let adopted = desk.vault.adopt(owner("ann"), &password("new"), &share(1));
        assert_eq!(adopted.err(), Some(KeychainError::Changed.into()));
    }

    #[test]
    fn a_slot_moved_to_another_name_opens_for_nobody_even_after_mending() {
        let desk = Desk::anns();
        let text = fs::read_to_string(desk.path("slots.json")).unwrap();
        fs::write(desk.path("slots.json"), text.replace("\"id\": \"ann\"", "\"id\": \"eve\"")).unwrap();
        desk.vault.adopt(owner("bob"), &password("bob's"), &share(1)).map(drop).unwrap();
        assert_eq!(desk.unlock("eve", "ann's").err(), Some(VaultError::WrongPassword));
    }

    #[test]
    fn mending_keeps_no_slot_that_was_made_cheap_or_ruinous() {
        for (before, after) in
            [("\"passes\": 3", "\"passes\": 1"), ("\"memory_kib\": 65536", "\"memory_kib\": 4294967295")]
        {
            let desk = Desk::anns();
            let text = fs::read_to_string(desk.path("slots.json")).unwrap();
            fs::write(desk.path("slots.json"), text.replace(before, after)).unwrap();
            desk.vault.adopt(owner("bob"), &password("bob's"), &share(1)).map(drop).unwrap();
            assert_eq!(desk.vault.owners().unwrap(), [owner("bob")], "{after}");
        }
    }

    #[test]
    fn a_removed_member_opens_nothing_and_the_others_go_on() {
        let desk = Desk::anns();
        desk.vault.adopt(owner("bob"), &password("bob's"), &share(1)).map(drop).unwrap();
        desk.vault.remove(&owner("ann").id).unwrap();
        assert_eq!(desk.unlock("ann", "ann's").err(), Some(VaultError::NoSlot));
        assert!(desk.unlock("bob", "bob's").is_ok());
    }
}
