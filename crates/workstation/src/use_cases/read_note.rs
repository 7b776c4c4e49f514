//! The text of a note or a document.

use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
    permission::ReadChart,
    resource::{Envelope, ResourceKey},
    schedule::written,
    time::Stamp,
    views::{DocumentView, Part, PatientView},
};
use store::PatientHit;

use super::change::found;
use crate::{
    refused::{Outcome, refuse},
    screen::{NotePage, NotePart},
    session::Workstation,
};

impl Workstation {
    /// What `reference` says, and whose it is.
    ///
    /// # Errors
    /// When locked or not allowed, and for what is no note or document of a patient here.
    pub fn read_note(&self, reference: &str) -> Outcome<NotePage> {
        self.at_desk(|desk| {
            desk.may::<ReadChart>()?;
            let now = self.clock.now();
            let Some((key, stored)) = found(desk, ResourceKey::parse(reference))? else { return unknown() };
            let Some(id) = Envelope::read(&stored.text).ok().and_then(|envelope| envelope.patient) else {
                return unknown();
            };
            let id = desk.store.survivor_of(&id).map_err(|e| e.refusal())?;
            let Some((_, patient)) = found(desk, Some(ResourceKey::patient(&id)))? else { return unknown() };
            let record = AuditRecord {
                patient: Some(id.clone()),
                resource: Some(key.clone()),
                ..desk.tells(now, AuditAction::ReadChart)
            };
            let Some(stored) = desk.store.read(&key, &record).map_err(|e| e.refusal())? else { return unknown() };
            let Some(view) = DocumentView::read(key.kind, &stored.text) else { return unknown() };
            let zone = &desk.enrolled.zone;
            let hit = PatientHit::of(id, &PatientView::read(&patient.text));
            Ok(NotePage {
                reference: key.to_string(),
                patient: crate::show::patient(hit, zone.today(now)),
                title: view.title,
                author: view.author,
                when: view.when.map(|when| Stamp::parse(&when).map_or(when, |at| written(zone, at))),
                status: view.status,
                current: view.current,
                provisional: stored.unsent,
                parts: view.parts.into_iter().map(|Part { title, text, say }| NotePart { title, text, say }).collect(),
            })
        })
    }
}

fn unknown<T>() -> Outcome<T> {
    refuse(
        Code::NotFound,
        "There is no such note here. It was taken back, or has not arrived yet: look at the chart again.",
    )
}
