//! A sign-in that lacks the code of a second factor. The password waits here for it: it is typed once, and a page,
//! whose text nobody can wipe, keeps none.

use std::{
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use practice::{Code, time::Mono};

use crate::{
    refused::{Outcome, refuse},
    session::Workstation,
    use_cases::sign_in::Credentials,
};

/// Long enough to find the telephone; whoever comes later types the password again.
const PATIENCE: Duration = Duration::from_secs(180);

/// What was typed, and when.
#[derive(Default)]
pub(crate) struct Begun(Mutex<Option<(Credentials, Mono)>>);

impl Begun {
    fn held(&self) -> std::sync::MutexGuard<'_, Option<(Credentials, Mono)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes what waits: it is here no more.
    ///
    /// # Errors
    /// When nothing waits, or for too long.
    pub(crate) fn take(&self, now: Mono) -> Outcome<Credentials> {
        match self.held().take() {
            Some((who, since)) if now < since.plus(PATIENCE) => Ok(who),
            _ => refuse(Code::SignedOut, "That took a while. Type your password again, then the code."),
        }
    }

    /// Wipes what waits.
    pub(crate) fn forget(&self) {
        *self.held() = None;
    }

    fn forget_if_late(&self, now: Mono) {
        let mut held = self.held();
        if held.as_ref().is_some_and(|(_, since)| now >= since.plus(PATIENCE)) {
            *held = None;
        }
    }
}

impl Workstation {
    /// Keeps what was typed for a while, in memory alone, unless a lock came since `generation`.
    pub(crate) fn begin_at(self: &Arc<Self>, who: Credentials, generation: u64) {
        if self.generation() != generation {
            return;
        }
        *self.begun.held() = Some((who, self.clock.mono()));
        let ws: Weak<Self> = Arc::downgrade(self);
        tokio::spawn(async move {
            tokio::time::sleep(PATIENCE).await;
            if let Some(ws) = ws.upgrade() {
                ws.begun.forget_if_late(ws.clock.mono());
            }
        });
    }
}
