//! Every id the system speaks of, each its own type: swapped arguments do not compile.
//!
//! An id is a FHIR id (`[A-Za-z0-9\-.]{1,64}`, <https://hl7.org/fhir/R4/datatypes.html#id>). Those made here are
//! UUIDs; imported charts bring their own. There is no `Default` and no `From<Uuid>`: an id is read or made on purpose.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Whether `text` is a FHIR id.
pub fn is_fhir_id(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Box<str>);

        impl $name {
            /// Reads an id; `None` when `text` is not a FHIR id.
            pub fn parse(text: &str) -> Option<Self> {
                is_fhir_id(text).then(|| Self(text.into()))
            }

            /// The id that `uuid` writes.
            pub fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid.hyphenated().to_string().into())
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = &'static str;
            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::parse(&text).ok_or("not a FHIR id")
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0.into()
            }
        }
    )+};
}

ids! {
    /// A stretch of time that is taken or held.
    SlotId,
    /// A place: an office, a room.
    LocationId,
    /// A practice: the tenant, one office account.
    PracticeId,
    /// An enrolled computer.
    WorkstationId,
    /// A person with a sign-in.
    MemberId,
    /// A FHIR Patient.
    PatientId,
    /// A FHIR Practitioner.
    PractitionerId,
    /// A FHIR Appointment.
    AppointmentId,
    /// One change: the id of its Provenance, and the key that makes sending it twice harmless.
    ChangeId,
    /// The id part of any resource.
    ResourceId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_fhir_ids_are_ids() {
        for good in ["a", "0f8e.1-X", &"x".repeat(64)] {
            assert!(PatientId::parse(good).is_some(), "{good}");
        }
        for bad in ["", "a b", "ä", "a/b", "a_b", &"x".repeat(65), "\0"] {
            assert!(PatientId::parse(bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn an_id_that_is_none_does_not_deserialize() {
        assert!(serde_json::from_str::<PatientId>("\"../x\"").is_err());
        assert_eq!(serde_json::from_str::<PatientId>("\"p1\"").unwrap().as_str(), "p1");
    }
}
