//! One file per command of the page; each at most five lines, then `workstation`.

pub(crate) mod state;
