//! Find patients by what is typed so far: name in any order, date of birth, phone, record number.

use practice::{
    audit::{AuditAction, AuditRecord},
    permission::FindPatient,
};

use crate::{refused::Outcome, screen::Found, session::Workstation};

/// Most patients shown for one text.
const MOST: u32 = 20;

impl Workstation {
    /// Finds patients. Nothing is shown, or told to the audit trail, before something is typed.
    ///
    /// # Errors
    /// When locked.
    pub fn find(&self, typed: &str) -> Outcome<Found> {
        self.at_desk(|desk| {
            desk.may::<FindPatient>()?;
            let typed = typed.trim();
            if typed.is_empty() {
                return Ok(Found { patients: Vec::new(), as_typed: 0 });
            }
            let at = self.clock.now();
            let record =
                AuditRecord { query: Some(typed.chars().take(200).collect()), ..desk.tells(at, AuditAction::Search) };
            let found = desk.store.find_patients(typed, MOST, &record).map_err(|e| e.refusal())?;
            let today = desk.enrolled.zone.today(at);
            Ok(Found {
                as_typed: u32::try_from(found.as_typed).unwrap_or(u32::MAX),
                patients: found.hits.into_iter().map(|hit| crate::show::patient(hit, today)).collect(),
            })
        })
    }
}
