//! A member's password opens their slot.

use practice::ids::MemberId;

use crate::{
    clock::timed, damage::Damage, error::VaultError, password::Password, secret::leaving_no_trace, slots::Purpose,
    unlocked::Unlocked, vault::Vault, wrap,
};

impl Vault {
    /// Opens `member`'s slot. Works without the host.
    ///
    /// The try is counted as wrong before the password is looked at and forgiven when it was right, and the tries of
    /// two processes take turns: nothing is gained by killing this one, or by asking twice at once.
    pub fn unlock(&self, member: &MemberId, password: &Password) -> Result<Unlocked, VaultError> {
        leaving_no_trace(|| self.open_slot(member, password))
    }

    fn open_slot(&self, member: &MemberId, password: &Password) -> Result<Unlocked, VaultError> {
        let _turn = self.turn()?;
        let mut slots = self.whole()?;
        let slot = slots.slot(member).ok_or(VaultError::NoSlot)?.clone();
        let device = self.device_secret_of(&slots)?;
        if !slots.holds(&device) {
            return Err(Damage::KeyFileAltered.into());
        }

        let now = (self.clock)();
        if self.catch_up(&mut slots, &device, &now)? {
            slots.write(&self.slots_path())?;
        }
        let wait = slots.attempts.wait(member, &now);
        if !wait.is_zero() {
            return Err(VaultError::TooManyAttempts { wait });
        }
        self.count_try(&mut slots, member, &device, &now)?;

        let (slot_key, took) = timed(|| slot.kdf.slot_key(password, &device));
        let slot_key = slot_key?;
        let bound = Purpose::Member(&slot.owner, &slot.kdf).bound(&self.name);
        let Some(vault_key) = wrap::unwrap(&slot.key, &slot_key, &bound) else {
            // As after a right one, so that neither answer comes sooner.
            slots.write(&self.slots_path())?;
            return Err(VaultError::WrongPassword);
        };
        let private = self.private_key(&slots, &vault_key)?;

        if took < self.behind && slot.kdf.is_below((self.cost)()) {
            slots.put(self.new_slot(slot.owner, password, &device, &vault_key)?);
            slots.sign(&device);
        }
        slots.attempts.clear(member, &device);
        slots.write(&self.slots_path())?;
        Ok(Unlocked::new(self, &device, vault_key, private))
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, time::Duration};

    use practice::{Code, time::Mono};

    use super::*;
    use crate::{
        clock::Moment,
        desk::{Desk, name, owner, password, share},
        kdf::Cost,
        keychain::{EntryKind, KeychainState},
    };

    #[test]
    fn the_password_opens_the_vault_again_and_what_was_written_is_there() {
        let desk = Desk::enrolled();
        let unlocked = desk.vault.create(owner("ann"), &password("ann's"), &share(1)).ok().unwrap();
        unlocked.connect().unwrap().execute_batch("CREATE TABLE t (x); INSERT INTO t VALUES (42)").unwrap();
        drop(unlocked);
        let again = Vault::at(desk.dir.path(), desk.keychain.clone(), &name());
        let unlocked = again.unlock(&owner("ann").id, &password("ann's")).ok().unwrap();
        let x: i64 = unlocked.connect().unwrap().query_row("SELECT x FROM t", [], |row| row.get(0)).unwrap();
        assert_eq!(x, 42);
        assert_eq!(again.owners().unwrap(), [owner("ann")]);
    }

    fn at(secs: u64) -> Moment {
        Moment::new("this start", Mono(Duration::from_secs(secs)))
    }

    #[test]
    fn five_wrong_passwords_start_a_wait_that_survives_a_restart_of_the_program() {
        let mut desk = Desk::anns();
        desk.vault.clock = || at(100);
        for _ in 0..5 {
            assert_eq!(desk.unlock("ann", "guess").err(), Some(VaultError::WrongPassword));
        }
        let mut again = Vault::at(desk.dir.path(), desk.keychain.clone(), &name());
        again.clock = || at(129);
        let right = || password("ann's");
        let wait = Duration::from_secs(1);
        assert_eq!(again.unlock(&owner("ann").id, &right()).err(), Some(VaultError::TooManyAttempts { wait }));
        again.clock = || at(130);
        assert!(again.unlock(&owner("ann").id, &right()).is_ok());
        again.clock = || at(131);
        assert_eq!(again.unlock(&owner("ann").id, &password("guess")).err(), Some(VaultError::WrongPassword));
    }

