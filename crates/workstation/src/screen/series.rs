//! Visits that repeat: what is wished for, what it would come to, and what was done.

pub use practice::schedule::series::Unit;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::{BookRequest, Card, FoundStart, MoveRequest};

/// How visits repeat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct SeriesRule {
    /// What is counted.
    pub unit: Unit,
    /// Every so many.
    pub every: u32,
    /// Of weeks, the days by FHIR's codes (`mon`); the first visit's own when empty.
    pub days: Vec<String>,
    /// The last day that may have one, ISO.
    pub until: Option<String>,
    /// How many visits there are.
    pub times: Option<u32>,
}

/// Visits that are wished for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct SeriesWish {
    /// The first of them.
    pub visit: BookRequest,
    /// How they repeat.
    pub rule: SeriesRule,
}

/// One visit as it would be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct SeriesVisit {
    /// ISO date.
    pub date: String,
    /// Wall clock to the minute.
    pub start: String,
    /// As minutes after midnight.
    pub start_minute: i32,
    /// Why it can't be then; absent when it can.
    pub trouble: Option<String>,
    /// The provider's openings on that day that are nearest, where it can't.
    pub near: Vec<FoundStart>,
}

/// What a wish comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct SeriesPlan {
    /// "every 2 weeks on Mon".
    pub say: String,
    /// The visits by day.
    pub visits: Vec<SeriesVisit>,
}

/// Visits that are booked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct SeriesBooking {
    /// The wish.
    pub wish: SeriesWish,
    /// When each begins, wall clock to the minute: as planned, or as chosen in its place.
    pub starts: Vec<String>,
}

/// Which visits of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// This one, and those after it.
    Later,
    /// All that have not begun.
    All,
}

/// What becomes of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum SeriesAct {
    /// They are cancelled, with this reason.
    Cancel(String),
    /// They move as this one does: by as many days, to the same time.
    Move(MoveRequest),
}

/// A change of several visits of a series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct SeriesChange {
    /// Appointment id of the one chosen.
    pub appointment: String,
    /// Which others with it.
    pub scope: Scope,
    /// What becomes of them.
    pub act: SeriesAct,
}

/// What was done with several visits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct SeriesChanged {
    /// In a sentence.
    pub say: String,
    /// Pass them to `undo_series`.
    pub changes: Vec<String>,
    /// The first of them as it now stands.
    pub card: Card,
}
