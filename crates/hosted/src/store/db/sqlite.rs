//! A practice in an encrypted file of its own (SQLCipher).

use std::{ops::ControlFlow, path::Path, time::Duration};

use rusqlite::{
    Connection, OpenFlags, ToSql, params_from_iter,
    types::{ToSqlOutput, ValueRef},
};

use super::{Database, Dialect, Each, Intent, Row, Value};
use crate::{
    operator_key::PracticeKey,
    store::{StoreError, migrate},
};

/// What a connection is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Access {
    /// Makes the file, which must not exist.
    Create,
    /// Reads and writes; brings the file to the present schema.
    Write,
    /// Reads only; SQLite refuses the rest.
    Read,
}

pub(super) struct File(Connection);

impl File {
    /// Opens `file` with `key`.
    pub fn open(file: &Path, key: &PracticeKey, access: Access) -> Result<Self, StoreError> {
        let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        if access == Access::Create {
            flags |= OpenFlags::SQLITE_OPEN_CREATE;
        }
        let mut db = Connection::open_with_flags(file, flags)?;
        // The key has to be the first statement; SQLCipher notices a wrong one only when a page is read.
        db.execute_batch(&key.pragma())?;
        db.execute_batch("pragma cipher_log_level = NONE")?;
        db.query_row("select count(*) from sqlite_master", [], |_| Ok(()))?;
        db.busy_timeout(Duration::from_secs(20))?;
        // Temporary files would hold plain text; FULL is what survives a power cut in WAL mode.
        db.execute_batch(
            "pragma journal_mode = wal; pragma synchronous = full; pragma temp_store = memory;
             pragma foreign_keys = on; pragma trusted_schema = off;",
        )?;
        // Whoever makes a store is about to fill it: a page that is not written again for each batch need not be
        // encrypted again.
        let (cache_kib, log_pages) = if access == Access::Create { (256 * 1024, 16 * 1024) } else { (32 * 1024, 1000) };
        db.pragma_update(None, "cache_size", -cache_kib)?;
        db.pragma_update(None, "wal_autocheckpoint", log_pages)?;
        match access {
            Access::Create | Access::Write => migrate::migrate(&mut db)?,
            Access::Read => db.execute_batch("pragma query_only = on")?,
        }
        db.set_prepared_statement_cache_capacity(64);
        Ok(Self(db))
    }
}

impl Database for File {
    fn each(&self, statement: &str, values: &[Value<'_>], each: Each<'_>) -> Result<(), StoreError> {
        let mut query = self.0.prepare_cached(statement)?;
        let mut rows = query.query(params_from_iter(values))?;
        while let Some(row) = rows.next()? {
            if let ControlFlow::Break(()) = each(&Row::Sqlite(row))? {
                break;
            }
        }
        Ok(())
    }

    fn execute(&self, statement: &str, values: &[Value<'_>]) -> Result<usize, StoreError> {
        Ok(self.0.prepare_cached(statement)?.execute(params_from_iter(values))?)
    }

    fn queue(&self, statement: &str, values: &[Value<'_>]) -> Result<(), StoreError> {
        self.execute(statement, values).map(|_| ())
    }

    fn forget_queue(&self) {}

    fn begin(&self, intent: Intent) -> Result<(), StoreError> {
        self.execute(if intent == Intent::Write { "begin immediate" } else { "begin" }, &[])?;
        Ok(())
    }

    fn commit(&self) -> Result<(), StoreError> {
        let done = self.execute("commit", &[]);
        if done.is_err() {
            self.roll_back();
        }
        done.map(|_| ())
    }

    fn roll_back(&self) {
        // SQLite ends some transactions by itself, such as one that finds the disk full.
        if !self.0.is_autocommit() {
            let _ = self.execute("rollback", &[]);
        }
    }

    fn grown(&self) -> Result<(), StoreError> {
        // Which index is taken is said in the statements.
        Ok(())
    }

    fn version(&self) -> Result<i64, StoreError> {
        Ok(self.0.query_row("pragma data_version", [], |row| row.get(0))?)
    }

    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Int(number) => ValueRef::Integer(*number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}
