//! What a visit is and what it is for, said anew.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::ToRoom;

/// A wish to change what a visit is, while when it is and with whom stays. What is absent stays too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct VisitChange {
    /// Appointment id.
    pub appointment: String,
    /// The short code of another of the practice's types of visit; empty for none.
    pub visit_type: Option<String>,
    /// Another length in minutes, from when it starts.
    pub minutes: Option<u32>,
    /// Another room or none.
    pub room: Option<ToRoom>,
    /// What it is for; empty for nothing.
    pub reason: Option<String>,
    /// The person's comment.
    pub comment: Option<String>,
    /// As in [`super::BookRequest`].
    pub overbook: Option<String>,
}
