//! Which changes touched a resource: the targets of each Provenance.

use practice::{provenance::ChangeNote, resource::ResourceKey};
use rusqlite::{Connection, params};

use crate::StoreError;

pub struct Derived(ChangeNote);

impl Derived {
    pub(super) fn read(text: &str) -> Option<Self> {
        ChangeNote::read(text).map(Self)
    }

    pub(super) fn add(&self, connection: &Connection, key: &ResourceKey) -> Result<(), StoreError> {
        let sql = "INSERT OR IGNORE INTO touched (target, recorded, provenance) VALUES (?1, ?2, ?3)";
        let mut statement = connection.prepare_cached(sql)?;
        for target in &self.0.targets {
            statement.execute(params![target.to_string(), self.0.at.millis(), key.id.as_str()])?;
        }
        Ok(())
    }
}

pub(super) fn forget(connection: &Connection, key: &ResourceKey, _: i64, text: &str) -> Result<(), StoreError> {
    let Some(note) = ChangeNote::read(text) else { return Ok(()) };
    let sql = "DELETE FROM touched WHERE target = ?1 AND recorded = ?2 AND provenance = ?3";
    let mut statement = connection.prepare_cached(sql)?;
    for target in note.targets {
        statement.execute(params![target.to_string(), note.at.millis(), key.id.as_str()])?;
    }
    Ok(())
}
