//! The edge where time is read. Everything else takes it as an argument.

use std::time::{Duration, Instant};

use practice::time::Mono;
use serde::{Deserialize, Serialize};

/// A moment that setting the clock cannot move: which start of the computer, and how long since it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moment {
    /// Names one start of this computer.
    pub(crate) boot: String,
    /// Milliseconds since that start, sleep included.
    pub(crate) millis: u64,
}

impl Moment {
    /// The moment `mono` after the start that `boot` names.
    pub fn new(boot: &str, mono: Mono) -> Self {
        Self { boot: boot.to_owned(), millis: u64::try_from(mono.0.as_millis()).unwrap_or(u64::MAX) }
    }

    /// At least this much time has passed since `earlier`. After a restart only the time since the start is sure.
    pub(crate) fn millis_since(&self, earlier: &Moment) -> u64 {
        if self.boot == earlier.boot { self.millis.saturating_sub(earlier.millis) } else { self.millis }
    }

    /// Now, by `CLOCK_BOOTTIME`.
    #[cfg(target_os = "linux")]
    pub fn now() -> Self {
        let since_start = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
        let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        Self {
            boot: boot.trim().to_owned(),
            millis: u64::try_from(since_start.tv_sec * 1_000 + since_start.tv_nsec / 1_000_000).unwrap_or(0),
        }
    }

    /// Now, counted from the first call in this process: what cannot be known counts as no time passed.
    #[cfg(not(target_os = "linux"))]
    pub fn now() -> Self {
        static FIRST: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
        let since = FIRST.get_or_init(std::time::Instant::now).elapsed();
        Self::new(&format!("process {}", std::process::id()), Mono(since))
    }
}

/// What `work` gives, and how long it took.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let began = Instant::now();
    let done = work();
    (done, began.elapsed())
}

#[cfg(test)]
mod tests {

    use super::*;

    #[test]
    fn after_a_restart_only_the_time_since_the_start_has_surely_passed() {
        let at = |boot: &str, secs| Moment::new(boot, Mono(Duration::from_secs(secs)));
        assert_eq!(at("a", 50).millis_since(&at("a", 20)), 30_000);
        assert_eq!(at("a", 20).millis_since(&at("a", 50)), 0);
        assert_eq!(at("b", 7).millis_since(&at("a", 900_000)), 7_000);
    }
}
