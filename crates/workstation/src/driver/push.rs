//! One change to the host: one transaction, acknowledged exactly as it was sent, or set aside with the host's reason.

use std::sync::Arc;

use practice::{Code, ids::ChangeId, resource::Envelope, time::Stamp};
use serde::Deserialize;
use serde_json::value::RawValue;
use store::{Accepted, StoreError};
use sync::{Event, PushOutcome};

use super::{Round, Trouble};
use crate::{host::HostError, refused::Outcome, screen::Refused, session::Workstation};

/// Tries at once, before a change waits.
const FREE_TRIES: u32 = 2;

/// Failures of the host itself at one change, before a person looks at it: that is after some four hours.
const MOST_FAILURES: u32 = 12;

const GIVEN_UP: &str = "The host fails whenever it gets this. Tell whoever runs it, then try again.";

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    entry: Vec<Entry<'a>>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow)]
    resource: &'a RawValue,
}

impl Workstation {
    pub(super) async fn push(self: &Arc<Self>, round: &mut Round) -> Result<Event, Trouble> {
        let now = self.clock.now();
        let next = self
            .in_background(round.generation, move |desk| {
                // A restored host first gets back what it has lost: what waits here builds on it.
                if desk.store.is_giving_back().map_err(|e| e.refusal())? {
                    return Ok(None);
                }
                Ok(desk.store.outbox_next(now).map_err(|e| e.refusal())?)
            })
            .await?;
        let Some(entry) = next else { return Ok(Event::OutboxEmpty) };
        let change = entry.change;
        let answer = match round.enrolled.line.transact(round.bearer(), entry.bundle).await {
            Ok(answer) => answer,
            Err(HostError::Refused(refused)) if final_word(refused.code) => {
                if refused.code == Code::Conflict {
                    round.in_conflict.insert(change.clone());
                } else {
                    round.report.set_aside += 1;
                }
                self.in_background(round.generation, move |desk| {
                    Ok(desk.store.set_aside(&change, refused.code, &refused.say, now).map_err(|e| e.refusal())?)
                })
                .await?;
                self.changed(vec!["Appointment".into()]);
                return Ok(Event::Pushed(PushOutcome::SetAside));
            }
            Err(error) => return self.failed_try(round, change, entry.failures, error).await,
        };
        let (ws, sent) = (Arc::clone(self), change.clone());
        let kinds = self
            .in_background(round.generation, move |desk| {
                with_accepted(&answer, |accepted| {
                    desk.store.acknowledge(&sent, accepted).map_err(|error| match error {
                        StoreError::BadResource => StoreError::BadAnswer.refusal(),
                        error => error.refusal(),
                    })?;
                    ws.keep_rescue_after(desk, accepted.iter().map(|a| &a.key));
                    Ok(accepted.iter().map(|a| a.key.kind.as_str().to_owned()).collect::<Vec<_>>())
                })
            })
            .await;
        let kinds = match kinds {
            Err(refused) if refused.code == Code::HostConfused => {
                return self.failed_try(round, change, entry.failures, HostError::Confused).await;
            }
            kinds => kinds?,
        };
        round.report.pushed += 1;
        self.changed(kinds);
        Ok(Event::Pushed(PushOutcome::Accepted))
    }

    /// Notes that the change goes on waiting: for the line, or for its next turn where the host itself is at fault.
    async fn failed_try(
        self: &Arc<Self>,
        round: &Round,
        change: ChangeId,
        failures: u32,
        error: HostError,
    ) -> Result<Event, Trouble> {
        let now = self.clock.now();
        let at_fault = matches!(error, HostError::InTrouble | HostError::Confused);
        self.in_background(round.generation, move |desk| {
            let store = &desk.store;
            let noted = if !at_fault {
                store.failed_try(&change, now)
            } else if failures + 1 < MOST_FAILURES {
                store.failed_there(&change, due(now, failures))
            } else {
                store.give_up(&change, Code::HostConfused, GIVEN_UP, now)
            };
            Ok(noted.map_err(|e| e.refusal())?)
        })
        .await?;
        Err(error.into())
    }
}

/// When a change at which the host itself failed, or to which it answers nonsense, is tried again: after a few times it
/// steps aside for a while, so that one such change does not hold up the rest.
fn due(now: Stamp, failures: u32) -> Stamp {
    let minutes = match failures.checked_sub(FREE_TRIES) {
        None => 0,
        Some(more) => 1_i64 << more.min(6),
    };
    Stamp::from_millis(now.millis() + minutes * 60_000).unwrap_or(now)
}

/// Whether trying again could not help.
fn final_word(code: Code) -> bool {
    matches!(
        code,
        Code::Conflict
            | Code::Overlap
            | Code::Invalid
            | Code::Forbidden
            | Code::NotFound
            | Code::NotNow
            // Of whoever entered it: the workstation itself would hear that it was stopped.
            | Code::MemberStopped
    )
}

/// Reads the host's answer: each resource as the host now has it.
fn with_accepted<T>(answer: &[u8], take: impl FnOnce(&[Accepted<'_>]) -> Outcome<T>) -> Outcome<T> {
    let confused = || Refused::from(HostError::Confused);
    let answer: Answer<'_> = serde_json::from_slice(answer).map_err(|_| confused())?;
    let envelopes: Vec<(Envelope, &str)> = answer
        .entry
        .iter()
        .map(|entry| Envelope::read(entry.resource.get()).map(|e| (e, entry.resource.get())).map_err(|_| confused()))
        .collect::<Outcome<_>>()?;
    let accepted: Vec<Accepted<'_>> = envelopes
        .iter()
        .map(|(envelope, text)| {
            Ok(Accepted {
                key: envelope.key.clone(),
                version: envelope.version_id.as_deref().ok_or_else(confused)?,
                updated: envelope.last_updated.as_deref().and_then(Stamp::parse).ok_or_else(confused)?,
                text,
            })
        })
        .collect::<Outcome<_>>()?;
    take(&accepted)
}
