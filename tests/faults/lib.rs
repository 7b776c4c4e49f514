//! Two real workstations as processes and the real host as another, with a proxy between them that cuts, stalls, slows,
//! corrupts and replays what passes, and with `kill -9` of any at any moment. What is played is from a seed; how it
//! comes out also hangs on the computer.
//!
//! The workstation is the example `workstation-process`, the host is `shadowchart-hosted serve`, and the rounds are in
//! `rounds`. Not tried here: a power cut, which loses what the system has not written yet.
//!
//! Here is what must hold of whatever is read from the line, for `bytes` in this crate and for the fuzzer in `fuzz/`.

pub mod readers;
