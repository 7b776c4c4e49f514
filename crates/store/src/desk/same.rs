//! Records that were merged into others: whatever lies under their number is read as the surviving patient's.

use practice::{
    ids::PatientId,
    resource::ResourceType,
    views::{AppointmentStatus, AppointmentView},
};
use rusqlite::{Connection, OptionalExtension};

use super::{PatientHit, search::hit};
use crate::{Store, StoreError, compartment};

/// Merges of merges that are followed. Nobody makes so many; a ring of them would never end.
const LONGEST: usize = 8;

pub(super) const NEXT_SAME: &str = "SELECT p.no FROM same_as AS s JOIN compartment AS c ON c.patient = s.other
    JOIN patient AS p ON p.no = c.no WHERE s.no = ?1";

impl Store {
    /// The record to use in place of `patient`'s: the one it was merged into, or itself. For the rules only.
    ///
    /// # Errors
    /// As every statement.
    pub fn survivor_of(&self, patient: &PatientId) -> Result<PatientId, StoreError> {
        self.read_only(|reader| {
            let Some(no) = compartment::find(reader, patient.as_str())? else { return Ok(patient.clone()) };
            let survivor = survivor(reader, no)?;
            let found = if survivor == no { None } else { hit(reader, survivor)? };
            Ok(found.map_or_else(|| patient.clone(), |hit| hit.id))
        })
    }

    /// Whether anything but who they are and who pays belongs to `patient`; a visit that was entered by mistake does not
    /// count. For the rules only.
    ///
    /// # Errors
    /// As every statement; [`StoreError::Damaged`] when a text can't be read.
    pub fn in_use(&self, patient: &PatientId) -> Result<bool, StoreError> {
        self.read_only(|reader| {
            let Some(no) = compartment::find(reader, patient.as_str())? else { return Ok(false) };
            let sql = "SELECT type, dict, body FROM resource
                WHERE compartment IN (?1, ?2) AND type NOT IN ('Patient', 'Coverage', 'Provenance')";
            let mut statement = reader.prepare_cached(sql)?;
            let mut rows = statement.query([no, compartment::place(no, ResourceType::APPOINTMENT)])?;
            let mut unpacker = self.codec.unpacker();
            while let Some(row) = rows.next()? {
                let bytes = row.get_ref("body")?.as_blob().map_err(|_| StoreError::Damaged)?;
                let text = unpacker.unpack(row.get("dict")?, bytes)?;
                let visit = row.get_ref("type")?.as_str() == Ok(ResourceType::APPOINTMENT.as_str());
                if !visit || AppointmentView::read(&text).status() != Some(AppointmentStatus::EnteredInError) {
                    return Ok(true);
                }
            }
            Ok(false)
        })
    }
}

/// The number to read in place of `no`.
pub(super) fn survivor(reader: &Connection, no: i64) -> Result<i64, StoreError> {
    let mut statement = reader.prepare_cached(NEXT_SAME)?;
    let mut at = no;
    for _ in 0..LONGEST {
        match statement.query_row([at], |row| row.get(0)).optional()? {
            Some(next) => at = next,
            None => return Ok(at),
        }
    }
    Ok(no)
}

/// The numbers whose survivor is `no`, without itself.
pub(super) fn absorbed(reader: &Connection, no: i64) -> Result<Vec<i64>, StoreError> {
    let sql =
        "SELECT s.no FROM compartment AS c JOIN same_as AS s ON s.other = c.patient WHERE c.no = ?1 ORDER BY s.no";
    let mut statement = reader.prepare_cached(sql)?;
    let (mut found, mut next) = (Vec::new(), vec![no]);
    while let Some(at) = next.pop() {
        let direct: Vec<i64> = statement.query_map([at], |row| row.get(0))?.collect::<Result<_, _>>()?;
        for one in direct {
            if one != no && !found.contains(&one) && survivor(reader, one)? == no {
                found.push(one);
                next.push(one);
            }
        }
    }
    Ok(found)
}

/// Who the patient of number `no` is: as its row says, or the one it was merged into.
pub(super) fn known_as(
    reader: &Connection,
    no: i64,
    of_row: Option<PatientHit>,
) -> Result<Option<PatientHit>, StoreError> {
    let survivor = survivor(reader, no)?;
    if survivor == no { Ok(of_row) } else { hit(reader, survivor) }
}
