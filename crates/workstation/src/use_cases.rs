//! One use case, one file: what is asked, what may be refused, what is told to the audit trail.

mod appointment;
pub mod audit;
mod book;
mod certificates;
mod change;
mod chart;
mod computers;
mod day;
pub mod diagnose;
pub mod enrol;
mod find;
mod health;
mod left_off;
mod move_appointment;
mod outbox;
mod policy;
mod rebook;
mod rescue;
mod set_status;
pub(crate) mod settings;
mod show_resource;
pub mod sign_in;
pub mod status;
mod undo;
mod unlock;
mod wipe;
