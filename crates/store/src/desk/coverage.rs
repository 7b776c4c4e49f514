//! Who a patient is and who pays: what the front desk writes down.

use practice::{
    audit::AuditRecord,
    ids::PatientId,
    resource::{ResourceKey, ResourceType},
};
use rusqlite::{Connection, params};

use super::{Stored, read::stored};
use crate::{Store, StoreError, body::Codec, compartment, head};

/// A Patient and their Coverages, each as it stands here.
#[derive(Clone, PartialEq, Eq)]
pub struct Registration {
    /// The Patient.
    pub patient: Stored,
    /// The Coverages, by id.
    pub coverages: Vec<(ResourceKey, Stored)>,
}

impl Store {
    /// What is written down of `patient`, for a screen; `None` when there is no such patient here.
    ///
    /// # Errors
    /// As every statement; [`StoreError::Damaged`] when a text can't be read.
    pub fn registration(&self, patient: &PatientId, audit: &AuditRecord) -> Result<Option<Registration>, StoreError> {
        self.told(audit, |reader| registration(reader, &self.codec, patient))
    }

    /// As [`Self::registration`], for the rules only: what it says reaches no screen by this way.
    ///
    /// # Errors
    /// As [`Self::registration`].
    pub fn peek_registration(&self, patient: &PatientId) -> Result<Option<Registration>, StoreError> {
        self.read_only(|reader| registration(reader, &self.codec, patient))
    }
}

fn registration(reader: &Connection, codec: &Codec, patient: &PatientId) -> Result<Option<Registration>, StoreError> {
    let Some(own) = stored(reader, codec, &ResourceKey::patient(patient))? else { return Ok(None) };
    let mut coverages = Vec::new();
    for key in keys(reader, patient)? {
        coverages.extend(stored(reader, codec, &key)?.map(|stored| (key, stored)));
    }
    Ok(Some(Registration { patient: own, coverages }))
}

fn keys(reader: &Connection, patient: &PatientId) -> Result<Vec<ResourceKey>, StoreError> {
    let Some(no) = compartment::find(reader, patient.as_str())? else { return Ok(Vec::new()) };
    let sql = "SELECT type, id FROM resource WHERE compartment = ?1 AND type = ?2 ORDER BY id";
    let mut statement = reader.prepare_cached(sql)?;
    let place = compartment::place(no, ResourceType::COVERAGE);
    let keys = statement.query_map(params![place, ResourceType::COVERAGE.as_str()], head::key)?;
    Ok(keys.collect::<Result<_, _>>()?)
}
