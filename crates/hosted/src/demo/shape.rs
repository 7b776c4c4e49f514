//! The FHIR datatypes that resource after resource repeats.

use super::json::{self, List, Object};

pub const LOINC: &str = "http://loinc.org";
pub const SNOMED: &str = "http://snomed.info/sct";
pub const ICD10: &str = "http://hl7.org/fhir/sid/icd-10-cm";
pub const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";
pub const CVX: &str = "http://hl7.org/fhir/sid/cvx";
pub const UCUM: &str = "http://unitsofmeasure.org";

/// A resource with its type, id and, where US Core has one, its profile.
pub fn resource(kind: &str, id: &str, us_core: Option<&str>, fill: impl FnOnce(&mut Object<'_>)) -> String {
    json::object(|o| {
        o.text("resourceType", kind).text("id", id);
        if let Some(profile) = us_core {
            o.object("meta", |o| {
                o.list("profile", |l| {
                    l.text(&format!("http://hl7.org/fhir/us/core/StructureDefinition/us-core-{profile}"));
                });
            });
        }
        fill(o);
    })
}

/// `http://terminology.hl7.org/CodeSystem/NAME`.
pub fn hl7(name: &str) -> String {
    format!("http://terminology.hl7.org/CodeSystem/{name}")
}

/// A Coding in a list of them.
pub fn coding(list: &mut List<'_>, system: &str, code: &str, display: Option<&str>) {
    list.object(|o| {
        o.text("system", system).text("code", code);
        if let Some(display) = display {
            o.text("display", display);
        }
    });
}

/// What a CodeableConcept holds: one code and its words.
pub fn concept(o: &mut Object<'_>, system: &str, code: &str, text: &str) {
    o.list("coding", |l| coding(l, system, code, Some(text))).text("text", text);
}

/// `key` as a CodeableConcept with one code and no words, as status elements have it.
pub fn code(o: &mut Object<'_>, key: &str, system: &str, code: &str) {
    o.object(key, |o| {
        o.list("coding", |l| coding(l, system, code, None));
    });
}

/// `key` as a Reference.
pub fn reference(o: &mut Object<'_>, key: &str, kind: &str, id: &str, display: Option<&str>) {
    o.object(key, |o| {
        o.text("reference", &format!("{kind}/{id}"));
        if let Some(display) = display {
            o.text("display", display);
        }
    });
}

/// `key` as a Quantity in UCUM units; `value` as it is to stand.
pub fn quantity(o: &mut Object<'_>, key: &str, value: &str, unit: &str) {
    o.object(key, |o| {
        o.bare("value", value).text("unit", unit).text("system", UCUM).text("code", unit);
    });
}
