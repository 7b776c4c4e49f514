//! The steps of a visit.

pub use practice::schedule::steps::{MarkedStep, VisitStep};
use serde::{Deserialize, Serialize};
use specta::Type;

/// When a step was reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct StepAt {
    /// Which.
    pub step: VisitStep,
    /// When.
    pub at: String,
}

/// A wish to mark a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct StepRequest {
    /// Appointment id.
    pub appointment: String,
    /// Which.
    pub step: MarkedStep,
    /// The person's comment.
    pub comment: Option<String>,
}
