//! The restore drill: the last backup in an empty store, compared with what it was made of, and looked through.

use std::{fs, io::ErrorKind, path::Path, time::Instant};

use practice::{Code, time::Stamp, wire::RunKind};

use super::{Backups, Done, Snapshot, done};
use crate::{
    data_dir::DataDir,
    store::{PracticeStore, StoreError, Streamed},
};

impl Backups {
    /// Reads every byte of the first repository.
    ///
    /// # Errors
    /// In words, when one is not what was written.
    pub fn check(&self) -> Result<(), StoreError> {
        self.first.unlock()?;
        self.first.check()
    }

    /// Restores the last backup of `store`'s practice into an empty store of the same kind, which is gone afterwards, and
    /// says what became of it: a folder within `dir`, or rows that nobody else sees in its database. `checked` is what
    /// [`Self::check`] said of the repository.
    pub fn drill(&self, dir: &DataDir, store: &PracticeStore, checked: &Result<(), StoreError>, at: Stamp) -> Done {
        let begun = Instant::now();
        let place = dir.drill(store.practice());
        let result = match checked {
            Ok(()) => remove(&place).and_then(|()| self.try_in(dir, &place, store)),
            Err(error) => Err(error.refusal().into()),
        };
        let result = remove(&place).and(result);
        done(RunKind::Drill, at, begun, &self.first, false, &result)
    }

    fn try_in(&self, dir: &DataDir, place: &Path, store: &PracticeStore) -> Result<(Snapshot, Streamed), StoreError> {
        let wrong = |say| Err(StoreError::refused(Code::BackupDamaged, say));
        let practice = store.practice();
        let snapshot = self.first.snapshot_at(practice.as_str(), None)?;
        let found = self
            .first
            .read(practice.as_str(), &snapshot, |input| PracticeStore::rehearse(dir, practice, place, input))?;
        if store.hash_of(snapshot.at)?.is_some_and(|hash| hash != found.taken.sha256) {
            return wrong("The backup holds something else than what was backed up.");
        }
        if found.given != found.taken {
            return wrong("What was restored is not what the backup holds.");
        }
        if !found.fits {
            return wrong("What was restored does not fit together.");
        }
        if !found.unbroken {
            return wrong(
                "An audit chain in the backup is broken. Run verify-audit: the practice itself may have it too.",
            );
        }
        Ok((snapshot, found.taken))
    }
}

fn remove(place: &Path) -> Result<(), StoreError> {
    match fs::remove_dir_all(place) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
