//! What a resource is called and whose chart it belongs to.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{
    ids::{PatientId, ResourceId},
    text::{TextError, check_members, each_member},
};

mod types;

pub use types::ResourceType;

/// Type and id together: the name of a resource within its practice.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceKey {
    /// Resource type.
    pub kind: ResourceType,
    /// Id.
    pub id: ResourceId,
}

impl ResourceKey {
    /// `Type/id`, as references write it. A version suffix (`/_history/2`) is dropped; absolute references are not ours.
    pub fn parse(reference: &str) -> Option<Self> {
        let mut parts = reference.split('/');
        let (kind, id) = (ResourceType::parse(parts.next()?)?, ResourceId::parse(parts.next()?)?);
        match (parts.next(), parts.next(), parts.next()) {
            (None, ..) | (Some("_history"), Some(_), None) => Some(Self { kind, id }),
            _ => None,
        }
    }

    /// The key of a patient.
    pub fn patient(id: &PatientId) -> Self {
        Self::new(ResourceType::PATIENT, id.as_str())
    }

    /// The key of a resource whose id is already an id of another type.
    pub fn new(kind: ResourceType, id: &str) -> Self {
        // Every typed id has passed the same grammar.
        Self { kind, id: ResourceId::parse(id).unwrap_or_else(|| unreachable!("typed ids are FHIR ids")) }
    }
}

impl std::fmt::Display for ResourceKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.kind, self.id)
    }
}

/// What every resource says of itself, read without building a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// Type and id.
    pub key: ResourceKey,
    /// `meta.versionId`.
    pub version_id: Option<String>,
    /// `meta.lastUpdated`, as written.
    pub last_updated: Option<String>,
    /// The patient whose compartment it is in (<https://hl7.org/fhir/R4/compartmentdefinition-patient.html>).
    pub patient: Option<PatientId>,
}

/// The members that an envelope is read from, as raw JSON.
#[derive(Default)]
struct Raw<'a> {
    kind: Option<&'a str>,
    id: Option<&'a str>,
    meta: Option<&'a str>,
    subject: Option<&'a str>,
    patient: Option<&'a str>,
    beneficiary: Option<&'a str>,
    for_: Option<&'a str>,
    individual: Option<&'a str>,
    participant: Option<&'a str>,
}

#[derive(Deserialize)]
struct Meta<'a> {
    #[serde(borrow, rename = "versionId")]
    version_id: Option<&'a RawValue>,
    #[serde(borrow, rename = "lastUpdated")]
    last_updated: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Reference<'a> {
    #[serde(borrow)]
    reference: Option<std::borrow::Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Participant<'a> {
    #[serde(borrow)]
    actor: Option<Reference<'a>>,
}

impl Envelope {
    /// Reads the envelope of `text`, which is known to be JSON.
    ///
    /// # Errors
    /// When it is no object, or has no known `resourceType` or no FHIR `id`.
    pub fn read(text: &str) -> Result<Self, TextError> {
        let mut raw = Raw::default();
        each_member(text, |name, value| raw.take(name, value))?;
        let meta: Option<Meta<'_>> =
            serde_json::from_str(raw.meta.unwrap_or("null")).map_err(|_| TextError::Unexpected)?;
        let string = |raw: &RawValue| serde_json::from_str::<String>(raw.get()).ok();
        let version_id = meta.as_ref().and_then(|m| m.version_id).and_then(string);
        let last_updated = meta.as_ref().and_then(|m| m.last_updated).and_then(string);
        let (key, patient) = raw.filed()?;
        Ok(Self { key, version_id, last_updated, patient })
    }

    /// The key and the patient alone, for whoever knows the version from elsewhere. Every member is given to `take` on the
    /// way: its name, and its value as raw JSON.
    ///
    /// # Errors
    /// As [`Self::read`] and [`check_members`]; `meta` is not looked at.
    pub fn filed<'a>(
        text: &'a str,
        mut take: impl FnMut(&str, &'a str),
    ) -> Result<(ResourceKey, Option<PatientId>), TextError> {
        let mut raw = Raw::default();
        check_members(text, |name, value| {
            take(name, value);
            raw.take(name, value);
        })?;
        raw.filed()
    }
}

