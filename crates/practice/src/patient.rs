//! A patient as the front desk writes them down: the form, what is wrong with it, who they may be already, and what it
//! makes of their resources.
//!
//! The practice gives record numbers, not the program: two workstations without a line would give the same one twice. So
//! a number is typed or left for later, and one that somebody here has already is refused.
//!
//! Whether they may be contacted is an extension of the Patient, not a Consent: the front desk must never be able to
//! write a Consent, which may be an advance directive, and a host of an older version takes it. Who said so, and when, is
//! in the Provenance as for every field.

pub mod birth;
mod check;
mod coverage;
mod form;
pub mod likely;
pub mod mistake;
pub mod photo;
pub mod same;
mod write;

pub use check::{Problem, problems};
pub use coverage::{Plan, new_coverage, write_coverage};
pub use form::{GENDERS, LANGUAGES, PRONOUNS, PatientForm};
pub use write::{new_patient, read, write};

/// Identifier system of the practice's own record numbers.
pub const RECORD_NUMBER: &str = "urn:shadowchart:record-number";

/// Extension of a Patient: whether the practice may call, text or write to them, as a boolean. Absent until asked.
pub const MAY_CONTACT: &str = "urn:shadowchart:may-contact";

/// Extension of a Patient (<http://hl7.org/fhir/StructureDefinition/individual-pronouns>).
pub const INDIVIDUAL_PRONOUNS: &str = "http://hl7.org/fhir/StructureDefinition/individual-pronouns";
