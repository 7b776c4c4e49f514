//! What screens read. Each read is handed out only after its audit row is on disk.

mod alike;
mod calls;
mod chart;
mod coverage;
mod day;
mod ground;
mod history;
mod read;
mod readings;
mod recalls;
mod same;
mod search;
mod time;
mod visit_types;
mod visits;
mod waitlist;

pub use calls::{CallRow, VisitRow};
pub use chart::ChartRows;
pub use coverage::Registration;
pub use day::{AppointmentRow, BlockRow, Busy, DayRows, HoursRow, Occupied, PractitionerRow, RoomRow};
pub use history::HistoryNote;
pub use read::Stored;
pub use recalls::RecallRow;
pub use search::{FoundPatients, PatientHit};
pub use time::TimeRows;
pub use waitlist::WaitingRow;

/// What the most frequent reads need, prepared when the store opens.
pub const READY: &[&str] = &[
    crate::compartment::FIND,
    chart::TEXTS,
    day::APPOINTMENTS,
    search::WALK,
    search::FOUND_BY,
    search::COUNT,
    readings::NEXT,
    same::NEXT_SAME,
];
