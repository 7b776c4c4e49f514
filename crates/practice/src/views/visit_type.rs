//! The types of visit that a practice books: FHIR R4 HealthcareService (<https://hl7.org/fhir/R4/healthcareservice.html>).
//!
//! R4 has a code for an Appointment's type and no resource for what it means to a schedule. That is the practice's to say,
//! so it goes the way of everything else that the practice has: as a HealthcareService, which is what a practice offers to
//! be booked, with one extension. Only an admin writes it ([`crate::permission::may_write`]). The short code is what a type
//! is known by: it stands in the Appointment, so that a type of another name or length keeps its visits.

use super::{
    AppointmentView,
    datatypes::{CodeableConcept, Extension, filled},
    tolerant::{Str, view},
};

/// Extension of a HealthcareService, with the parts `minutes`, `color` and `wait`, and the code system of the types.
pub const VISIT_TYPE: &str = "urn:shadowchart:visit-type";

/// How many colours a type may have; each is a token of both themes.
pub const TYPE_COLORS: u8 = 8;

/// Minutes after which a wait is long, where the type says nothing else.
pub const LONG_WAIT: u32 = 15;

/// Minutes of a visit whose type says nothing else.
const MINUTES: u32 = 30;

/// A type of visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisitType {
    /// One to three letters or digits, as a card shows it: "NP".
    pub code: String,
    /// "New patient".
    pub name: String,
    /// Usual length.
    pub minutes: u32,
    /// Which of the [`TYPE_COLORS`].
    pub color: u8,
    /// Minutes after which a wait for it is long; after twice as many it is too long.
    pub long_wait: u32,
    /// Whether it is offered when booking. Visits of one that is not keep it.
    pub active: bool,
}

view! {
    /// Something that a practice offers.
    struct HealthcareServiceView {
        one {
            /// "New patient".
            name: Str<'a>,
        }
        plain {
            /// Whether it is offered.
            active: bool,
        }
        many {
            /// What kind of service it is.
            r#type: CodeableConcept<'a>,
            /// Ours: what it means to the schedule.
            extension: Extension<'a>,
        }
    }
}

impl<'a> HealthcareServiceView<'a> {
    /// Reads a HealthcareService's text.
    pub fn read(text: &'a str) -> Self {
        super::read(text)
    }

    /// The type of visit that it is; `None` for other services. What of it is absurd is as if it were not said.
    pub fn visit_type(&self) -> Option<VisitType> {
        let code = self.r#type.iter().find_map(code)?;
        let parts = self.extension.iter().find(|one| one.url.as_deref() == Some(VISIT_TYPE));
        let number = |name: &str, range: std::ops::RangeInclusive<u32>| {
            let part = parts?.extension.iter().find(|part| part.url.as_deref() == Some(name))?;
            part.value_unsigned_int.filter(|number| range.contains(number))
        };
        let color = number("color", 0..=u32::from(TYPE_COLORS) - 1).and_then(|color| u8::try_from(color).ok());
        Some(VisitType {
            code: code.to_owned(),
            name: filled(self.name.as_deref()).unwrap_or(code).to_owned(),
            minutes: number("minutes", 5..=480).unwrap_or(MINUTES),
            color: color.unwrap_or(0),
            long_wait: number("wait", 1..=480).unwrap_or(LONG_WAIT),
            active: self.active != Some(false),
        })
    }
}

impl AppointmentView<'_> {
    /// The short code of its type, if it is one of the practice's own.
    pub fn visit_type(&self) -> Option<&str> {
        code(self.appointment_type.as_ref()?)
    }
}

fn code<'a>(concept: &'a CodeableConcept<'_>) -> Option<&'a str> {
    let own = concept.coding.iter().find(|coding| coding.system.as_deref() == Some(VISIT_TYPE))?;
    filled(own.code.as_deref()).filter(|code| is_code(code))
}

/// Whether `code` can stand for a type: short enough for the narrowest card.
pub fn is_code(code: &str) -> bool {
    (1..=3).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(code: &str, parts: &str) -> String {
        format!(
            r#"{{"resourceType":"HealthcareService","name":"New patient","type":[{{"coding":[{{"system":"other","code":"X"}}]}},
              {{"coding":[{{"system":"{VISIT_TYPE}","code":"{code}"}}]}}],
              "extension":[{{"url":"{VISIT_TYPE}","extension":[{parts}]}}]}}"#
        )
    }

    fn number(name: &str, value: &str) -> String {
        format!(r#"{{"url":"{name}","valueUnsignedInt":{value}}}"#)
    }

    #[test]
    fn a_type_says_how_long_it_is_how_it_looks_and_when_a_wait_is_long() {
        let parts = [number("minutes", "45"), number("color", "3"), number("wait", "20")].join(",");
        let text = service("NP", &parts);
        let wanted = VisitType {
            code: "NP".into(),
            name: "New patient".into(),
            minutes: 45,
            color: 3,
            long_wait: 20,
            active: true,
        };
        assert_eq!(HealthcareServiceView::read(&text).visit_type(), Some(wanted));
    }

    #[test]
    fn what_is_absurd_in_a_type_is_as_if_it_were_not_said() {
        let parts = [number("minutes", "100000"), number("color", "8"), number("wait", "\"soon\"")].join(",");
        for parts in [parts.as_str(), "", "null"] {
            let text = service("NP", parts);
            let read = HealthcareServiceView::read(&text).visit_type().unwrap();
            assert_eq!((read.minutes, read.color, read.long_wait), (30, 0, 15), "{parts}");
        }
        for code in ["", "np", "LONG", "N P", "Ä"] {
            assert!(HealthcareServiceView::read(&service(code, "")).visit_type().is_none(), "{code}");
        }
        assert!(HealthcareServiceView::read(r#"{"name":"Physiotherapy"}"#).visit_type().is_none());
    }

    #[test]
    fn only_a_code_of_ours_is_a_visits_type() {
        let visit = |system: &str| {
            format!(r#"{{"appointmentType":{{"coding":[{{"code":"ROUTINE"}},{{"system":"{system}","code":"NP"}}]}}}}"#)
        };
        assert_eq!(AppointmentView::read(&visit(VISIT_TYPE)).visit_type(), Some("NP"));
        assert_eq!(AppointmentView::read(&visit("http://terminology.hl7.org/CodeSystem/v2-0276")).visit_type(), None);
        assert_eq!(AppointmentView::read("{}").visit_type(), None);
    }
}
