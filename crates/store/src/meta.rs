//! Small settings that live in the file: cursor, epoch, time of the last sync, policy, members.

use rusqlite::{Connection, OptionalExtension, params};

use crate::{Store, StoreError};

/// Names the store itself uses; callers' names may not start with an underscore.
pub(crate) const CURSOR: &str = "_cursor";
pub(crate) const EPOCH: &str = "_epoch";
pub(crate) const EPOCH_NUMBER: &str = "_epoch_number";
pub(crate) const STARTED_OVER: &str = "_started_over";
pub(crate) const GIVING_BACK: &str = "_giving_back";
pub(crate) const AUDIT_SENT: &str = "_audit_sent";
pub(crate) const HORIZON: &str = "_horizon";
pub(crate) const WHOLE: &str = "_whole";
pub(crate) const FETCHING: &str = "_fetching";
pub(crate) const PRUNING: &str = "_pruning";
pub(crate) const PRUNED: &str = "_pruned";
pub(crate) const PROJECTIONS: &str = "_projections";

pub(crate) const GET: &str = "SELECT value FROM meta WHERE key = ?1";

pub(crate) fn get(connection: &Connection, key: &str) -> Result<Option<String>, StoreError> {
    let mut statement = connection.prepare_cached(GET)?;
    Ok(statement.query_row([key], |row| row.get(0)).optional()?)
}

pub(crate) fn set(connection: &Connection, key: &str, value: &str) -> Result<(), StoreError> {
    let sql = "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    connection.prepare_cached(sql)?.execute(params![key, value])?;
    Ok(())
}

pub(crate) fn forget(connection: &Connection, key: &str) -> Result<(), StoreError> {
    connection.prepare_cached("DELETE FROM meta WHERE key = ?1")?.execute([key])?;
    Ok(())
}

pub(crate) fn number(connection: &Connection, key: &str) -> Result<i64, StoreError> {
    Ok(get(connection, key)?.and_then(|value| value.parse().ok()).unwrap_or(0))
}

impl Store {
    /// A setting; `None` when it was never set.
    ///
    /// # Errors
    /// As every statement.
    pub fn meta_get(&self, key: &str) -> Result<Option<String>, StoreError> {
        self.read_only(|reader| get(reader, key))
    }

    /// Keeps a setting.
    ///
    /// # Errors
    /// As every statement.
    pub fn meta_set(&self, key: &str, value: &str) -> Result<(), StoreError> {
        self.meta_set_each([(key, value)])
    }

    /// Keeps several settings, all of them or none.
    ///
    /// # Errors
    /// As every statement.
    pub fn meta_set_each<'a>(&self, all: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<(), StoreError> {
        self.write(|writer| all.into_iter().try_for_each(|(key, value)| set(writer, key, value)))
    }

    /// Where the next pull goes on; `None` before the first.
    ///
    /// # Errors
    /// As every statement.
    pub fn cursor(&self) -> Result<Option<String>, StoreError> {
        self.meta_get(CURSOR)
    }

    /// The host does not know the cursor: the next pull begins at the start. What is here stays, and so does what waits.
    /// `false`, and nothing is changed, when that was done before and the host has taken no cursor since.
    ///
    /// # Errors
    /// As every statement.
    pub fn start_over(&self) -> Result<bool, StoreError> {
        self.write(|writer| {
            if get(writer, STARTED_OVER)?.is_some() {
                return Ok(false);
            }
            set(writer, STARTED_OVER, "1")?;
            writer.execute("DELETE FROM meta WHERE key = ?1", [CURSOR])?;
            Ok(true)
        })
    }

    /// The host knows the cursor that a pull began with.
    ///
    /// # Errors
    /// As every statement.
    pub fn cursor_holds(&self) -> Result<(), StoreError> {
        if self.meta_get(STARTED_OVER)?.is_none() {
            return Ok(());
        }
        self.write(|writer| {
            writer.execute("DELETE FROM meta WHERE key = ?1", [STARTED_OVER])?;
            Ok(())
        })
    }

    /// The host's epoch as last seen.
    ///
    /// # Errors
    /// As every statement.
    pub fn epoch(&self) -> Result<Option<String>, StoreError> {
        self.meta_get(EPOCH)
    }

    /// The host lives in `epoch`. When that is another than before, it was restored from a backup: the pull starts anew,
    /// and what the host does not tell of any more is then given back to it.
    ///
    /// # Errors
    /// As every statement.
    pub fn set_epoch(&self, epoch: &str) -> Result<(), StoreError> {
        self.write(|writer| {
            let before = get(writer, EPOCH)?;
            if before.as_deref() == Some(epoch) {
                return Ok(());
            }
            let this = number(writer, EPOCH_NUMBER)? + 1;
            set(writer, EPOCH, epoch)?;
            set(writer, EPOCH_NUMBER, &this.to_string())?;
            writer.execute("INSERT INTO life (number, name) VALUES (?1, ?2)", params![this, epoch])?;
            if before.is_some() {
                set(writer, GIVING_BACK, "1")?;
            }
            forget(writer, CURSOR)
        })
    }
}
