//! The machine.
//!
//! Long because every step answers every event in one match, and the laws of that match lie beside it.

use std::time::Duration;

use practice::Code;

use crate::Backoff;

/// Wait between rounds when nobody asks and nothing fails.
pub const POLL: Duration = Duration::from_secs(5);

/// What the driver tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Somebody wants a sync now: a local change, a person, the host.
    Poked,
    /// The wait is over.
    Woke,
    /// The policy and the members are as new as they have to be.
    PolicyTaken,
    /// The oldest change that may go was sent, with this outcome.
    Pushed(PushOutcome),
    /// Nothing may be sent now.
    OutboxEmpty,
    /// What the office needs first is here, or was before.
    TodayTaken,
    /// A page was stored together with its cursor; `more` when it was full.
    PageTaken {
        /// Whether another page is likely.
        more: bool,
    },
    /// Some of what a restored host had lost was given back to it; `more` when some is left.
    GaveBack {
        /// Whether some is left.
        more: bool,
    },
    /// The changes that wait and the host's news of what they write were merged; `more` when some are to be sent anew.
    Merged {
        /// Whether some are to be sent anew.
        more: bool,
    },
    /// Part of the audit chain was taken by the host; `more` when some is left.
    AuditTaken {
        /// Whether some is left.
        more: bool,
    },
    /// Some of what the horizon lacks was fetched and some of what lies outside of it let go, as much as one round does.
    HorizonKept,
    /// The step could not be done; `jitter` is any number.
    Failed {
        /// Why.
        failure: Failure,
        /// From the driver's randomness.
        jitter: u32,
    },
    /// The vault closed: nothing more may be written here.
    Locked,
}

/// How a change was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PushOutcome {
    /// The host has it, and the store knows.
    Accepted,
    /// The host refuses it for good; the store has set it aside with the reason.
    SetAside,
}

/// Why a step failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No answer, a cut answer, or the host is in trouble: try again.
    Unreachable,
    /// The host answers but won't have us, or can't be trusted: try again, and say why.
    Refused(Code),
    /// Our own store failed: try again.
    Local,
}

/// One step of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Ask for the policy and the members, where they have to be here before anything else.
    TakePolicy,
    /// Send the oldest change that may go.
    Push,
    /// Before the first page of a first sync: ask for today's schedule, its patients, and their charts.
    PullToday,
    /// Ask for the page after the cursor, and store it with the new cursor.
    Pull,
    /// Give back some of what a restored host has lost; nothing in the usual life of one.
    GiveBack,
    /// Merge the changes that wait with the host's news of what they write.
    Merge,
    /// Send the next links of the audit chain.
    SendAudit,
    /// After a round that ended well: fetch some of what the horizon lacks, and let go of some of what lies outside.
    KeepHorizon,
}

/// What the driver must do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Carry this step out and tell.
    Do(Step),
    /// The round ended well: "last synced" moves, and only here.
    Finished,
    /// The round ended badly: tell the screen. "Last synced" stays.
    Stalled(Failure),
    /// Send [`Event::Woke`] after this time, unless another wait replaces it.
    WakeAfter(Duration),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Resting,
    Doing(Step),
}

/// One workstation's sync.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    phase: Phase,
    again: bool,
    backoff: Backoff,
}

impl Default for Machine {
    fn default() -> Self {
        Self { phase: Phase::Resting, again: false, backoff: Backoff::default() }
    }
}

impl Machine {
    /// Whether a round is under way.
    pub fn running(&self) -> bool {
        self.phase != Phase::Resting
    }

