//! The sync protocol as a state machine: event in, effects out.
