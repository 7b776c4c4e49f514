//! Numbers for patients, so that the rows of one chart share a short key and lie together, and the places of rows.

use std::collections::HashMap;

use practice::{ids::PatientId, resource::ResourceType};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::StoreError;

/// The number that stands for "belongs to no patient".
pub const NONE: i64 = 0;

/// Before every place.
pub const BEFORE_ALL: i64 = i64::MIN;

/// Where a row of `kind` lies that belongs to patient `no`: what the column `compartment` of `resource` says. Visits come
/// to every chart, one at a time and long after the rest of it. Among the rest each would break up pages that are full; so
/// those of one patient lie together, apart from their chart.
pub fn place(no: i64, kind: ResourceType) -> i64 {
    if kind == ResourceType::APPOINTMENT { -no } else { no }
}

/// The number of the patient whose `row` of `resource` this is.
pub fn of(row: &Row<'_>) -> rusqlite::Result<i64> {
    row.get("compartment").map(i64::abs)
}

pub(crate) const FIND: &str = "SELECT no FROM compartment WHERE patient = ?1";

/// The number of `patient`, if anything of theirs was ever stored.
pub fn find(connection: &Connection, patient: &str) -> Result<Option<i64>, StoreError> {
    let mut statement = connection.prepare_cached(FIND)?;
    Ok(statement.query_row([patient], |row| row.get(0)).optional()?)
}

/// Numbers given during one transaction, so that each is looked up once.
#[derive(Default)]
pub struct Numbers(HashMap<PatientId, i64>);

impl Numbers {
    /// The number of `patient`, new when they are.
    pub fn of(&mut self, connection: &Connection, patient: Option<&PatientId>) -> Result<i64, StoreError> {
        let Some(patient) = patient else { return Ok(NONE) };
        if let Some(no) = self.0.get(patient) {
            return Ok(*no);
        }
        let no = match find(connection, patient.as_str())? {
            Some(no) => no,
            None => {
                connection
                    .prepare_cached("INSERT INTO compartment (patient) VALUES (?1)")?
                    .execute([patient.as_str()])?;
                connection.last_insert_rowid()
            }
        };
        self.0.insert(patient.clone(), no);
        Ok(no)
    }
}
