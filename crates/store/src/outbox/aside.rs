//! Tries that failed, entries set aside, and trying again.

use practice::{
    Code,
    audit::AuditRecord,
    ids::{ChangeId, MemberId},
    time::Stamp,
};
use rusqlite::{Connection, params};

use super::waiting::changes;
use crate::{Store, StoreError, audit};

impl Store {
    /// A try of `change` failed; the next is due at `due`.
    ///
    /// # Errors
    /// [`StoreError::NoSuchChange`]; as every statement.
    pub fn failed_try(&self, change: &ChangeId, due: Stamp) -> Result<(), StoreError> {
        self.write(|writer| {
            let sql = "UPDATE outbox SET tries = tries + 1, due = ?2 WHERE change = ?1";
            found(writer.prepare_cached(sql)?.execute(params![change.as_str(), due.millis()])?)
        })
    }

    /// The host itself failed at `change`; the next try is due at `due`.
    ///
    /// # Errors
    /// [`StoreError::NoSuchChange`]; as every statement.
    pub fn failed_there(&self, change: &ChangeId, due: Stamp) -> Result<(), StoreError> {
        self.write(|writer| {
            let sql = "UPDATE outbox SET tries = tries + 1, failures = failures + 1, due = ?2 WHERE change = ?1";
            found(writer.prepare_cached(sql)?.execute(params![change.as_str(), due.millis()])?)
        })
    }

    /// The host has failed at `change` too often: it is kept with the reason, as what the host will not have. But the host
    /// may have it, so that its text stays.
    ///
    /// # Errors
    /// [`StoreError::NoSuchChange`]; as every statement.
    pub fn give_up(&self, change: &ChangeId, code: Code, say: &str, at: Stamp) -> Result<(), StoreError> {
        self.write(|writer| {
            let sql =
                "UPDATE outbox SET tries = tries + 1, aside_code = ?2, aside_say = ?3, aside_at = ?4 WHERE change = ?1";
            found(writer.prepare_cached(sql)?.execute(params![change.as_str(), code.as_str(), say, at.millis()])?)
        })
    }

    /// The host will not have `change`: it is kept with the reason until a person settles it, and what does not build on
    /// it flows on.
    ///
    /// # Errors
    /// [`StoreError::NoSuchChange`]; as every statement.
    pub fn set_aside(&self, change: &ChangeId, code: Code, say: &str, at: Stamp) -> Result<(), StoreError> {
        self.write(|writer| {
            let sql =
                "UPDATE outbox SET tries = tries + 1, sent = 0, aside_code = ?2, aside_say = ?3, aside_at = ?4 WHERE change = ?1";
            found(writer.prepare_cached(sql)?.execute(params![change.as_str(), code.as_str(), say, at.millis()])?)
        })
    }

    /// Sends changes again that were refused since somebody else had changed the same, where the host has told of nothing
    /// that did not come before them: there is nothing to choose from. What was refused `most` times waits for a person.
    /// Gives those that go.
    ///
    /// # Errors
    /// As every statement.
    pub fn go_on_unopposed(
        &self,
        most: u32,
        tells: impl Fn(&ChangeId) -> AuditRecord,
    ) -> Result<Vec<ChangeId>, StoreError> {
        let sql = "SELECT change FROM outbox WHERE aside_code = ?1 AND tries < ?2 AND NOT EXISTS (
            SELECT 1 FROM outbox_item AS item JOIN unsent USING (type, id)
            WHERE item.seq = outbox.seq AND remote_version IS NOT NULL) ORDER BY seq";
        let unopposed = |connection: &Connection| changes(connection, sql, params![Code::Conflict.as_str(), most]);
        if self.read_only(unopposed)?.is_empty() {
            return Ok(Vec::new());
        }
        self.write(|writer| {
            let unopposed = unopposed(writer)?;
            for change in &unopposed {
                let sql =
                    "UPDATE outbox SET due = 0, aside_code = NULL, aside_say = NULL, aside_at = NULL WHERE change = ?1";
                writer.prepare_cached(sql)?.execute([change.as_str()])?;
            }
            audit::append(writer, &self.codec, &unopposed.iter().map(&tells).collect::<Vec<_>>())?;
            Ok(unopposed)
        })
    }

    /// From now on `owner` looks after `change`.
    ///
    /// # Errors
    /// [`StoreError::NoSuchChange`] when it was not set aside; as every statement.
    pub fn hand_on(&self, change: &ChangeId, owner: &MemberId, audit: &AuditRecord) -> Result<(), StoreError> {
        self.write(|writer| {
            let sql = "UPDATE outbox SET owner = ?2 WHERE change = ?1 AND aside_say IS NOT NULL";
            found(writer.prepare_cached(sql)?.execute([change.as_str(), owner.as_str()])?)?;
            audit::append(writer, &self.codec, std::slice::from_ref(audit))
        })
    }

    /// Puts a change that was set aside, or waits for its next try, back to be sent at once.
    ///
    /// # Errors
    /// [`StoreError::NoSuchChange`]; as every statement.
    pub fn retry(&self, change: &ChangeId, audit: &AuditRecord) -> Result<(), StoreError> {
        self.write(|writer| {
            let sql = "UPDATE outbox SET tries = 0, failures = 0, due = 0,
                aside_code = NULL, aside_say = NULL, aside_at = NULL WHERE change = ?1";
            found(writer.prepare_cached(sql)?.execute([change.as_str()])?)?;
            audit::append(writer, &self.codec, std::slice::from_ref(audit))
        })
    }
}

fn found(rows: usize) -> Result<(), StoreError> {
    if rows == 1 { Ok(()) } else { Err(StoreError::NoSuchChange) }
}
