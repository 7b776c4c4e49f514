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

    #[cfg(unix)]
    fn mono(&self) -> Mono {
        let at = rustix::time::clock_gettime(boot_clock());
        Mono(Duration::new(at.tv_sec.unsigned_abs(), u32::try_from(at.tv_nsec).unwrap_or(0)))
    }

    /// The performance counter goes on during sleep
    /// (<https://learn.microsoft.com/windows/win32/sysinfo/acquiring-high-resolution-time-stamps>).
    #[cfg(windows)]
    fn mono(&self) -> Mono {
        static FIRST: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
        Mono(FIRST.elapsed())
    }

    #[cfg(target_os = "linux")]
    fn idle(&self) -> Option<Duration> {
        tokio::runtime::Handle::try_current().ok()?.block_on(crate::system_idle::asked())
    }
}

/// `Instant` stops during suspend on Linux and macOS; these clocks do not.
#[cfg(unix)]
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
