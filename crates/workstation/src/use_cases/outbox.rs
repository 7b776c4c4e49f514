//! What waits for the host, and what the host refused.

use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
    ids::{ChangeId, MemberId},
    permission::MendOutbox,
    resource::ResourceKey,
    schedule::written,
};

use crate::{
    desk::Desk,
    refused::{Outcome, refuse},
    screen::OutboxLine,
    session::{Notice, Workstation},
};

impl Workstation {
    /// Every waiting change, oldest first.
    ///
    /// # Errors
    /// When locked.
    pub fn outbox(&self) -> Outcome<Vec<OutboxLine>> {
        self.at_desk(|desk| {
            desk.may::<MendOutbox>()?;
            let members = desk.members()?;
            let name = |id: &MemberId| members.iter().find(|m| m.id == *id).map(|m| m.name.clone());
            let mut conflicts = super::settle::conflicts(desk)?;
            let entries =
                desk.store.outbox(&desk.tells(self.clock.now(), AuditAction::ReadOutbox)).map_err(|e| e.refusal())?;
            Ok(entries
                .into_iter()
                .map(|entry| OutboxLine {
                    conflict: conflicts.remove(&entry.change).filter(|_| entry.aside.is_some()),
                    lost_time: matches!(entry.aside, Some((Some(Code::Overlap), _))),
                    change: entry.change.to_string(),
                    what: entry.what,
                    since: written(&desk.enrolled.zone, entry.at),
                    who: name(&entry.member).unwrap_or_default(),
                    owner: name(&entry.owner).unwrap_or_default(),
                    own: entry.owner == desk.me.id,
                    comment: entry.note.and_then(|note| note.comment),
                    trouble: entry.aside.map(|(_, say)| say),
                    tries: entry.tries,
                })
                .collect())
        })
    }

    /// What a person must look at: the changes that the host refused.
    ///
    /// # Errors
    /// As [`Self::outbox`].
    pub fn attention(&self) -> Outcome<Vec<OutboxLine>> {
        Ok(self.outbox()?.into_iter().filter(|line| line.trouble.is_some()).collect())
    }

    /// Sends a refused change again.
    ///
    /// # Errors
    /// When locked, or when there is no such change.
    pub fn retry(&self, change: &str) -> Outcome<()> {
        self.mend(change, AuditAction::Retry, |desk, change, record| {
            desk.store.retry(change, record).map_err(|e| e.refusal())?;
            Ok(Vec::new())
        })
    }

    /// Gives a change that was set aside to `member`, who looks after it from now on; on this computer, where it waits.
    ///
    /// # Errors
    /// When locked, for a member who can't sign in any more, or when there is no such change.
    pub fn hand_on(&self, change: &str, member: &str) -> Outcome<()> {
        self.mend(change, AuditAction::HandOn, |desk, change, record| {
            let Some(to) = desk.members()?.into_iter().find(|m| m.id.as_str() == member && !m.stopped) else {
                return refuse(Code::NotFound, "That member has no sign-in any more. Choose another.");
            };
            let record = AuditRecord { comment: Some(format!("to {}", to.name)), ..record.clone() };
            desk.store.hand_on(change, &to.id, &record).map_err(|e| e.refusal())?;
            Ok(Vec::new())
        })
    }

    /// Takes a waiting change back: the resource returns to what the host has.
    ///
    /// # Errors
    /// When locked, or when there is no such change.
    pub fn withdraw(&self, change: &str) -> Outcome<()> {
        self.mend(change, AuditAction::Withdraw, |desk, change, record| {
            desk.store.withdraw(change, record).map_err(|e| e.refusal())?;
            Ok(Vec::new())
        })
    }

    pub(super) fn mend(
        &self,
        change: &str,
        action: AuditAction,
        work: impl FnOnce(&Desk, &ChangeId, &AuditRecord) -> Outcome<Vec<ResourceKey>>,
    ) -> Outcome<()> {
        self.at_desk(|desk| {
            desk.may::<MendOutbox>()?;
            let record = AuditRecord { query: Some(change.to_owned()), ..desk.tells(self.clock.now(), action) };
            match ChangeId::parse(change) {
                Some(change) => {
                    let keys = work(desk, &change, &record)?;
                    self.keep_rescue_after(desk, keys.iter());
                    Ok(())
                }
                None => refuse(Code::NotFound, "That change does not wait here any more."),
            }
        })?;
        self.poked.notify_one();
        self.changed(vec!["Appointment".into()]);
        self.notify(Notice::Shell);
        Ok(())
    }
}
