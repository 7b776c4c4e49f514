//! What came of calls, by what they were about.

use practice::{resource::ResourceKey, schedule::calls::Call};
use rusqlite::{Connection, params};

use crate::{StoreError, packed_id::PackedId};

pub struct Derived(Call);

impl Derived {
    pub(super) fn read(text: &str) -> Option<Self> {
        Call::read(text).map(Self)
    }

    pub(super) fn add(&self, connection: &Connection, key: &ResourceKey) -> Result<(), StoreError> {
        let sql = "INSERT OR REPLACE INTO call (about, at, id, outcome, caller, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let Call { about, outcome, at, by, note } = &self.0;
        let id = PackedId::of(key.id.as_str());
        connection.prepare_cached(sql)?.execute(params![
            about.to_string(),
            at.millis(),
            id,
            outcome.as_str(),
            by,
            note
        ])?;
        Ok(())
    }
}

pub(super) fn forget(connection: &Connection, key: &ResourceKey, _: i64, text: &str) -> Result<(), StoreError> {
    let Some(call) = Call::read(text) else { return Ok(()) };
    let sql = "DELETE FROM call WHERE about = ?1 AND at = ?2 AND id = ?3";
    let id = PackedId::of(key.id.as_str());
    connection.prepare_cached(sql)?.execute(params![call.about.to_string(), call.at.millis(), id])?;
    Ok(())
}
