//! FHIR R4 Practitioner (<https://hl7.org/fhir/R4/practitioner.html>).

use super::{
    datatypes::{CodeableConcept, HumanName, Identifier, best_name},
    tolerant::view,
};

view! {
    /// Someone who treats patients.
    struct PractitionerView {
        one {}
        plain {
            /// Whether they still work here.
            active: bool,
        }
        many {
            /// Names.
            name: HumanName<'a>,
            /// Numbers: NPI, member.
            identifier: Identifier<'a>,
            /// What they may do.
            qualification: Qualification<'a>,
        }
    }

    /// What someone has learned.
    struct Qualification {
        one {
            /// "Family medicine".
            code: CodeableConcept<'a>,
        }
    }
}

impl<'a> PractitionerView<'a> {
    /// Reads a Practitioner's text.
    pub fn read(text: &'a str) -> Self {
        super::read(text)
    }

    /// "Given Family, MD".
    pub fn display_name(&self) -> Option<String> {
        best_name(&self.name).and_then(HumanName::given_first)
    }

    /// The family name, to sort by.
    pub fn family(&self) -> Option<&str> {
        best_name(&self.name)?.family.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_practitioner_is_named_as_one_signs() {
        let text = r#"{"name":[{"family":"Sample","given":["Ann"],"prefix":["Dr."],"suffix":["MD"]}]}"#;
        assert_eq!(PractitionerView::read(text).display_name().as_deref(), Some("Ann Sample, MD"));
        assert_eq!(PractitionerView::read("{}").display_name(), None);
    }
}
