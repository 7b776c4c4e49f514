//! The laws of the workstation, on a real host process over TLS, real SQLCipher files and a keychain in memory.
#![allow(clippy::unwrap_used, missing_docs)]

mod audit;
mod certificates;
mod computers;
mod enrolment;
mod faults;
mod health;
mod idle;
mod lease;
mod left_off;
mod live;
mod locked;
mod offline;
mod password;
mod policy;
mod protocol;
mod refused_changes;
mod rescue;
mod settings;
mod source;
mod stopped;
mod story;
mod sync;
mod table;
mod wipe;
mod world;
