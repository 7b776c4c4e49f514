//! Patients looked up.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::PatientRow;

/// Who fits what was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Found {
    /// The best first.
    pub patients: Vec<PatientRow>,
    /// How many of them, all in front, have it as it was typed; the others have it spelt otherwise or by another name.
    pub as_typed: u32,
}
