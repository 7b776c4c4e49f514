//! How fast the sync is, beside its limits: `benches/sync`, on a real host process over TLS and a real keyring. Here is
//! what makes a figure of many times.

use std::time::Duration;

/// The time that `percent` of `times` do not exceed; nothing of none.
pub fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    times.get((times.len() * percent).div_ceil(100).saturating_sub(1)).copied().unwrap_or_default()
}

/// The middle one; nothing of none.
pub fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}

/// The power of the size with which something grows: 1 is linear, 2 would be the square. The slope of the straight line
/// that is nearest (least squares) to the logarithms of `(size, figure)`.
pub fn power(figures: &[(f64, f64)]) -> f64 {
    let logs: Vec<(f64, f64)> = figures.iter().map(|(size, figure)| (size.ln(), figure.ln())).collect();
    let mean = |of: fn(&(f64, f64)) -> f64| logs.iter().map(of).sum::<f64>() / logs.len() as f64;
    let (x, y) = (mean(|log| log.0), mean(|log| log.1));
    let both: f64 = logs.iter().map(|log| (log.0 - x) * (log.1 - y)).sum();
    both / logs.iter().map(|log| (log.0 - x).powi(2)).sum::<f64>()
}

/// How busy the machine is: a figure taken beside other work says little.
pub fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().unwrap_or("unknown").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_times_do_not_exceed_the_fiftieth_percentile() {
        let mut times: Vec<Duration> = [5, 1, 4, 2, 3].map(Duration::from_secs).into();
        assert_eq!((percentile(&mut times, 50), percentile(&mut times, 95)), (times[2], times[4]));
        assert_eq!(percentile(&mut [], 50), Duration::ZERO);
    }

    #[test]
    fn the_power_tells_linear_from_more() {
        for expected in [0.5, 1.0, 1.5, 2.0] {
            let figures = [1e4, 1e5, 1e6].map(|size: f64| (size, 3.0 * size.powf(expected)));
            assert!((power(&figures) - expected).abs() < 1e-9, "{expected}");
        }
    }
}
