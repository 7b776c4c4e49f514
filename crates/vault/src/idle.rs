//! When nobody has touched the session for too long. A pure verdict: who calls it, and what it does then, is elsewhere.

use std::time::Duration;

use practice::time::Mono;

/// The time-out in force for a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Idle {
    /// So long without real input, and the session locks.
    pub time_out: Duration,
    /// So long before that, a countdown is shown.
    pub warn: Duration,
}

/// What is due now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// In use.
    Active {
        /// Until the lock.
        left: Duration,
    },
    /// About to lock: show the countdown.
    Warn {
        /// Until the lock.
        left: Duration,
    },
    /// Lock now.
    Lock,
}

impl Idle {
    /// A time-out with the usual 30 seconds of warning.
    pub fn after(time_out: Duration) -> Self {
        Self { time_out, warn: Duration::from_secs(30) }
    }

    /// The verdict at `now`, when the last real input was at `last_input`.
    ///
    /// ```
    /// use std::time::Duration;
    /// use practice::time::Mono;
    /// use vault::idle::{Idle, Verdict};
    ///
    /// let idle = Idle::after(Duration::from_secs(60));
    /// let at = |secs| Mono(Duration::from_secs(secs));
    /// assert_eq!(idle.verdict(at(100), at(140)), Verdict::Warn { left: Duration::from_secs(20) });
    /// assert_eq!(idle.verdict(at(100), at(160)), Verdict::Lock);
    /// ```
    pub fn verdict(self, last_input: Mono, now: Mono) -> Verdict {
        let left = self.time_out.saturating_sub(now.since(last_input));
        if left.is_zero() {
            Verdict::Lock
        } else if left <= self.warn {
            Verdict::Warn { left }
        } else {
            Verdict::Active { left }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> Mono {
        Mono(Duration::from_millis(millis))
    }

    #[test]
    fn it_locks_at_the_time_out_and_never_before() {
        let idle = Idle::after(Duration::from_secs(60));
        for (now, due) in [
            (0, Verdict::Active { left: Duration::from_secs(60) }),
            (29_999, Verdict::Active { left: Duration::from_millis(30_001) }),
            (30_000, Verdict::Warn { left: Duration::from_secs(30) }),
            (59_999, Verdict::Warn { left: Duration::from_millis(1) }),
            (60_000, Verdict::Lock),
            (86_400_000, Verdict::Lock),
        ] {
            assert_eq!(idle.verdict(at(0), at(now)), due, "{now} ms");
        }
    }

    #[test]
    fn a_time_out_of_nothing_is_a_lock() {
        assert_eq!(Idle::after(Duration::ZERO).verdict(at(5), at(5)), Verdict::Lock);
    }

    #[test]
    fn a_time_out_shorter_than_the_warning_warns_from_the_start() {
        let idle = Idle::after(Duration::from_secs(10));
        assert_eq!(idle.verdict(at(0), at(0)), Verdict::Warn { left: Duration::from_secs(10) });
    }
}
