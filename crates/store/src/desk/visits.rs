//! All visits of one patient, for the rules.

use practice::{
    ids::{PatientId, ResourceId},
    resource::{ResourceKey, ResourceType},
};

use super::{Stored, read::stored};
use crate::{Store, StoreError, compartment, packed_id::PackedId};

impl Store {
    /// The Appointments of `patient` as they stand here, in no order: what they say reaches no screen by this way.
    ///
    /// # Errors
    /// As every statement; [`StoreError::Damaged`] when a text can't be read.
    pub fn visits_of(&self, patient: &PatientId) -> Result<Vec<(ResourceKey, Stored)>, StoreError> {
        self.read_only(|reader| {
            let Some(no) = compartment::find(reader, patient.as_str())? else { return Ok(Vec::new()) };
            let kind = ResourceType::APPOINTMENT;
            let sql = "SELECT id FROM resource WHERE compartment = ?1 AND type = ?2";
            let mut statement = reader.prepare_cached(sql)?;
            let read = |row: &rusqlite::Row<'_>| PackedId::read(row, "id", ResourceId::parse);
            let ids = statement.query_map((compartment::place(no, kind), kind.as_str()), read)?;
            let mut visits = Vec::new();
            for id in ids {
                let key = ResourceKey { kind, id: id? };
                visits.extend(stored(reader, &self.codec, &key)?.map(|stored| (key, stored)));
            }
            Ok(visits)
        })
    }
}
