//! Patients that a member had to do with lately: the page knows their ids, and asks who they are.

use practice::{
    audit::{AuditAction, AuditRecord},
    ids::PatientId,
    permission::FindPatient,
};

use crate::{refused::Outcome, screen::PatientRow, session::Workstation};

/// Most patients looked up at once.
const MOST: usize = 20;

impl Workstation {
    /// The patients of `ids` in that order, without those who are not here.
    ///
    /// # Errors
    /// When locked or not allowed.
    pub fn recent(&self, ids: &[String]) -> Outcome<Vec<PatientRow>> {
        self.at_desk(|desk| {
            desk.may::<FindPatient>()?;
            let ids: Vec<_> = ids.iter().filter_map(|id| PatientId::parse(id)).take(MOST).collect();
            let at = self.clock.now();
            let record = AuditRecord { query: Some("recent".into()), ..desk.tells(at, AuditAction::Search) };
            let hits = desk.store.patients(&ids, &record).map_err(|e| e.refusal())?;
            let today = desk.enrolled.zone.today(at);
            Ok(hits.into_iter().map(|hit| crate::show::patient(hit, today)).collect())
        })
    }
}
