//! Time that is not to be booked: lunch, meetings, leave; and time held back for walk-ins.

use jiff::civil::Weekday;

use super::{Day, instant};
use crate::demo::{
    DemoSpec,
    shape::{reference, resource},
};

/// A stretch of a day, in minutes from midnight.
#[derive(Clone, Debug)]
pub struct Block {
    pub from: i64,
    pub to: i64,
    pub label: &'static str,
    /// Held, not closed: the desk may give it away.
    pub held: bool,
}

/// The blocks of a day, in order, without overlap.
pub fn blocks(day: &Day) -> Vec<Block> {
    let (from, to) = day.hours;
    let index = day.column.index;
    // Never on the demo's own day, whose first screen is to be a working one.
    let leave = match (index % 4, day.offset) {
        (1, 6..=9) => Some((from, to, "Leave")),
        (0, -9) => Some((from, to, "Conference")),
        (2, 4) => Some((780, to, "Leave, back tomorrow")),
        _ => None,
    };
    let closed = |from, to, label| Block { from, to, label, held: false };
    let mut all = Vec::new();
    if let Some((from, to, label)) = leave {
        all.push(closed(from, to, label));
    }
    let lunch = if index.is_multiple_of(2) { 720 } else { 750 };
    all.push(closed(lunch, lunch + 45, "Lunch"));
    if day.date.weekday() == Weekday::Tuesday {
        all.push(closed(from, from + 30, "Staff meeting"));
    }
    if !day.column.nurse {
        let held = if index.is_multiple_of(2) { 660 } else { 870 };
        all.push(Block { from: held, to: held + 30, label: "Held for walk-ins", held: true });
    }
    let whole_day: Vec<(i64, i64)> = leave.iter().map(|&(from, to, _)| (from, to)).collect();
    all.retain(|block| {
        let is_leave = whole_day.contains(&(block.from, block.to));
        is_leave || !whole_day.iter().any(|&(from, to)| block.from < to && from < block.to)
    });
    all.retain(|block| from <= block.from && block.to <= to);
    all.sort_by_key(|block| block.from);
    all
}

/// The Slots of a day.
pub fn slots(spec: &DemoSpec, day: Day) -> Vec<String> {
    let slot = |(nth, block): (usize, Block)| {
        let id = day.dice(spec, "Slot", nth as u64).id();
        resource("Slot", &id, None, |o| {
            reference(o, "schedule", "Schedule", &day.column.schedule, None);
            o.text("status", if block.held { "busy-tentative" } else { "busy-unavailable" });
            o.text("start", &instant(spec, day.date, block.from)).text("end", &instant(spec, day.date, block.to));
            o.text("comment", block.label);
        })
    };
    blocks(&day).into_iter().enumerate().map(slot).collect()
}
