//! The open store: one writer, three readers, and the way to stop them all at once.

use std::{
    panic::resume_unwind,
    sync::{
        Mutex, MutexGuard, PoisonError, TryLockError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use practice::audit::AuditRecord;
use rusqlite::{Connection, InterruptHandle, TransactionBehavior};

use crate::{StoreError, audit, body::Codec, desk, meta, migrations, projection};

const READERS: usize = 3;
/// Statements kept prepared on each connection; there are fewer.
const STATEMENTS: usize = 128;

/// KiB of decrypted pages kept. A first sync touches pages in no order; a smaller cache would encrypt them many times.
const WRITER_CACHE: i64 = 48 * 1024;
/// Little, as each commit empties it.
const READER_CACHE: i64 = 2 * 1024;

/// Pages the log may hold before a change folds it into the file, 64 MB. A first sync writes many pages again and again,
/// and folds each once, at its end.
const LOG_PAGES: i64 = 16 * 1024;
/// Bytes of the log's file that stay for the next changes.
const LOG_KEPT: i64 = 4 * 1024 * 1024;

/// The local store, open. Dropping it closes every handle on the file.
pub struct Store {
    writer: Mutex<Connection>,
    readers: Vec<Mutex<Connection>>,
    interrupts: Vec<InterruptHandle>,
    closed: AtomicBool,
    pub(crate) codec: Codec,
}

impl Store {
    /// Opens the store on connections from `connect`, which must be keyed, in WAL mode, with `synchronous` FULL, foreign
    /// keys on and a busy time-out. Runs migrations, and makes projections anew when this program makes them differently.
    ///
    /// # Errors
    /// What `connect` says; damage, a full disk, a file of a newer program.
    pub fn open(connect: &dyn Fn() -> Result<Connection, StoreError>) -> Result<Self, StoreError> {
        let mut writer = connect()?;
        migrations::run(&mut writer)?;
        prepare(&writer, WRITER_CACHE, &[audit::READY, desk::READY])?;
        writer.pragma_update(None, "wal_autocheckpoint", LOG_PAGES)?;
        writer.pragma_update(None, "journal_size_limit", LOG_KEPT)?;
        let mut readers = Vec::with_capacity(READERS);
        for _ in 0..READERS {
            let reader = connect()?;
            prepare(&reader, READER_CACHE, &[desk::READY])?;
            reader.pragma_update(None, "query_only", true)?;
            readers.push(reader);
        }
        let interrupts = readers.iter().chain([&writer]).map(Connection::get_interrupt_handle).collect();
        let readers = readers.into_iter().map(Mutex::new).collect();
        let store = Self {
            writer: Mutex::new(writer),
            readers,
            interrupts,
            closed: AtomicBool::new(false),
            codec: Codec::ready()?,
        };
        if store.read_only(|reader| meta::number(reader, meta::PROJECTIONS))? != projection::GENERATION {
            store.rebuild_projections()?;
        }
        Ok(store)
    }

    /// Stops running statements and refuses new ones with [`StoreError::Closed`]: the session locks. What was not
    /// committed is rolled back. The handles close when the store is dropped.
    pub fn interrupt(&self) {
        self.closed.store(true, Ordering::SeqCst);
        for interrupt in &self.interrupts {
            interrupt.interrupt();
        }
    }

    /// Folds the log into the file, when nobody waits for it: after a sync.
    ///
    /// # Errors
    /// As every statement; what was committed is safe either way.
    pub fn fold_log(&self) -> Result<(), StoreError> {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        self.check_open()?;
        Ok(writer.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?)
    }

    /// Writes the record that tells why the session ends, after [`Self::interrupt`] has stopped everything else.
    ///
    /// # Errors
    /// As every statement; the lock goes on without it.
    pub fn last_words(&self, record: &AuditRecord, setting: Option<(String, String)>) -> Result<(), StoreError> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        audit::append(&transaction, &self.codec, std::slice::from_ref(record))?;
        if let Some((key, value)) = setting {
            meta::set(&transaction, &key, &value)?;
        }
        Ok(transaction.commit()?)
    }

    /// Runs `change` in one transaction: all of it, or nothing.
    pub(crate) fn write<T>(&self, change: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        // A panic left no half-done transaction behind: dropping it rolled back.
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        self.check_open()?;
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = change(&transaction)?;
        // An interrupt between two statements finds none to stop.
        self.check_open()?;
        transaction.commit()?;
        Ok(done)
    }

    /// Runs `query` on one snapshot, without an audit row: for the store's and the rules' own use.
    pub(crate) fn read_only<T>(
        &self,
        query: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut reader = self.reader();
        self.check_open()?;
        let snapshot = reader.transaction()?;
        query(&snapshot)
    }

    /// Runs `query`, and hands out what was found only when `audit` is on disk. A record of a read that then failed stays:
    /// it was tried. Both are one transaction, where nobody else writes just now: each commit empties the caches of all
    /// connections but its own.
    pub(crate) fn told<T: Send>(
        &self,
        audit: &AuditRecord,
        query: impl FnOnce(&Connection) -> Result<T, StoreError> + Send,
    ) -> Result<T, StoreError> {
        let Some(mut writer) = try_lock(&self.writer) else { return self.told_beside(audit, query) };
        self.check_open()?;
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        audit::append(&transaction, &self.codec, std::slice::from_ref(audit))?;
        let found = query(&transaction);
        self.check_open()?;
        transaction.commit()?;
        found
    }

    /// As [`Self::told`], for what lies in nobody's cache and takes as long to read as the disk to answer.
    pub(crate) fn told_beside<T: Send>(
        &self,
        audit: &AuditRecord,
        query: impl FnOnce(&Connection) -> Result<T, StoreError> + Send,
    ) -> Result<T, StoreError> {
        thread::scope(|scope| {
            let finding = scope.spawn(|| self.read_only(query));
            let told = self.write(|writer| audit::append(writer, &self.codec, std::slice::from_ref(audit)));
            let found = finding.join().unwrap_or_else(|panic| resume_unwind(panic));
            told.and(found)
        })
    }

    fn reader(&self) -> MutexGuard<'_, Connection> {
        let free = self.readers.iter().find_map(try_lock);
        free.unwrap_or_else(|| self.readers[0].lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn check_open(&self) -> Result<(), StoreError> {
        if self.closed.load(Ordering::SeqCst) { Err(StoreError::Closed) } else { Ok(()) }
    }
}

/// `None` when somebody else has it.
fn try_lock(connection: &Mutex<Connection>) -> Option<MutexGuard<'_, Connection>> {
    match connection.try_lock() {
        Ok(free) => Some(free),
        Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

fn prepare(connection: &Connection, cache: i64, ready: &[&[&str]]) -> Result<(), StoreError> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.pragma_update(None, "cache_size", -cache)?;
    // Sorting must not leave patients' words in a temporary file.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    for sql in ready.iter().copied().flatten() {
        connection.prepare_cached(sql)?;
    }
    Ok(())
}
