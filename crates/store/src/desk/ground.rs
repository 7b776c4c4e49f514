//! What a day's appointments stand on: who works here, their hours, block-outs and holds, and the rooms.

use std::collections::BTreeMap;

use practice::{
    ids::{LocationId, PractitionerId, SlotId, WorkstationId},
    time::Stamp,
    views::{LocationView, ScheduleView},
};
use rusqlite::{Connection, params};

use super::day::{BlockRow, DAY, HoursRow, PractitionerRow, RoomRow};
use crate::{StoreError, body::Codec, compartment, head, packed_id::PackedId};

pub(super) fn practitioners(reader: &Connection) -> Result<Vec<PractitionerRow>, StoreError> {
    let mut statement =
        reader.prepare_cached("SELECT id, name, family, active FROM practitioner ORDER BY family, name, id")?;
    let mut rows = statement.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(PractitionerRow {
            id: PractitionerId::parse(&row.get::<_, String>("id")?).ok_or(StoreError::Damaged)?,
            name: row.get("name")?,
            family: row.get("family")?,
            active: row.get("active")?,
        });
    }
    Ok(all)
}

pub(super) fn rooms(reader: &Connection, codec: &Codec) -> Result<Vec<RoomRow>, StoreError> {
    let sql = "SELECT id, dict, body FROM resource WHERE compartment = ?1 AND type = 'Location'";
    let mut statement = reader.prepare_cached(sql)?;
    let mut rows = statement.query([compartment::NONE])?;
    let (mut unpacker, mut rooms) = (codec.unpacker(), Vec::new());
    while let Some(row) = rows.next()? {
        let bytes = row.get_ref("body")?.as_blob().map_err(|_| StoreError::Damaged)?;
        let text = unpacker.unpack(row.get("dict")?, bytes)?;
        if let Some(name) = LocationView::read(&text).room() {
            rooms.push(RoomRow { id: PackedId::read(row, "id", LocationId::parse)?, name: name.to_owned() });
        }
    }
    rooms.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(rooms)
}

/// Active Schedules of practitioners, by Schedule id. There are about as many as providers.
pub(super) fn schedules(reader: &Connection, codec: &Codec) -> Result<BTreeMap<String, HoursRow>, StoreError> {
    let sql = "SELECT id, dict, body FROM resource WHERE compartment = ?1 AND type = 'Schedule'";
    let mut statement = reader.prepare_cached(sql)?;
    let mut rows = statement.query([compartment::NONE])?;
    let (mut unpacker, mut schedules) = (codec.unpacker(), BTreeMap::new());
    while let Some(row) = rows.next()? {
        let bytes = row.get_ref("body")?.as_blob().map_err(|_| StoreError::Damaged)?;
        let text = unpacker.unpack(row.get("dict")?, bytes)?;
        let view = ScheduleView::read(&text);
        let Some(practitioner) = view.practitioner().and_then(PractitionerId::parse) else { continue };
        if view.active == Some(false) {
            continue;
        }
        let end = |end: Option<&str>| end.map(str::to_owned);
        let horizon = view.planning_horizon.as_ref();
        let horizon = (
            end(horizon.and_then(|horizon| horizon.start.as_deref())),
            end(horizon.and_then(|horizon| horizon.end.as_deref())),
        );
        schedules.insert(
            PackedId::read(row, "id", |id| Some(id.to_owned()))?,
            HoursRow { practitioner, week: view.hours(), horizon, overbook_limit: view.overbook_limit() },
        );
    }
    Ok(schedules)
}

pub(super) fn sorted_hours(schedules: &BTreeMap<String, HoursRow>) -> Vec<HoursRow> {
    let mut hours: Vec<HoursRow> = schedules.values().cloned().collect();
    hours.sort_by(|a, b| a.practitioner.cmp(&b.practitioner));
    hours
}

pub(super) fn blocks(
    reader: &Connection,
    schedules: &BTreeMap<String, HoursRow>,
    from: Stamp,
    to: Stamp,
) -> Result<Vec<BlockRow>, StoreError> {
    let sql = "SELECT id, start, until, schedule, hold, label, kept_for, unsent FROM block
            WHERE start >= ?1 - ?3 AND start < ?2 AND (until > ?1 OR start >= ?1)
        UNION ALL SELECT id, start, until, schedule, hold, label, kept_for, unsent FROM block
            WHERE until > ?1 AND start < ?1 - ?3 AND until - start > 86400000
        ORDER BY start, id";
    let mut statement = reader.prepare_cached(sql)?;
    let mut rows = statement.query(params![from.millis(), to.millis(), DAY])?;
    let mut blocks = Vec::new();
    while let Some(row) = rows.next()? {
        let hours = PackedId::read(row, "schedule", |schedule| Some(schedules.get(schedule)))?;
        let Some(hours) = hours else { continue };
        let kept_for: Option<String> = row.get("kept_for")?;
        blocks.push(BlockRow {
            id: PackedId::read(row, "id", SlotId::parse)?,
            practitioner: hours.practitioner.clone(),
            start: head::stamp(row.get("start")?)?,
            end: head::stamp(row.get("until")?)?,
            label: row.get("label")?,
            hold: row.get("hold")?,
            kept_for: kept_for.as_deref().and_then(WorkstationId::parse),
            unsent: row.get("unsent")?,
        });
    }
    Ok(blocks)
}
