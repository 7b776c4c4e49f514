//! The contract of `shadowctl`, on the real keyring and a real host.
#![allow(clippy::unwrap_used, missing_docs)]

mod desk;
mod documents;
#[path = "../../../workstation/tests/laws/world/host.rs"]
mod host;
mod notes;
mod refusals;
mod usage;
