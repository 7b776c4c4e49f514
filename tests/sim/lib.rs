//! Worlds of several workstations and a host, each from a seed: the real sync machine, merge, local and hosted stores on
//! a line that loses, repeats, delays and cuts off, with computers that crash between any two steps, lock, and have wrong
//! clocks. The same seed is the same world.
//!
//! Not simulated: the wire format beyond the transaction Bundle, the vault, and a host restored from a backup.

mod desk;
mod dice;
mod edits;
mod host;
mod laws;
mod world;

pub use host::Host;
pub use world::{Flaw, Seen, World};
