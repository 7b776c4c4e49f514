//! The practices that a running host serves: one writer and a few readers each, opened when first asked for.

use std::{
    collections::HashMap,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock},
};

use practice::{ids::PracticeId, wire::PracticeInfo};
use tokio::sync::Semaphore;

use crate::{
    contacts::Contacts,
    data_dir::DataDir,
    pulse::Pulse,
    store::{PracticeStore, StoreError},
};

/// Reader connections of a practice. Whoever finds none of them free waits: to open another takes longer, and then there
/// would be as many as workstations that ask at once.
const READERS: usize = 4;

/// Exports of a practice at once.
const EXPORTS: usize = 2;

/// One practice, open.
pub struct Practice {
    /// Id, name and zone.
    pub info: PracticeInfo,
    /// Changes when the practice is restored from a backup, which needs a new start of the host.
    pub epoch: String,
    dir: Arc<DataDir>,
    writer: Mutex<PracticeStore>,
    readers: Mutex<Readers>,
    freed: Condvar,
    pulse: Pulse,
    /// Exports that may be under way at once.
    pub(crate) exports: Arc<Semaphore>,
    /// Contacts of its computers that wait to be written down.
    pub(crate) contacts: Contacts,
}

#[derive(Default)]
struct Readers {
    idle: Vec<PracticeStore>,
    lent: usize,
}

/// A reader that goes back when it is dropped.
struct Reader<'a> {
    practice: &'a Practice,
    store: Option<PracticeStore>,
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        let mut readers = held(&self.practice.readers);
        readers.lent -= 1;
        readers.idle.extend(self.store.take());
        self.practice.freed.notify_one();
    }
}

/// All practices of a data folder.
pub struct Practices {
    dir: Arc<DataDir>,
    open: RwLock<HashMap<PracticeId, Arc<Practice>>>,
}

/// A panic while a lock was held leaves the data as its transaction left it: rolled back.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Practices {
    /// The practices in `dir`.
    pub fn new(dir: DataDir) -> Self {
        Self { dir: Arc::new(dir), open: RwLock::default() }
    }

    /// The practice called `id`.
    ///
    /// # Errors
    /// [`StoreError::NoPractice`] when there is none.
    pub fn get(&self, id: &PracticeId) -> Result<Arc<Practice>, StoreError> {
        if let Some(practice) = self.open.read().unwrap_or_else(PoisonError::into_inner).get(id) {
            return Ok(practice.clone());
        }
        let store = PracticeStore::open(&self.dir, id)?;
        let practice = Arc::new(Practice {
            info: PracticeInfo { id: id.clone(), name: store.name()?, time_zone: store.time_zone_name()? },
            epoch: store.epoch()?,
            dir: self.dir.clone(),
            writer: Mutex::new(store),
            readers: Mutex::default(),
            freed: Condvar::new(),
            pulse: Pulse::default(),
            exports: Arc::new(Semaphore::new(EXPORTS)),
            contacts: Contacts::default(),
        });
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        Ok(open.entry(id.clone()).or_insert(practice).clone())
    }

    /// Lets go of a practice that is to be no more.
    pub(crate) fn forget(&self, id: &PracticeId) {
        self.open.write().unwrap_or_else(PoisonError::into_inner).remove(id);
    }

    /// The folder.
    pub(crate) fn dir(&self) -> &DataDir {
        &self.dir
    }

    /// How many there are.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn count(&self) -> Result<usize, StoreError> {
        Ok(self.dir.practices()?.len())
    }

    /// Every practice in the folder, those made since the start too.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn all(&self) -> Result<Vec<Arc<Practice>>, StoreError> {
        let there = self.dir.practices()?;
        // Another host may have destroyed one, or a request have opened it at the last moment.
        self.open.write().unwrap_or_else(PoisonError::into_inner).retain(|id, _| there.contains(id));
        there.iter().map(|id| self.get(id)).collect()
    }
}

impl Practice {
    /// Runs `job` on the one connection that writes. Blocks: not for an async thread.
    pub fn write<T, E: From<StoreError>>(&self, job: impl FnOnce(&mut PracticeStore) -> Result<T, E>) -> Result<T, E> {
        job(&mut held(&self.writer))
    }

    /// Runs `job` on a connection that reads, at one moment's state. Blocks: not for an async thread.
    pub fn read<T, E: From<StoreError>>(&self, job: impl FnOnce(&PracticeStore) -> Result<T, E>) -> Result<T, E> {
        let busy = |readers: &mut Readers| readers.idle.is_empty() && readers.lent >= READERS;
        let mut readers = self.freed.wait_while(held(&self.readers), busy).unwrap_or_else(PoisonError::into_inner);
        readers.lent += 1;
        let mut reader = Reader { practice: self, store: readers.idle.pop() };
        drop(readers);
        let store = match &reader.store {
            Some(store) => store,
            None => reader.store.insert(self.reader()?),
        };
        store.at_one_moment(|| job(store))?
    }

    /// A connection of its own that reads.
    pub(crate) fn reader(&self) -> Result<PracticeStore, StoreError> {
        PracticeStore::reader(&self.dir, &self.info.id)
    }

    pub(crate) fn pulse(&self) -> &Pulse {
        &self.pulse
    }
}
