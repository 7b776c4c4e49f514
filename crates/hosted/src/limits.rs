//! How much of the host one client may have, and for how long.

use std::time::Duration;

use rustix::process::{Resource, getrlimit};

/// What a host lets clients have.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long a request's head may take, and how long an unused connection stays open.
    pub head: Duration,
    /// How long a request's body may take.
    pub body: Duration,
    /// How long the host itself may take to begin its answer, beyond the body.
    pub answer: Duration,
    /// How long a client may take nothing of what is sent to it.
    pub stall: Duration,
    /// Connections at once.
    pub connections: usize,
    /// Connections at once from one address: of an office, or of a hostile computer. They look alike.
    pub connections_per_address: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(15),
            body: Duration::from_secs(60),
            answer: Duration::from_secs(60),
            stall: Duration::from_secs(60),
            connections: 8_192,
            connections_per_address: 2_048,
        }
    }
}

impl Limits {
    /// No more connections than the process may have files open, with some left for the practices' own.
    pub fn within_the_systems(self) -> Self {
        let files = getrlimit(Resource::Nofile).current.and_then(|files| usize::try_from(files).ok());
        let most = files.map_or(self.connections, |files| self.connections.min(files / 4 * 3).max(1));
        Self { connections: most, connections_per_address: self.connections_per_address.min(most), ..self }
    }
}
