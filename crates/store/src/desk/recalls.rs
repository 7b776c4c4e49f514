//! Who is due for a visit.

use std::sync::LazyLock;

use practice::{
    audit::AuditRecord,
    ids::ResourceId,
    resource::{ResourceKey, ResourceType},
    time::Stamp,
};
use rusqlite::params;

use super::{
    PatientHit,
    calls::{CallRow, HELD, last_call},
    search::HitColumns,
};
use crate::{Store, StoreError, columns::columns, head, packed_id::PackedId};

/// Somebody who is due.
pub struct RecallRow {
    /// The Task.
    pub key: ResourceKey,
    /// The day, ISO.
    pub due: String,
    /// Who.
    pub patient: Option<PatientHit>,
    /// The Task's text.
    pub text: String,
    /// When the patient comes next as it is.
    pub next: Option<Stamp>,
    /// The last that came of calling.
    pub last: Option<CallRow>,
    /// Whether it waits for the host.
    pub unsent: bool,
}

columns! {
    /// What a [`RecallRow`] is read from.
    RecallColumns { task, due, next, unsent, dict, body }
}

static DUE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "WITH coming AS (SELECT compartment, min(start) AS start FROM appointment
            WHERE start > ?1 AND compartment <> 0 AND status IN ({}) GROUP BY compartment)
        SELECT w.id AS task, w.due AS due, coming.start AS next, r.unsent AS unsent, r.dict AS dict, r.body AS body,
            p.id AS patient, p.name AS name, p.birth AS birth, p.gender AS gender, p.record AS record, p.phone AS phone,
            p.deceased AS deceased
        FROM recall AS w JOIN resource AS r ON r.type = 'Task' AND r.id = w.id
            LEFT JOIN patient AS p ON p.no = w.compartment LEFT JOIN coming ON coming.compartment = w.compartment
        WHERE w.due <= ?2 ORDER BY w.due, w.id",
        *HELD
    )
});

impl Store {
    /// Who is due up to the day `until` (ISO), by day; visits after `now` are to come.
    ///
    /// # Errors
    /// As every statement; [`StoreError::Damaged`] when a text can't be read.
    pub fn recalls(&self, until: &str, now: Stamp, audit: &AuditRecord) -> Result<Vec<RecallRow>, StoreError> {
        self.told(audit, |reader| {
            let mut statement = reader.prepare_cached(&DUE)?;
            let (columns, hit) = (RecallColumns::of(&statement)?, HitColumns::of(&statement)?);
            let mut rows = statement.query(params![now.millis(), until])?;
            let (mut unpacker, mut found) = (self.codec.unpacker(), Vec::new());
            while let Some(row) = rows.next()? {
                let bytes = row.get_ref(columns.body)?.as_blob().map_err(|_| StoreError::Damaged)?;
                let id = PackedId::read(row, columns.task, ResourceId::parse)?;
                let key = ResourceKey { kind: ResourceType::TASK, id };
                found.push(RecallRow {
                    due: row.get(columns.due)?,
                    patient: PatientHit::read(row, &hit)?,
                    text: unpacker.unpack(row.get(columns.dict)?, bytes)?,
                    next: row.get::<_, Option<i64>>(columns.next)?.map(head::stamp).transpose()?,
                    last: last_call(reader, &key)?,
                    unsent: row.get(columns.unsent)?,
                    key,
                });
            }
            Ok(found)
        })
    }
}
