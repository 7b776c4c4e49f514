//! Ports of our own.

use anyhow::Result;
use std::net::TcpListener;

/// A port that nobody listens on now. The kernel hands them out in turn, so that tests side by side get different ones.
///
/// # Errors
/// The machine has no free port.
pub fn free() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
