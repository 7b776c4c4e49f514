//! What waits for the host, and what the host refused.

use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
    ids::{ChangeId, MemberId},
    permission::MendOutbox,
    schedule::written,
};

use crate::{
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
            let entries =
                desk.store.outbox(&desk.tells(self.clock.now(), AuditAction::ReadOutbox)).map_err(|e| e.refusal())?;
            Ok(entries
                .into_iter()
                .map(|entry| OutboxLine {
                    change: entry.change.to_string(),
                    what: entry.what,
                    since: written(&desk.enrolled.zone, entry.at),
                    who: name(&entry.member).unwrap_or_default(),
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
        self.mend(change, AuditAction::Retry, |store, change, record| store.retry(change, record))
    }

    /// Takes a waiting change back: the resource returns to what the host has.
    ///
    /// # Errors
    /// When locked, or when there is no such change.
    pub fn withdraw(&self, change: &str) -> Outcome<()> {
        self.mend(change, AuditAction::Withdraw, |store, change, record| store.withdraw(change, record))
    }

    fn mend(
        &self,
        change: &str,
        action: AuditAction,
        work: impl FnOnce(&store::Store, &ChangeId, &AuditRecord) -> Result<(), store::StoreError>,
    ) -> Outcome<()> {
        self.at_desk(|desk| {
            desk.may::<MendOutbox>()?;
            let record = AuditRecord { query: Some(change.to_owned()), ..desk.tells(self.clock.now(), action) };
            match ChangeId::parse(change) {
                Some(change) => {
                    work(&desk.store, &change, &record).map_err(|e| e.refusal())?;
                    self.keep_rescue(desk);
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
