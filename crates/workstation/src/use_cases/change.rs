//! What every change does: the new text, its Provenance, its place in the outbox and its audit entry commit together;
//! the sync is poked; the windows are told; and it can be taken back.

use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
    ids::{AppointmentId, ChangeId, PatientId, PractitionerId},
    provenance::ChangeNote,
    resource::{ResourceKey, ResourceType},
    schedule::{WallError, holds_time},
    time::Stamp,
    views::{AppointmentView, PatientView},
};
use store::{Busy, NewText, Write};

use crate::{
    desk::Desk,
    refused::{Outcome, refuse},
    screen::Changed,
    session::Workstation,
};

/// The longest comment kept with a change.
const MAX_COMMENT: usize = 1000;

/// A change that is ready to be written.
pub(crate) struct Edit {
    pub(crate) key: ResourceKey,
    /// The version that the edit started from; `None` when it makes the resource.
    pub(crate) base: Option<String>,
    pub(crate) after: String,
    /// Follows a name: "moved from 9:15".
    pub(crate) activity: String,
    pub(crate) comment: Option<String>,
}

impl Workstation {
    pub(crate) fn commit_edit(&self, desk: &Desk, edit: Edit) -> Outcome<Changed> {
        let at = self.clock.now();
        let change = ChangeId::from_uuid(uuid::Uuid::new_v4());
        let comment = clean(edit.comment)?;
        let view = AppointmentView::read(&edit.after);
        let who = desk.patient_name(view.patient())?.unwrap_or_else(|| "Appointment".to_owned());
        let what = format!("{who}: {}", edit.activity);
        let note = ChangeNote {
            id: change.clone(),
            at,
            member: desk.me.id.clone(),
            member_name: desk.me.name.clone(),
            workstation: desk.enrolled.as_written.workstation.clone(),
            targets: vec![edit.key.clone()],
            activity: edit.activity,
            comment: comment.clone(),
        };
        let action = if edit.base.is_some() { AuditAction::Update } else { AuditAction::Create };
        let audit = AuditRecord {
            patient: view.patient().and_then(PatientId::parse),
            resource: Some(edit.key.clone()),
            comment,
            ..desk.tells(at, action)
        };
        desk.store
            .commit(&Write {
                change: &change,
                at,
                member: &desk.me.id,
                resources: &[NewText { key: edit.key.clone(), text: &edit.after, base: edit.base.as_deref() }],
                provenance: &note.to_fhir(),
                what: &what,
                audit: &[audit],
            })
            .map_err(|e| e.refusal())?;
        self.keep_rescue(desk);
        self.entered(desk, &change, &edit.key, what, at)
    }

    /// A change of an appointment is on disk: the sync and the windows are told.
    pub(super) fn entered(
        &self,
        desk: &Desk,
        change: &ChangeId,
        key: &ResourceKey,
        say: String,
        at: Stamp,
    ) -> Outcome<Changed> {
        let card = desk.card_now(key, at)?;
        self.poked.notify_one();
        self.changed(vec![ResourceType::APPOINTMENT.as_str().to_owned()]);
        self.notify(crate::Notice::Shell);
        Ok(Changed { change: change.to_string(), say, card })
    }
}

/// A comment without space around it; nothing when nothing is left.
pub(crate) fn clean(comment: Option<String>) -> Outcome<Option<String>> {
    let Some(comment) = comment.map(|c| c.trim().to_owned()).filter(|c| !c.is_empty()) else { return Ok(None) };
    if comment.chars().count() > MAX_COMMENT {
        return refuse(Code::Invalid, "The comment is longer than 1,000 characters. Shorten it.");
    }
    Ok(Some(comment))
}

/// The appointment of that id, as it now stands here.
pub(crate) fn appointment(desk: &Desk, id: &str) -> Outcome<(ResourceKey, store::Stored)> {
    let key = AppointmentId::parse(id).map(|id| ResourceKey::new(ResourceType::APPOINTMENT, id.as_str()));
    let stored = match &key {
        Some(key) => desk.store.peek(key).map_err(|e| e.refusal())?,
        None => None,
    };
    match key.zip(stored) {
        Some(found) => Ok(found),
        None => refuse(Code::NotFound, "There is no such appointment here. It may not have arrived yet."),
    }
}

/// The practitioner of that id, who must be known here.
pub(crate) fn practitioner(desk: &Desk, id: &str) -> Outcome<PractitionerId> {
    let known = desk.store.practitioners().map_err(|e| e.refusal())?;
    match known.into_iter().find(|row| row.id.as_str() == id) {
        Some(row) => Ok(row.id),
        None => refuse(Code::NotFound, "That provider is not in this practice."),
    }
}

/// The moment of a wall-clock wish.
pub(crate) fn moment(desk: &Desk, wall: &str) -> Outcome<Stamp> {
    match desk.enrolled.zone.moment(wall) {
        Ok(at) => Ok(at),
        Err(WallError::Unreadable) => refuse(Code::Invalid, "The start is a date and time like 2026-11-23T09:45."),
        Err(WallError::Skipped) => refuse(Code::Invalid, "Clocks go forward over that time that day. Choose another."),
    }
}

/// Refuses time that is taken, unless a reason to overbook is given.
pub(crate) fn free_time(
    desk: &Desk,
    practitioner: &PractitionerId,
    (start, end): (Stamp, Stamp),
    except: Option<&ResourceKey>,
    overbook: Option<&str>,
) -> Outcome<()> {
    if overbook.is_some_and(|reason| !reason.trim().is_empty()) {
        return Ok(());
    }
    let busy = desk.store.busy(practitioner, start, end).map_err(|e| e.refusal())?;
    let other = |busy: &Busy| except.is_none_or(|key| key.id.as_str() != busy.appointment.as_str());
    if busy.iter().any(|busy| holds_time(busy.status) && other(busy)) {
        return refuse(Code::Overlap, "That time is taken. Choose another, or give a reason to overbook.");
    }
    Ok(())
}

impl Desk {
    /// The name that a sentence about a change begins with.
    pub(crate) fn patient_name(&self, patient: Option<&str>) -> Outcome<Option<String>> {
        let Some(id) = patient.and_then(PatientId::parse) else { return Ok(None) };
        let stored = self.store.peek(&ResourceKey::patient(&id)).map_err(|e| e.refusal())?;
        Ok(stored.and_then(|stored| PatientView::read(&stored.text).display_name()))
    }
}
