//! The laws of the store, on real SQLCipher files.
#![allow(clippy::unwrap_used, missing_docs)]

mod alike;
mod amend;
mod audit;
mod calls;
mod chart;
mod check;
mod day;
mod forks;
mod horizon;
mod lives;
mod odd;
mod outbox;
mod page;
mod rebuild;
mod same;
mod search;
mod world;
