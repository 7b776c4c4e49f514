//! The idle timer: in Rust, so that no minimised or sleeping web view can hold it up, on a clock that sleep does not stop.

use std::{sync::Arc, time::Duration};

use practice::policy::{STRICTEST_TIME_OUT, shortened};
use vault::idle::{Idle, Verdict};

use crate::{
    screen::LockReason,
    session::{Notice, Session, Workstation},
};

/// How often the verdict is asked for: half of the second that the lock may be late.
const TICK: Duration = Duration::from_millis(500);

impl Workstation {
    /// Watches for idleness until the program ends.
    pub async fn watch_idle(self: Arc<Self>) {
        let mut shown = None;
        let mut had_policy = false;
        loop {
            tokio::time::sleep(TICK).await;
            self.write_left_off();
            let at_work = match &*self.session.read().unwrap_or_else(|e| e.into_inner()) {
                Session::Open(desk) => Some((desk.me.clone(), desk.own_time_out())),
                Session::Locked { .. } | Session::SignedOut => None,
            };
            let time_out = at_work.map(|(me, own)| (self.ruled_time_out(&me), own));
            // Once: whoever unlocks after that works under the strictest policy until the host gives one again.
            let lost = had_policy && matches!(time_out, Some((None, _)));
            had_policy = matches!(time_out, Some((Some(_), _)));
            let verdict = time_out.map(|(ruled, own)| {
                let time_out = shortened(ruled.unwrap_or(STRICTEST_TIME_OUT), own);
                Idle::after(time_out).verdict(self.last_input(), self.clock.mono())
            });
            let (due, left) = match verdict {
                Some(_) if lost => (Some(LockReason::PolicyGone), None),
                Some(Verdict::Lock) => (Some(LockReason::Idle), None),
                Some(Verdict::Warn { left }) => (None, Some(left.as_millis().div_ceil(1000) as u32)),
                Some(Verdict::Active { .. }) | None => (None, None),
            };
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
