//! What waits for the host, and what the host refused.

use std::collections::BTreeMap;

use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
    ids::{ChangeId, MemberId},
    permission::MendOutbox,
    resource::ResourceKey,
    schedule::written,
};

use sync::merge::{Side, Verdict, plan};

use crate::{
    desk::Desk,
    merging::{Settled, did, merge_waiting, merged_fields, seen},
    refused::{Outcome, refuse},
    screen::{Conflict, OutboxLine, Take},
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
            let mut conflicts = conflicts(desk)?;
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

    /// Settles a change that is in conflict, and what hangs together with it: where both sides touched a field, that
    /// side's value is taken. What both did elsewhere is kept. `seen` is the host's version that the person was told of.
    ///
    /// # Errors
    /// When locked, when there is no such conflict any more, or when the host has another version by now.
    pub fn settle(&self, change: &str, take: Take, seen: Option<&str>) -> Outcome<()> {
        let side = match take {
            Take::Mine => Side::Mine,
            Take::Theirs => Side::Theirs,
        };
        self.mend(change, AuditAction::Settle, |desk, change, record| {
            let settled = merge_waiting(desk, record.at, Some(Settled { change, side, seen }))?;
            if !settled.changes.contains(change) {
                return refuse(
                    Code::NotFound,
                    "There is nothing to choose between any more. Look at the change again.",
                );
            }
            if !settled.is_news {
                let waiting = desk.store.outbox_changes().map_err(|e| e.refusal())?;
                for spent in waiting.iter().rev().filter(|change| settled.changes.contains(change)) {
                    let query = Some(spent.to_string());
                    let record = AuditRecord { query, ..desk.tells(record.at, AuditAction::Withdraw) };
                    desk.store.withdraw(spent, &record).map_err(|e| e.refusal())?;
                }
            }
            Ok(settled.keys)
        })
    }

    fn mend(
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

/// What a person must decide, by the first change of each that is in conflict.
fn conflicts(desk: &Desk) -> Outcome<BTreeMap<ChangeId, Conflict>> {
    let forks = desk.store.forks().map_err(|e| e.refusal())?;
    let seen: Vec<_> = forks.iter().map(seen).collect();
    let verdicts = plan(&seen, None).map_err(|_| store::StoreError::Damaged.refusal())?;
    let mut conflicts = BTreeMap::new();
    for ((fork, version), verdict) in seen.iter().zip(forks.iter().map(|fork| &fork.version)).zip(&verdicts) {
        let (Verdict::Conflict(changes), [(first, _), ..], [.., (_, mine)]) = (verdict, &fork.mine[..], &fork.mine[..])
        else {
            continue;
        };
        let who = desk.store.last_accepted(fork.key).map_err(|e| e.refusal())?.map(|note| note.member_name);
        let who = who.as_deref().unwrap_or("Somebody else");
        let conflict = Conflict {
            version: version.to_owned(),
            theirs: format!("{who} {}.", did(desk, fork.key, fork.base, fork.theirs)?),
            mine: format!("This computer's change: {}.", did(desk, fork.key, fork.base, Some(mine))?),
            fields: merged_fields(desk, fork.key.kind, changes)?,
        };
        conflicts.insert((*first).clone(), conflict);
    }
    Ok(conflicts)
}
