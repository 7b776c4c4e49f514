//! The practice's enrolled computers.

use practice::{ids::WorkstationId, policy::Zone};
use rusqlite::{OptionalExtension, Row};

use super::token;
use crate::store::{PracticeStore, StoreError};

/// An enrolled computer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workstation {
    /// Id.
    pub id: WorkstationId,
    /// What it is called.
    pub name: String,
    /// Where it stands.
    pub zone: Zone,
    /// May no longer do anything.
    pub stopped: bool,
}

const COLUMNS: &str = "id, name, zone, stopped";

impl PracticeStore {
    /// The workstation called `id`.
    pub fn workstation(&self, id: &WorkstationId) -> Result<Option<Workstation>, StoreError> {
        self.db
            .prepare_cached(&format!("select {COLUMNS} from workstation where id = ?"))?
            .query_row([id.as_str()], |row| Ok(read(row)))
            .optional()?
            .transpose()
    }

    pub(super) fn workstation_by_token(&self, token: &str) -> Result<Option<Workstation>, StoreError> {
        self.db
            .prepare_cached(&format!("select {COLUMNS} from workstation where token = ?"))?
            .query_row([token::hash(token)], |row| Ok(read(row)))
            .optional()?
            .transpose()
    }

    /// The host's half of the workstation's recovery slot.
    pub fn share(&self, id: &WorkstationId) -> Result<[u8; 32], StoreError> {
        Ok(self
            .db
            .prepare_cached("select share from workstation where id = ?")?
            .query_row([id.as_str()], |row| row.get("share"))?)
    }
}

fn read(row: &Row<'_>) -> Result<Workstation, StoreError> {
    const BAD: StoreError = StoreError::Damaged("a workstation");
    Ok(Workstation {
        id: WorkstationId::parse(&row.get::<_, String>("id")?).ok_or(BAD)?,
        name: row.get("name")?,
        zone: Zone::parse(&row.get::<_, String>("zone")?).ok_or(BAD)?,
        stopped: row.get::<_, Option<i64>>("stopped")?.is_some(),
    })
}
