//! A patient's chart: one walk over rows that lie together.

use practice::{
    audit::AuditRecord,
    chart::{Chart, Source},
    ids::{AppointmentId, PatientId},
    resource::{ResourceKey, ResourceType},
    time::Stamp,
    views::PatientView,
};
use rusqlite::Connection;

use super::{
    AppointmentRow, PatientHit,
    same::{absorbed, survivor},
    search::hit,
};
use crate::{Store, StoreError, body::Codec, columns::columns, compartment, head};

/// What a chart is drawn from.
#[derive(Clone, PartialEq)]
pub struct ChartRows {
    /// Who.
    pub patient: PatientHit,
    /// The Patient's text, for address and language.
    pub text: String,
    /// When anything of it last changed.
    pub updated: Stamp,
    /// Sections and series.
    pub chart: Chart,
    /// Their appointments, past and coming, by start.
    pub appointments: Vec<AppointmentRow>,
    /// Records that were merged into this one, which the chart is drawn from as well.
    pub merged: Vec<PatientHit>,
}

/// The types a chart shows. The rest of the compartment (claims, statements of benefit) is passed over unread.
pub(super) const TEXTS: &str = "SELECT type AS kind, id, updated, unsent, dict, body FROM resource
    WHERE compartment = ?1 AND type IN ('AllergyIntolerance', 'Condition', 'DiagnosticReport', 'DocumentReference',
        'Encounter', 'Immunization', 'MedicationRequest', 'MedicationStatement', 'Observation', 'Patient')
    UNION ALL SELECT type, id, updated, unsent, dict, body FROM resource WHERE compartment = ?2 AND type = 'Appointment'";

impl Store {
    /// The chart of `patient`, or of whom they were merged into; `None` when there is no such patient here.
    ///
    /// # Errors
    /// As every statement; [`StoreError::Damaged`] when a text can't be read.
    pub fn chart(&self, patient: &PatientId, audit: &AuditRecord) -> Result<Option<ChartRows>, StoreError> {
        self.told_beside(audit, |reader| chart(reader, &self.codec, patient))
    }
}

struct Text {
    key: ResourceKey,
    text: String,
    unsent: bool,
}

fn chart(reader: &Connection, codec: &Codec, patient: &PatientId) -> Result<Option<ChartRows>, StoreError> {
    let Some(no) = compartment::find(reader, patient.as_str())? else { return Ok(None) };
    let no = survivor(reader, no)?;
    let (mut texts, mut updated) = texts_of(reader, codec, no)?;
    let Some(own) = texts.iter().find(|text| text.key.kind == ResourceType::PATIENT) else { return Ok(None) };
    let (patient, own) = (PatientId::parse(own.key.id.as_str()).ok_or(StoreError::Damaged)?, own.text.clone());
    let who = PatientHit::of(patient, &PatientView::read(&own));
    let mut merged = Vec::new();
    for no in absorbed(reader, no)? {
        merged.extend(hit(reader, no)?);
        let (more, since) = texts_of(reader, codec, no)?;
        texts.extend(more);
        updated = updated.max(since);
    }
    let of_text = |text: &Text| {
        let id = AppointmentId::parse(text.key.id.as_str()).filter(|_| text.key.kind == ResourceType::APPOINTMENT)?;
        AppointmentRow::of(id, &text.text, &who, text.unsent)
    };
    let mut appointments: Vec<AppointmentRow> = texts.iter().filter_map(of_text).collect();
    appointments.sort_by(|a, b| (a.start, &a.id).cmp(&(b.start, &b.id)));
    let sources = texts.iter().map(|text| Source { key: text.key.clone(), text: &text.text, unsent: text.unsent });
    Ok(Some(ChartRows {
        chart: Chart::lay_out(sources),
        text: own,
        updated: head::stamp(updated)?,
        patient: who,
        appointments,
        merged,
    }))
}

columns! {
    /// What a [`Text`] is read from.
    TextColumns { kind, id, updated, unsent, dict, body }
}

fn texts_of(reader: &Connection, codec: &Codec, no: i64) -> Result<(Vec<Text>, i64), StoreError> {
    let mut statement = reader.prepare_cached(TEXTS)?;
    let columns = TextColumns::of(&statement)?;
    let mut rows = statement.query([no, compartment::place(no, ResourceType::APPOINTMENT)])?;
    let (mut unpacker, mut texts, mut updated) = (codec.unpacker(), Vec::new(), 0);
    while let Some(row) = rows.next()? {
        let bytes = row.get_ref(columns.body)?.as_blob().map_err(|_| StoreError::Damaged)?;
        let text = unpacker.unpack(row.get(columns.dict)?, bytes)?;
        updated = updated.max(row.get(columns.updated)?);
        texts.push(Text { key: head::key_in(row, columns.kind, columns.id)?, text, unsent: row.get(columns.unsent)? });
    }
    Ok((texts, updated))
}
