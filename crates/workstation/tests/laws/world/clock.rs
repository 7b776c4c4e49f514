//! A clock that a test moves.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use practice::time::{Mono, Stamp};
use workstation::clock::{Clock, SystemClock};

/// The calendar is the computer's, moved; time since the start stands still until it is moved.
#[derive(Default)]
pub struct TestClock {
    ahead: AtomicI64,
    since_start: AtomicU64,
    /// When somebody last worked in another program, since the start.
    elsewhere: Mutex<Option<Duration>>,
}

impl TestClock {
    /// Both clocks go on by `time`.
    pub fn pass(&self, time: Duration) {
        let millis = i64::try_from(time.as_millis()).unwrap();
        self.ahead.fetch_add(millis, Ordering::SeqCst);
        self.since_start.fetch_add(millis.unsigned_abs(), Ordering::SeqCst);
    }

    /// Somebody works in another program now.
    pub fn work_elsewhere(&self) {
        *self.elsewhere.lock().unwrap() = Some(self.mono().0);
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

    fn idle(&self) -> Option<Duration> {
        Some(self.mono().0 - (*self.elsewhere.lock().unwrap())?)
    }
}
