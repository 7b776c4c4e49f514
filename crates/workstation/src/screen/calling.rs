//! Whom to call: visits to confirm, visits that were missed, and who is due for one.

pub use practice::schedule::calls::CallOutcome;
use practice::views::AppointmentStatus;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::PatientRow;

/// The last that came of calling somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct LastCall {
    /// What came of it.
    pub outcome: CallOutcome,
    /// In words.
    pub say: String,
    /// When.
    pub at: String,
    /// The name of who called.
    pub by: Option<String>,
    /// A word beside it.
    pub note: Option<String>,
}

/// A visit to call about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct VisitLine {
    /// Appointment id.
    pub id: String,
    /// Who.
    pub patient: Option<PatientRow>,
    /// When it begins.
    pub start: String,
    /// When it ends.
    pub end: String,
    /// Its length in minutes.
    pub minutes: u32,
    /// Where it stands.
    pub status: AppointmentStatus,
    /// Practitioner id.
    pub practitioner: Option<String>,
    /// "Provider One, MD".
    pub provider: Option<String>,
    /// What it is for.
    pub reason: Option<String>,
    /// A note to be seen.
    pub note: Option<String>,
    /// The last that came of calling.
    pub last: Option<LastCall>,
    /// Not yet accepted by the host.
    pub provisional: bool,
}

/// The visits of some days to call about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct VisitList {
    /// First day, ISO.
    pub from: String,
    /// Last day.
    pub until: String,
    /// The visits.
    pub lines: Vec<VisitLine>,
    /// Whether all that the host had of these days is here.
    pub whole: bool,
}

/// Somebody who is due for a visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct RecallLine {
    /// Task id.
    pub id: String,
    /// Who.
    pub patient: Option<PatientRow>,
    /// The day by which they are to be seen, ISO.
    pub due: String,
    /// Whether that day has passed.
    pub over: bool,
    /// Practitioner id.
    pub practitioner: Option<String>,
    /// "Provider One, MD".
    pub provider: Option<String>,
    /// What for.
    pub reason: Option<String>,
    /// A note to be seen.
    pub note: Option<String>,
    /// When they come next as it is.
    pub next: Option<String>,
    /// The last that came of calling.
    pub last: Option<LastCall>,
    /// Not yet accepted by the host.
    pub provisional: bool,
}

/// What came of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct CallRequest {
    /// The visit or the recall, as `Appointment/ID` or `Task/ID`.
    pub about: String,
    /// What came of it.
    pub outcome: CallOutcome,
    /// A word beside it: of a cancellation, and of no more calls, the reason.
    pub note: Option<String>,
}

/// Somebody to be called again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct RecallRequest {
    /// Patient id.
    pub patient: String,
    /// The day by which they are to be seen, ISO.
    pub due: String,
    /// Practitioner id, where that matters.
    pub practitioner: Option<String>,
    /// What for.
    pub reason: Option<String>,
    /// A note to be seen.
    pub note: Option<String>,
}

/// A change of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ListChanged {
    /// In a sentence.
    pub say: String,
    /// Pass it to `undo_list`.
    pub change: String,
}