impl<'a> Raw<'a> {
    fn take(&mut self, name: &str, value: &'a str) {
        let place = match name {
            "resourceType" => &mut self.kind,
            "id" => &mut self.id,
            "meta" => &mut self.meta,
            "subject" => &mut self.subject,
            "patient" => &mut self.patient,
            "beneficiary" => &mut self.beneficiary,
            "for" => &mut self.for_,
            "individual" => &mut self.individual,
            "participant" => &mut self.participant,
            _ => return,
        };
        *place = Some(value);
    }

    fn filed(self) -> Result<(ResourceKey, Option<PatientId>), TextError> {
        let kind = self.kind.and_then(bare).and_then(ResourceType::parse).ok_or(TextError::Unexpected)?;
        let id = self.id.and_then(bare).and_then(ResourceId::parse).ok_or(TextError::Unexpected)?;
        let patient = if kind == ResourceType::PATIENT {
            PatientId::parse(id.as_str())
        } else {
            [self.subject, self.patient, self.beneficiary, self.for_, self.individual]
                .into_iter()
                .flatten()
                .find_map(patient_in)
                .or_else(|| self.participant.and_then(patient_among))
        };
        Ok((ResourceKey { kind, id }, patient))
    }
}

/// A JSON string without its quotes. Escapes stay: neither a type nor an id has one.
fn bare(raw: &str) -> Option<&str> {
    raw.strip_prefix('"')?.strip_suffix('"')
}

fn patient_of(reference: &Reference<'_>) -> Option<PatientId> {
    let key = ResourceKey::parse(reference.reference.as_deref()?)?;
    (key.kind == ResourceType::PATIENT).then(|| PatientId::parse(key.id.as_str())).flatten()
}

fn patient_in(raw: &str) -> Option<PatientId> {
    serde_json::from_str::<Reference<'_>>(raw).ok().as_ref().and_then(patient_of)
}

fn patient_among(raw: &str) -> Option<PatientId> {
    let all: Vec<Participant<'_>> = serde_json::from_str(raw).ok()?;
    all.iter().filter_map(|p| p.actor.as_ref()).find_map(patient_of)
}

impl Serialize for ResourceKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ResourceKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not a reference"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_is_filed_under_its_patient() {
        for (text, patient) in [
            (r#"{"resourceType":"Patient","id":"p"}"#, Some("p")),
            (r#"{"resourceType":"Condition","id":"c","subject":{"reference":"Patient/p"}}"#, Some("p")),
            (r#"{"resourceType":"Condition","id":"c","subject":{"reference":"Group/p"}}"#, None),
            (r#"{"resourceType":"Coverage","id":"c","beneficiary":{"reference":"Patient/p/_history/2"}}"#, Some("p")),
            (
                r#"{"resourceType":"Appointment","id":"a","participant":[{"status":"accepted"},{"actor":{"reference":"Practitioner/d"}},{"actor":{"reference":"Patient/p"}}]}"#,
                Some("p"),
            ),
            (r#"{"resourceType":"Appointment","id":"a","participant":"absurd","subject":[1]}"#, None),
            (r#"{"resourceType":"Organization","id":"o"}"#, None),
        ] {
            let got = Envelope::read(text).unwrap().patient;
            assert_eq!(got.as_ref().map(PatientId::as_str), patient, "{text}");
        }
    }

    #[test]
    fn what_names_no_r4_type_and_id_is_no_resource() {
        for text in [
            "[]",
            "{}",
            r#"{"resourceType":"Patient"}"#,
            r#"{"resourceType":"Elephant","id":"x"}"#,
            r#"{"resourceType":"Patient","id":"a b"}"#,
        ] {
            assert!(Envelope::read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_reference_elsewhere_is_not_ours() {
        assert_eq!(ResourceKey::parse("Patient/p/_history/3").unwrap().to_string(), "Patient/p");
        for other in ["https://other.test/fhir/Patient/p", "urn:uuid:1", "#c", "Patient", "Patient/p/x"] {
            assert!(ResourceKey::parse(other).is_none(), "{other}");
        }
    }
}
