//! Giving way, undone: what was given up for what the host had comes back as a new change, upon what the host has now.

use std::time::Duration;

use practice::{
    Code,
    audit::AuditAction,
    ids::ChangeId,
    permission::{ChangeAppointment, MendOutbox},
    resource::ResourceType,
    schedule::written,
};
use sync::merge::merge;

use super::{change::Edit, move_appointment::odd};
use crate::{
    merging::{did, told},
    refused::{Outcome, refuse},
    screen::{Changed, GivenUpLine},
    session::Workstation,
};

/// How long it is offered.
const OFFERED: Duration = Duration::from_secs(24 * 60 * 60);

impl Workstation {
    /// What was given up within a day and not brought back, newest first.
    ///
    /// # Errors
    /// When locked.
    pub fn given_up(&self) -> Outcome<Vec<GivenUpLine>> {
        self.at_desk(|desk| {
            desk.may::<MendOutbox>()?;
            let now = self.clock.now();
            desk.store.record(&desk.tells(now, AuditAction::ReadOutbox)).map_err(|e| e.refusal())?;
            let all = desk.store.given_up().map_err(|e| e.refusal())?;
            let lately = all
                .into_iter()
                .filter(|given| now.since(given.at) < OFFERED && given.key.kind == ResourceType::APPOINTMENT);
            lately
                .map(|given| {
                    Ok(GivenUpLine {
                        fields: told(desk, &given.key, &given.change)?,
                        change: given.change.to_string(),
                        what: given.what,
                        at: written(&desk.enrolled.zone, given.at),
                    })
                })
                .collect()
        })
    }

    /// Brings back what was given up of `change`. What others have done since to other fields is kept.
    ///
    /// # Errors
    /// When locked or not allowed, when it was too long ago, or when somebody changed the same again meanwhile: nobody
    /// chooses over what they have not seen.
    pub fn bring_back(&self, change: &str) -> Outcome<Changed> {
        self.at_desk(|desk| {
            desk.may::<ChangeAppointment>()?;
            let late = || refuse(Code::NotNow, "That can't be brought back any more. Change it by hand.");
            let all = desk.store.given_up().map_err(|e| e.refusal())?;
            let of_it = |given: &store::GivenUp| {
                ChangeId::parse(change).is_some_and(|id| id == given.change)
                    && given.key.kind == ResourceType::APPOINTMENT
            };
            let Some(given) = all.into_iter().find(of_it) else { return late() };
            let Some(now) = desk.store.peek(&given.key).map_err(|e| e.refusal())? else { return late() };
            let back = merge(given.key.kind, &given.onto, &given.text, &now.text, None).map_err(|_| odd())?;
            if back.has_conflict() {
                return refuse(
                    Code::NotNow,
                    "Somebody changed it again meanwhile. Look at it, then change it by hand.",
                );
            }
            if !back.is_news() {
                return refuse(Code::NotNow, "What was given up stands there already.");
            }
            let activity = format!(
                "brought back what was given up: {}",
                did(desk, &given.key, Some(&now.text), Some(&back.text))?
            );
            let edit = Edit { key: given.key, base: Some(now.version), after: back.text, activity, comment: None };
            let changed = self.commit_edit(desk, edit)?;
            desk.store.forget_given_up(&given.change).map_err(|e| e.refusal())?;
            Ok(changed)
        })
    }
}
