//! Whether the whole file can be read: each page that holds something is decrypted, its checksum compared, its place in
//! the trees looked at. Hands out no row.

use rusqlite::Connection;

use crate::StoreError;

/// Pages, or steps within rows, between two looks whether to stop: a few milliseconds.
const STRIDE: i32 = 200;

/// Reads the file that `connection`, fresh and with nothing cached, is open on, until `stop`. Takes seconds for each
/// gigabyte; who writes meanwhile is not held up.
///
/// SQLCipher's own `cipher_integrity_check` can't be stopped, and takes a page that is just being written for damage.
///
/// # Errors
/// [`StoreError::Damaged`], and [`StoreError::Closed`] when it was stopped.
pub fn check_file(mut connection: Connection, stop: impl FnMut() -> bool + Send + 'static) -> Result<(), StoreError> {
    connection.progress_handler(STRIDE, Some(stop))?;
    let found: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if found == "ok" { Ok(()) } else { Err(StoreError::Damaged) }
}
