//! What our code makes of resources so that screens find them fast. All of it can be thrown away and made again.
//!
//! A projection of a resource is taken out again by what was derived from its old text, so no index by id is needed.

mod appointment;
mod call;
mod patient;
mod practitioner;
mod rebuild;
mod recall;
mod slot;
mod touched;
mod waitlist;

use practice::resource::{ResourceKey, ResourceType};
use rusqlite::Connection;

use crate::{StoreError, body::Unpacker, head};

pub use patient::{FoundBy, Role, month_first};

/// Raised when projections are made differently; a store of another generation makes them anew when it opens.
pub const GENERATION: i64 = 9;

/// Every projection table. What is not here is truth.
pub const TABLES: &[&str] = &[
    "patient",
    "patient_word",
    "same_as",
    "appointment",
    "booked",
    "waitlist",
    "block",
    "practitioner",
    "touched",
    "call",
    "recall",
];

/// The types that something is derived from.
pub const MADE_OF: [ResourceType; 7] = [
    ResourceType::PATIENT,
    ResourceType::APPOINTMENT,
    ResourceType::SLOT,
    ResourceType::PRACTITIONER,
    ResourceType::PROVENANCE,
    ResourceType::COMMUNICATION,
    ResourceType::TASK,
];

/// What is derived from one text. Reading it needs no store.
pub enum Derived {
    Patient(patient::Derived),
    /// By its time, where it has one, and whether it is on the waitlist.
    Appointment(Option<appointment::Derived>, bool),
    Slot(slot::Derived),
    Practitioner(practitioner::Derived),
    Provenance(touched::Derived),
    Call(call::Derived),
    Recall(recall::Derived),
}

impl Derived {
    /// From the text of `key`; `None` where nothing is.
    pub fn read(key: &ResourceKey, text: &str) -> Option<Self> {
        match key.kind {
            ResourceType::PATIENT => patient::Derived::read(key, text).map(Self::Patient),
            ResourceType::APPOINTMENT => {
                Some(Self::Appointment(appointment::Derived::read(text), waitlist::waits(text)))
            }
            ResourceType::SLOT => slot::Derived::read(text).map(Self::Slot),
            ResourceType::PRACTITIONER => Some(Self::Practitioner(practitioner::Derived::read(text))),
            ResourceType::PROVENANCE => touched::Derived::read(text).map(Self::Provenance),
            ResourceType::COMMUNICATION => call::Derived::read(text).map(Self::Call),
            ResourceType::TASK => recall::Derived::read(text).map(Self::Recall),
            _ => None,
        }
    }

    /// Adds it.
    pub fn add(
        &self,
        connection: &Connection,
        key: &ResourceKey,
        compartment: i64,
        unsent: bool,
    ) -> Result<(), StoreError> {
        match self {
            Self::Patient(derived) => derived.add(connection, compartment),
            Self::Appointment(timed, waits) => {
                if *waits {
                    waitlist::add(connection, key, compartment)?;
                }
                timed.as_ref().map_or(Ok(()), |derived| derived.add(connection, key, compartment, unsent))
            }
            Self::Slot(derived) => derived.add(connection, key, unsent),
            Self::Practitioner(derived) => derived.add(connection, key),
            Self::Provenance(derived) => derived.add(connection, key),
            Self::Call(derived) => derived.add(connection, key),
            Self::Recall(derived) => derived.add(connection, key, compartment),
        }
    }
}

/// Adds what is derived from `text`.
pub fn add(
    connection: &Connection,
    key: &ResourceKey,
    compartment: i64,
    text: &str,
    unsent: bool,
) -> Result<(), StoreError> {
    Derived::read(key, text).map_or(Ok(()), |derived| derived.add(connection, key, compartment, unsent))
}

/// Takes out what was derived from the text that `key` has now; to be called before that text is replaced.
pub fn forget(connection: &Connection, unpacker: &mut Unpacker, key: &ResourceKey) -> Result<(), StoreError> {
    let forget = match key.kind {
        ResourceType::PATIENT => patient::forget,
        ResourceType::APPOINTMENT => forget_appointment,
        ResourceType::SLOT => slot::forget,
        ResourceType::PRACTITIONER => practitioner::forget,
        ResourceType::PROVENANCE => touched::forget,
        ResourceType::COMMUNICATION => call::forget,
        ResourceType::TASK => recall::forget,
        _ => return Ok(()),
    };
    let Some(old) = head::find(connection, key)? else { return Ok(()) };
    let text = unpacker.unpack(old.body.dict, &old.body.bytes)?;
    forget(connection, key, old.compartment, &text)
}

fn forget_appointment(connection: &Connection, key: &ResourceKey, no: i64, text: &str) -> Result<(), StoreError> {
    waitlist::forget(connection, key, text)?;
    appointment::forget(connection, key, no, text)
}
