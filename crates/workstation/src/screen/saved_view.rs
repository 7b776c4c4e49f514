//! The schedule's views that a member keeps on keys of their own.

use serde::{Deserialize, Serialize};
use specta::Type;

/// How the schedule is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// A column a provider, or a room.
    Day,
    /// A column a day.
    Week,
    /// A row a visit.
    List,
}

/// A view of the schedule on a function key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct SavedView {
    /// 2 to 9, for F2 to F9.
    pub key: u8,
    /// What the member calls it.
    pub name: String,
    /// How it is drawn.
    pub shape: Shape,
    /// Whether a list has the week's visits.
    pub wide: bool,
    /// Practitioner id: whose week or list; absent for everyone's.
    pub whose: Option<String>,
    /// Practitioner ids of the day's columns, in their order; empty for all in the practice's.
    pub columns: Vec<String>,
    /// Whether the day has a column a room, and not a provider.
    #[serde(default)]
    pub rooms: bool,
}
