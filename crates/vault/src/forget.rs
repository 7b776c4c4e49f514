//! Wipe by crypto-shredding: what opens the file goes before the file.

use std::fs::File;

use crate::{
    durable::{remove, shred, sync_folder_of},
    error::VaultError,
    keychain::{EntryKind, KeychainError},
    power,
    vault::Vault,
};

impl Vault {
    /// Wipes this workstation's vault: the key file, then the keychain's entries, then the encrypted file.
    ///
    /// A mark is left first, so that a wipe that was cut off is finished and never taken for damage. When the keychain
    /// can't be reached everything else still goes, the error is returned, and the mark stays so that a later call can
    /// finish: without the key file what the keychain holds opens nothing.
    pub fn forget(&self) -> Result<(), VaultError> {
        let _turn = self.turn()?;
        // A full disk must not stop a wipe: without the mark it is only less tidy.
        if File::create(self.wiping_path()).is_ok() {
            power::may_fail();
            sync_folder_of(&self.wiping_path())?;
        }
        shred(&self.slots_path())?;
        shred(&self.slots_path().with_added_extension("new"))?;
        let keychain = EntryKind::ALL.map(|kind| {
            power::may_fail();
            match self.keychain.delete(&self.entry(kind)) {
                Ok(()) | Err(KeychainError::NoEntry) => Ok(()),
                Err(error) => Err(error),
            }
        });
        for name in [self.db_path(), self.db_new_path()] {
            for companion in ["", "-wal", "-shm", "-journal"] {
                let mut path = name.clone().into_os_string();
                path.push(companion);
                remove(path.as_ref())?;
            }
        }
        for deleted in keychain {
            deleted?;
        }
        Ok(remove(&self.wiping_path())?)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::{
        desk::{Desk, owner, password, share},
        keychain::KeychainState,
    };

    #[test]
    fn a_wipe_leaves_no_file_and_no_entry_and_the_computer_can_be_enrolled_again() {
        let desk = Desk::anns();
        let connection = desk.unlock("ann", "ann's").ok().unwrap().connect().unwrap();
        connection.execute_batch("CREATE TABLE t (x)").unwrap();
        desk.vault.forget().unwrap();
        assert!(desk.names().is_empty());
        assert_eq!(desk.keychain.count(), 0);
        assert!(!desk.vault.exists());
        desk.vault.enrol("token").unwrap();
        desk.vault.create(owner("ann"), &password("ann's"), &share(1)).map(drop).unwrap();
    }

    #[test]
    fn a_wipe_that_was_cut_off_opens_nothing_and_is_finished_by_the_next() {
        let desk = Desk::anns();
        desk.keychain.become_(KeychainState::Locked);
        assert_eq!(desk.vault.forget().err(), Some(KeychainError::Locked.into()));
        assert_eq!(desk.names(), ["vault.wiping"], "what opens the file is gone, and the file too");
        assert!(desk.vault.exists() && desk.vault.wipe_pending());
        assert_eq!(desk.unlock("ann", "ann's").err(), Some(VaultError::BeingWiped));
        let created = desk.vault.create(owner("ann"), &password("ann's"), &share(1));
        assert_eq!(created.err(), Some(VaultError::BeingWiped));
        desk.keychain.become_(KeychainState::Ready);
        desk.vault.forget().unwrap();
        assert_eq!((desk.names().len(), desk.keychain.count()), (0, 0));
    }

    #[test]
    fn from_the_first_moment_of_a_wipe_nothing_opens() {
        let desk = Desk::anns();
        fs::write(desk.path("vault.wiping"), "").unwrap();
        assert_eq!(desk.unlock("ann", "ann's").err(), Some(VaultError::BeingWiped));
        assert_eq!(desk.vault.seal(b"page").err(), Some(VaultError::BeingWiped));
        assert_eq!(desk.vault.owners().err(), Some(VaultError::BeingWiped));
    }
}
