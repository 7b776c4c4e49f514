//! The hosted backend: FHIR over TLS, accounts, and one encrypted store per practice.
//!
//! It knows the domain (`practice`) and nothing of a workstation's local chart or keys.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod backup;
pub mod certificate;
pub mod cli;
mod contacts;
pub mod data_dir;
pub mod demo;
pub mod ending;
mod housekeeping;
pub mod http;
pub mod import;
pub mod limits;
mod lines;
pub mod log;
pub mod mail;
pub mod operator_key;
pub mod practices;
mod pulse;
pub mod random;
mod scrape;
pub mod serve;
pub mod store;
#[cfg(feature = "otel")]
pub mod traces;
mod written;
