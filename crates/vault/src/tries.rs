//! The number of tries so far, kept in the keychain too: a folder that was copied, tried on and put back forgives nothing.
//!
//! The number goes up by one before a password is looked at, first in the keychain, then in the key file. So a file whose
//! number is lower lacks that many tries, and it can't be told whose: each member has them added. A file without its
//! entry, or with a higher number, goes with another keychain: each member is at the maximum, and a number begins that no
//! earlier file can have. Cut off between keychain and file, one try too many is counted, never one too few. A right
//! password lowers a count at the same number: whoever kept the file from before it has kept the higher count.

use practice::ids::MemberId;

use crate::{
    clock::Moment,
    error::VaultError,
    keychain::{EntryKind, Kept, KeychainError},
    secret::{Key, fill_random},
    slots::Slots,
    vault::Vault,
};

impl Vault {
    /// Begins a number, at a place that nobody guesses.
    pub(crate) fn begin_counting(&self) -> Result<u64, VaultError> {
        let mut place = [0; 8];
        fill_random(&mut place)?;
        // Half of the room stays for going up.
        let number = u64::from_be_bytes(place) >> 1;
        self.keep_number(number)?;
        Ok(number)
    }

    /// Adds the tries that the file lacks; true when there were any.
    pub(crate) fn catch_up(&self, slots: &mut Slots, device: &Key, now: &Moment) -> Result<bool, VaultError> {
        let kept = self.kept_number()?.filter(|_| slots.attempts.holds(device));
        let (more, number) = match kept.and_then(|kept| Some((kept.checked_sub(slots.attempts.number)?, kept))) {
            Some((0, _)) => return Ok(false),
            Some((lacking, kept)) => (u32::try_from(lacking).unwrap_or(u32::MAX), kept),
            None => (u32::MAX, self.begin_counting()?),
        };
        let members = slots.body.members.iter().map(|slot| &slot.owner.id);
        slots.attempts.raise(members, more, number, now, device);
        Ok(true)
    }

    /// Counts a try as wrong, in the keychain and in the file. What the file needs of the disk it has before the keychain
    /// goes ahead, so that a full one adds no tries.
    pub(crate) fn count_try(
        &self,
        slots: &mut Slots,
        member: &MemberId,
        device: &Key,
        now: &Moment,
    ) -> Result<(), VaultError> {
        let number = slots.attempts.number.wrapping_add(1);
        slots.attempts.count(member, number, now, device);
        let prepared = slots.prepare(&self.slots_path())?;
        self.keep_number(number)?;
        Ok(prepared.take_its_place()?)
    }

    fn keep_number(&self, number: u64) -> Result<(), KeychainError> {
        self.keep(EntryKind::Tries, Kept::new(&number.to_be_bytes()))
    }

