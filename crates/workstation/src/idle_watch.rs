//! The idle timer: in Rust, so that no minimised or sleeping web view can hold it up, on a clock that sleep does not stop.

use std::{sync::Arc, time::Duration};

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
            let me = match &*self.session.read().unwrap_or_else(|e| e.into_inner()) {
                Session::Open(desk) => Some(desk.me.clone()),
                Session::Locked { .. } | Session::SignedOut => None,
            };
            // Once: whoever unlocks after that works under the strictest policy until the host gives one again.
            let has_policy = me.is_some() && self.has_policy();
            let lost = had_policy && me.is_some() && !has_policy;
            had_policy = has_policy;
            if lost {
                self.lock(LockReason::PolicyGone);
            }
            let me = me.filter(|_| !lost);
            let verdict = me.map(|me| Idle::after(self.time_out(&me)).verdict(self.last_input(), self.clock.mono()));
            let left = match verdict {
                Some(Verdict::Lock) => {
                    self.lock(LockReason::Idle);
                    None
                }
                Some(Verdict::Warn { left }) => Some(left.as_millis().div_ceil(1000) as u32),
                Some(Verdict::Active { .. }) | None => None,
            };
            if left != shown {
                shown = left;
                self.notify(Notice::Idle(left));
            }
        }
    }
}
