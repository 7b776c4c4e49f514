//! FHIR R4 Communication (<https://hl7.org/fhir/R4/communication.html>) and Task (<https://hl7.org/fhir/R4/task.html>): the front
//! desk's calls and errands.

use super::{
    datatypes::{Annotation, CodeableConcept, Period, Reference, filled},
    tolerant::{Str, view},
};

view! {
    /// Word that passed between people.
    struct CommunicationView {
        one {
            /// `completed`, `not-done`, `stopped` ...
            status: Str<'a>,
            /// Why it stands so.
            status_reason: CodeableConcept<'a>,
            /// When.
            sent: Str<'a>,
            /// Who spoke.
            sender: Reference<'a>,
        }
        many {
            /// What it was about.
            about: Reference<'a>,
            /// Notes.
            note: Annotation<'a>,
        }
    }

    /// Something to be done.
    struct TaskView {
        one {
            /// `requested`, `completed` ...
            status: Str<'a>,
            /// What kind of errand.
            code: CodeableConcept<'a>,
            /// What for.
            description: Str<'a>,
            /// Who sees to it.
            owner: Reference<'a>,
            /// Within what bounds.
            restriction: Restriction<'a>,
        }
        many {
            /// Notes.
            note: Annotation<'a>,
        }
    }

    /// The bounds of a Task.
    struct Restriction {
        one {
            /// Its end is the day it is due.
            period: Period<'a>,
        }
    }
}

impl<'a> CommunicationView<'a> {
    /// Reads a Communication's text.
    pub fn read(text: &'a str) -> Self {
        super::read(text)
    }
}

impl<'a> TaskView<'a> {
    /// Reads a Task's text.
    pub fn read(text: &'a str) -> Self {
        super::read(text)
    }

    /// What for.
    pub fn reason(&self) -> Option<&str> {
        filled(self.description.as_deref())
    }

    /// The practitioner who sees to it.
    pub fn owner(&self) -> Option<&str> {
        self.owner.as_ref()?.id_of("Practitioner")
    }

    /// The note to be seen.
    pub fn note(&self) -> Option<&str> {
        self.note.iter().find_map(|note| filled(note.text.as_deref()))
    }
}
