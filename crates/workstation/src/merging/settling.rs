//! What a person decides about a conflict, made ready for the store beside the texts of the merge: what they entered, who
//! tells of it, and what they gave up.

use practice::{
    Code,
    ids::ChangeId,
    provenance::ChangeNote,
    resource::{ResourceKey, ResourceType},
    time::Stamp,
    views::AppointmentView,
};
use store::{GiveUp, Retold, Settlement};
use sync::merge::{Change, Fork, Merge, Side, Verdict, merge};

use super::{Decision, Settled, by_hand::Entered, planned, words::did};
use crate::{
    desk::Desk,
    refused::{Outcome, refuse},
    screen::{ByHand, MergedField},
    use_cases::{change::clean, move_appointment::odd},
};

/// What was decided.
pub(super) struct Settling {
    entered: Option<ByPerson>,
    given_up: Vec<Given>,
}

/// What a person entered.
pub(super) struct ByPerson {
    key: ResourceKey,
    change: ChangeId,
    provenance: String,
    what: String,
    pub(super) text: String,
    pub(super) fields: Vec<MergedField>,
    /// Whether it says anything that the host does not have.
    pub(super) is_news: bool,
}

struct Given {
    change: ChangeId,
    key: ResourceKey,
    onto: String,
    text: String,
}

/// A conflict that a person looks at.
struct Open<'a> {
    fork: &'a Fork<'a>,
    theirs: &'a str,
    changes: Vec<Change>,
}

impl Settling {
    /// What `settled` says of `forks`, which hang together.
    pub(super) fn of(desk: &Desk, settled: Settled<'_>, forks: &[Fork<'_>], at: Stamp) -> Outcome<Self> {
        let verdicts = planned(forks, None)?;
        let open = forks.iter().zip(verdicts).filter_map(|(fork, verdict)| match verdict {
            Verdict::Conflict(changes) => Some(Open { fork, theirs: fork.theirs?, changes }),
            Verdict::Merged(_) | Verdict::Waits => None,
        });
        let open: Vec<Open<'_>> = open.collect();
        match settled.decision {
            Decision::Take(Side::Mine) => Ok(Self { entered: None, given_up: Vec::new() }),
            Decision::Take(Side::Theirs) => {
                let given_up = open.iter().map(|open| given_up(settled.change, open)).collect::<Outcome<Vec<_>>>()?;
                Ok(Self { entered: None, given_up: given_up.into_iter().flatten().collect() })
            }
            Decision::Enter(wish) => {
                let [open] = &open[..] else {
                    return refuse(Code::NotNow, "Nothing else can be entered for this. Choose one of the two.");
                };
                Ok(Self { entered: Some(entered(desk, open, wish, at)?), given_up: Vec::new() })
            }
        }
    }

    pub(super) fn entered_for(&self, key: &ResourceKey) -> Option<&ByPerson> {
        self.entered.as_ref().filter(|entered| entered.key == *key)
    }

    pub(super) fn for_store(&self) -> Settlement<'_> {
        Settlement {
            retold: self.entered.as_ref().map(|entered| Retold {
                change: &entered.change,
                provenance: &entered.provenance,
                what: &entered.what,
            }),
            given_up: self
                .given_up
                .iter()
                .map(|given| GiveUp { change: &given.change, key: &given.key, onto: &given.onto, text: &given.text })
                .collect(),
        }
    }

    /// The change that tells of what was entered, and what it tells.
    pub(super) fn told(self) -> Option<(ChangeId, String)> {
        self.entered.map(|entered| (entered.change, entered.what))
    }
}

/// What the changes of `fork` become, where both sides touched the same as `side` has it.
fn merged(fork: &Fork<'_>, side: Side) -> Outcome<Option<Merge>> {
    let verdict = planned(std::slice::from_ref(fork), Some(side))?.pop();
    Ok(match verdict {
        Some(Verdict::Merged(mut merges)) => merges.pop(),
        Some(Verdict::Conflict(_) | Verdict::Waits) | None => None,
    })
}

fn given_up(change: &ChangeId, open: &Open<'_>) -> Outcome<Option<Given>> {
    let kept = merged(open.fork, Side::Mine)?;
    Ok(kept.map(|kept| Given {
        change: change.clone(),
        key: open.fork.key.clone(),
        onto: open.theirs.to_owned(),
        text: kept.text,
    }))
}

/// The last of the changes becomes what was entered, and tells of it.
fn entered(desk: &Desk, open: &Open<'_>, wish: &ByHand, at: Stamp) -> Outcome<ByPerson> {
    let (key, theirs) = (open.fork.key, open.theirs);
    let (Some(&(change, mine)), Some(merged)) = (open.fork.mine.last(), merged(open.fork, Side::Theirs)?) else {
        return Err(odd());
    };
    let entered = Entered { key, mine, theirs, merged: &merged.text, changes: &open.changes, wish, at };
    let text = entered.text(desk)?;
    let fields = entered.fields(desk, open.fork.base, &text)?;
    let differs = merge(key.kind, theirs, &text, theirs, None).map_err(|_| odd())?;

    let note = ResourceKey::new(ResourceType::PROVENANCE, change.as_str());
    let told = desk.store.peek(&note).map_err(|e| e.refusal())?;
    let told = told.and_then(|told| ChangeNote::read(&told.text)).ok_or_else(odd)?;
    let activity = format!("settled a conflict: {}", did(desk, key, Some(theirs), Some(&text))?);
    let who = desk.patient_name(AppointmentView::read(&text).patient())?;
    let what = format!("{}: {activity}", who.as_deref().unwrap_or(key.kind.as_str()));
    let told = ChangeNote {
        at,
        member: desk.me.id.clone(),
        member_name: desk.me.name.clone(),
        activity,
        comment: clean(wish.comment.clone())?.or(told.comment),
        ..told
    };
    Ok(ByPerson {
        key: key.clone(),
        change: change.clone(),
        provenance: told.to_fhir(),
        what,
        text,
        fields,
        is_news: !differs.changes.is_empty(),
    })
}
