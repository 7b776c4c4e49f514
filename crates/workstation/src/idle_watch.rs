//! The idle timer: in Rust, so that no minimised or sleeping web view can hold it up, on a clock that sleep does not stop.

use std::{sync::Arc, time::Duration};

use practice::{
    policy::{STRICTEST_TIME_OUT, shortened},
    time::Mono,
};
use vault::idle::{Idle, Verdict};

use crate::{
    screen::LockReason,
    session::{Notice, Session, Workstation},
};

/// How often the verdict is asked for: half of the second that the lock may be late.
const TICK: Duration = Duration::from_millis(500);

/// A member at work: the time-out that the policy in force has for them, if there is a policy, and the seconds that they
/// chose for themselves.
type AtWork = (Option<Duration>, Option<u32>);

/// What the watch remembers from one look to the next.
#[derive(Default)]
struct Watch {
    had_policy: bool,
}

impl Watch {
    /// Why the session has to lock now, or how many seconds are left once that is to be shown.
    fn look(&mut self, at_work: Option<AtWork>, last_input: Mono, now: Mono) -> (Option<LockReason>, Option<u32>) {
        // Once: whoever unlocks after that works under the strictest policy until the host gives one again.
        let lost = self.had_policy && matches!(at_work, Some((None, _)));
        self.had_policy = matches!(at_work, Some((Some(_), _)));
        let verdict = at_work.map(|(ruled, own)| {
            Idle::after(shortened(ruled.unwrap_or(STRICTEST_TIME_OUT), own)).verdict(last_input, now)
        });
        match verdict {
            Some(_) if lost => (Some(LockReason::PolicyGone), None),
            Some(Verdict::Lock) => (Some(LockReason::Idle), None),
            Some(Verdict::Warn { left }) => (None, Some(left.as_millis().div_ceil(1000) as u32)),
            Some(Verdict::Active { .. }) | None => (None, None),
        }
    }
}

impl Workstation {
    /// Watches for idleness until the program ends.
    pub async fn watch_idle(self: Arc<Self>) {
        let (mut watch, mut shown) = (Watch::default(), None);
        loop {
            tokio::time::sleep(TICK).await;
            self.write_left_off();
            let at_work = match &*self.session.read().unwrap_or_else(|e| e.into_inner()) {
                Session::Open(desk) => Some((desk.me.clone(), desk.own_time_out())),
                Session::Locked { .. } | Session::SignedOut => None,
            };
            let at_work = at_work.map(|(me, own)| (self.ruled_time_out(&me), own));
            let mut seen = watch.look(at_work, self.last_input(), self.clock.mono());
            if matches!(seen, (Some(LockReason::Idle), _) | (_, Some(_))) && self.hear_of_input().await {
                seen = watch.look(at_work, self.last_input(), self.clock.mono());
            }
            let (due, left) = seen;
            if let Some(reason) = due {
                self.lock(reason);
            }
            if left != shown {
                shown = left;
                self.notify(Notice::Idle(left));
            }
        }
    }
}

impl Workstation {
    /// Before the desk is taken for left, the system is asked whether somebody works in another program. Whether it was
    /// so, and later than our own last input.
    async fn hear_of_input(&self) -> bool {
        let clock = Arc::clone(&self.clock);
        let Ok(Some(idle)) = tokio::task::spawn_blocking(move || clock.idle()).await else { return false };
        self.input_at(Mono(self.clock.mono().0.saturating_sub(idle)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mono(millis: u64) -> Mono {
        Mono(Duration::from_millis(millis))
    }

    /// What happens next at a desk, and after how many milliseconds.
    #[derive(Clone, Copy, Debug)]
    enum Next {
        Input(u64),
        /// The computer sleeps; the clock does not.
        Sleep(u64),
    }

    fn next() -> impl Strategy<Value = Next> {
        prop_oneof![8 => (1_u64..90_000).prop_map(Next::Input), 1 => (1_u64..4 * 3_600_000).prop_map(Next::Sleep)]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn a_session_locks_at_its_time_out_never_a_second_later_and_never_before(
            ruled in 60_u64..=3600,
            own in prop::option::of(60_u32..=3600),
            first_look in 0_u64..500,
            day in prop::collection::vec(next(), 0..40),
        ) {
            let time_out = own.map_or(ruled, |own| ruled.min(own.into())) * 1000;
            let at_work = Some((Some(Duration::from_secs(ruled)), own));
            let (mut watch, mut now, mut input) = (Watch::default(), first_look, 0);
            let tick = TICK.as_millis() as u64;
            let mut coming = day.into_iter();
            // The clock of the last look; longer ago than a tick only when the computer slept.
            let mut looked = 0;
            let mut pending = coming.next();
            let mut begins = now;
            loop {
                let (due, left) = watch.look(at_work, mono(input), mono(now));
                let idle = now - input;
                if due.is_some() {
                    prop_assert_eq!(due, Some(LockReason::Idle));
                    prop_assert!(idle >= time_out, "{} ms early", time_out - idle);
                    let slept = now - looked > tick;
                    prop_assert!(slept || idle - time_out <= 1000, "{} ms late", idle - time_out);
                    break;
                }
                prop_assert!(idle < time_out, "{} ms over, and open", idle - time_out);
                prop_assert_eq!(left.is_some(), time_out - idle <= 30_000);
                looked = now;
                now += tick;
                match pending {
                    Some(Next::Input(after)) if begins + after < now => {
                        input = begins + after;
                        begins = input;
                        pending = coming.next();
                    }
                    Some(Next::Sleep(long)) => {
                        now += long;
                        begins = now;
                        pending = coming.next();
                    }
                    Some(Next::Input(_)) | None => {}
                }
            }
        }
    }

    #[test]
    fn a_policy_that_goes_missing_locks_once_and_then_the_strictest_time_out_rules() {
        let mut watch = Watch::default();
        let ruled = Some((Some(Duration::from_secs(600)), None));
        assert_eq!(watch.look(ruled, mono(0), mono(0)), (None, None));
        assert_eq!(watch.look(Some((None, None)), mono(0), mono(0)).0, Some(LockReason::PolicyGone));
        assert_eq!(watch.look(None, mono(0), mono(0)), (None, None));
        assert_eq!(watch.look(Some((None, None)), mono(0), mono(0)).0, None);
        assert_eq!(watch.look(Some((None, None)), mono(0), mono(60_000)).0, Some(LockReason::Idle));
    }
}
