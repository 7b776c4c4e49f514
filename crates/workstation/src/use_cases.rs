//! One use case, one file: what is asked, what may be refused, what is told to the audit trail.

mod appointment;
pub mod audit;
pub(crate) mod book;
mod bring_back;
mod certificates;
pub(crate) mod change;
mod chart;
mod computers;
mod day;
pub mod diagnose;
pub mod enrol;
mod fetch;
mod find;
mod health;
mod holds;
mod left_off;
pub(crate) mod move_appointment;
mod outbox;
mod overbooking;
mod person;
mod policy;
#[cfg(feature = "test-put")]
pub mod put;
mod rebook;
mod rescue;
mod second_factor;
mod set_status;
pub(crate) mod settings;
mod settle;
mod show_resource;
pub mod sign_in;
pub mod status;
mod undo;
mod unlock;
mod wipe;
