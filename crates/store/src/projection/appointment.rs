//! Appointments by time, and the time of each practitioner and place. An appointment without a time is on no schedule.

use practice::{resource::ResourceKey, views::AppointmentView};
use rusqlite::{Connection, params};

use crate::{StoreError, packed_id::PackedId};

pub(super) fn add(
    connection: &Connection,
    key: &ResourceKey,
    compartment: i64,
    text: &str,
    unsent: bool,
) -> Result<(), StoreError> {
    let view = AppointmentView::read(text);
    let (Some(start), Some(status)) = (view.start(), view.status()) else { return Ok(()) };
    let (start, until) = (start.millis(), view.end().map_or(start.millis(), |end| end.millis().max(start.millis())));
    let practitioners: Vec<&str> = view.practitioners().collect();
    let locations: Vec<&str> = view.locations().collect();
    let sql = "INSERT INTO appointment (start, id, until, status, compartment, practitioners, locations, reason, note,
            arrived, unsent)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
    connection.prepare_cached(sql)?.execute(params![
        start,
        PackedId::of(key.id.as_str()),
        until,
        status.as_str(),
        compartment,
        practitioners.join(" "),
        locations.join(" "),
        view.reason(),
        view.note(),
        view.arrived_at().map(|at| at.millis()),
        unsent,
    ])?;
    let sql = "INSERT OR IGNORE INTO booked (actor, start, appointment, until, status) VALUES (?1, ?2, ?3, ?4, ?5)";
    let mut statement = connection.prepare_cached(sql)?;
    for actor in practitioners.into_iter().chain(locations) {
        statement.execute(params![
            PackedId::of(actor),
            start,
            PackedId::of(key.id.as_str()),
            until,
            status.as_str()
        ])?;
    }
    Ok(())
}

pub(super) fn forget(connection: &Connection, key: &ResourceKey, _: i64, text: &str) -> Result<(), StoreError> {
    let view = AppointmentView::read(text);
    let Some(start) = view.start().map(|start| start.millis()) else { return Ok(()) };
    let id = PackedId::of(key.id.as_str());
    connection.prepare_cached("DELETE FROM appointment WHERE start = ?1 AND id = ?2")?.execute(params![start, id])?;
    let sql = "DELETE FROM booked WHERE actor = ?1 AND start = ?2 AND appointment = ?3";
    let mut statement = connection.prepare_cached(sql)?;
    for actor in view.practitioners().chain(view.locations()) {
        statement.execute(params![PackedId::of(actor), start, id])?;
    }
    Ok(())
}
