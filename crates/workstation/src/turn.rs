//! What becomes of a session when something happens to it. Total: a phase or an event without an answer does not compile.

#![deny(clippy::wildcard_enum_match_arm)]

use crate::screen::Phase;

/// What happens to a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// A member's vault has opened.
    Unlocked {
        /// A lock came since the unlock was begun.
        late: bool,
    },
    /// A lock, for whatever reason.
    Lock,
    /// The member leaves.
    SignOut,
}

/// What becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// The member's desk opens.
    Opens,
    /// The desk closes for whoever was at it, and opens for the member.
    TakesOver,
    /// The unlock came to nothing; its keys are dropped.
    Void,
    /// The desk closes, and the screen keeps whose it was.
    Locks,
    /// The desk closes, and nobody is named.
    Closes,
    /// Nobody is named any more; the desk was closed before.
    Forgets,
    /// Nothing: it is closed already, and the first reason stays.
    Stays,
}

pub(crate) fn turn(phase: Phase, event: Event) -> Turn {
    match (phase, event) {
        (Phase::Unenrolled, Event::Unlocked { .. })
        | (Phase::SignedOut | Phase::Locked | Phase::Open, Event::Unlocked { late: true }) => Turn::Void,
        (Phase::SignedOut | Phase::Locked, Event::Unlocked { late: false }) => Turn::Opens,
        (Phase::Open, Event::Unlocked { late: false }) => Turn::TakesOver,
        (Phase::Open, Event::Lock) => Turn::Locks,
        (Phase::Open, Event::SignOut) => Turn::Closes,
        (Phase::Locked, Event::SignOut) => Turn::Forgets,
        (Phase::Unenrolled | Phase::SignedOut, Event::Lock | Event::SignOut) | (Phase::Locked, Event::Lock) => {
            Turn::Stays
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENTS: [Event; 4] =
        [Event::Unlocked { late: false }, Event::Unlocked { late: true }, Event::Lock, Event::SignOut];

    #[test]
    fn every_phase_answers_every_event() {
        use Turn::{Closes, Forgets, Locks, Opens, Stays, TakesOver, Void};
        for (phase, answers) in [
            (Phase::Unenrolled, [Void, Void, Stays, Stays]),
            (Phase::SignedOut, [Opens, Void, Stays, Stays]),
            (Phase::Locked, [Opens, Void, Stays, Forgets]),
            (Phase::Open, [TakesOver, Void, Locks, Closes]),
        ] {
            assert_eq!(EVENTS.map(|event| turn(phase, event)), answers, "{phase:?}");
        }
    }

    #[test]
    fn only_an_unlock_in_time_opens_and_a_lock_or_a_leave_always_ends_closed() {
        for phase in [Phase::Unenrolled, Phase::SignedOut, Phase::Locked, Phase::Open] {
            for event in EVENTS {
                let turn = turn(phase, event);
                let opens = matches!(turn, Turn::Opens | Turn::TakesOver);
                assert!(!opens || event == (Event::Unlocked { late: false }), "{phase:?} {event:?}");
                if phase == Phase::Open && matches!(event, Event::Lock | Event::SignOut) {
                    assert!(matches!(turn, Turn::Locks | Turn::Closes), "{event:?}");
                }
            }
        }
    }
}
