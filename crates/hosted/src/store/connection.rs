//! Opening a practice's encrypted file.

use std::{path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags};

use super::StoreError;
use crate::operator_key::PracticeKey;

/// What a connection is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// Makes the file, which must not exist.
    Create,
    /// Reads and writes.
    Write,
    /// Reads only; SQLite refuses the rest.
    Read,
}

/// Opens `file` with `key`.
pub(super) fn connect(file: &Path, key: &PracticeKey, access: Access) -> Result<Connection, StoreError> {
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if access == Access::Create {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
    }
    let db = Connection::open_with_flags(file, flags)?;
    // The key has to be the first statement; SQLCipher notices a wrong one only when a page is read.
    db.execute_batch(&key.pragma())?;
    db.execute_batch("pragma cipher_log_level = NONE")?;
    db.query_row("select count(*) from sqlite_master", [], |_| Ok(()))?;
    db.busy_timeout(Duration::from_secs(20))?;
    // Temporary files would hold plain text; FULL is what survives a power cut in WAL mode.
    db.execute_batch(
        "pragma journal_mode = wal; pragma synchronous = full; pragma temp_store = memory;
         pragma foreign_keys = on; pragma trusted_schema = off; pragma cache_size = -32768;",
    )?;
    if access == Access::Read {
        db.execute_batch("pragma query_only = on")?;
    }
    db.set_prepared_statement_cache_capacity(64);
    Ok(db)
}
