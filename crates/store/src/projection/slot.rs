//! Block-outs and holds by time. Free and busy slots are no rows: hours and appointments say the same.

use practice::{ids::WorkstationId, resource::ResourceKey, views::SlotView};
use rusqlite::{Connection, params};

use crate::{StoreError, packed_id::PackedId};

pub(super) fn add(connection: &Connection, key: &ResourceKey, text: &str, unsent: bool) -> Result<(), StoreError> {
    let view = SlotView::read(text);
    if !view.is_block() && !view.is_hold() {
        return Ok(());
    }
    let (Some(start), Some(end), Some(schedule)) = (view.start(), view.end(), view.schedule()) else { return Ok(()) };
    let sql = "INSERT INTO block (start, id, until, schedule, hold, label, kept_for, unsent)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let (start, until) = (start.millis(), end.millis().max(start.millis()));
    connection.prepare_cached(sql)?.execute(params![
        start,
        PackedId::of(key.id.as_str()),
        until,
        PackedId::of(schedule),
        view.is_hold(),
        view.label(),
        view.kept_for().as_ref().map(WorkstationId::as_str),
        unsent
    ])?;
    Ok(())
}

pub(super) fn forget(connection: &Connection, key: &ResourceKey, _: i64, text: &str) -> Result<(), StoreError> {
    let Some(start) = SlotView::read(text).start() else { return Ok(()) };
    let mut statement = connection.prepare_cached("DELETE FROM block WHERE start = ?1 AND id = ?2")?;
    statement.execute(params![start.millis(), PackedId::of(key.id.as_str())])?;
    Ok(())
}
