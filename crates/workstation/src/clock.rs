//! The edge where time enters. Everything inside takes it as an argument.

use std::time::Duration;

use practice::time::{Mono, Stamp};

/// Where time comes from.
pub trait Clock: Send + Sync {
    /// The calendar.
    fn now(&self) -> Stamp;
    /// Time that goes on during sleep and never goes back.
    fn mono(&self) -> Mono;
    /// For how long nobody has touched this computer, in whatever program; `None` where the system does not tell. Blocks.
    fn idle(&self) -> Option<Duration> {
        None
    }
}

/// The computer's own clocks.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Stamp {
        Stamp::new(jiff::Timestamp::now())
    }

    fn mono(&self) -> Mono {
        let at = rustix::time::clock_gettime(boot_clock());
        Mono(Duration::new(at.tv_sec.unsigned_abs(), u32::try_from(at.tv_nsec).unwrap_or(0)))
    }

    #[cfg(target_os = "linux")]
    fn idle(&self) -> Option<Duration> {
        tokio::runtime::Handle::try_current().ok()?.block_on(crate::system_idle::asked())
    }
}

/// `Instant` stops during suspend on Linux and macOS; these clocks do not.
fn boot_clock() -> rustix::time::ClockId {
    #[cfg(target_os = "linux")]
    {
        rustix::time::ClockId::Boottime
    }
    #[cfg(not(target_os = "linux"))]
    {
        rustix::time::ClockId::Monotonic
    }
}
