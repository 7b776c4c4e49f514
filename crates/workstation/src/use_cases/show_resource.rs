//! One resource as it stands here, and its story.

use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
    ids::PatientId,
    permission::ReadChart,
    resource::{Envelope, ResourceKey},
    schedule::written,
    time::Stamp,
};

use store::HistoryNote;

use crate::{
    desk::Desk,
    refused::{Outcome, refuse},
    screen::HistoryLine,
    session::Workstation,
};

impl Workstation {
    /// The resource's text, and whether it waits for the host.
    ///
    /// # Errors
    /// When locked or not allowed, or when there is no such resource.
    pub fn show(&self, reference: &str) -> Outcome<(String, bool)> {
        self.at_desk(|desk| {
            desk.may::<ReadChart>()?;
            let key = key(reference)?;
            let patient = match desk.store.peek(&key).map_err(|e| e.refusal())? {
                Some(stored) => Envelope::read(&stored.text).ok().and_then(|envelope| envelope.patient),
                None => None,
            };
            let stored = desk.store.read(&key, &self.reading(desk, &key, patient)).map_err(|e| e.refusal())?;
            match stored {
                Some(stored) => Ok((stored.text, stored.unsent)),
                None => refuse(Code::NotFound, "There is no such entry here. It may not have arrived yet."),
            }
        })
    }

    /// The resource's changes, newest first.
    ///
    /// # Errors
    /// As [`Self::show`].
    pub fn history(&self, reference: &str) -> Outcome<Vec<HistoryLine>> {
        self.at_desk(|desk| {
            desk.may::<ReadChart>()?;
            let key = key(reference)?;
            let story = desk.story_of(&key, self.clock.now())?;
            if story.is_empty() && desk.store.peek(&key).map_err(|e| e.refusal())?.is_none() {
                return refuse(Code::NotFound, "There is no such entry here. It may not have arrived yet.");
            }
            Ok(story)
        })
    }

    fn reading(&self, desk: &Desk, key: &ResourceKey, patient: Option<PatientId>) -> AuditRecord {
        AuditRecord { patient, resource: Some(key.clone()), ..desk.tells(self.clock.now(), AuditAction::Read) }
    }
}

impl Desk {
    /// The story of a resource, newest first.
    pub(crate) fn story_of(&self, key: &ResourceKey, now: Stamp) -> Outcome<Vec<HistoryLine>> {
        let record = AuditRecord { resource: Some(key.clone()), ..self.tells(now, AuditAction::Read) };
        let changes = self.store.history_of(key, &record).map_err(|e| e.refusal())?;
        let line = |change: HistoryNote| {
            Ok(HistoryLine {
                merged: crate::merging::told(self, key, &change.note.id)?,
                at: written(&self.enrolled.zone, change.note.at),
                say: self.sentence(&change.note, now),
                who: change.note.member_name,
                what: change.note.activity,
                comment: change.note.comment,
                provisional: change.unsent,
            })
        };
        changes.into_iter().map(line).collect()
    }
}

fn key(reference: &str) -> Outcome<ResourceKey> {
    match ResourceKey::parse(reference) {
        Some(key) => Ok(key),
        None => refuse(Code::Invalid, "Name it as TYPE/ID, such as Appointment/1b2c."),
    }
}
