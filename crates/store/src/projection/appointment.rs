//! Appointments by time, and the time of each practitioner and place. An appointment without a time is on no schedule.

use practice::{
    resource::ResourceKey,
    schedule::series::repeats,
    views::{AppointmentStatus, AppointmentView},
};
use rusqlite::{Connection, params};

use crate::{StoreError, packed_id::PackedId};

pub struct Derived {
    start: i64,
    until: i64,
    status: AppointmentStatus,
    practitioners: Vec<String>,
    locations: Vec<String>,
    reason: Option<String>,
    note: Option<String>,
    arrived: Option<i64>,
    kind: Option<String>,
    confirmed: bool,
    gone: bool,
    repeats: Option<String>,
}

impl Derived {
    pub(super) fn read(text: &str) -> Option<Self> {
        let view = AppointmentView::read(text);
        let start = view.start()?.millis();
        Some(Self {
            start,
            until: view.end().map_or(start, |end| end.millis().max(start)),
            status: view.status()?,
            practitioners: view.practitioners().map(str::to_owned).collect(),
            locations: view.locations().map(str::to_owned).collect(),
            reason: view.reason().map(str::to_owned),
            note: view.note().map(str::to_owned),
            arrived: view.arrived_at().map(|at| at.millis()),
            kind: view.visit_type().map(str::to_owned),
            confirmed: view.is_confirmed(),
            gone: view.has_left(),
            repeats: repeats(&view),
        })
    }

    pub(super) fn add(
        &self,
        connection: &Connection,
        key: &ResourceKey,
        compartment: i64,
        unsent: bool,
    ) -> Result<(), StoreError> {
        let (id, status) = (PackedId::of(key.id.as_str()), self.status.as_str());
        let sql =
            "INSERT INTO appointment (start, id, until, status, compartment, practitioners, locations, reason, note,
                arrived, unsent, kind, confirmed, gone, repeats)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)";
        connection.prepare_cached(sql)?.execute(params![
            self.start,
            id,
            self.until,
            status,
            compartment,
            self.practitioners.join(" "),
            self.locations.join(" "),
            self.reason,
            self.note,
            self.arrived,
            unsent,
            self.kind,
            self.confirmed,
            self.gone,
            self.repeats,
        ])?;
        let sql = "INSERT OR IGNORE INTO booked (actor, start, appointment, until, status) VALUES (?1, ?2, ?3, ?4, ?5)";
        let mut statement = connection.prepare_cached(sql)?;
        for actor in self.practitioners.iter().chain(&self.locations) {
            statement.execute(params![PackedId::of(actor), self.start, id, self.until, status])?;
        }
        Ok(())
    }
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
