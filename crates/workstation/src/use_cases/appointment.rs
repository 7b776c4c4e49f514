//! One appointment with what the desk needs to act on it: who, what must be seen, and its story.

use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
    ids::{AppointmentId, PatientId},
    permission::ReadSchedule,
    resource::{ResourceKey, ResourceType},
    time::Stamp,
};
use store::AppointmentRow;

use crate::{
    desk::Desk,
    refused::{Outcome, refuse},
    screen::{AppointmentDetail, Card},
    session::Workstation,
};

impl Workstation {
    /// The appointment `id`.
    ///
    /// # Errors
    /// When locked, or when there is no such appointment here.
    pub fn appointment(&self, id: &str) -> Outcome<AppointmentDetail> {
        self.at_desk(|desk| {
            desk.may::<ReadSchedule>()?;
            let now = self.clock.now();
            let row = desk.appointment_row(id, now)?;
            let key = ResourceKey::new(ResourceType::APPOINTMENT, row.id.as_str());
            let history = desk.story_of(&key, now)?;
            let patient = row.patient.as_ref().map(|hit| hit.id.clone());
            let alerts = match patient {
                Some(patient) => desk.alerts_of(&patient, now)?,
                None => Vec::new(),
            };
            let version =
                desk.store.peek(&key).map_err(|e| e.refusal())?.map(|stored| stored.version).unwrap_or_default();
            let provider = row.practitioners.first().cloned();
            let practitioners = desk.store.practitioners().map_err(|e| e.refusal())?;
            let mut card = desk.card_of(row, now);
            card.status_since = history.first().map(|line| line.at.clone());
            Ok(AppointmentDetail {
                card,
                provider: practitioners.into_iter().find(|p| Some(&p.id) == provider.as_ref()).map(|p| p.name),
                alerts,
                history,
                version,
            })
        })
    }
}

impl Desk {
    /// The appointment `id` as a card on its own day.
    pub(crate) fn card_now(&self, key: &ResourceKey, now: Stamp) -> Outcome<Card> {
        Ok(self.card_of(self.appointment_row(key.id.as_str(), now)?, now))
    }

    fn card_of(&self, row: AppointmentRow, now: Stamp) -> Card {
        let zone = &self.enrolled.zone;
        crate::show::card(zone, zone.today(row.start), row, zone.today(now))
    }

    fn appointment_row(&self, id: &str, now: Stamp) -> Outcome<AppointmentRow> {
        let Some(id) = AppointmentId::parse(id) else { return unknown() };
        let record = AuditRecord {
            resource: Some(ResourceKey::new(ResourceType::APPOINTMENT, id.as_str())),
            ..self.tells(now, AuditAction::Read)
        };
        match self.store.appointment(&id, &record).map_err(|e| e.refusal())? {
            Some(row) => Ok(row),
            None => unknown(),
        }
    }

    fn alerts_of(&self, patient: &PatientId, now: Stamp) -> Outcome<Vec<crate::screen::Alert>> {
        let record = AuditRecord {
            patient: Some(patient.clone()),
            query: Some("alerts".into()),
            ..self.tells(now, AuditAction::Read)
        };
        let rows = self.store.chart(patient, &record).map_err(|e| e.refusal())?;
        Ok(rows.map(|rows| rows.chart.alerts().map(crate::show::alert).collect()).unwrap_or_default())
    }
}

fn unknown<T>() -> Outcome<T> {
    refuse(Code::NotFound, "There is no such appointment here. It may not have arrived yet.")
}
