//! A clock that a test moves.

use std::{
    sync::atomic::{AtomicI64, AtomicU64, Ordering},
    time::Duration,
};

use practice::time::{Mono, Stamp};
use workstation::clock::{Clock, SystemClock};

/// The calendar is the computer's, moved; time since the start stands still until it is moved.
#[derive(Default)]
pub struct TestClock {
    ahead: AtomicI64,
    since_start: AtomicU64,
}

impl TestClock {
    /// Both clocks go on by `time`.
    pub fn pass(&self, time: Duration) {
        let millis = i64::try_from(time.as_millis()).unwrap();
        self.ahead.fetch_add(millis, Ordering::SeqCst);
        self.since_start.fetch_add(millis.unsigned_abs(), Ordering::SeqCst);
    }

    /// Somebody sets the calendar back.
    pub fn set_back(&self, time: Duration) {
        self.ahead.fetch_sub(i64::try_from(time.as_millis()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Stamp {
        Stamp::from_millis(SystemClock.now().millis() + self.ahead.load(Ordering::SeqCst)).unwrap()
    }

    fn mono(&self) -> Mono {
        Mono(Duration::from_millis(self.since_start.load(Ordering::SeqCst)))
    }
}
