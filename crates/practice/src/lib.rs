//! The domain: ids, FHIR views, schedule rules, policy, permissions, wire types. No I/O, no clock.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod ids;
pub mod permission;
pub mod policy;
pub mod refusal;
pub mod resource;
pub mod role;
pub mod text;
pub mod time;

pub use refusal::{Code, Refusal};
pub use role::Role;
