//! The yardstick: the same texts into one plain table, as fast as SQLCipher takes them.

use std::time::Duration;

use rusqlite::Connection;
use tempfile::TempDir;

use crate::{feed::Row, timed};

/// Rows to a transaction: as many as a page of the feed has.
const BATCH: usize = 1000;

/// How long it takes. The file's key, page, journal and cache are those of the workstation's own, and the log is folded
/// into it at the end, as after a sync.
pub fn insert(rows: &[Row]) -> Duration {
    let folder = TempDir::new().unwrap();
    let mut db = Connection::open(folder.path().join("bare.db")).unwrap();
    db.execute_batch(&format!(
        "PRAGMA key = \"x'{}'\"; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -49152;
         PRAGMA wal_autocheckpoint = 16384;
         CREATE TABLE resource (type TEXT, id TEXT, version TEXT, body TEXT);",
        "5c".repeat(32)
    ))
    .unwrap();
    let ((), took) = timed(|| {
        for batch in rows.chunks(BATCH) {
            let transaction = db.transaction().unwrap();
            let mut insert = transaction.prepare_cached("INSERT INTO resource VALUES (?1, ?2, ?3, ?4)").unwrap();
            for row in batch {
                insert.execute([&row.kind, &row.id, &row.version, &row.body]).unwrap();
            }
            drop(insert);
            transaction.commit().unwrap();
        }
        db.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())).unwrap();
    });
    let held: i64 = db.query_row("SELECT count(*) FROM resource", [], |row| row.get(0)).unwrap();
    assert_eq!(usize::try_from(held), Ok(rows.len()));
    took
}
