//! Worlds of several workstations and a host, each from a seed: the real sync machine, merge, local and hosted stores on
//! a line that loses, repeats, delays and cuts off, with computers that crash between any two steps, lock, and have wrong
//! clocks, and a host that is put back from a backup. In some worlds each workstation keeps a part only, now this, now that. The same
//! seed is the same world.
//!
//! Not simulated: the wire format beyond the transaction Bundle, and the vault.

mod desk;
mod dice;
mod edits;
mod give_back;
mod horizon;
mod host;
mod laws;
mod world;

pub use host::Host;
pub use world::{Flaw, Seen, World};