    #[test]
    fn a_slot_that_has_fallen_behind_the_computer_is_made_dearer_by_the_next_right_password() {
        let mut desk = Desk::anns();
        let memory = |desk: &Desk| {
            let file: serde_json::Value = serde_json::from_slice(&fs::read(desk.path("slots.json")).unwrap()).unwrap();
            file["body"]["members"][0]["kdf"]["memory_kib"].as_u64().unwrap()
        };
        let floor = memory(&desk);
        desk.vault.cost = || Cost { memory_kib: 65 * 1024, passes: 3 };
        desk.vault.behind = Duration::ZERO;
        desk.unlock("ann", "ann's").map(drop).unwrap();
        assert_eq!(memory(&desk), floor, "it took long enough");
        desk.vault.behind = Duration::MAX;
        assert_eq!(desk.unlock("ann", "guess").err(), Some(VaultError::WrongPassword));
        assert_eq!(memory(&desk), floor, "a wrong password changes no slot");
        desk.unlock("ann", "ann's").map(drop).unwrap();
        assert_eq!(memory(&desk), 65 * 1024);
        desk.vault.cost = || Cost { memory_kib: 64 * 1024, passes: 3 };
        desk.unlock("ann", "ann's").map(drop).unwrap();
        assert_eq!(memory(&desk), 65 * 1024, "never cheaper");
    }

    #[test]
    fn a_try_that_cannot_be_counted_is_not_made() {
        let desk = Desk::anns();
        fs::create_dir(desk.path("slots.json.new")).unwrap();
        for with in ["guess", "ann's"] {
            assert_eq!(desk.unlock("ann", with).err().unwrap().refusal().code, Code::Unexpected, "{with}");
        }
    }

    #[test]
    fn a_count_edited_by_hand_is_the_maximum() {
        let mut desk = Desk::anns();
        desk.vault.clock = || at(100);
        for _ in 0..5 {
            desk.unlock("ann", "guess").err().unwrap();
        }
        let text = fs::read_to_string(desk.path("slots.json")).unwrap();
        fs::write(desk.path("slots.json"), text.replace("\"failed\": 5", "\"failed\": 0")).unwrap();
        desk.vault.clock = || at(100_000);
        let hour = Some(VaultError::TooManyAttempts { wait: Duration::from_secs(3600) });
        assert_eq!(desk.unlock("ann", "ann's").err(), hour);
        desk.vault.clock = || at(103_601);
        assert!(desk.unlock("ann", "ann's").is_ok());
    }

    type Cause = fn(&Desk);

    #[test]
    fn every_keychain_fault_has_its_own_code_and_changes_nothing_on_disk() {
        let faults: [(&str, Cause, Code); 6] = [
            ("locked", |desk| desk.keychain.become_(KeychainState::Locked), Code::KeychainLocked),
            ("gone", |desk| desk.keychain.become_(KeychainState::NoService), Code::KeychainMissing),
            ("entry deleted", |desk| desk.keychain.lose(EntryKind::DeviceSecret), Code::KeychainEntryMissing),
            ("another keychain", |desk| desk.keychain.replace_backend("other"), Code::KeychainChanged),
            (
                "another secret",
                |desk| desk.keychain.overwrite(EntryKind::DeviceSecret, &[7; 32]),
                Code::KeychainChanged,
            ),
            ("half a secret", |desk| desk.keychain.overwrite(EntryKind::DeviceSecret, &[7; 16]), Code::KeychainChanged),
        ];
        for (fault, cause, code) in faults {
            let desk = Desk::anns();
            let before = desk.files();
            cause(&desk);
            for error in [
                desk.unlock("ann", "ann's").err(),
                desk.vault.adopt(owner("ann"), &password("ann's"), &share(1)).err(),
                desk.vault.seal(b"page").err(),
            ] {
                assert_eq!(error.unwrap().refusal().code, code, "{fault}");
            }
            assert_eq!(desk.files(), before, "{fault}");
        }
    }

    #[test]
    fn who_never_signed_in_here_is_told_so() {
        let desk = Desk::anns();
        assert_eq!(desk.unlock("bob", "bob's").err(), Some(VaultError::NoSlot));
        assert_eq!(Desk::enrolled().unlock("ann", "ann's").err(), Some(VaultError::NotMade));
    }

    #[test]
    fn a_vault_of_another_workstation_is_not_opened_here() {
        let desk = Desk::anns();
        let mut other = name();
        other.workstation = practice::ids::WorkstationId::parse("desk-2").unwrap();
        let moved = Vault::at(desk.dir.path(), desk.keychain.clone(), &other);
        let error = moved.unlock(&owner("ann").id, &password("ann's")).err();
        assert_eq!(error, Some(VaultError::Damaged(Damage::KeyFileForeign)));
    }
}
