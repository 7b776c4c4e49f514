//! What every change does: the new text, its Provenance, its place in the outbox and its audit entry commit together;
//! the sync is poked; the windows are told; and it can be taken back.

use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
    ids::{AppointmentId, ChangeId, PatientId, PractitionerId},
    provenance::ChangeNote,
    resource::{ResourceKey, ResourceType},
    schedule::{WallError, holds_time, most_at_once},
    time::Stamp,
    views::{AppointmentView, PatientView},
};
use store::{Busy, NewText, RoomRow, Write};

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
    /// Commits the edit of an appointment.
    pub(crate) fn commit_edit(&self, desk: &Desk, edit: Edit) -> Outcome<Changed> {
        let key = edit.key.clone();
        let view = AppointmentView::read(&edit.after);
        let who = desk.patient_name(view.patient())?.unwrap_or_else(|| "Appointment".to_owned());
        let patient = view.patient().and_then(PatientId::parse);
        let (change, what, at) = self.commit(desk, edit, &who, patient)?;
        self.keep_rescue(desk);
        self.entered(desk, &change, &key, what, at)
    }

    /// Commits `edit` of what `name` names, with its Provenance and its audit entry; gives the change, what it does in
    /// words, and when it was.
    pub(super) fn commit(
        &self,
        desk: &Desk,
        edit: Edit,
        name: &str,
        patient: Option<PatientId>,
    ) -> Outcome<(ChangeId, String, Stamp)> {
        self.commit_together(desk, edit, &[], name, patient)
    }

    /// As [`Self::commit`], with texts of other resources that are made or changed with it, or not at all.
    pub(super) fn commit_together(
        &self,
        desk: &Desk,
        edit: Edit,
        others: &[NewText<'_>],
        name: &str,
        patient: Option<PatientId>,
    ) -> Outcome<(ChangeId, String, Stamp)> {
        let at = self.clock.now();
        let change = ChangeId::from_uuid(uuid::Uuid::new_v4());
        let comment = clean(edit.comment)?;
        let what = format!("{name}: {}", edit.activity);
        let own = NewText { key: edit.key, text: &edit.after, base: edit.base.as_deref() };
        let others = others.iter().map(|other| NewText { key: other.key.clone(), ..*other });
        let resources: Vec<NewText<'_>> = std::iter::once(own).chain(others).collect();
        let note = ChangeNote {
            id: change.clone(),
            at,
            member: desk.me.id.clone(),
            member_name: desk.me.name.clone(),
            workstation: desk.enrolled.as_written.workstation.clone(),
            workstation_name: desk.enrolled.as_written.name.clone(),
            targets: resources.iter().map(|new| new.key.clone()).collect(),
            activity: edit.activity,
            comment: comment.clone(),
        };
        let tells = |new: &NewText<'_>| {
            let action = if new.base.is_some() { AuditAction::Update } else { AuditAction::Create };
            let (patient, comment) = (patient.clone(), comment.clone());
            AuditRecord { patient, resource: Some(new.key.clone()), comment, ..desk.tells(at, action) }
        };
        let audit: Vec<AuditRecord> = resources.iter().map(tells).collect();
        desk.store
            .commit(&Write {
                change: &change,
                at,
                member: &desk.me.id,
                resources: &resources,
                provenance: &note.to_fhir(),
                what: &what,
                audit: &audit,
            })
            .map_err(|e| e.refusal())?;
        Ok((change, what, at))
    }

    /// Commits the edit of something else on the schedule; `name` says what.
    pub(super) fn commit_plain(&self, desk: &Desk, edit: Edit, name: &str) -> Outcome<()> {
        let kind = edit.key.kind;
        self.commit(desk, edit, name, None)?;
        self.keep_rescue(desk);
        self.poked.notify_one();
        self.changed(vec![kind.as_str().to_owned()]);
        self.notify(crate::Notice::Shell);
        Ok(())
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

/// What has that key, as it now stands here; nothing for what is no key.
pub(super) fn found(desk: &Desk, key: Option<ResourceKey>) -> Outcome<Option<(ResourceKey, store::Stored)>> {
    let Some(key) = key else { return Ok(None) };
    let stored = desk.store.peek(&key).map_err(|e| e.refusal())?;
    Ok(stored.map(|stored| (key, stored)))
}

/// The appointment of that id, as it now stands here.
pub(crate) fn appointment(desk: &Desk, id: &str) -> Outcome<(ResourceKey, store::Stored)> {
    let key = AppointmentId::parse(id).map(|id| ResourceKey::new(ResourceType::APPOINTMENT, id.as_str()));
    match found(desk, key)? {
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

/// The room of that id, which must be known here.
pub(super) fn room(desk: &Desk, id: &str) -> Outcome<RoomRow> {
    let known = desk.store.rooms().map_err(|e| e.refusal())?;
    match known.into_iter().find(|row| row.id.as_str() == id) {
        Some(row) => Ok(row),
        None => refuse(Code::NotFound, "That room is not in this practice."),
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

/// Refuses time that is kept for another computer, and time that is taken, unless a reason to overbook is given and the
/// schedule allows one more.
pub(crate) fn free_time(
    desk: &Desk,
    practitioner: &PractitionerId,
    (start, end): (Stamp, Stamp),
    except: Option<&ResourceKey>,
    overbook: Option<&str>,
) -> Outcome<()> {
    free_of(desk, practitioner.as_str(), (start, end), except, overbook)
}

/// As [`free_time`], for each place of a visit.
pub(super) fn free_places<'a>(
    desk: &Desk,
    places: impl IntoIterator<Item = &'a str>,
    span: (Stamp, Stamp),
    except: Option<&ResourceKey>,
    overbook: Option<&str>,
) -> Outcome<()> {
    places.into_iter().try_for_each(|place| {
        free_of(desk, place, span, except, overbook).map_err(|refused| match refused.code {
            Code::Overlap => practice::Refusal::new(
                Code::Overlap,
                "That room is taken then. Choose another room or time, or give a reason to overbook.",
            )
            .into(),
            _ => refused,
        })
    })
}

fn free_of(
    desk: &Desk,
    actor: &str,
    (start, end): (Stamp, Stamp),
    except: Option<&ResourceKey>,
    overbook: Option<&str>,
) -> Outcome<()> {
    let taken = desk.store.taken(actor, start, end).map_err(|e| e.refusal())?;
    if taken.kept_for.iter().any(|kept| *kept != desk.enrolled.as_written.workstation) {
        return refuse(
            Code::Overlap,
            "That time is kept for another computer's walk-ins. Choose another, or give the hold up first.",
        );
    }
    let holds =
        |busy: &&Busy| holds_time(busy.status) && except.is_none_or(|key| key.id.as_str() != busy.appointment.as_str());
    let held: Vec<_> = taken.busy.iter().filter(holds).map(|busy| (busy.start.millis(), busy.end.millis())).collect();
    if held.is_empty() {
        return Ok(());
    }
    if overbook.is_none_or(|reason| reason.trim().is_empty()) {
        return refuse(Code::Overlap, "That time is taken. Choose another, or give a reason to overbook.");
    }
    let most = most_at_once(&held, (start.millis(), end.millis()));
    if taken.overbook_limit.is_some_and(|limit| most > limit as usize) {
        return refuse(
            Code::Overlap,
            "That time is overbooked already as far as this schedule allows. Choose another.",
        );
    }
    Ok(())
}

impl Desk {
    /// The name that a sentence about a change begins with.
    pub(crate) fn patient_name(&self, patient: Option<&str>) -> Outcome<Option<String>> {
        let Some(id) = patient.and_then(PatientId::parse) else { return Ok(None) };
        let id = self.store.survivor_of(&id).map_err(|e| e.refusal())?;
        let stored = self.store.peek(&ResourceKey::patient(&id)).map_err(|e| e.refusal())?;
        Ok(stored.and_then(|stored| PatientView::read(&stored.text).display_name()))
    }
}
