//! Undo: a new change that puts back what the last one replaced. History only grows.

use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
    ids::ChangeId,
    permission::ChangeAppointment,
    resource::{ResourceKey, ResourceType},
    text::{quote, set},
    time::Stamp,
    views::{AppointmentStatus, AppointmentView},
};
use store::Stored;

use super::{change::Edit, move_appointment::odd};
use crate::{
    desk::Desk,
    refused::{Outcome, refuse},
    screen::Changed,
    session::Workstation,
};

impl Workstation {
    /// Takes `change` back, while nothing was changed on top of it. A booking becomes "entered by mistake".
    ///
    /// # Errors
    /// When locked or not allowed, or when it is too late.
    pub fn undo(&self, change: &str) -> Outcome<Changed> {
        self.at_desk(|desk| {
            desk.may::<ChangeAppointment>()?;
            let edit = take_back(desk, change, self.clock.now())?;
            if AppointmentView::read(&edit.after).start().is_none() {
                return refuse(Code::NotNow, "That came from the waitlist. Take it back from there.");
            }
            self.commit_edit(desk, edit)
        })
    }
}

/// The edit that takes `change` of an appointment back.
pub(super) fn take_back(desk: &Desk, change: &str, now: Stamp) -> Outcome<Edit> {
    let late = || refuse(Code::NotNow, "That can't be taken back any more. Change it by hand.");
    let Some(change) = ChangeId::parse(change) else { return late() };
    let replaced = desk.store.replaced_by(&change).map_err(|e| e.refusal())?;
    let Some((key, before)) = replaced.into_iter().next() else { return late() };
    if key.kind != ResourceType::APPOINTMENT {
        return refuse(Code::Invalid, "Only a change of a visit can be taken back so. Change it by hand.");
    }
    let present = newest_of(desk, &key, &change, now)?;
    let after = match before {
        Some(before) => before,
        None => set(&present.text, "/status", &quote(AppointmentStatus::EnteredInError.as_str())).map_err(|_| odd())?,
    };
    let activity = "took the last change back".to_owned();
    Ok(Edit { key, base: Some(present.version), after, activity, comment: None })
}

/// What has that key, whose newest change must be `change`.
pub(super) fn newest_of(desk: &Desk, key: &ResourceKey, change: &ChangeId, now: Stamp) -> Outcome<Stored> {
    let record = AuditRecord { resource: Some(key.clone()), ..desk.tells(now, AuditAction::Read) };
    let newest = desk.store.history_of(key, &record).map_err(|e| e.refusal())?.into_iter().next();
    let present = desk.store.peek(key).map_err(|e| e.refusal())?;
    match present.filter(|_| newest.is_some_and(|newest| newest.note.id == *change)) {
        Some(present) => Ok(present),
        None => refuse(Code::NotNow, "Somebody changed it again meanwhile. Look at it, then change it by hand."),
    }
}
