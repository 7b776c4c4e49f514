//! The SQLCipher file: made once, opened by raw key, never opened as plain SQLite.

use std::{
    fs::File,
    io::{ErrorKind, Read},
    path::Path,
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, OpenFlags, ffi};
use zeroize::Zeroizing;

use crate::{damage::Damage, durable, error::VaultError, secret::Key};

/// Written into the file when it is made, so that there is a first page to encrypt: "SHCV".
const APPLICATION_ID: i32 = 0x5348_4356;
/// SQLCipher's page: a shorter file holds nothing.
const PAGE: u64 = 4096;
const PLAIN_HEADER: &[u8; 16] = b"SQLite format 3\0";

/// Refuses a file that is cut off within its first page, and one that is not encrypted.
pub(crate) fn check_header(path: &Path) -> Result<(), VaultError> {
    let mut file = File::open(path)?;
    if file.metadata()?.len() < PAGE {
        return Err(Damage::FileUnreadable.into());
    }
    let mut start = [0; 16];
    file.read_exact(&mut start)?;
    if start == *PLAIN_HEADER { Err(Damage::FilePlain.into()) } else { Ok(()) }
}

/// Makes an empty encrypted file at `path`, whole and synced, in place of a leftover nobody ever worked in.
pub(crate) fn make(path: &Path, key: &Key) -> Result<(), VaultError> {
    durable::remove(path)?;
    durable::replace(path, b"")?;
    let connection = keyed(path, key)?;
    connection
        .execute_batch(&format!("PRAGMA synchronous = FULL; PRAGMA application_id = {APPLICATION_ID};"))
        .map_err(|error| said(path, &error))?;
    close(path, connection)?;
    Ok(durable::sync_folder_of(path)?)
}

/// Opens the file and reads it, so that damage shows here and nowhere later.
pub(crate) fn connect(path: &Path, key: &Key) -> Result<Connection, VaultError> {
    check_header(path)?;
    let connection = keyed(path, key)?;
    let journal = prepare(&connection).map_err(|error| said(path, &error))?;
    // A network share, say, has no shared memory: there SQLite silently keeps another journal.
    if journal == "wal" { Ok(connection) } else { Err(VaultError::Folder(ErrorKind::Unsupported)) }
}

/// Reads the file and sets what every connection has. Returns the journal that SQLite chose.
fn prepare(connection: &Connection) -> rusqlite::Result<String> {
    connection.busy_timeout(Duration::from_secs(5))?;
    // Setting a key never fails; reading a page of the schema with a wrong one does.
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0))?;
    let journal: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    connection.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;",
    )?;
    Ok(journal)
}

/// Compares the checksum of every page.
pub(crate) fn check_pages(connection: &Connection) -> Result<(), VaultError> {
    let mut faults = 0;
    connection
        .pragma_query(None, "cipher_integrity_check", |_| {
            faults += 1;
            Ok(())
        })
        .map_err(|_| Damage::FileUnreadable)?;
    if faults == 0 { Ok(()) } else { Err(Damage::FileUnreadable.into()) }
}

/// A connection with its key set and nothing read yet. It never makes a file: one that is missing stays missing.
fn keyed(path: &Path, key: &Key) -> Result<Connection, VaultError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|error| said(path, &error))?;
    set_key(&connection, key).map_err(|error| said(path, &error))?;
    // It would tell of every page it can't read on standard error.
    connection.query_row("PRAGMA cipher_log_level = NONE", [], |_| Ok(())).map_err(|error| said(path, &error))?;
    Ok(connection)
}

/// Gives SQLCipher the raw key, `x'` and 64 hexadecimal digits and `'`, which skips its own key derivation.
///
/// By `sqlite3_key` and not by `PRAGMA key`: the SQL parser copies a pragma's value and frees it without wiping it.
#[expect(unsafe_code, reason = "rusqlite has no safe sqlite3_key")]
fn set_key(connection: &Connection, key: &Key) -> rusqlite::Result<()> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut raw = Zeroizing::new([0_u8; 67]);
    raw[..2].copy_from_slice(b"x'");
    raw[66] = b'\'';
    for (at, byte) in key.bytes().iter().enumerate() {
        raw[2 + 2 * at] = DIGITS[usize::from(byte >> 4)];
        raw[3 + 2 * at] = DIGITS[usize::from(byte & 15)];
    }
    // SAFETY: the handle is open and used by this thread only, and `raw` outlives the call, which copies from it.
    let code = unsafe { ffi::sqlite3_key(connection.handle(), raw.as_ptr().cast(), 67) };
    if code == ffi::SQLITE_OK { Ok(()) } else { Err(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None)) }
}

fn close(path: &Path, connection: Connection) -> Result<(), VaultError> {
    connection.close().map_err(|(_, error)| said(path, &error))
}

/// What SQLite's code means. By code, never by text.
fn said(path: &Path, error: &rusqlite::Error) -> VaultError {
    let Some(code) = error.sqlite_error_code() else { return Damage::FileUnreadable.into() };
    if matches!(code, ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) {
        Damage::FileUnreadable.into()
    } else if code == ErrorCode::DiskFull || (code == ErrorCode::SystemIoFailure && is_full(path)) {
        VaultError::DiskFull
    } else if matches!(code, ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) {
        VaultError::Busy
    } else {
        VaultError::Folder(ErrorKind::Other)
    }
}

