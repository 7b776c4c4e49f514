//! How long to wait after a failure: longer each time, never in step with the other workstations.

use std::time::Duration;

/// The shortest wait after a first failure.
pub const SHORTEST: Duration = Duration::from_secs(1);

/// The longest wait: a host that is back is used again within this time.
pub const LONGEST: Duration = Duration::from_secs(15);

/// Counts failures in a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// One more failure: the wait before the next try, between half and all of the doubled time; `jitter` is any
    /// number, from the driver's randomness.
    pub fn failed(&mut self, jitter: u32) -> Duration {
        let full = SHORTEST.saturating_mul(1 << self.failures.min(6)).min(LONGEST);
        self.failures = self.failures.saturating_add(1);
        full / 2 + (full / 2).mul_f64(f64::from(jitter) / f64::from(u32::MAX))
    }

    /// A success ends the row.
    pub fn succeeded(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_grows_and_stays_within_its_bounds() {
        let mut least = Backoff::default();
        let mut most = Backoff::default();
        let (low, high): (Vec<_>, Vec<_>) = (0..40).map(|_| (least.failed(0), most.failed(u32::MAX))).unzip();
        assert_eq!((low[0], high[0]), (SHORTEST / 2, SHORTEST));
        assert!(high.is_sorted() && low.is_sorted());
        assert_eq!((low[39], high[39]), (LONGEST / 2, LONGEST));
    }
}
