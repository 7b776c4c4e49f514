//! The types of visit that the practice books.

use serde::{Deserialize, Serialize};
use specta::Type;

/// A type of visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct VisitType {
    /// One to three letters or digits, as a card shows it: "NP". It is what the type is known by.
    pub code: String,
    /// "New patient".
    pub name: String,
    /// Usual length, 5 to 480.
    pub minutes: u32,
    /// 0 to 7: which of the eight colours of types.
    pub color: u8,
    /// Minutes after which a wait for it is long; after twice as many it is too long.
    pub long_wait: u32,
    /// Whether it is offered when booking.
    pub active: bool,
}
