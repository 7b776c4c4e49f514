//! Whom to call about a visit: who has not said yet that they come, and who did not come.

use std::sync::LazyLock;

use practice::{
    audit::AuditRecord,
    resource::{ResourceKey, ResourceType},
    schedule::{
        calls::{CallOutcome, has_confirmed, may_confirm},
        holds_time,
    },
    time::Stamp,
    views::{AppointmentStatus, AppointmentView},
};
use rusqlite::{Connection, Row, params};

use super::day::{AppointmentColumns, AppointmentRow, SELECT_APPOINTMENTS, appointments, read_appointment};
use super::search::HitColumns;
use crate::{Store, StoreError, head};

/// The last that came of calling somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallRow {
    /// What came of it.
    pub outcome: CallOutcome,
    /// When.
    pub at: Stamp,
    /// The name of who called.
    pub by: Option<String>,
    /// A word beside it.
    pub note: Option<String>,
}

/// A visit to call about.
#[derive(Clone, PartialEq)]
pub struct VisitRow {
    /// The visit.
    pub visit: AppointmentRow,
    /// The last that came of calling.
    pub last: Option<CallRow>,
}

/// The statuses that hold time, as a list of SQL: they are words of ours.
pub(super) static HELD: LazyLock<String> = LazyLock::new(|| {
    let held = AppointmentStatus::ALL.into_iter().filter(|status| holds_time(*status));
    held.map(|status| format!("'{}'", status.as_str())).collect::<Vec<_>>().join(", ")
});

static MISSED: LazyLock<String> = LazyLock::new(|| {
    format!(
        "WITH later AS (SELECT compartment, max(start) AS start FROM appointment
            WHERE start > ?1 AND compartment <> 0 AND status IN ({}) GROUP BY compartment)
        {SELECT_APPOINTMENTS} LEFT JOIN later ON later.compartment = a.compartment
        WHERE a.start >= ?1 AND a.start < ?2 AND a.status = 'noshow' AND (later.start IS NULL OR later.start <= a.start)
        ORDER BY a.start DESC, a.id",
        *HELD
    )
});

impl Store {
    /// The visits that begin from `from` up to `to` and that nobody has confirmed, by start.
    ///
    /// # Errors
    /// As every statement; [`StoreError::Damaged`] when a text can't be read.
    pub fn unconfirmed(&self, from: Stamp, to: Stamp, audit: &AuditRecord) -> Result<Vec<VisitRow>, StoreError> {
        self.told(audit, |reader| {
            let mut unpacker = self.codec.unpacker();
            let mut found = Vec::new();
            for visit in appointments(reader, from, to)? {
                if visit.start < from || !may_confirm(visit.status) {
                    continue;
                }
                let key = ResourceKey::new(ResourceType::APPOINTMENT, visit.id.as_str());
                let text = head::text(reader, &mut unpacker, &key)?.ok_or(StoreError::Damaged)?;
                if !has_confirmed(&AppointmentView::read(&text)) {
                    found.push(VisitRow { visit, last: last_call(reader, &key)? });
                }
            }
            Ok(found)
        })
    }

    /// What came of the calls about `key`, the last first.
    ///
    /// # Errors
    /// As every statement.
    pub fn calls_about(&self, key: &ResourceKey, audit: &AuditRecord) -> Result<Vec<CallRow>, StoreError> {
        self.told(audit, |reader| {
            let mut statement = reader.prepare_cached(ABOUT)?;
            let mut rows = statement.query([key.to_string()])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                found.push(read_call(row)?);
            }
            Ok(found)
        })
    }

    /// The visits that began from `from` up to `to` and were missed, of patients who have had none since and are to have none,
    /// the last first. Without those of whom somebody said that nobody is to be called.
    ///
    /// # Errors
    /// As every statement.
    pub fn missed(&self, from: Stamp, to: Stamp, audit: &AuditRecord) -> Result<Vec<VisitRow>, StoreError> {
        self.told(audit, |reader| {
            let mut statement = reader.prepare_cached(&MISSED)?;
            let columns = (AppointmentColumns::of(&statement)?, HitColumns::of(&statement)?);
            let mut rows = statement.query(params![from.millis(), to.millis()])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let visit = read_appointment(reader, row, &columns)?;
                let last = last_call(reader, &ResourceKey::new(ResourceType::APPOINTMENT, visit.id.as_str()))?;
                if last.as_ref().is_none_or(|last| last.outcome != CallOutcome::NoMore) {
                    found.push(VisitRow { visit, last });
                }
            }
            Ok(found)
        })
    }
}

const ABOUT: &str = "SELECT outcome, at, caller, note FROM call WHERE about = ?1 ORDER BY at DESC, id DESC";

/// The last that came of calling about `key`.
pub(super) fn last_call(reader: &Connection, key: &ResourceKey) -> Result<Option<CallRow>, StoreError> {
    let mut statement = reader.prepare_cached(ABOUT)?;
    let mut rows = statement.query([key.to_string()])?;
    rows.next()?.map(read_call).transpose()
}

fn read_call(row: &Row<'_>) -> Result<CallRow, StoreError> {
    let outcome = row.get_ref("outcome")?.as_str().ok().and_then(CallOutcome::parse).ok_or(StoreError::Damaged)?;
    Ok(CallRow { outcome, at: head::stamp(row.get("at")?)?, by: row.get("caller")?, note: row.get("note")? })
}
