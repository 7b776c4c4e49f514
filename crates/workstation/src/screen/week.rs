//! The schedule of several days at once.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::Day;

/// Whose appointments are wanted. Columns are told of every provider in any case: they hold no patient's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// All of them.
    Everyone,
    /// This practitioner's.
    One(String),
    /// None: how much is booked and open is enough.
    Nobody,
}

/// The schedule of a week, Monday first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct Week {
    /// The ISO date that was asked for, one of its days.
    pub date: String,
    /// Its seven days.
    pub days: Vec<Day>,
}
