//! How quick this computer is with its own chart: what people wait for, each beside the limit that it has in `make bench`.
//! What is read is told in the audit trail, as ever.

use std::time::{Duration, Instant};

use jiff::{ToSpan, civil::Date};
use practice::{Code, Refusal};
use serde_json::{Value, json};
use workstation::{Outcome, Workstation};

/// Letters that are typed.
const LETTERS: [&str; 20] =
    ["a", "b", "c", "d", "e", "f", "g", "h", "i", "k", "l", "m", "n", "o", "p", "r", "s", "t", "v", "w"];
/// Days that are looked at, from today on.
const DAYS: i64 = 20;

const SEARCH: Duration = Duration::from_millis(10);
const CHART: Duration = Duration::from_millis(10);
const DAY: Duration = Duration::from_millis(5);
const OPENINGS: Duration = Duration::from_millis(100);

/// Measures; `unlocked` is how long the vault took to open.
///
/// # Errors
/// When there is nobody to look up, and as the use cases.
pub fn bench(ws: &Workstation, unlocked: Duration) -> Outcome<Value> {
    let mut patients = Vec::new();
    let searches = timed(LETTERS, |letter| {
        patients.extend(ws.find(letter)?.patients.into_iter().map(|row| row.id));
        Ok(())
    })?;
    patients.sort();
    patients.dedup();
    if patients.is_empty() {
        return Err(Refusal::new(Code::NotNow, "Nobody is in the chart here yet. Sync first, then measure.").into());
    }
    let charts = timed(patients.iter().take(LETTERS.len()), |patient| ws.chart(patient).map(|_| ()))?;
    let today: Option<Date> = ws.day(None)?.date.parse().ok();
    let days = (0..DAYS).filter_map(|n| Some(today?.saturating_add(n.days()).to_string()));
    let days = timed(days, |date| ws.day(Some(&date)).map(|_| ()))?;
    let wish = ws.read_wish("30 min")?.wish;
    let openings = timed(0..5, |_| ws.find_openings(&wish).map(|_| ()))?;
    Ok(json!({
        "figures": [
            json!({"what": "unlock", "p50_ms": milliseconds(unlocked), "p95_ms": milliseconds(unlocked)}),
            figure("search by a letter", searches, SEARCH),
            figure("open a chart", charts, CHART),
            figure("read a day", days, DAY),
            figure("find openings of sixty days", openings, OPENINGS),
        ]
    }))
}

fn timed<T>(of: impl IntoIterator<Item = T>, mut act: impl FnMut(T) -> Outcome<()>) -> Outcome<Vec<Duration>> {
    let time = |one| {
        let begun = Instant::now();
        act(one)?;
        Ok(begun.elapsed())
    };
    of.into_iter().map(time).collect()
}

fn figure(what: &str, mut times: Vec<Duration>, limit: Duration) -> Value {
    times.sort_unstable();
    let percentile = |percent: usize| {
        times.get((times.len() * percent).div_ceil(100).saturating_sub(1)).copied().unwrap_or_default()
    };
    let slow = percentile(95);
    json!({
        "what": what,
        "p50_ms": milliseconds(percentile(50)),
        "p95_ms": milliseconds(slow),
        "limit_ms": milliseconds(limit),
        "ok": slow <= limit,
    })
}

/// To a hundredth.
fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e5).round() / 100.0
}
