//! FHIR R4 Appointment (<https://hl7.org/fhir/R4/appointment.html>).

use serde::{Deserialize, Serialize};

use super::{
    datatypes::{CodeableConcept, Extension, Identifier, Period, Reference, filled},
    tolerant::{Str, view},
};
use crate::{schedule::steps::VisitStep, time::Stamp};

/// Extension: the moment the patient arrived (`valueInstant`).
pub const ARRIVED: &str = "urn:shadowchart:arrived";
/// Extension: why this appointment may overlap others (`valueString`).
pub const OVERBOOK: &str = "urn:shadowchart:overbook";

/// Extension of an Appointment on the waitlist: the days of the week and times of day that would suit, with the parts `day`,
/// `start` and `end`.
pub const WISHED: &str = "urn:shadowchart:wished";

/// FHIR R4's ten appointment statuses (<https://hl7.org/fhir/R4/valueset-appointmentstatus.html>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "kebab-case")]
pub enum AppointmentStatus {
    /// Not all participants have agreed.
    Proposed,
    /// A booking that the host has not confirmed yet.
    Pending,
    /// Agreed.
    Booked,
    /// The patient is here.
    Arrived,
    /// Over.
    Fulfilled,
    /// Called off.
    Cancelled,
    /// The patient did not come.
    Noshow,
    /// Should never have been entered.
    EnteredInError,
    /// Paperwork done, ready to be seen.
    CheckedIn,
    /// Would come sooner.
    Waitlist,
}

impl AppointmentStatus {
    /// All ten, in FHIR's order.
    pub const ALL: [Self; 10] = [
        Self::Proposed,
        Self::Pending,
        Self::Booked,
        Self::Arrived,
        Self::Fulfilled,
        Self::Cancelled,
        Self::Noshow,
        Self::EnteredInError,
        Self::CheckedIn,
        Self::Waitlist,
    ];

    /// FHIR's code.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Pending => "pending",
            Self::Booked => "booked",
            Self::Arrived => "arrived",
            Self::Fulfilled => "fulfilled",
            Self::Cancelled => "cancelled",
            Self::Noshow => "noshow",
            Self::EnteredInError => "entered-in-error",
            Self::CheckedIn => "checked-in",
            Self::Waitlist => "waitlist",
        }
    }

    /// Reads FHIR's code.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }
}

view! {
    /// A visit that is planned, under way or over.
    struct AppointmentView {
        one {
            /// Where it stands.
            status: Str<'a>,
            /// Instant with offset.
            start: Str<'a>,
            /// Instant with offset.
            end: Str<'a>,
            /// What it is for, in a few words.
            description: Str<'a>,
            /// A note to be seen.
            comment: Str<'a>,
            /// When it was entered.
            created: Str<'a>,
            /// Why it was cancelled.
            cancelation_reason: CodeableConcept<'a>,
            /// The style of visit.
            appointment_type: CodeableConcept<'a>,
        }
        plain {
            /// Its length, where it has no time yet.
            minutes_duration: u32,
            /// How urgent it is: 1 the most, 0 not at all.
            priority: u32,
        }
        many {
            /// What it is known by elsewhere, and its series.
            identifier: Identifier<'a>,
            /// Who takes part.
            participant: Participant<'a>,
            /// When it would suit.
            requested_period: Period<'a>,
            /// Coded reasons.
            reason_code: CodeableConcept<'a>,
            /// Slots it fills.
            slot: Reference<'a>,
            /// Ours: the steps, overbooking.
            extension: Extension<'a>,
        }
    }

    /// One who takes part.
    struct Participant {
        one {
            /// Patient, Practitioner, Location ...
            actor: Reference<'a>,
            /// `accepted`, `declined`, `tentative`, `needs-action`.
            status: Str<'a>,
        }
    }
}

impl<'a> AppointmentView<'a> {
    /// Reads an Appointment's text.
    pub fn read(text: &'a str) -> Self {
        super::read(text)
    }

    /// The status, if it is one of the ten.
    pub fn status(&self) -> Option<AppointmentStatus> {
        AppointmentStatus::parse(self.status.as_deref()?)
    }

    /// When it starts.
    pub fn start(&self) -> Option<Stamp> {
        Stamp::parse(self.start.as_deref()?)
    }

    /// When it ends.
    pub fn end(&self) -> Option<Stamp> {
        Stamp::parse(self.end.as_deref()?)
    }