    /// Takes an event. An answer that belongs to no step under way (a late one after a lock) changes nothing.
    pub fn on(&mut self, event: Event) -> Vec<Effect> {
        match (self.phase, event) {
            (Phase::Resting, Event::Poked | Event::Woke) => self.go(Step::TakePolicy),
            (Phase::Doing(_), Event::Poked) => {
                self.again = true;
                Vec::new()
            }
            (_, Event::Locked) => {
                *self = Self::default();
                Vec::new()
            }
            (Phase::Doing(Step::TakePolicy), Event::PolicyTaken) => self.go(Step::Push),
            (Phase::Doing(Step::Push), Event::Pushed(PushOutcome::Accepted | PushOutcome::SetAside)) => {
                self.go(Step::Push)
            }
            (Phase::Doing(Step::Push), Event::OutboxEmpty) => self.go(Step::PullToday),
            (Phase::Doing(Step::PullToday), Event::TodayTaken) => self.go(Step::Pull),
            (Phase::Doing(Step::Pull), Event::PageTaken { more: true }) => self.go(Step::Pull),
            // What the host has lost is known when it has told of all that it has.
            (Phase::Doing(Step::Pull), Event::PageTaken { more: false }) => self.go(Step::GiveBack),
            (Phase::Doing(Step::GiveBack), Event::GaveBack { more: true }) => self.go(Step::GiveBack),
            (Phase::Doing(Step::GiveBack), Event::GaveBack { more: false }) => self.go(Step::Merge),
            // Each time around, the host has made a version that was not there before: it comes to an end.
            (Phase::Doing(Step::Merge), Event::Merged { more: true }) => self.go(Step::Push),
            (Phase::Doing(Step::Merge), Event::Merged { more: false }) => self.go(Step::SendAudit),
            (Phase::Doing(Step::SendAudit), Event::AuditTaken { more: true }) => self.go(Step::SendAudit),
            (Phase::Doing(Step::SendAudit), Event::AuditTaken { more: false }) => self.finish(),
            // The rest of it is for the rounds to come: what somebody enters meanwhile must not wait for it.
            (Phase::Doing(Step::KeepHorizon), Event::HorizonKept) => self.rest(),
            (Phase::Doing(_), Event::Failed { failure, jitter }) => {
                self.phase = Phase::Resting;
                self.again = false;
                vec![Effect::Stalled(failure), Effect::WakeAfter(self.backoff.failed(jitter))]
            }
            (Phase::Doing(_), Event::Woke)
            | (
                Phase::Resting
                | Phase::Doing(
                    Step::Push
                    | Step::PullToday
                    | Step::Pull
                    | Step::GiveBack
                    | Step::Merge
                    | Step::SendAudit
                    | Step::KeepHorizon,
                ),
                Event::PolicyTaken,
            )
            | (
                Phase::Resting
                | Phase::Doing(
                    Step::TakePolicy
                    | Step::PullToday
                    | Step::Pull
                    | Step::GiveBack
                    | Step::Merge
                    | Step::SendAudit
                    | Step::KeepHorizon,
                ),
                Event::Pushed(_) | Event::OutboxEmpty,
            )
            | (
                Phase::Resting
                | Phase::Doing(
                    Step::TakePolicy
                    | Step::Push
                    | Step::Pull
                    | Step::GiveBack
                    | Step::Merge
                    | Step::SendAudit
                    | Step::KeepHorizon,
                ),
                Event::TodayTaken,
            )
            | (
                Phase::Resting
                | Phase::Doing(
                    Step::TakePolicy
                    | Step::Push
                    | Step::PullToday
                    | Step::GiveBack
                    | Step::Merge
                    | Step::SendAudit
                    | Step::KeepHorizon,
                ),
                Event::PageTaken { .. },
            )
            | (
                Phase::Resting
                | Phase::Doing(
                    Step::TakePolicy
                    | Step::Push
                    | Step::PullToday
                    | Step::Pull
                    | Step::Merge
                    | Step::SendAudit
                    | Step::KeepHorizon,
                ),
                Event::GaveBack { .. },
            )
            | (
                Phase::Resting
                | Phase::Doing(
                    Step::TakePolicy
                    | Step::Push
                    | Step::PullToday
                    | Step::Pull
                    | Step::GiveBack
                    | Step::SendAudit
                    | Step::KeepHorizon,
                ),
                Event::Merged { .. },
            )
            | (
                Phase::Resting
                | Phase::Doing(
                    Step::TakePolicy
                    | Step::Push
                    | Step::PullToday
                    | Step::Pull
                    | Step::GiveBack
                    | Step::Merge
                    | Step::KeepHorizon,
                ),
                Event::AuditTaken { .. },
            )
            | (
                Phase::Resting
                | Phase::Doing(
                    Step::TakePolicy
                    | Step::Push
                    | Step::PullToday
                    | Step::Pull
                    | Step::GiveBack
                    | Step::Merge
                    | Step::SendAudit,
                ),
                Event::HorizonKept,
            )
            | (Phase::Resting, Event::Failed { .. }) => Vec::new(),
        }
    }

    fn go(&mut self, step: Step) -> Vec<Effect> {
        self.phase = Phase::Doing(step);
        vec![Effect::Do(step)]
    }

    fn finish(&mut self) -> Vec<Effect> {
        self.backoff.succeeded();
        let mut effects = vec![Effect::Finished];
        effects.extend(self.go(Step::KeepHorizon));
        effects
    }

