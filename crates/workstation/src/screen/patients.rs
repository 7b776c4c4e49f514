//! A patient being written down: the form, what it offers, and what is said of it.

pub use practice::patient::PatientForm;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::PatientRow;

/// The form with what it offers to choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct PatientPage {
    /// As it stands; for somebody new, what was typed to find them.
    pub form: PatientForm,
    /// What a change starts from; absent for somebody new.
    pub version: Option<String>,
    /// Administrative genders.
    pub genders: Vec<Pick>,
    /// Pronouns that are usual.
    pub pronouns: Vec<String>,
    /// Languages.
    pub languages: Vec<Pick>,
}

/// One of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Pick {
    /// As the form keeps it.
    pub value: String,
    /// As a person reads it.
    pub word: String,
}

/// What is said of a form before it is saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct PatientCheck {
    /// The date of birth as it was read, ISO.
    pub birth_date: Option<String>,
    /// Nobody is as old as that; saving it wants a word that it is right.
    pub very_old: bool,
    /// What is wrong, by field.
    pub problems: Vec<FieldProblem>,
    /// Who is here already and may be the one; the likeliest first.
    pub likely: Vec<LikelyPatient>,
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct FieldProblem {
    /// The field of [`PatientForm`].
    pub field: String,
    /// What to write there.
    pub say: String,
}

/// A patient who may be the one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct LikelyPatient {
    /// Who.
    pub patient: PatientRow,
    /// What speaks for it, in words.
    pub why: Vec<String>,
}

/// Somebody new.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct RegisterRequest {
    /// The form.
    pub form: PatientForm,
    /// Likely patients who were looked at and are others.
    pub seen: Vec<String>,
    /// A very old date of birth is right.
    pub old_is_right: bool,
    /// The person's comment.
    pub comment: Option<String>,
}

/// A change of who a patient is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct PatientChange {
    /// Patient id.
    pub patient: String,
    /// [`PatientPage::version`] that it starts from.
    pub version: String,
    /// The form as it should be.
    pub form: PatientForm,
    /// A very old date of birth is right.
    pub old_is_right: bool,
    /// The person's comment.
    pub comment: Option<String>,
}

/// What became of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct PatientSaved {
    /// The patient as they now stand; absent when nothing was saved, for what `check` says.
    pub patient: Option<PatientRow>,
    /// What was done, in words.
    pub say: String,
    /// The change; it can be taken back where it changed somebody who was here.
    pub change: Option<String>,
    /// What is said of the form.
    pub check: PatientCheck,
}
