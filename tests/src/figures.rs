//! What benchmarks make of their times.

/// What so many of a hundred are not above. There is at least one.
pub fn percentile(times: &mut [f64], percent: usize) -> f64 {
    times.sort_by(f64::total_cmp);
    times[(times.len() * percent).div_ceil(100).saturating_sub(1)]
}
