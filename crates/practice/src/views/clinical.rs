//! What a chart shows of a clinical resource: one line, or measured values. One reader for each type is below.

use super::{
    datatypes::{CodeableConcept, filled},
    tolerant::Str,
};
use crate::resource::ResourceType;

mod encounter;
mod history;
mod medication;
mod note;
mod observation;

/// The parts of a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// Conditions.
    Problems,
    /// Allergies and intolerances.
    Allergies,
    /// Medication requests and statements.
    Medications,
    /// Immunizations.
    Immunizations,
    /// Vital signs.
    Vitals,
    /// Laboratory results.
    Labs,
    /// Encounters.
    Visits,
    /// Clinical notes.
    Notes,
    /// Other documents.
    Documents,
}

/// One clinical resource as a chart shows it.
#[derive(Clone, PartialEq)]
pub struct ClinicalView {
    /// Where it belongs.
    pub section: Section,
    /// "Essential hypertension".
    pub title: String,
    /// "since 2011", "500 mg, once a day".
    pub detail: Option<String>,
    /// FHIR's status in words: "Active", "Entered in error" is never shown at all.
    pub status: Option<String>,
    /// Whether it counts now.
    pub current: bool,
    /// FHIR date, dateTime or instant, as written: when it happened or began.
    pub when: Option<String>,
    /// High criticality.
    pub severe: bool,
    /// It says that there is none: "No known allergy".
    pub absent: bool,
    /// What was measured, for vital signs and laboratory results.
    pub measures: Vec<Measure>,
}

/// A measured value, its text as it was written.
#[derive(Clone, PartialEq)]
pub struct Measure {
    /// Groups values into a series: code, else title.
    pub code: String,
    /// "Body weight".
    pub title: String,
    /// "1.10", "< 5", "120/80".
    pub text: String,
    /// For drawing; the first component of a pair.
    pub value: Option<f64>,
    /// Unit as written.
    pub unit: Option<String>,
    /// "High", "Low", "Abnormal", where the source says so.
    pub flag: Option<&'static str>,
}

impl ClinicalView {
    /// Reads the text of a resource of type `kind`; `None` for what a chart does not show: other types, and what was
    /// entered in error.
    pub fn read(kind: ResourceType, text: &str) -> Option<Self> {
        match kind.as_str() {
            "Condition" => history::condition(text),
            "AllergyIntolerance" => history::allergy(text),
            "Immunization" => history::immunization(text),
            "MedicationRequest" | "MedicationStatement" => medication::medication(text),
            "Observation" => observation::observation(text),
            "Encounter" => encounter::encounter(text),
            "DocumentReference" | "DiagnosticReport" => note::note(kind, text),
            _ => None,
        }
    }

    fn line(section: Section, concept: Option<&CodeableConcept>) -> Self {
        let title = concept.and_then(CodeableConcept::words).unwrap_or(UNNAMED).to_owned();
        Self {
            section,
            title,
            detail: None,
            status: None,
            current: true,
            when: None,
            severe: false,
            absent: false,
            measures: Vec::new(),
        }
    }
}

/// What stands where the source names nothing.
const UNNAMED: &str = "Not named";

/// "entered-in-error" becomes "Entered in error".
pub(super) fn in_words(code: &str) -> String {
    let words = code.replace('-', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The code of a status concept, and whether it is `entered-in-error`.
fn is_mistake(verification: Option<&CodeableConcept>) -> bool {
    verification.is_some_and(|concept| concept.has("entered-in-error"))
}

/// The year of a FHIR date.
fn year(date: &str) -> Option<&str> {
    date.get(..4).filter(|year| year.bytes().all(|digit| digit.is_ascii_digit()))
}

fn first_of<'s>(choices: &[&'s Option<Str<'_>>]) -> Option<&'s str> {
    choices.iter().find_map(|choice| filled(choice.as_deref()))
}

fn joined(parts: &[Option<String>]) -> Option<String> {
    let parts: Vec<&str> = parts.iter().filter_map(Option::as_deref).filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
