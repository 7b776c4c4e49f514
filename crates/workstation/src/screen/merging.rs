//! Two records of one person, side by side.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{LikelyPatient, PatientRow};

/// Two records before they are merged; of a patient alone, who else they may be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct MergePage {
    /// The record that it is begun from.
    pub own: MergeSide,
    /// The other, once it is chosen.
    pub other: Option<MergeSide>,
    /// Who may be the same; the likeliest first. Nobody once the other is chosen.
    pub likely: Vec<LikelyPatient>,
    /// What either of them says.
    pub fields: Vec<MergeField>,
}

/// One of two records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct MergeSide {
    /// Who.
    pub patient: PatientRow,
    /// What the merge starts from.
    pub version: String,
    /// Visits, past and coming, that this computer keeps.
    pub visits: u32,
    /// Notes and documents that it keeps.
    pub notes: u32,
    /// Records that were merged into it before.
    pub merged: u32,
}

/// One field of two records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct MergeField {
    /// The field of [`super::PatientForm`].
    pub field: String,
    /// As a person calls it.
    pub word: String,
    /// What the own record says; empty when it says nothing.
    pub own: String,
    /// What the other says.
    pub other: String,
}

/// A wish to merge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct MergeRequest {
    /// The record that stays.
    pub stays: String,
    /// Its [`MergeSide::version`].
    pub stays_version: String,
    /// The record that is merged into it.
    pub goes: String,
    /// Its version.
    pub goes_version: String,
    /// Fields in which the value of the record that goes is kept.
    pub fields: Vec<String>,
    /// The person's comment.
    pub comment: Option<String>,
}
