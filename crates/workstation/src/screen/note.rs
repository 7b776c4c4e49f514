//! Notes and documents: read, and written.

pub use practice::note::NoteKind;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::PatientRow;

/// A note or a document as it is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct NotePage {
    /// "Type/id".
    pub reference: String,
    /// Of whom.
    pub patient: PatientRow,
    /// "Progress note".
    pub title: String,
    /// By whom.
    pub author: Option<String>,
    /// When; a day alone where no more is known.
    pub when: Option<String>,
    /// "Final", "Preliminary", "Superseded".
    pub status: Option<String>,
    /// Whether it counts now.
    pub current: bool,
    /// Not yet accepted by the host.
    pub provisional: bool,
    /// What it consists of.
    pub parts: Vec<NotePart>,
}

/// One file of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct NotePart {
    /// Its name, where that is not the document's.
    pub title: Option<String>,
    /// Its text, as plain letters.
    pub text: Option<String>,
    /// What it is and why there is no text, or what is left out of the text.
    pub say: Option<String>,
}

/// A wish to write a note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct NoteRequest {
    /// Patient id.
    pub patient: String,
    /// What it is of.
    pub kind: NoteKind,
    /// Its text, which is kept letter for letter.
    pub text: String,
    /// The person's comment.
    pub comment: Option<String>,
}

/// A note was written, or taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct NoteChanged {
    /// "Type/id".
    pub reference: String,
    /// "Testcase, Dmitri: progress note written".
    pub say: String,
    /// Pass it to `undo_note`.
    pub change: String,
}
