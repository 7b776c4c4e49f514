//! The sync protocol as a state machine: event in, effects out. No clock, no randomness, no I/O: the driver in
//! `workstation` carries effects out without deciding anything, and the tests run whole worlds of it.
//!
//! A round is always the same: policy, then the outbox until it is empty, then pages until there are no more, then what
//! was changed here and there is merged, and sent; then the audit chain. One round at a time; whoever asks during a round gets one more after it.

#![deny(clippy::wildcard_enum_match_arm)]

mod backoff;
mod machine;
pub mod merge;

pub use backoff::Backoff;
pub use machine::{Effect, Event, Failure, Machine, PushOutcome, Step};
