//! The schedule of one day with 12 providers.

use std::time::{Duration, Instant};

use practice::{audit::AuditAction, time::Stamp};

use crate::{
    Outcome, office,
    table::{Table, percentile},
};

const ROUNDS: usize = 300;

pub fn run(table: &mut Table, texts: &[String]) -> Outcome {
    let dir = tempfile::tempdir()?;
    let store = office::open(&dir.path().join("ours.db"))?;
    office::fill(&store, texts)?;
    let from = Stamp::parse("2026-11-23T00:00:00-05:00").ok_or("no such day")?;
    let to = Stamp::parse("2026-11-24T00:00:00-05:00").ok_or("no such day")?;
    let audit = office::audit(AuditAction::ReadSchedule).ok_or("no audit record")?;
    let (mut times, mut shown) = (Vec::with_capacity(ROUNDS), 0);
    for _ in 0..ROUNDS {
        let start = Instant::now();
        shown = store.day(from, to, &audit)?.appointments.len();
        times.push(start.elapsed());
    }
    table.at_most(
        &format!("day with 12 providers, {shown} appointments, p95"),
        percentile(&mut times, 95),
        Duration::from_millis(5),
    );
    Ok(())
}
