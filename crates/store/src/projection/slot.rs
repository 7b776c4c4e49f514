//! Block-outs and holds by time. Free and busy slots are no rows: hours and appointments say the same.

use practice::{ids::WorkstationId, resource::ResourceKey, views::SlotView};
use rusqlite::{Connection, params};

use crate::{StoreError, packed_id::PackedId};

pub struct Derived {
    start: i64,
    until: i64,
    schedule: String,
    hold: bool,
    label: Option<String>,
    kept_for: Option<WorkstationId>,
}

impl Derived {
    pub(super) fn read(text: &str) -> Option<Self> {
        let view = SlotView::read(text);
        if !view.is_block() && !view.is_hold() {
            return None;
        }
        let (start, end) = (view.start()?.millis(), view.end()?.millis());
        Some(Self {
            start,
            until: end.max(start),
            schedule: view.schedule()?.to_owned(),
            hold: view.is_hold(),
            label: view.label().map(str::to_owned),
            kept_for: view.kept_for(),
        })
    }

    pub(super) fn add(&self, connection: &Connection, key: &ResourceKey, unsent: bool) -> Result<(), StoreError> {
        let sql = "INSERT INTO block (start, id, until, schedule, hold, label, kept_for, unsent)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        connection.prepare_cached(sql)?.execute(params![
            self.start,
            PackedId::of(key.id.as_str()),
            self.until,
            PackedId::of(&self.schedule),
            self.hold,
            self.label,
            self.kept_for.as_ref().map(WorkstationId::as_str),
            unsent
        ])?;
        Ok(())
    }
}

pub(super) fn forget(connection: &Connection, key: &ResourceKey, _: i64, text: &str) -> Result<(), StoreError> {
    let Some(start) = SlotView::read(text).start() else { return Ok(()) };
    let mut statement = connection.prepare_cached("DELETE FROM block WHERE start = ?1 AND id = ?2")?;
    statement.execute(params![start.millis(), PackedId::of(key.id.as_str())])?;
    Ok(())
}
