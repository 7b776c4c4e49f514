//! FHIR R4 data types (<https://hl7.org/fhir/R4/datatypes.html>), as far as views need them.

use super::tolerant::{Number, Str, view};

view! {
    /// A name of a person.
    struct HumanName {
        one {
            /// `official`, `usual`, `maiden`, `old` ...
            r#use: Str<'a>,
            /// The whole name, where it is not in parts.
            text: Str<'a>,
            /// Family name.
            family: Str<'a>,
        }
        many {
            /// Given names, the first one first.
            given: Str<'a>,
            /// "Dr."
            prefix: Str<'a>,
            /// "MD", "Jr."
            suffix: Str<'a>,
        }
    }

    /// A phone number or an e-mail address.
    struct ContactPoint {
        one {
            /// `phone`, `email`, `sms` ...
            system: Str<'a>,
            /// As written.
            value: Str<'a>,
            /// `home`, `work`, `mobile`, `old` ...
            r#use: Str<'a>,
        }
    }

    /// A code from a system.
    struct Coding {
        one {
            /// The code system.
            system: Str<'a>,
            /// The code.
            code: Str<'a>,
            /// Its words.
            display: Str<'a>,
        }
    }

    /// A concept in words and codes.
    struct CodeableConcept {
        one {
            /// The words of the source.
            text: Str<'a>,
        }
        many {
            /// Codes.
            coding: Coding<'a>,
        }
    }

    /// A number that names something.
    struct Identifier {
        one {
            /// Who gives the numbers.
            system: Str<'a>,
            /// The number.
            value: Str<'a>,
            /// What kind of number; `MR` is a record number.
            r#type: CodeableConcept<'a>,
        }
    }

    /// A pointer to another resource.
    struct Reference {
        one {
            /// "Patient/1", or an absolute address.
            reference: Str<'a>,
            /// Its words.
            display: Str<'a>,
            /// Where the other is known by number only.
            identifier: Identifier<'a>,
        }
    }

    /// A stretch of time, either end open.
    struct Period {
        one {
            /// From.
            start: Str<'a>,
            /// To.
            end: Str<'a>,
        }
    }

    /// A measured amount.
    struct Quantity {
        one {
            /// The number as written.
            value: Number<'a>,
            /// `<`, `>=` ...
            comparator: Str<'a>,
            /// The unit in words.
            unit: Str<'a>,
            /// The unit's code.
            code: Str<'a>,
        }
    }

    /// An age.
    struct Age {
        one {
            /// The number as written.
            value: Number<'a>,
            /// "a", "years" ...
            unit: Str<'a>,
        }
    }

    /// A postal address.
    struct Address {
        one {
            /// City.
            city: Str<'a>,
            /// State.
            state: Str<'a>,
            /// Postal code.
            postal_code: Str<'a>,
            /// Country.
            country: Str<'a>,
            /// The whole address, where it is not in parts.
            text: Str<'a>,
        }
        many {
            /// Street and number.
            line: Str<'a>,
        }
    }

    /// A remark.
    struct Annotation {
        one {
            /// Its words.
            text: Str<'a>,
        }
    }

    /// An extension, simple or complex.
    struct Extension {
        one {
            /// What it is.
            url: Str<'a>,
            /// A code.
            value_code: Str<'a>,
            /// Words.
            value_string: Str<'a>,
            /// A moment.
            value_instant: Str<'a>,
            /// A time of day.
            value_time: Str<'a>,
            /// Another resource.
            value_reference: Reference<'a>,
        }
        plain {
            /// A count.
            value_unsigned_int: u32,
            /// Whether something holds.
            value_boolean: bool,
        }
        many {
            /// Parts of a complex one.
            extension: Extension<'a>,
        }
    }
}

impl CodeableConcept<'_> {
    /// The words to show: the source's own, else those of the first code that has any, else the first code.
    pub fn words(&self) -> Option<&str> {
        let display = || self.coding.iter().find_map(|coding| filled(coding.display.as_deref()));
        let code = || self.coding.iter().find_map(|coding| filled(coding.code.as_deref()));
        filled(self.text.as_deref()).or_else(display).or_else(code)
    }

    /// Whether one of the codes is `code`, whatever its system.
    pub fn has(&self, code: &str) -> bool {
        self.coding.iter().any(|coding| coding.code.as_deref() == Some(code))
    }

    /// The first code.
    pub fn code(&self) -> Option<&str> {
        self.coding.iter().find_map(|coding| filled(coding.code.as_deref()))
    }
}

