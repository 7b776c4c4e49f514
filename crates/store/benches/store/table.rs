//! Figures beside their limits.

use std::time::Duration;

/// The lines so far.
#[derive(Default)]
pub struct Table(Vec<(String, String, String, Option<bool>)>);

impl Table {
    /// A figure that must not be above `limit` milliseconds.
    pub fn at_most(&mut self, name: &str, figure: Duration, limit: Duration) {
        self.0.push((
            name.to_owned(),
            milliseconds(figure),
            format!("<= {}", milliseconds(limit)),
            Some(figure <= limit),
        ));
    }

    /// A ratio that must not be above `limit`.
    pub fn ratio_at_most(&mut self, name: &str, figure: f64, limit: f64) {
        self.0.push((name.to_owned(), format!("{figure:.2}"), format!("<= {limit:.2}"), Some(figure <= limit)));
    }

    /// A figure for reading only.
    pub fn note(&mut self, name: &str, figure: String) {
        self.0.push((name.to_owned(), figure, String::new(), None));
    }

    /// Prints the lines.
    #[expect(clippy::print_stdout, reason = "the table is what this program is for")]
    pub fn print(&self) {
        for (name, figure, limit, ok) in &self.0 {
            let verdict = ok.map_or("", |ok| if ok { "ok" } else { "MISSED" });
            println!("{name} | {figure} | {limit} | {verdict}");
        }
    }
}

fn milliseconds(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1_000.0)
}

/// The value that `percent` of `times` do not exceed.
pub fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    times.get((times.len() * percent).div_ceil(100).saturating_sub(1)).copied().unwrap_or_default()
}
