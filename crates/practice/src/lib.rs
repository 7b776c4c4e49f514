//! The domain: ids, FHIR views, schedule rules, policy, permissions, wire types. No I/O, no clock.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod audit;
pub mod chart;
pub mod dictionary;
pub mod feed;
pub mod fold;
pub mod horizon;
pub mod ids;
pub mod life;
pub mod note;
pub mod patient;
pub mod permission;
pub mod policy;
pub mod proof;
pub mod protocol;
pub mod provenance;
pub mod refusal;
pub mod resource;
pub mod role;
pub mod schedule;
pub mod text;
pub mod time;
pub mod views;
pub mod wire;

pub use refusal::{Code, Refusal};
pub use role::Role;

/// Identifier system of members in Provenance and AuditEvent.
pub const MEMBER_SYSTEM: &str = "urn:shadowchart:member";

/// Identifier system of workstations in Provenance and AuditEvent.
pub const WORKSTATION_SYSTEM: &str = "urn:shadowchart:workstation";
