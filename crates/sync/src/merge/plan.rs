//! What becomes of the changes that wait here when the host has news of the same resources. Planned for all of them
//! before anything is written: a change that writes two resources is merged in both, or in neither.

use practice::{
    ids::ChangeId,
    resource::ResourceKey,
    text::{TextError, quote},
};

use super::{Change, Merge, Side, merge};

/// A resource of which the host has news while changes of it wait here.
#[derive(Clone, Debug)]
pub struct Fork<'a> {
    /// Which.
    pub key: &'a ResourceKey,
    /// What the first of the changes began from; absent when it made the resource.
    pub base: Option<&'a str>,
    /// What the host has now; absent when it was deleted there.
    pub theirs: Option<&'a str>,
    /// The changes, oldest first, each with the text it makes.
    pub mine: Vec<(&'a ChangeId, &'a str)>,
}

/// What becomes of a fork.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Each of the changes, as it now stands on what the host has.
    Merged(Vec<Merge>),
    /// A person decides. The fields say what; none where one side removed the resource.
    Conflict(Vec<Change>),
    /// It could be merged, but one of its changes also writes a resource that is in conflict.
    Waits,
}

/// Plans for all `forks` at once; where both sides touched a field, `settle` says whose is taken. One verdict a fork.
///
/// # Errors
/// When a text is no object.
pub fn plan(forks: &[Fork<'_>], settle: Option<Side>) -> Result<Vec<Verdict>, TextError> {
    let mut verdicts = forks.iter().map(|fork| alone(fork, settle)).collect::<Result<Vec<_>, _>>()?;
    loop {
        let stuck: Vec<&ChangeId> = held(forks, &verdicts);
        let waits = |(fork, verdict): (&Fork<'_>, &Verdict)| {
            moves(verdict) && fork.mine.iter().any(|(change, _)| stuck.contains(change))
        };
        let Some(next) = forks.iter().zip(&verdicts).position(waits) else { return Ok(verdicts) };
        verdicts[next] = Verdict::Waits;
    }
}

fn moves(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Merged(_))
}

/// The changes that stay as they are.
fn held<'a>(forks: &[Fork<'a>], verdicts: &[Verdict]) -> Vec<&'a ChangeId> {
    let stay = forks.iter().zip(verdicts).filter(|(_, verdict)| !moves(verdict));
    stay.flat_map(|(fork, _)| fork.mine.iter().map(|(change, _)| *change)).collect()
}

/// As if the fork were the only one: each change is merged onto what the one before it has become.
fn alone(fork: &Fork<'_>, settle: Option<Side>) -> Result<Verdict, TextError> {
    let Some(theirs) = fork.theirs else { return Ok(Verdict::Conflict(Vec::new())) };
    // Made here, and there as well: nothing but what it is was the same before.
    let nothing =
        format!(r#"{{"resourceType":{},"id":{}}}"#, quote(fork.key.kind.as_str()), quote(fork.key.id.as_str()));
    let base = fork.base.unwrap_or(&nothing);
    let mut merged: Vec<Merge> = Vec::with_capacity(fork.mine.len());
    let mut before = base;
    for (_, mine) in &fork.mine {
        let onto = merged.last().map_or(theirs, |merge| &merge.text);
        let next = merge(fork.key.kind, before, mine, onto, settle)?;
        if next.has_conflict() {
            // Told as one: what all of the changes made of it, beside what the host has.
            let last = fork.mine.last().map_or(*mine, |(_, last)| *last);
            return Ok(Verdict::Conflict(merge(fork.key.kind, base, last, theirs, None)?.changes));
        }
        merged.push(next);
        before = mine;
    }
    Ok(Verdict::Merged(merged))
}
