//! One appointment with what the desk needs to act on it: who, what must be seen, and its story.

use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
    ids::{AppointmentId, ChangeId, PatientId},
    patient::photo::Photo,
    permission::ReadSchedule,
    resource::{ResourceKey, ResourceType},
    time::Stamp,
};
use store::AppointmentRow;

use crate::{
    desk::Desk,
    refused::{Outcome, refuse},
    screen::{AppointmentDetail, Card, Room, VisitStep},
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
            let (alerts, photo) = match patient {
                Some(patient) => desk.seen_first(&patient, now)?,
                None => (Vec::new(), None),
            };
            let stored = desk.store.peek(&key).map_err(|e| e.refusal())?;
            let (version, text) = stored.map(|stored| (stored.version, stored.text)).unwrap_or_default();
            let steps = desk.steps_of(&text);
            let untold = desk.untold(&text, &history, now);
            let provider = row.practitioners.first().cloned();
            let practitioners = desk.store.practitioners().map_err(|e| e.refusal())?;
            let mut card = desk.card_of(row, now)?;
            let marked = steps.iter().rfind(|one| VisitStep::of(card.status) == Some(one.step));
            card.status_since = marked.map(|one| &one.at).or(history.first().map(|line| &line.at)).cloned();
            let history = desk.with_calls(history, &key, now)?;
            Ok(AppointmentDetail {
                card,
                provider: practitioners.into_iter().find(|p| Some(&p.id) == provider.as_ref()).map(|p| p.name),
                alerts,
                steps,
                history,
                untold,
                version,
                photo,
            })
        })
    }
}

impl Desk {
    /// The appointment `id` as a card on its own day.
    pub(crate) fn card_now(&self, key: &ResourceKey, now: Stamp) -> Outcome<Card> {
        self.card_of(self.appointment_row(key.id.as_str(), now)?, now)
    }

    /// The room that each appointment is booked into.
    pub(super) fn rooms_of(&self, rows: &[AppointmentRow]) -> Outcome<Vec<Option<Room>>> {
        if rows.iter().all(|row| row.locations.is_empty()) {
            return Ok(vec![None; rows.len()]);
        }
        let rooms = self.store.rooms().map_err(|e| e.refusal())?;
        let room = |row: &AppointmentRow| {
            let booked = rooms.iter().find(|room| row.locations.contains(&room.id))?;
            Some(Room { id: booked.id.to_string(), name: booked.name.clone() })
        };
        Ok(rows.iter().map(room).collect())
    }

    /// Says of each card whether its time went to another.
    pub(super) fn mark_lost(&self, cards: &mut [Card]) -> Outcome<()> {
        let waiting: Vec<&mut Card> = cards.iter_mut().filter(|card| card.provisional).collect();
        if waiting.is_empty() {
            return Ok(());
        }
        let lost = self.store.lost_time().map_err(|e| e.refusal())?;
        for card in waiting {
            let of = AppointmentId::parse(&card.id).and_then(|id| lost.get(&id));
            card.lost_time = of.map(ChangeId::to_string);
        }
        Ok(())
    }

    fn card_of(&self, row: AppointmentRow, now: Stamp) -> Outcome<Card> {
        let zone = &self.enrolled.zone;
        let room = self.rooms_of(std::slice::from_ref(&row))?.pop().flatten();
        let mut card = Card { room, ..crate::show::card(zone, zone.today(row.start), row, zone.today(now)) };
        self.mark_lost(std::slice::from_mut(&mut card))?;
        Ok(card)
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

    /// What is seen of a patient before anything is done: alerts, and the face.
    pub(super) fn seen_first(
        &self,
        patient: &PatientId,
        now: Stamp,
    ) -> Outcome<(Vec<crate::screen::Alert>, Option<String>)> {
        let record = AuditRecord {
            patient: Some(patient.clone()),
            query: Some("alerts".into()),
            ..self.tells(now, AuditAction::Read)
        };
        let rows = self.store.chart(patient, &record).map_err(|e| e.refusal())?;
        let Some(rows) = rows else { return Ok((Vec::new(), None)) };
        let alerts = rows.chart.alerts().map(crate::show::alert).collect();
        Ok((alerts, Photo::of(&rows.text).map(|photo| photo.url())))
    }
}

fn unknown<T>() -> Outcome<T> {
    refuse(Code::NotFound, "There is no such appointment here. It may not have arrived yet.")
}
