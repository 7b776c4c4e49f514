//! See what must be seen: somebody has arrived, and a member has read their alerts.

use practice::{
    audit::{AuditAction, AuditRecord},
    ids::PatientId,
    permission::ChangeAppointment,
    views::AppointmentView,
};

use super::change::appointment;
use crate::{refused::Outcome, session::Workstation};

impl Workstation {
    /// Notes who has seen the alerts of the patient of the appointment `id`. It says so in the audit trail, and nowhere
    /// else: the next visit asks again.
    ///
    /// # Errors
    /// When locked or not allowed, or for an appointment not known here.
    pub fn see_alerts(&self, id: &str) -> Outcome<()> {
        self.at_desk(|desk| {
            desk.may::<ChangeAppointment>()?;
            let (key, stored) = appointment(desk, id)?;
            let patient = AppointmentView::read(&stored.text).patient().and_then(PatientId::parse);
            let seen = desk.tells(self.clock.now(), AuditAction::SeeAlerts);
            let record = AuditRecord { patient, resource: Some(key), ..seen };
            Ok(desk.store.record(&record).map_err(|e| e.refusal())?)
        })
    }
}