    fn rest(&mut self) -> Vec<Effect> {
        self.phase = Phase::Resting;
        if std::mem::take(&mut self.again) { self.go(Step::TakePolicy) } else { vec![Effect::WakeAfter(POLL)] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DONE: [Event; 8] = [
        Event::PolicyTaken,
        Event::OutboxEmpty,
        Event::TodayTaken,
        Event::PageTaken { more: false },
        Event::GaveBack { more: false },
        Event::Merged { more: false },
        Event::AuditTaken { more: false },
        Event::HorizonKept,
    ];

    fn every_event() -> Vec<Event> {
        vec![
            Event::Poked,
            Event::Woke,
            Event::PolicyTaken,
            Event::Pushed(PushOutcome::Accepted),
            Event::Pushed(PushOutcome::SetAside),
            Event::OutboxEmpty,
            Event::TodayTaken,
            Event::PageTaken { more: true },
            Event::PageTaken { more: false },
            Event::GaveBack { more: true },
            Event::GaveBack { more: false },
            Event::Merged { more: true },
            Event::Merged { more: false },
            Event::AuditTaken { more: true },
            Event::AuditTaken { more: false },
            Event::HorizonKept,
            Event::Failed { failure: Failure::Unreachable, jitter: 7 },
            Event::Locked,
        ]
    }

    #[test]
    fn a_round_sends_before_it_takes_and_then_rests() {
        let mut machine = Machine::default();
        let mut steps = machine.on(Event::Poked);
        for event in DONE {
            steps.extend(machine.on(event));
        }
        assert_eq!(
            steps,
            [
                Effect::Do(Step::TakePolicy),
                Effect::Do(Step::Push),
                Effect::Do(Step::PullToday),
                Effect::Do(Step::Pull),
                Effect::Do(Step::GiveBack),
                Effect::Do(Step::Merge),
                Effect::Do(Step::SendAudit),
                Effect::Finished,
                Effect::Do(Step::KeepHorizon),
                Effect::WakeAfter(POLL)
            ]
        );
    }

    #[test]
    fn a_refused_change_does_not_hold_up_the_next() {
        let mut machine = Machine::default();
        machine.on(Event::Poked);
        machine.on(Event::PolicyTaken);
        assert_eq!(machine.on(Event::Pushed(PushOutcome::SetAside)), [Effect::Do(Step::Push)]);
    }

    #[test]
    fn what_was_merged_is_sent_in_the_same_round() {
        let mut machine = Machine::default();
        machine.on(Event::Poked);
        DONE.into_iter().take(5).for_each(|event| drop(machine.on(event)));
        assert_eq!(machine.on(Event::Merged { more: true }), [Effect::Do(Step::Push)]);
        assert_eq!(machine.on(Event::OutboxEmpty), [Effect::Do(Step::PullToday)]);
    }

    #[test]
    fn who_asks_during_a_round_gets_one_more_and_never_a_second_at_once() {
        let mut machine = Machine::default();
        machine.on(Event::Poked);
        assert!(machine.on(Event::Poked).is_empty(), "one sync at a time");
        assert!(machine.on(Event::Poked).is_empty());
        let last = DONE.into_iter().flat_map(|event| machine.on(event)).collect::<Vec<_>>();
        assert!(last.ends_with(&[Effect::Do(Step::KeepHorizon), Effect::Do(Step::TakePolicy)]));
        let last = DONE.into_iter().flat_map(|event| machine.on(event)).collect::<Vec<_>>();
        assert!(last.ends_with(&[Effect::Do(Step::KeepHorizon), Effect::WakeAfter(POLL)]));
    }

    #[test]
    fn what_the_host_told_is_in_step_even_when_the_horizon_can_not_be_kept() {
        let mut machine = Machine::default();
        machine.on(Event::Poked);
        let round = DONE.into_iter().take(7).flat_map(|event| machine.on(event)).collect::<Vec<_>>();
        assert!(round.ends_with(&[Effect::Finished, Effect::Do(Step::KeepHorizon)]));
        let effects = machine.on(Event::Failed { failure: Failure::Unreachable, jitter: 0 });
        assert!(matches!(effects[..], [Effect::Stalled(_), Effect::WakeAfter(_)]), "and it is tried again");
    }

    #[test]
    fn a_failure_never_finishes_a_round_and_always_tries_again_by_itself() {
        for step in 0..DONE.len() {
            let mut machine = Machine::default();
            machine.on(Event::Poked);
            for event in DONE.into_iter().take(step) {
                machine.on(event);
            }
            let effects = machine.on(Event::Failed { failure: Failure::Unreachable, jitter: 0 });
            assert!(
                matches!(effects[..], [Effect::Stalled(Failure::Unreachable), Effect::WakeAfter(_)]),
                "step {step}: {effects:?}"
            );
            assert_eq!(machine.on(Event::Woke), [Effect::Do(Step::TakePolicy)]);
        }
    }

    #[test]
    fn an_answer_after_a_lock_is_void() {
        let mut machine = Machine::default();
        machine.on(Event::Poked);
        machine.on(Event::Locked);
        for event in every_event() {
            if !matches!(event, Event::Poked | Event::Woke) {
                assert!(machine.on(event.clone()).is_empty(), "{event:?}");
            }
        }
    }

    #[test]
    fn from_anywhere_a_quiet_world_comes_to_rest() {
        let events = every_event();
        for seed in 0..2_000u64 {
            let (mut machine, mut x) = (Machine::default(), seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
            for _ in 0..30 {
                x ^= x << 13;
                x ^= x >> 7;
                x ^= x << 17;
                machine.on(events[(x % events.len() as u64) as usize].clone());
            }
            let mut effects = machine.on(Event::Poked);
            for _ in 0..3 {
                for event in DONE {
                    effects.extend(machine.on(event));
                }
            }
            assert!(!machine.running(), "seed {seed}");
            assert!(effects.contains(&Effect::Finished), "seed {seed}");
        }
    }
}
