//! What takes the practitioners' time over many days, without whose visits they are.

use practice::{audit::AuditRecord, ids::PractitionerId, time::Stamp};

use super::{
    day::{BlockRow, Busy, HoursRow, PractitionerRow, busy},
    ground::{blocks, practitioners, schedules, sorted_hours},
};
use crate::{Store, StoreError};

/// The practitioners' time between two moments.
#[derive(Clone, Default, PartialEq)]
pub struct TimeRows {
    /// Who has hours; by family name.
    pub practitioners: Vec<PractitionerRow>,
    /// Working hours, by practitioner.
    pub hours: Vec<HoursRow>,
    /// Block-outs and holds, by start.
    pub blocks: Vec<BlockRow>,
    /// The visits of each practitioner, whatever their status, by start.
    pub busy: Vec<(PractitionerId, Vec<Busy>)>,
}

impl Store {
    /// The time between `from` and `to` of those who have hours.
    ///
    /// # Errors
    /// As every statement.
    pub fn time(&self, from: Stamp, to: Stamp, audit: &AuditRecord) -> Result<TimeRows, StoreError> {
        self.told(audit, |reader| {
            let schedules = schedules(reader, &self.codec)?;
            let works = |row: &PractitionerRow| schedules.values().any(|hours| hours.practitioner == row.id);
            let practitioners: Vec<_> =
                practitioners(reader)?.into_iter().filter(|row| row.active && works(row)).collect();
            let of = |row: &PractitionerRow| Ok((row.id.clone(), busy(reader, row.id.as_str(), from, to)?));
            Ok(TimeRows {
                busy: practitioners.iter().map(of).collect::<Result<_, StoreError>>()?,
                practitioners,
                blocks: blocks(reader, &schedules, from, to)?,
                hours: sorted_hours(&schedules),
            })
        })
    }
}
