//! A desk for this crate's tests: a folder, a keychain in memory, and two people.

use std::{collections::BTreeMap, fs, path::PathBuf, sync::Arc};

use practice::ids::{MemberId, PracticeId, WorkstationId};
use tempfile::TempDir;

use crate::{
    HostShare, Password, SlotOwner, Unlocked, Vault, VaultError, WorkstationKeyName, keychain::MemoryKeychain,
    secret::Key,
};

pub(crate) struct Desk {
    pub(crate) dir: TempDir,
    pub(crate) keychain: Arc<MemoryKeychain>,
    pub(crate) vault: Vault,
}

impl Desk {
    /// Enrolled, no vault yet.
    pub(crate) fn enrolled() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let keychain = Arc::new(MemoryKeychain::default());
        let vault = Vault::at(dir.path(), keychain.clone(), &name());
        vault.enrol("token").unwrap();
        Self { dir, keychain, vault }
    }

    /// Ann has signed in once; her password is "ann's".
    pub(crate) fn anns() -> Self {
        let desk = Self::enrolled();
        desk.vault.create(owner("ann"), &password("ann's"), &share(1)).map(drop).unwrap();
        desk
    }

    pub(crate) fn unlock(&self, member: &str, with: &str) -> Result<Unlocked, VaultError> {
        self.vault.unlock(&MemberId::parse(member).unwrap(), &password(with))
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Every file and its bytes but the turn's.
    pub(crate) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        fs::read_dir(self.dir.path())
            .unwrap()
            .map(|entry| entry.unwrap())
            .filter(|entry| entry.file_name() != "vault.lock")
            .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
            .collect()
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.files().into_keys().collect()
    }
}

pub(crate) fn name() -> WorkstationKeyName {
    let (practice, workstation) = (PracticeId::parse("practice-1").unwrap(), WorkstationId::parse("desk-1").unwrap());
    WorkstationKeyName::new(practice, workstation, b"https://host")
}

pub(crate) fn owner(id: &str) -> SlotOwner {
    SlotOwner {
        id: MemberId::parse(id).unwrap(),
        email: format!("{id}@practice.example"),
        name: id.to_uppercase(),
        initials: id[..1].to_uppercase(),
        color: "teal".to_owned(),
    }
}

pub(crate) fn password(text: &str) -> Password {
    Password::new(text.to_owned()).ok().unwrap()
}

pub(crate) fn share(seed: u8) -> HostShare {
    HostShare(Key::read(&[seed; 32]).unwrap())
}