    /// The patient's id.
    pub fn patient(&self) -> Option<&str> {
        self.actors("Patient").next()
    }

    /// The practitioners' ids, in the order written.
    pub fn practitioners(&self) -> impl Iterator<Item = &str> {
        self.actors("Practitioner")
    }

    /// The ids of the places, in the order written.
    pub fn locations(&self) -> impl Iterator<Item = &str> {
        self.actors("Location")
    }

    fn actors(&self, kind: &'static str) -> impl Iterator<Item = &str> {
        self.participant.iter().filter_map(move |one| one.actor.as_ref()?.id_of(kind))
    }

    /// What it is for: what is said of that, else the style of visit.
    pub fn reason(&self) -> Option<&str> {
        let style = || self.appointment_type.as_ref().and_then(CodeableConcept::words);
        self.said_reason().or_else(style)
    }

    /// What is said of what it is for: the description, else a coded reason.
    pub fn said_reason(&self) -> Option<&str> {
        let coded = || self.reason_code.iter().find_map(CodeableConcept::words);
        filled(self.description.as_deref()).or_else(coded)
    }

    /// The note to be seen.
    pub fn note(&self) -> Option<&str> {
        filled(self.comment.as_deref())
    }

    /// When the patient arrived.
    pub fn arrived_at(&self) -> Option<Stamp> {
        self.step_at(VisitStep::Arrived)
    }

    /// When it came to that step.
    pub fn step_at(&self, step: VisitStep) -> Option<Stamp> {
        Stamp::parse(self.extension(step.url())?.value_instant.as_deref()?)
    }

    /// Whether the patient has said that they come.
    pub fn is_confirmed(&self) -> bool {
        self.step_at(VisitStep::Confirmed).is_some()
    }

    /// Whether the patient has left.
    pub fn has_left(&self) -> bool {
        self.step_at(VisitStep::Left).is_some()
    }

    /// Why it may overlap others.
    pub fn overbook(&self) -> Option<&str> {
        filled(self.extension(OVERBOOK)?.value_string.as_deref())
    }

    fn extension(&self, url: &str) -> Option<&super::Extension<'a>> {
        self.extension.iter().find(|extension| extension.url.as_deref() == Some(url))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_status_reads_back_from_its_code_and_from_json() {
        for status in AppointmentStatus::ALL {
            assert_eq!(AppointmentStatus::parse(status.as_str()), Some(status));
            assert_eq!(serde_json::to_string(&status).unwrap(), format!("\"{}\"", status.as_str()));
        }
        assert_eq!(AppointmentStatus::parse("Booked"), None);
    }

    #[test]
    fn an_appointment_tells_who_when_and_why() {
        let text = r#"{"resourceType":"Appointment","status":"arrived","start":"2026-11-23T09:45:00-05:00",
            "end":"2026-11-23T10:00:00-05:00","description":"Blood pressure","comment":"Interpreter: Spanish",
            "participant":[{"actor":{"reference":"Location/l"}},{"actor":{"reference":"Patient/p"}},
              {"actor":{"reference":"Practitioner/a"}},{"actor":{"reference":"Practitioner/b"}}],
            "extension":[{"url":"urn:shadowchart:arrived","valueInstant":"2026-11-23T14:41:00.000Z"},
              {"url":"urn:shadowchart:overbook","valueString":"family"}]}"#;
        let view = AppointmentView::read(text);
        assert_eq!(view.status(), Some(AppointmentStatus::Arrived));
        assert_eq!(view.start().unwrap().to_string(), "2026-11-23T14:45:00.000Z");
        assert_eq!(view.end().unwrap().since(view.start().unwrap()).as_secs(), 900);
        assert_eq!(view.patient(), Some("p"));
        assert_eq!(view.practitioners().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(view.locations().collect::<Vec<_>>(), ["l"]);
        assert_eq!((view.reason(), view.note()), (Some("Blood pressure"), Some("Interpreter: Spanish")));
        assert_eq!(view.arrived_at().unwrap().to_string(), "2026-11-23T14:41:00.000Z");
        assert_eq!(view.overbook(), Some("family"));
    }

    #[test]
    fn an_absurd_start_leaves_the_status() {
        let view = AppointmentView::read(
            r#"{"status":"booked","start":"soon","end":1e999,"participant":[null,{"actor":"x"}]}"#,
        );
        assert_eq!(view.status(), Some(AppointmentStatus::Booked));
        assert!(view.start().is_none() && view.end().is_none() && view.patient().is_none());
    }
}
