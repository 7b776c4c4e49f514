//! The hosted backend: FHIR over TLS, accounts, and one encrypted store per practice.
//!
//! It knows the domain (`practice`) and nothing of a workstation's local chart or keys.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod data_dir;
pub mod operator_key;
pub mod random;
pub mod store;
