//! Changes that wait here, merged with what the host has meanwhile: for the sync, and for the person who settles one.

mod by_hand;
mod settling;
mod words;

use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
    ids::ChangeId,
    resource::ResourceKey,
    time::Stamp,
};
use store::Rebase;
use sync::merge::{Fork, Merge, Side, Verdict, plan};

use crate::{
    desk::Desk,
    refused::{Outcome, refuse},
    screen::{ByHand, MergedField},
};

use settling::Settling;

pub(crate) use by_hand::form;
pub(crate) use words::{did, merged_fields};

/// What a merge did.
#[derive(Default)]
pub(crate) struct Merged {
    /// The changes that are sent anew.
    pub(crate) changes: Vec<ChangeId>,
    /// What they write.
    pub(crate) keys: Vec<ResourceKey>,
    /// Whether any of them still says what the host does not have.
    pub(crate) is_news: bool,
    /// The change that tells of what was entered, and what it tells.
    pub(crate) told: Option<(ChangeId, String)>,
}

/// What a person decided about a change that was in conflict.
#[derive(Clone, Copy)]
pub(crate) struct Settled<'a> {
    pub(crate) change: &'a ChangeId,
    pub(crate) decision: Decision<'a>,
    /// The host's version that they were told of.
    pub(crate) seen: Option<&'a str>,
}

/// What stands where both sides touched the same.
#[derive(Clone, Copy)]
pub(crate) enum Decision<'a> {
    /// What one side has.
    Take(Side),
    /// What a person entered.
    Enter(&'a ByHand),
}

impl Decision<'_> {
    fn side(self) -> Side {
        match self {
            Self::Take(side) => side,
            Self::Enter(_) => Side::Theirs,
        }
    }
}

/// Merges what can be merged: everything, or with `settled` what hangs together with that change.
pub(crate) fn merge_waiting(desk: &Desk, at: Stamp, settled: Option<Settled<'_>>) -> Outcome<Merged> {
    let mut forks = desk.store.forks().map_err(|e| e.refusal())?;
    if let Some(settled) = settled {
        keep_tied(&mut forks, settled.change);
        let of_it = |fork: &&store::Fork| fork.mine.iter().any(|(id, _)| id == settled.change);
        if forks.iter().filter(of_it).any(|fork| settled.seen.is_some_and(|seen| seen != fork.version)) {
            return refuse(Code::Conflict, "The host has yet another change by now. Look at it, then choose again.");
        }
    }
    if forks.is_empty() {
        return Ok(Merged::default());
    }
    let seen: Vec<Fork<'_>> = forks.iter().map(seen).collect();
    let verdicts = planned(&seen, settled.map(|settled| settled.decision.side()))?;
    let settling = settled.map(|settled| Settling::of(desk, settled, &seen, at)).transpose()?;
    let action = if settled.is_some() { AuditAction::Settle } else { AuditAction::Merge };
    let (mut rebases, mut merged, mut records) = (Vec::new(), Merged::default(), Vec::new());
    for (fork, verdict) in forks.iter().zip(&verdicts) {
        let Verdict::Merged(texts) = verdict else { continue };
        let entered = settling.as_ref().and_then(|settling| settling.entered_for(&fork.key));
        let changes = fork.mine.iter().map(|(change, _)| change);
        merged.is_news |= entered.map_or(texts.iter().any(Merge::is_news), |entered| entered.is_news);
        let notes = texts.iter().enumerate().map(|(n, merge)| {
            let fields = match entered.filter(|_| n + 1 == texts.len()) {
                Some(entered) => entered.fields.clone(),
                None => merged_fields(desk, fork.key.kind, &merge.changes)?,
            };
            Ok(serde_json::to_string(&fields).unwrap_or_else(|_| unreachable!("plain data")))
        });
        let notes = notes.collect::<Outcome<_>>()?;
        let mut texts: Vec<_> = changes.clone().zip(texts.iter().map(|merge| merge.text.as_str())).collect();
        if let (Some(entered), Some((_, last))) = (entered, texts.last_mut()) {
            *last = &entered.text;
        }
        rebases.push(Rebase { key: &fork.key, onto: &fork.version, texts, notes });
        for change in changes {
            let (query, resource) = (Some(change.to_string()), Some(fork.key.clone()));
            records.push(AuditRecord { query, resource, ..desk.tells(at, action) });
            merged.changes.push(change.clone());
        }
        merged.keys.push(fork.key.clone());
    }
    let settlement = settling.as_ref().map(Settling::for_store).unwrap_or_default();
    if rebases.is_empty() || !desk.store.settle(&rebases, &settlement, at, &records).map_err(|e| e.refusal())? {
        return Ok(Merged::default());
    }
    merged.told = settling.and_then(Settling::told);
    Ok(merged)
}

/// The plan for `forks`.
pub(crate) fn planned(forks: &[Fork<'_>], settle: Option<Side>) -> Outcome<Vec<Verdict>> {
    Ok(plan(forks, settle).map_err(|_| store::StoreError::Damaged.refusal())?)
}

/// What the last merge of `change` did to `key`, field by field.
pub(crate) fn told(desk: &Desk, key: &ResourceKey, change: &ChangeId) -> Outcome<Vec<MergedField>> {
    let note = desk.store.merged(change, key).map_err(|e| e.refusal())?;
    let fields = note.map(|note| serde_json::from_str(&note)).transpose();
    Ok(fields.map_err(|_| store::StoreError::Damaged.refusal())?.unwrap_or_default())
}

/// The fork as the planning sees it.
pub(crate) fn seen(fork: &store::Fork) -> Fork<'_> {
    Fork {
        key: &fork.key,
        base: fork.base.as_deref(),
        theirs: fork.theirs.as_deref(),
        mine: fork.mine.iter().map(|(change, text)| (change, text.as_str())).collect(),
    }
}

/// Keeps the forks that `change` is in, and those that share a change with one of them.
fn keep_tied(forks: &mut Vec<store::Fork>, change: &ChangeId) {
    let mut tied = vec![change.clone()];
    let is_tied = |fork: &store::Fork, tied: &[ChangeId]| fork.mine.iter().any(|(id, _)| tied.contains(id));
    loop {
        let all = forks.iter().filter(|fork| is_tied(fork, &tied)).flat_map(|fork| &fork.mine).map(|(id, _)| id);
        let Some(next) = all.into_iter().find(|id| !tied.contains(id)).cloned() else { break };
        tied.push(next);
    }
    forks.retain(|fork| is_tied(fork, &tied));
}