impl Reference<'_> {
    /// The id, when this points to a resource of `kind`: "Patient/1", "https://host/fhir/Patient/1/_history/2".
    pub fn id_of(&self, kind: &str) -> Option<&str> {
        let text = self.reference.as_deref()?;
        let path = text.split_once("/_history/").map_or(text, |(path, _)| path);
        let (rest, id) = path.rsplit_once('/')?;
        let named = rest.rsplit('/').next() == Some(kind);
        (named && crate::ids::is_fhir_id(id)).then_some(id)
    }
}

impl HumanName<'_> {
    /// "Family, Given Middle", or the whole text where it is not in parts.
    pub fn family_first(&self) -> Option<String> {
        let given =
            self.given.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        match (filled(self.family.as_deref()), given.is_empty()) {
            (Some(family), true) => Some(family.trim().to_owned()),
            (Some(family), false) => Some(format!("{}, {given}", family.trim())),
            (None, false) => Some(given),
            (None, true) => filled(self.text.as_deref()).map(|text| text.trim().to_owned()),
        }
    }

    /// "Given Family, Suffix", as one signs.
    pub fn given_first(&self) -> Option<String> {
        let family = filled(self.family.as_deref());
        let name = self.given.iter().map(|part| &**part).chain(family).collect::<Vec<_>>().join(" ");
        let name = if name.trim().is_empty() { filled(self.text.as_deref())?.to_owned() } else { name };
        Some(self.suffix.iter().fold(name, |name, suffix| format!("{name}, {}", &**suffix)))
    }
}

/// The name to show: not an old one, an official one before others.
pub(super) fn best_name<'n, 'a>(names: &'n [HumanName<'a>]) -> Option<&'n HumanName<'a>> {
    let has = |name: &&HumanName, wanted: &str| name.r#use.as_deref() == Some(wanted);
    let past = |name: &&HumanName| has(name, "old") || has(name, "maiden");
    names
        .iter()
        .find(|name| has(name, "official"))
        .or_else(|| names.iter().find(|name| has(name, "usual")))
        .or_else(|| names.iter().find(|name| !past(name)))
        .or_else(|| names.first())
}

/// `None` for a text without a visible letter.
pub(super) fn filled(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_names_its_id_however_it_is_written() {
        for (text, id) in [
            ("Patient/1", Some("1")),
            ("https://host/fhir/Patient/a-b", Some("a-b")),
            ("Patient/1/_history/7", Some("1")),
            ("Practitioner/1", None),
            ("XPatient/1", None),
            ("urn:uuid:0", None),
            ("Patient/", None),
            ("Patient/ä", None),
            ("", None),
        ] {
            let json = format!("{{\"reference\":{text:?}}}");
            let reference: Reference = serde_json::from_str(&json).unwrap();
            assert_eq!(reference.id_of("Patient"), id, "{text}");
        }
    }

    #[test]
    fn a_concept_shows_its_own_words_before_those_of_its_codes() {
        let words = |json: &str| serde_json::from_str::<CodeableConcept>(json).unwrap().words().map(str::to_owned);
        let coding = r#""coding":[{"code":"1"},{"code":"2","display":"two"}]"#;
        assert_eq!(words(&format!(r#"{{"text":"mine",{coding}}}"#)).as_deref(), Some("mine"));
        assert_eq!(words(&format!(r#"{{"text":" ",{coding}}}"#)).as_deref(), Some("two"));
        assert_eq!(words(r#"{"coding":[{"code":"1"}]}"#).as_deref(), Some("1"));
        assert_eq!(words("{}"), None);
    }

    #[test]
    fn one_absurd_field_leaves_its_neighbours() {
        let name: HumanName =
            serde_json::from_str(r#"{"family":7,"given":["Ann",null,{},"\ud800","May"],"text":[1e999]}"#).unwrap();
        assert!(name.family.is_none() && name.text.is_none());
        assert_eq!(name.family_first().as_deref(), Some("Ann May"));
    }
}
