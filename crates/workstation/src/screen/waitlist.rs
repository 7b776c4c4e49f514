//! Who would come sooner, and whom time that became free would suit.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{OpeningWish, PatientRow};

/// Somebody on the waitlist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct WaitlistLine {
    /// Appointment id.
    pub id: String,
    /// Who.
    pub patient: Option<PatientRow>,
    /// What would suit, in words.
    pub say: String,
    /// What would suit.
    pub wish: OpeningWish,
    /// What the visit is for.
    pub reason: Option<String>,
    /// A note to be seen.
    pub note: Option<String>,
    /// Whether they go before others.
    pub urgent: bool,
    /// Since when they wait, where that is known.
    pub since: Option<String>,
    /// Whether the last day that would suit has passed.
    pub over: bool,
    /// Not yet accepted by the host.
    pub provisional: bool,
}

/// A wish to come sooner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct WaitlistRequest {
    /// Patient id.
    pub patient: String,
    /// What would suit.
    pub wish: OpeningWish,
    /// What the visit is for.
    pub reason: Option<String>,
    /// A note to be seen.
    pub note: Option<String>,
    /// Whether they go before others.
    pub urgent: bool,
}

/// A change of the waitlist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct WaitlistChanged {
    /// In a sentence.
    pub say: String,
    /// Pass it to `undo_waitlist`.
    pub change: String,
}

/// Whom time would suit that became free.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Offers {
    /// "Mon 30 Nov 10:30, Provider One, MD".
    pub say: String,
    /// The best first.
    pub offers: Vec<Offer>,
}

/// One whom it would suit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Offer {
    /// Their place on the waitlist.
    pub line: WaitlistLine,
    /// When their visit would begin.
    pub start: String,
    /// Practitioner id.
    pub practitioner: String,
}
