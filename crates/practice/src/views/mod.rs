//! Small borrowed views of FHIR R4 resources: only the fields that a screen or a rule needs.
//!
//! Reading never fails. A field that is missing or absurd is absent, a text that is no JSON object is an empty view:
//! whether a text may be kept at all is decided elsewhere ([`crate::text`]). Views have no `Debug`, because they hold
//! patients' words.

mod appointment;
mod clinical;
mod datatypes;
mod desk;
mod document;
mod location;
mod patient;
mod practitioner;
mod schedule;
mod tolerant;
mod visit_type;

pub use appointment::{ARRIVED, AppointmentStatus, AppointmentView, OVERBOOK, Participant, WISHED};
pub use clinical::{ClinicalView, Measure, Section};
pub use datatypes::{
    Address, Age, Annotation, CodeableConcept, Coding, ContactPoint, Extension, HumanName, Identifier, Period,
    Quantity, Reference,
};
pub use desk::{CommunicationView, Restriction, TaskView};
pub use document::{DocumentView, Part};
pub use location::LocationView;
pub use patient::{Communication, PatientView};
pub use practitioner::PractitionerView;
pub use schedule::{DayOfWeek, HOURS, KEPT_FOR, OVERBOOK_LIMIT, ScheduleView, SlotView, WorkStretch};
pub use tolerant::{Number, Str};
pub use visit_type::{HealthcareServiceView, LONG_WAIT, TYPE_COLORS, VISIT_TYPE, VisitType, is_code};

fn read<'a, T: serde::Deserialize<'a> + Default>(text: &'a str) -> T {
    serde_json::from_str(text).unwrap_or_default()
}
