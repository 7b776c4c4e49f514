//! A message bus for tests.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use zbus::connection;

/// A bus of its own, gone with the test.
pub(crate) struct Bus {
    daemon: Child,
    address: String,
}

impl Bus {
    pub(crate) fn start() -> Self {
        let mut daemon = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--nopidfile", "--print-address=1"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("dbus-daemon, which scripts/setup.sh installs");
        let mut address = String::new();
        BufReader::new(daemon.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Self { daemon, address: address.trim().to_owned() }
    }

    pub(crate) fn builder(&self) -> connection::Builder<'static> {
        connection::Builder::address(self.address.as_str()).unwrap()
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}