    /// `None` when there is no entry, or one that is no number.
    fn kept_number(&self) -> Result<Option<u64>, KeychainError> {
        match self.keychain.get(&self.entry(EntryKind::Tries)) {
            Ok(kept) => Ok(kept.bytes().try_into().ok().map(u64::from_be_bytes)),
            Err(KeychainError::NoEntry) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, fs, time::Duration};

    use practice::time::Mono;

    use super::*;
    use crate::desk::{Desk, name, owner, password, share};

    const HOUR: Duration = Duration::from_secs(3600);

    fn at(secs: u64) -> Moment {
        Moment::new("this start", Mono(Duration::from_secs(secs)))
    }

    /// Ann and Bob have signed in; it is the hundredth second.
    fn desk() -> Desk {
        let mut desk = Desk::anns();
        desk.vault.adopt(owner("bob"), &password("bob's"), &share(1)).map(drop).unwrap();
        desk.vault.clock = || at(100);
        desk
    }

    fn put_back(desk: &Desk, files: &BTreeMap<String, Vec<u8>>) {
        for (name, bytes) in files {
            fs::write(desk.path(name), bytes).unwrap();
        }
    }

    fn number(desk: &Desk) -> u64 {
        desk.vault.kept_number().unwrap().unwrap()
    }

    fn guess(desk: &Desk, times: usize) {
        for _ in 0..times {
            assert_eq!(desk.unlock("ann", "guess").err(), Some(VaultError::WrongPassword));
        }
    }

    fn waits(desk: &Desk, member: &str, wait: Duration) {
        let refused = desk.unlock(member, &format!("{member}'s")).err();
        assert_eq!(refused, Some(VaultError::TooManyAttempts { wait }), "{member}");
    }

    #[test]
    fn a_folder_that_was_tried_on_and_put_back_forgives_nothing_and_each_time_the_wait_grows() {
        let mut desk = desk();
        let copy = desk.files();
        guess(&desk, 4);
        put_back(&desk, &copy);
        guess(&desk, 1);
        type Clock = fn() -> Moment;
        let waits_in_turn: [(Clock, u64, Clock); 3] =
            [(|| at(1_000), 30, || at(1_030)), (|| at(2_000), 60, || at(2_060)), (|| at(3_000), 120, || at(3_120))];
        for (now, wait, then) in waits_in_turn {
            put_back(&desk, &copy);
            desk.vault.clock = now;
            waits(&desk, "ann", Duration::from_secs(wait));
            waits(&desk, "bob", Duration::from_secs(wait));
            desk.vault.clock = then;
            guess(&desk, 1);
        }
        put_back(&desk, &copy);
        desk.vault.clock = || at(9_000);
        waits(&desk, "ann", Duration::from_secs(240));
        desk.vault.clock = || at(9_240);
        desk.unlock("ann", "ann's").map(drop).unwrap();
    }

    #[test]
    fn tries_on_a_copy_count_on_the_folder_that_it_was_made_of() {
        let desk = desk();
        let elsewhere = tempfile::tempdir().unwrap();
        for (name, bytes) in desk.files() {
            fs::write(elsewhere.path().join(name), bytes).unwrap();
        }
        let mut copy = Vault::at(elsewhere.path(), desk.keychain.clone(), &name());
        copy.clock = || at(100);
        for _ in 0..5 {
            copy.unlock(&owner("ann").id, &password("guess")).err().unwrap();
        }
        waits(&desk, "ann", Duration::from_secs(30));
    }

    #[test]
    fn the_file_from_before_a_right_password_holds_the_higher_count() {
        let mut desk = desk();
        guess(&desk, 4);
        let copy = desk.files();
        desk.unlock("ann", "ann's").map(drop).unwrap();
        let cleared = desk.files();
        put_back(&desk, &copy);
        waits(&desk, "ann", Duration::from_secs(30));
        put_back(&desk, &cleared);
        desk.vault.clock = || at(130);
        guess(&desk, 5);
    }

    #[test]
    fn without_a_number_that_fits_the_longest_wait_is_due_and_then_the_vault_opens() {
        type Cause = fn(&Desk);
        let causes: [(&str, Cause); 4] = [
            ("deleted", |desk| desk.keychain.lose(EntryKind::Tries)),
            ("no number", |desk| desk.keychain.overwrite(EntryKind::Tries, b"none")),
            ("of an earlier keychain", |desk| {
                desk.keychain.overwrite(EntryKind::Tries, &(number(desk) - 1).to_be_bytes());
            }),
            ("far ahead", |desk| desk.keychain.overwrite(EntryKind::Tries, &u64::MAX.to_be_bytes())),
        ];
        for (cause, lose) in causes {
            let mut desk = desk();
            lose(&desk);
            for member in ["ann", "bob"] {
                waits(&desk, member, HOUR);
            }
            desk.vault.clock = || at(3_699);
            waits(&desk, "ann", Duration::from_secs(1));
            desk.vault.clock = || at(3_700);
            desk.unlock("ann", "ann's").map(drop).unwrap_or_else(|error| panic!("{cause}: {error}"));
            desk.unlock("ann", "ann's").map(drop).unwrap_or_else(|error| panic!("{cause}: {error}"));
        }
    }

    #[test]
    fn no_file_from_before_a_lost_number_ever_goes_with_the_new_one() {
        let mut desk = desk();
        let first = desk.files();
        desk.keychain.lose(EntryKind::Tries);
        waits(&desk, "ann", HOUR);
        let raised = desk.files();
        desk.keychain.lose(EntryKind::Tries);
        put_back(&desk, &first);
        waits(&desk, "ann", HOUR);
        desk.vault.clock = || at(3_700);
        for before in [&first, &raised] {
            put_back(&desk, before);
            waits(&desk, "ann", HOUR);
        }
    }

    #[test]
    fn cut_off_between_keychain_and_file_a_try_too_many_is_counted_and_never_one_too_few() {
        let mut desk = desk();
        guess(&desk, 3);
        let cut_off = |desk: &Desk| {
            let before = desk.files();
            guess(desk, 1);
            put_back(desk, &before);
        };
        cut_off(&desk);
        guess(&desk, 1);
        waits(&desk, "ann", Duration::from_secs(30));
        desk.vault.clock = || at(130);
        desk.unlock("ann", "ann's").map(drop).unwrap();
        cut_off(&desk);
        desk.unlock("ann", "ann's").map(drop).expect("one try is free");
        let counted = number(&desk);
        desk.unlock("ann", "ann's").map(drop).unwrap();
        assert_eq!(number(&desk), counted + 1, "a try is one number");
    }

    #[test]
    fn a_keychain_that_keeps_no_number_lets_no_password_be_tried_and_who_signs_in_online_still_opens() {
        for lost in [false, true] {
            let desk = desk();
            if lost {
                desk.keychain.lose(EntryKind::Tries);
            }
            desk.keychain.become_forgetful();
            let before = desk.files();
            for with in ["guess", "ann's"] {
                assert_eq!(desk.unlock("ann", with).err(), Some(KeychainError::NotKept.into()), "{with}");
            }
            assert_eq!(desk.files(), before);
            desk.vault.adopt(owner("ann"), &password("ann's"), &share(1)).map(drop).unwrap();
        }
    }

    #[test]
    fn who_signs_in_online_is_done_waiting_and_the_others_are_not() {
        let desk = desk();
        let copy = desk.files();
        guess(&desk, 5);
        put_back(&desk, &copy);
        desk.vault.adopt(owner("ann"), &password("ann's"), &share(1)).map(drop).unwrap();
        waits(&desk, "bob", Duration::from_secs(30));
        desk.unlock("ann", "ann's").map(drop).unwrap();
    }
}
