//! A clinical note that is written here, as US Core has it
//! (<https://hl7.org/fhir/us/core/STU6.1/StructureDefinition-us-core-documentreference.html>): the text itself lies in the
//! DocumentReference, so that it syncs, is audited and goes with the record like the rest.

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};
use serde_json::json;
use specta::Type;

use crate::{
    Code, Refusal,
    ids::{PatientId, PractitionerId},
    schedule::{Zoned, written},
    time::Stamp,
};

/// Characters of a note at most.
pub const MOST: usize = 100_000;

/// What a note is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum NoteKind {
    /// A visit.
    Progress,
    /// A call.
    Telephone,
    /// What a nurse saw or did.
    Nurse,
    /// Anything else.
    Other,
}

impl NoteKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Progress, Self::Telephone, Self::Nurse, Self::Other];

    /// Its LOINC code, with LOINC's words.
    fn loinc(self) -> (&'static str, &'static str) {
        match self {
            Self::Progress => ("11506-3", "Progress note"),
            Self::Telephone => ("34748-4", "Telephone encounter Note"),
            Self::Nurse => ("34746-8", "Nurse Note"),
            Self::Other => ("34109-9", "Note"),
        }
    }

    /// Its words on a screen.
    pub fn words(self) -> &'static str {
        match self {
            Self::Progress => "Progress note",
            Self::Telephone => "Telephone note",
            Self::Nurse => "Nurse note",
            Self::Other => "Note",
        }
    }

    /// What a change that makes one does, after a name.
    pub fn activity(self) -> &'static str {
        match self {
            Self::Progress => "progress note written",
            Self::Telephone => "telephone note written",
            Self::Nurse => "nurse note written",
            Self::Other => "note written",
        }
    }

    /// From the word that scripts use.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "progress" => Some(Self::Progress),
            "telephone" => Some(Self::Telephone),
            "nurse" => Some(Self::Nurse),
            "other" => Some(Self::Other),
            _ => None,
        }
    }
}

/// A note to be written.
pub struct Note<'a> {
    /// Of whom.
    pub patient: &'a PatientId,
    /// What of.
    pub kind: NoteKind,
    /// Its text, which is kept byte for byte.
    pub text: &'a str,
    /// Who writes it.
    pub author: &'a str,
    /// The Practitioner they are, where that is known.
    pub practitioner: Option<&'a PractitionerId>,
}

/// Whether `text` can be a note.
///
/// # Errors
/// When nothing is written, when it is too long, and when it has characters that nobody can read.
pub fn check(text: &str) -> Result<(), Refusal> {
    let refuse = |say| Err(Refusal::new(Code::Invalid, say));
    if text.trim().is_empty() {
        return refuse("The note is empty. Write something first.");
    }
    if text.chars().count() > MOST {
        return refuse("The note is longer than 100,000 characters. Shorten it, or write two.");
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}')) {
        return refuse("The note has control characters, which nobody can read. Take them out first.");
    }
    Ok(())
}

/// The DocumentReference of `note`, written at `now`.
pub fn to_fhir(id: &str, note: &Note<'_>, zone: &Zoned, now: Stamp) -> String {
    let (code, display) = note.kind.loinc();
    let (words, date) = (note.kind.words(), written(zone, now));
    let mut author = json!({"display": note.author});
    if let Some(practitioner) = note.practitioner {
        author["reference"] = format!("Practitioner/{practitioner}").into();
    }
    json!({
        "resourceType": "DocumentReference",
        "id": id,
        "status": "current",
        "docStatus": "final",
        "type": {"coding": [{"system": "http://loinc.org", "code": code, "display": display}], "text": words},
        "category": [{"coding": [{
            "system": "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category",
            "code": "clinical-note",
            "display": "Clinical Note",
        }]}],
        "subject": {"reference": format!("Patient/{}", note.patient)},
        "date": date,
        "author": [author],
        "content": [{
            "attachment": {
                "contentType": "text/plain; charset=utf-8",
                "data": BASE64_STANDARD.encode(note.text),
                "size": note.text.len(),
                "title": words,
                "creation": date,
            },
            "format": {
                "system": "http://ihe.net/fhir/ihe.formatcode.fhir/CodeSystem/formatcode",
                "code": "urn:ihe:iti:xds:2017:mimeTypeSufficient",
            },
        }],
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        resource::ResourceType,
        text::string,
        views::{ClinicalView, DocumentView, Section},
    };

    const ODD: &str = "S: \u{feff}كتبت «اليوم»\r\n\r\nO: 👩🏽‍⚕️ \"37,5 °C\" <b>\\n\tـِ\u{202e}\n";

    fn written_down(practitioner: Option<&PractitionerId>) -> String {
        let patient = PatientId::parse("p1").unwrap();
        let note =
            Note { patient: &patient, kind: NoteKind::Telephone, text: ODD, author: "Ann \"May\" Ray", practitioner };
        let zone = Zoned::named("America/New_York").unwrap();
        to_fhir("n1", &note, &zone, Stamp::parse("2026-11-30T02:15:00Z").unwrap())
    }

    #[test]
    fn a_note_reads_back_letter_for_letter_and_stands_among_the_notes() {
        let practitioner = PractitionerId::parse("d1").unwrap();
        let text = written_down(Some(&practitioner));
        let line = ClinicalView::read(ResourceType::DOCUMENT_REFERENCE, &text).unwrap();
        assert!(line.section == Section::Notes && line.current);
        assert_eq!((line.title.as_str(), line.detail.as_deref()), ("Telephone note", Some("Ann \"May\" Ray")));
        assert_eq!(line.when.as_deref(), Some("2026-11-29T21:15:00-05:00"), "the evening before, where it is written");
        let read = DocumentView::read(ResourceType::DOCUMENT_REFERENCE, &text).unwrap();
        assert_eq!(read.parts[0].text.as_deref(), Some(ODD));
        let at = |pointer: &str| string(&text, pointer).map(std::borrow::Cow::into_owned);
        for (pointer, value) in [
            ("/status", "current"),
            ("/docStatus", "final"),
            ("/type/coding/0/code", "34748-4"),
            ("/subject/reference", "Patient/p1"),
            ("/author/0/reference", "Practitioner/d1"),
            ("/content/0/attachment/contentType", "text/plain; charset=utf-8"),
        ] {
            assert_eq!(at(pointer).as_deref(), Some(value), "{pointer}");
        }
        assert!(!written_down(None).contains("Practitioner/"), "who is no provider is named in words alone");
    }

    #[test]
    fn what_nobody_could_read_is_no_note() {
        let long = "é".repeat(MOST);
        for (text, taken) in [
            (ODD, true),
            (long.as_str(), true),
            (&format!("{long}."), false),
            ("", false),
            (" \r\n\t\u{a0}", false),
            ("a\0b", false),
            ("a\u{1b}[2Jb", false),
            ("a\u{85}b", false),
        ] {
            assert_eq!(check(text).is_ok(), taken, "{:?}", text.chars().take(8).collect::<String>());
        }
    }

    #[test]
    fn each_kind_has_its_own_code_and_word() {
        let codes: std::collections::BTreeSet<_> = NoteKind::ALL.iter().map(|kind| kind.loinc().0).collect();
        assert_eq!(codes.len(), NoteKind::ALL.len());
        for kind in NoteKind::ALL {
            let word = serde_json::to_value(kind).unwrap();
            assert_eq!(NoteKind::parse(word.as_str().unwrap()), Some(kind));
        }
    }
}
