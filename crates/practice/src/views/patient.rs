//! FHIR R4 Patient (<https://hl7.org/fhir/R4/patient.html>).

use super::{
    datatypes::{Address, CodeableConcept, ContactPoint, HumanName, Identifier, Reference, best_name, filled},
    tolerant::{Str, view},
};

view! {
    /// Who a patient is and how to reach them.
    struct PatientView {
        one {
            /// `male`, `female`, `other`, `unknown`.
            gender: Str<'a>,
            /// ISO date, as precise as it is known.
            birth_date: Str<'a>,
            /// When they died.
            deceased_date_time: Str<'a>,
        }
        plain {
            /// Whether the record is in use.
            active: bool,
            /// Whether they died, where no date is known.
            deceased_boolean: bool,
        }
        many {
            /// Names, old ones too.
            name: HumanName<'a>,
            /// Phone numbers and e-mail addresses.
            telecom: ContactPoint<'a>,
            /// Record number and others.
            identifier: Identifier<'a>,
            /// Addresses.
            address: Address<'a>,
            /// Languages.
            communication: Communication<'a>,
            /// The providers who look after them.
            general_practitioner: Reference<'a>,
        }
    }

    /// A language.
    struct Communication {
        one {
            /// Which.
            language: CodeableConcept<'a>,
        }
        plain {
            /// Whether it is the one to use.
            preferred: bool,
        }
    }
}

impl<'a> PatientView<'a> {
    /// Reads a Patient's text.
    pub fn read(text: &'a str) -> Self {
        super::read(text)
    }

    /// "Family, Given".
    pub fn display_name(&self) -> Option<String> {
        best_name(&self.name).and_then(HumanName::family_first)
    }

    /// Phone numbers as written, the ones in use first.
    pub fn phones(&self) -> impl Iterator<Item = &str> {
        let old = |point: &&ContactPoint| point.r#use.as_deref() == Some("old");
        let phone = |point: &&ContactPoint| matches!(point.system.as_deref(), None | Some("phone" | "sms"));
        let used = self.telecom.iter().filter(phone).filter(move |point| !old(point));
        let past = self.telecom.iter().filter(phone).filter(old);
        used.chain(past).filter_map(|point| filled(point.value.as_deref()))
    }

    /// The medical record number: the identifier typed `MR` (HL7 table 0203), else the first one.
    pub fn record_number(&self) -> Option<&str> {
        let is_record = |id: &&Identifier| id.r#type.as_ref().is_some_and(|kind| kind.has("MR"));
        let typed = self.identifier.iter().filter(is_record).find_map(|id| filled(id.value.as_deref()));
        typed.or_else(|| self.identifier.iter().find_map(|id| filled(id.value.as_deref())))
    }

    /// The first address in one line.
    pub fn address_line(&self) -> Option<String> {
        let address = self.address.first()?;
        let region = [address.state.as_deref(), address.postal_code.as_deref()];
        let region = region.into_iter().filter_map(filled).collect::<Vec<_>>().join(" ");
        let parts = address.line.iter().map(|line| Some(&**line)).chain([address.city.as_deref(), Some(&region)]);
        let line = parts.filter_map(filled).collect::<Vec<_>>().join(", ");
        if line.is_empty() { filled(address.text.as_deref()).map(str::to_owned) } else { Some(line) }
    }

    /// The language to use, as written.
    pub fn language(&self) -> Option<&str> {
        let preferred = self.communication.iter().find(|language| language.preferred == Some(true));
        preferred.or(self.communication.first())?.language.as_ref()?.words()
    }

    /// Whether the patient has died.
    pub fn deceased(&self) -> bool {
        self.deceased_boolean == Some(true) || self.deceased_date_time.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: &str = r#"{"resourceType":"Patient","active":true,"gender":"male","birthDate":"1961-03-14",
        "identifier":[{"value":"first"},{"type":{"coding":[{"code":"MR"}]},"value":"T-0042"}],
        "name":[{"use":"maiden","family":"Old"},{"use":"official","family":"Testcase","given":["Dmitri","P."]}],
        "telecom":[{"system":"email","value":"d@example.test"},{"system":"phone","use":"old","value":"111"},
                   {"system":"phone","value":"555-0142"}],
        "address":[{"line":["1 Sample St"],"city":"Example","state":"MA","postalCode":"00000"}],
        "communication":[{"language":{"text":"English"}},{"language":{"text":"Spanish"},"preferred":true}]}"#;

    #[test]
    fn a_patient_is_known_by_name_number_and_phone() {
        let patient = PatientView::read(FULL);
        assert_eq!(patient.display_name().as_deref(), Some("Testcase, Dmitri P."));
        assert_eq!(patient.record_number(), Some("T-0042"));
        assert_eq!(patient.phones().collect::<Vec<_>>(), ["555-0142", "111"]);
        assert_eq!(patient.address_line().as_deref(), Some("1 Sample St, Example, MA 00000"));
        assert_eq!(patient.language(), Some("Spanish"));
        assert!(!patient.deceased());
    }

    #[test]
    fn what_is_no_patient_is_an_empty_view() {
        for text in ["", "[]", "null", "{\"name\":{}}", "{\"name\":[[]],\"telecom\":\"x\",\"identifier\":[1]}", "{"] {
            let patient = PatientView::read(text);
            assert_eq!(
                (patient.display_name(), patient.phones().count(), patient.record_number()),
                (None, 0, None),
                "{text}"
            );
        }
    }
}
