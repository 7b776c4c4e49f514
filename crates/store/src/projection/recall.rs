//! Who is due for a visit, by day.

use practice::{resource::ResourceKey, schedule::recall::due, views::TaskView};
use rusqlite::{Connection, params};

use crate::{StoreError, packed_id::PackedId};

pub struct Derived(String);

impl Derived {
    pub(super) fn read(text: &str) -> Option<Self> {
        due(&TaskView::read(text)).map(|due| Self(due.to_string()))
    }

    pub(super) fn add(&self, connection: &Connection, key: &ResourceKey, compartment: i64) -> Result<(), StoreError> {
        let sql = "INSERT OR REPLACE INTO recall (due, id, compartment) VALUES (?1, ?2, ?3)";
        connection.prepare_cached(sql)?.execute(params![self.0, PackedId::of(key.id.as_str()), compartment])?;
        Ok(())
    }
}

pub(super) fn forget(connection: &Connection, key: &ResourceKey, _: i64, text: &str) -> Result<(), StoreError> {
    let Some(Derived(due)) = Derived::read(text) else { return Ok(()) };
    let mut statement = connection.prepare_cached("DELETE FROM recall WHERE due = ?1 AND id = ?2")?;
    statement.execute(params![due, PackedId::of(key.id.as_str())])?;
    Ok(())
}
