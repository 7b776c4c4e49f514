//! A workstation's vault as it lies on disk and in the keychain: where its parts are, and whether they are whole.
//!
//! What the folder may hold, and what it means:
//!
//! | `slots.json` | `vault.db` | `vault.db.new` | |
//! |---|---|---|---|
//! | - | - | any | no vault yet; a leftover of a creation that was cut off, in which nobody ever worked |
//! | yes | - | yes | the creation was cut off after its last write: it is finished |
//! | yes | yes | any | a vault |
//! | yes | - | - | damage: the file is missing |
//! | - | yes | any | damage: the key file is missing |
//!
//! `vault.wiping` beside any of them: a wipe was begun, nothing opens, and [`Vault::forget`] finishes it.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, RwLock},
    time::Duration,
};

use practice::ids::{PracticeId, WorkstationId};
use sha2::{Digest, Sha256};

use crate::{
    clock::Moment,
    damage::Damage,
    durable::{self, Turn},
    error::VaultError,
    kdf::{self, Cost},
    keychain::{Entry, EntryKind, Kept, Keychain, KeychainError},
    open,
    owner::SlotOwner,
    power,
    secret::Key,
    slots::{Bytes, Slots, code_for, code_holds},
};

/// Whose keys these are: every wrapped key is bound to it, and the keychain's entries carry it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkstationKeyName {
    pub(crate) practice: PracticeId,
    pub(crate) workstation: WorkstationId,
    pub(crate) settled: Settled,
}

/// SHA-256 of what enrolment settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Settled(pub(crate) [u8; 32]);

impl WorkstationKeyName {
    /// Of one workstation of a practice. `settled` is all that enrolment settled and the program relies on before a
    /// vault is open: the host's address, who vouches for it, who signs policies. The keychain's token and the key file
    /// go with these bytes and no others, so nobody who can only write files points the desk at another host.
    pub fn new(practice: PracticeId, workstation: WorkstationId, settled: &[u8]) -> Self {
        Self { practice, workstation, settled: Settled(Sha256::digest(settled).into()) }
    }
}

/// One workstation's vault, locked.
pub struct Vault {
    dir: PathBuf,
    pub(crate) keychain: Arc<dyn Keychain>,
    pub(crate) name: WorkstationKeyName,
    /// What the keychain's token goes with.
    pub(crate) reach: RwLock<Settled>,
    pub(crate) clock: fn() -> Moment,
    /// What a try at a slot should cost on this computer, and the time below which one costs too little.
    pub(crate) cost: fn() -> Cost,
    pub(crate) behind: Duration,
}

impl Vault {
    /// The vault in `dir`, which need not exist yet. Touches neither the disk nor the keychain.
    pub fn at(dir: &Path, keychain: Arc<dyn Keychain>, name: &WorkstationKeyName) -> Self {
        Self {
            dir: dir.to_owned(),
            keychain,
            name: name.clone(),
            reach: RwLock::new(name.settled.clone()),
            clock: Moment::now,
            cost: Cost::here,
            behind: kdf::BEHIND,
        }
    }

    /// Whether there is a vault here, whole or damaged: if so it is unlocked or diagnosed, never made anew.
    pub fn exists(&self) -> bool {
        [self.slots_path(), self.db_path(), self.wiping_path()].iter().any(|path| path.exists())
    }

    /// Whether a wipe was begun and not finished: then [`Vault::forget`] is due before anything else.
    pub fn wipe_pending(&self) -> bool {
        self.wiping_path().exists()
    }

    /// The members who can unlock here, for the sign-in screen. Needs neither password nor keychain, so the screen
    /// may show it and must not rely on it.
    pub fn owners(&self) -> Result<Vec<SlotOwner>, VaultError> {
        Ok(self.slots()?.map_or_else(Vec::new, |slots| slots.body.members.into_iter().map(|slot| slot.owner).collect()))
    }

    pub(crate) fn db_path(&self) -> PathBuf {
        self.dir.join("vault.db")
    }

    pub(crate) fn db_new_path(&self) -> PathBuf {
        self.dir.join("vault.db.new")
    }

    pub(crate) fn slots_path(&self) -> PathBuf {
        self.dir.join("slots.json")
    }

    pub(crate) fn wiping_path(&self) -> PathBuf {
        self.dir.join("vault.wiping")
    }

    /// Waits for this process's turn to change files; makes the folder when there is none.
    pub(crate) fn turn(&self) -> Result<Turn, VaultError> {
        fs::create_dir_all(&self.dir)?;
        Ok(durable::turn(&self.dir.join("vault.lock"))?)
    }

    /// The key file, or `None` when there is no vault yet.
    pub(crate) fn slots(&self) -> Result<Option<Slots>, VaultError> {
        if self.wipe_pending() {
            return Err(VaultError::BeingWiped);
        }
        match Slots::read(&self.slots_path(), &self.name)? {
            None if self.db_path().exists() => Err(Damage::KeyFileMissing.into()),
            slots => Ok(slots),
        }
    }

    /// The key file of a vault whose file is there and encrypted. Finishes a creation that was cut off. Needs the turn.
    pub(crate) fn whole(&self) -> Result<Slots, VaultError> {
        let slots = self.slots()?.ok_or(VaultError::NotMade)?;
        if !self.db_path().exists() {
            power::may_fail();
            match fs::rename(self.db_new_path(), self.db_path()) {
                Ok(()) => durable::sync_folder_of(&self.db_path())?,
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Damage::FileMissing.into()),
                Err(error) => return Err(error.into()),
            }
        }
        open::check_header(&self.db_path())?;
        Ok(slots)
    }

    pub(crate) fn entry(&self, kind: EntryKind) -> Entry {
        Entry { workstation: self.name.workstation.clone(), kind }
    }

    /// Puts a secret into the keychain, and reads it back: some keychains say yes and keep nothing.
    pub(crate) fn keep(&self, kind: EntryKind, secret: Kept) -> Result<(), KeychainError> {
        let entry = self.entry(kind);
        power::may_fail();
        self.keychain.set(&entry, &secret)?;
        power::may_fail();
        match self.keychain.get(&entry) {
            Ok(back) if back.bytes() == secret.bytes() => Ok(()),
            Ok(_) | Err(KeychainError::NoEntry) => Err(KeychainError::NotKept),
            Err(error) => Err(error),
        }
    }

    /// The device secret before there is a vault to compare it with.
    pub(crate) fn device_secret(&self) -> Result<Key, VaultError> {
        let kept = self.keychain.get(&self.entry(EntryKind::DeviceSecret))?;
        Key::read(kept.bytes()).ok_or(KeychainError::Changed.into())
    }

    /// The device secret that this vault was made with. Another one is told apart from none and from a wrong password.
    pub(crate) fn device_secret_of(&self, slots: &Slots) -> Result<Key, VaultError> {
        match self.device_secret() {
            Ok(device) if code_holds(&device, CHECK, &(), &slots.body.device_check) => Ok(device),
            // The other code of the file holds, so it is the file that is not as it was.
            Ok(device) if slots.attempts.holds(&device) => Err(Damage::KeyFileAltered.into()),
            Ok(_) => Err(KeychainError::Changed.into()),
            Err(VaultError::Keychain(KeychainError::NoEntry)) if self.keychain.backend()? != slots.body.backend => {
                Err(KeychainError::Changed.into())
            }
            Err(error) => Err(error),
        }
    }
}

const CHECK: &str = "shadowchart device check 1";

/// What [`Vault::device_secret_of`] compares with.
pub(crate) fn device_check(device: &Key) -> Bytes {
    code_for(device, CHECK, &())
}
