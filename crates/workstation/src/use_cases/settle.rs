//! A person settles a conflict: one side's value stands, or one that they enter.

use std::collections::BTreeMap;

use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
    ids::ChangeId,
    resource::ResourceType,
    time::Stamp,
};
use sync::merge::{Side, Verdict};

use crate::{
    desk::Desk,
    merging::{Decision, Merged, Settled, did, form, merge_waiting, merged_fields, planned, seen},
    refused::{Outcome, refuse},
    screen::{ByHand, Conflict, Take, Told},
    session::Workstation,
};

impl Workstation {
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
            let settled = decide(desk, Settled { change, decision: Decision::Take(side), seen }, record.at)?;
            Ok(settled.keys)
        })
    }

    /// Settles a change that is in conflict with what a person enters. What both did elsewhere is kept.
    ///
    /// # Errors
    /// As [`Self::settle`]; when something else can't be entered for it, for time that is taken, and for a value that its
    /// field can't have. Then nothing has changed.
    pub fn settle_by_hand(&self, change: &str, wish: &ByHand, seen: Option<&str>) -> Outcome<Told> {
        let mut told = None;
        self.mend(change, AuditAction::Settle, |desk, change, record| {
            let settled = decide(desk, Settled { change, decision: Decision::Enter(wish), seen }, record.at)?;
            let is_visit = settled.keys.iter().any(|key| key.kind == ResourceType::APPOINTMENT);
            told = settled.told.map(|(change, say)| Told {
                say,
                undo: Some(change.to_string()).filter(|_| is_visit && settled.is_news),
            });
            Ok(settled.keys)
        })?;
        Ok(told.unwrap_or_else(|| unreachable!("what was entered is told")))
    }
}

/// Carries the decision out; what then says nothing that the host does not have is not sent.
fn decide(desk: &Desk, settled: Settled<'_>, at: Stamp) -> Outcome<Merged> {
    let merged = merge_waiting(desk, at, Some(settled))?;
    if !merged.changes.contains(settled.change) {
        return refuse(Code::NotFound, "There is nothing to choose between any more. Look at the change again.");
    }
    if !merged.is_news {
        let waiting = desk.store.outbox_changes().map_err(|e| e.refusal())?;
        for spent in waiting.iter().rev().filter(|change| merged.changes.contains(change)) {
            let query = Some(spent.to_string());
            let record = AuditRecord { query, ..desk.tells(at, AuditAction::Withdraw) };
            desk.store.withdraw(spent, &record).map_err(|e| e.refusal())?;
        }
    }
    Ok(merged)
}

/// What a person must decide, by the first change of each that is in conflict.
pub(super) fn conflicts(desk: &Desk) -> Outcome<BTreeMap<ChangeId, Conflict>> {
    let forks = desk.store.forks().map_err(|e| e.refusal())?;
    let seen: Vec<_> = forks.iter().map(seen).collect();
    let verdicts = planned(&seen, None)?;
    let in_conflict = |change: &ChangeId| {
        let of_it = seen.iter().zip(&verdicts).filter(|(fork, _)| fork.mine.iter().any(|(id, _)| *id == change));
        of_it.filter(|(_, verdict)| matches!(verdict, Verdict::Conflict(_))).count()
    };
    let mut conflicts = BTreeMap::new();
    for ((fork, version), verdict) in seen.iter().zip(forks.iter().map(|fork| &fork.version)).zip(&verdicts) {
        let (Verdict::Conflict(changes), [(first, _), ..], [.., (_, mine)]) = (verdict, &fork.mine[..], &fork.mine[..])
        else {
            continue;
        };
        let who = desk.store.last_accepted(fork.key).map_err(|e| e.refusal())?.map(|note| note.member_name);
        let who = who.as_deref().unwrap_or("Somebody else");
        let alone = fork.mine.iter().all(|(change, _)| in_conflict(change) == 1);
        let conflict = Conflict {
            version: version.to_owned(),
            theirs: format!("{who} {}.", did(desk, fork.key, fork.base, fork.theirs)?),
            mine: format!("This computer's change: {}.", did(desk, fork.key, fork.base, Some(mine))?),
            fields: merged_fields(desk, fork.key.kind, changes)?,
            form: match fork.theirs.filter(|_| alone) {
                Some(theirs) => form(desk, fork.key, (mine, theirs), changes)?,
                None => None,
            },
        };
        conflicts.insert((*first).clone(), conflict);
    }
    Ok(conflicts)
}
