//! The restore drill: the last backup in an empty store, compared with what it was made of, and looked through.

use std::{
    fs,
    io::{self, ErrorKind},
    path::Path,
    time::Instant,
};

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

    /// Restores the last backup of `store`'s practice into an empty folder within `dir`, which is removed again, and says
    /// what became of it. `checked` is what [`Self::check`] said of the repository.
    pub fn drill(&self, dir: &DataDir, store: &PracticeStore, checked: &Result<(), StoreError>, at: Stamp) -> Done {
        let begun = Instant::now();
        let place = dir.drill(store.practice());
        let result = match checked {
            Ok(()) => remove(&place).and_then(|()| self.try_in(&place, store)),
            Err(error) => Err(error.refusal().into()),
        };
        let result = remove(&place).and(result);
        done(RunKind::Drill, at, begun, &self.first, false, &result)
    }

    fn try_in(&self, place: &Path, store: &PracticeStore) -> Result<(Snapshot, Streamed), StoreError> {
        let wrong = |say| Err(StoreError::refused(Code::BackupDamaged, say));
        let practice = store.practice();
        let snapshot = self.first.snapshot_at(practice.as_str(), None)?;
        let empty = DataDir::open_or_create(place)?;
        let (copy, taken) =
            self.first.read(practice.as_str(), &snapshot, |input| PracticeStore::take_in(&empty, practice, input))?;
        if store.hash_of(snapshot.at)?.is_some_and(|hash| hash != taken.sha256) {
            return wrong("The backup holds something else than what was backed up.");
        }
        if copy.stream(&mut io::sink())? != taken {
            return wrong("What was restored is not what the backup holds.");
        }
        if !copy.integrity()?.is_empty() {
            return wrong("What was restored does not fit together.");
        }
        if copy.check_audit()?.iter().any(|chain| chain.broken.is_some()) {
            return wrong(
                "An audit chain in the backup is broken. Run verify-audit: the practice itself may have it too.",
            );
        }
        Ok((snapshot, taken))
    }
}

fn remove(place: &Path) -> Result<(), StoreError> {
    match fs::remove_dir_all(place) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
