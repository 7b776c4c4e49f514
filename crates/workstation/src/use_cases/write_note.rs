//! Write a note, and take it back.

use practice::{
    Code,
    ids::{ChangeId, PatientId},
    note::{Note, check, to_fhir},
    permission::WriteNote,
    resource::{Envelope, ResourceKey, ResourceType},
    text::{quote, set},
};

use super::{
    change::{Edit, found},
    patient_form::unknown,
    undo::newest_of,
};
use crate::{
    desk::Desk,
    refused::{Outcome, refuse},
    screen::{NoteChanged, NoteRequest},
    session::Workstation,
};

impl Workstation {
    /// Writes a note down.
    ///
    /// # Errors
    /// When locked or not allowed, for a patient not known here, and for a text that is empty, too long or can't be read.
    pub fn write_note(&self, wish: NoteRequest) -> Outcome<NoteChanged> {
        self.at_desk(|desk| {
            desk.may::<WriteNote>()?;
            check(&wish.text)?;
            let Some(patient) = PatientId::parse(&wish.patient) else { return unknown() };
            let patient = desk.store.survivor_of(&patient).map_err(|e| e.refusal())?;
            if found(desk, Some(ResourceKey::patient(&patient)))?.is_none() {
                return unknown();
            }
            let note = Note {
                patient: &patient,
                kind: wish.kind,
                text: &wish.text,
                author: &desk.me.name,
                practitioner: desk.me.practitioner.as_ref(),
            };
            let id = uuid::Uuid::new_v4().hyphenated().to_string();
            let after = to_fhir(&id, &note, &desk.enrolled.zone, self.clock.now());
            let key = ResourceKey::new(ResourceType::DOCUMENT_REFERENCE, &id);
            let activity = wish.kind.activity().to_owned();
            self.commit_note(desk, Edit { key, base: None, after, activity, comment: wish.comment }, Some(patient))
        })
    }

    /// Takes back a note that `change` made, while nothing was changed on top of it. It was "entered in error" then: the
    /// chart shows it no more, and nothing is deleted.
    ///
    /// # Errors
    /// When locked or not allowed, when it is too late, and for another change than that of a note.
    pub fn undo_note(&self, change: &str) -> Outcome<NoteChanged> {
        self.at_desk(|desk| {
            desk.may::<WriteNote>()?;
            let late = || refuse(Code::NotNow, "That can't be taken back any more. Write another note that says so.");
            let Some(change) = ChangeId::parse(change) else { return late() };
            let replaced = desk.store.replaced_by(&change).map_err(|e| e.refusal())?;
            let [(key, None)] = &replaced[..] else { return late() };
            if key.kind != ResourceType::DOCUMENT_REFERENCE {
                return late();
            }
            let present = newest_of(desk, key, &change, self.clock.now())?;
            let patient = Envelope::read(&present.text).ok().and_then(|envelope| envelope.patient);
            let Ok(after) = set(&present.text, "/status", &quote("entered-in-error")) else { return late() };
            let activity = "took the last change back".to_owned();
            let edit = Edit { key: key.clone(), base: Some(present.version), after, activity, comment: None };
            self.commit_note(desk, edit, patient)
        })
    }

    fn commit_note(&self, desk: &Desk, edit: Edit, patient: Option<PatientId>) -> Outcome<NoteChanged> {
        let reference = edit.key.to_string();
        let changed = self.commit_list(desk, edit, &[], patient)?;
        Ok(NoteChanged { reference, say: changed.say, change: changed.change })
    }
}