/// Whether the disk has no room for a page: SQLite reports a shared-memory file that can't grow as an I/O error.
#[cfg(unix)]
fn is_full(path: &Path) -> bool {
    path.parent()
        .and_then(|folder| rustix::fs::statvfs(folder).ok())
        .is_some_and(|disk| disk.f_bavail.saturating_mul(disk.f_frsize) < 16 * PAGE)
}

#[cfg(not(unix))]
fn is_full(_path: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::{desk::Desk, unlocked::Unlocked};

    /// A vault with a few hundred pages, closed, so that all is in the one file.
    fn filled() -> (Desk, Unlocked) {
        let desk = Desk::anns();
        let unlocked = desk.unlock("ann", "ann's").ok().unwrap();
        let connection = unlocked.connect().unwrap();
        connection
            .execute_batch(
                "CREATE TABLE t (x);
                 WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
                 INSERT INTO t SELECT randomblob(2000) FROM n;",
            )
            .unwrap();
        connection.close().ok().unwrap();
        (desk, unlocked)
    }

    #[test]
    fn every_connection_is_durable_strict_and_patient() {
        let (_desk, unlocked) = filled();
        let connection = unlocked.connect().unwrap();
        let pragma = |name: &str| {
            connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, rusqlite::types::Value>(0)).unwrap()
        };
        for (name, value) in [("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 5000), ("temp_store", 2)] {
            assert_eq!(pragma(name), rusqlite::types::Value::Integer(value), "{name}");
        }
        assert_eq!(pragma("journal_mode"), rusqlite::types::Value::Text("wal".to_owned()));
        assert_eq!(pragma("cipher_log_level"), rusqlite::types::Value::Text("NONE".to_owned()));
    }

    #[test]
    fn neither_the_file_nor_its_log_is_ever_plain() {
        let (desk, unlocked) = filled();
        let connection = unlocked.connect().unwrap();
        connection.execute_batch("CREATE TABLE names (name); INSERT INTO names VALUES ('Zweifelhaft')").unwrap();
        for (name, bytes) in desk.files() {
            assert_ne!(bytes.get(..16), Some(PLAIN_HEADER.as_slice()), "{name}");
            assert!(!bytes.windows(11).any(|window| window == b"Zweifelhaft"), "{name}");
        }
        assert!(desk.names().contains(&"vault.db-wal".to_owned()), "the log was looked at too");
    }

    type Alter = fn(&mut Vec<u8>);

    #[test]
    fn a_damaged_file_is_diagnosed_and_left_as_it_is() {
        let faults: [(&str, Alter, Damage); 8] = [
            ("plain SQLite", |file| file[..16].copy_from_slice(PLAIN_HEADER), Damage::FilePlain),
            ("empty", |file| file.clear(), Damage::FileUnreadable),
            ("cut in its first page", |file| file.truncate(1000), Damage::FileUnreadable),
            ("a byte of the salt", |file| file[3] ^= 1, Damage::FileUnreadable),
            ("a byte of the first page", |file| file[2000] ^= 1, Damage::FileUnreadable),
            ("zeros", |file| file.fill(0), Damage::FileUnreadable),
            ("cut between two pages", |file| file.truncate(20 * 4096), Damage::FileUnreadable),
            ("cut within a page", |file| file.truncate(20 * 4096 + 99), Damage::FileUnreadable),
        ];
        let (desk, _) = filled();
        let whole = fs::read(desk.path("vault.db")).unwrap();
        for (fault, alter, damage) in faults {
            let mut file = whole.clone();
            alter(&mut file);
            fs::write(desk.path("vault.db"), &file).unwrap();
            let opened = desk.unlock("ann", "ann's").and_then(|unlocked| unlocked.connect().map(drop));
            assert_eq!(opened.err(), Some(damage.into()), "{fault}");
            assert_eq!(fs::read(desk.path("vault.db")).unwrap(), file, "{fault}");
        }
        fs::write(desk.path("vault.db"), &whole).unwrap();
        desk.unlock("ann", "ann's").ok().unwrap().connect().unwrap();
    }

    #[test]
    fn one_flipped_bit_on_any_page_is_found() {
        let (desk, unlocked) = filled();
        unlocked.check_pages().unwrap();
        let whole = fs::read(desk.path("vault.db")).unwrap();
        for page in [1, whole.len() / 8192, whole.len() / 4096 - 1] {
            let mut file = whole.clone();
            file[page * 4096 + 1234] ^= 1;
            fs::write(desk.path("vault.db"), &file).unwrap();
            assert_eq!(unlocked.check_pages().err(), Some(Damage::FileUnreadable.into()), "page {page}");
        }
    }

    #[test]
    fn a_file_with_another_key_does_not_open() {
        let (desk, _) = filled();
        let (other, _) = filled();
        fs::copy(other.path("vault.db"), desk.path("vault.db")).unwrap();
        let opened = desk.unlock("ann", "ann's").ok().unwrap().connect();
        assert_eq!(opened.err(), Some(Damage::FileUnreadable.into()));
    }

    #[test]
    fn a_file_that_goes_missing_while_unlocked_stays_missing() {
        let (desk, unlocked) = filled();
        fs::remove_file(desk.path("vault.db")).unwrap();
        assert!(unlocked.connect().is_err());
        assert!(!desk.path("vault.db").exists());
    }
}
