//! Who would come sooner.

use practice::{audit::AuditRecord, ids::AppointmentId};
use rusqlite::Connection;

use super::{PatientHit, same::known_as, search::HitColumns};
use crate::{Store, StoreError, body::Codec, columns::columns, packed_id::PackedId};

/// An Appointment on the waitlist.
#[derive(Clone, PartialEq)]
pub struct WaitingRow {
    /// Appointment id.
    pub id: AppointmentId,
    /// For whom.
    pub patient: Option<PatientHit>,
    /// Its text: what would suit.
    pub text: String,
    /// Whether it waits for the host.
    pub unsent: bool,
}

columns! {
    /// What a [`WaitingRow`] is read from.
    WaitingColumns { appointment, unsent, dict, body, compartment }
}

impl Store {
    /// The waitlist, in no order.
    ///
    /// # Errors
    /// As every statement; [`StoreError::Damaged`] when a text can't be read.
    pub fn waitlist(&self, audit: &AuditRecord) -> Result<Vec<WaitingRow>, StoreError> {
        self.told(audit, |reader| waitlist(reader, &self.codec))
    }
}

fn waitlist(reader: &Connection, codec: &Codec) -> Result<Vec<WaitingRow>, StoreError> {
    let sql = "SELECT w.id AS appointment, r.unsent AS unsent, r.dict AS dict, r.body AS body, w.compartment AS compartment, p.id AS patient,
            p.name AS name, p.birth AS birth, p.gender AS gender, p.record AS record, p.phone AS phone,
            p.deceased AS deceased
        FROM waitlist AS w JOIN resource AS r ON r.type = 'Appointment' AND r.id = w.id
            LEFT JOIN patient AS p ON p.no = w.compartment";
    let mut statement = reader.prepare_cached(sql)?;
    let (columns, hit) = (WaitingColumns::of(&statement)?, HitColumns::of(&statement)?);
    let mut rows = statement.query([])?;
    let (mut unpacker, mut found) = (codec.unpacker(), Vec::new());
    while let Some(row) = rows.next()? {
        let bytes = row.get_ref(columns.body)?.as_blob().map_err(|_| StoreError::Damaged)?;
        found.push(WaitingRow {
            id: PackedId::read(row, columns.appointment, AppointmentId::parse)?,
            patient: known_as(reader, row.get(columns.compartment)?, PatientHit::read(row, &hit)?)?,
            text: unpacker.unpack(row.get(columns.dict)?, bytes)?,
            unsent: row.get(columns.unsent)?,
        });
    }
    Ok(found)
}
