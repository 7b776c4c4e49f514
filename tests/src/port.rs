//! Ports of our own.

use anyhow::Result;
use std::net::{Ipv4Addr, TcpListener};
use tokio::net::TcpSocket;

/// A port that nobody listens on now. The kernel hands them out in turn, so that tests side by side get different ones.
///
/// # Errors
/// The machine has no free port.
pub fn free() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// A port that the kernel gives to nobody else as long as this is there, whether or not somebody listens on it.
pub struct Kept(TcpSocket);

impl Kept {
    /// Bound and never listening: on Linux a program that names the port can listen on it beside this (socket(7),
    /// SO_REUSEADDR), and no line of another process begins at it.
    ///
    /// # Errors
    /// The machine has no free port.
    pub fn new() -> Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.set_reuseaddr(true)?;
        socket.bind((Ipv4Addr::LOCALHOST, 0).into())?;
        Ok(Self(socket))
    }

    /// Its number.
    ///
    /// # Errors
    /// The kernel does not say.
    pub fn number(&self) -> Result<u16> {
        Ok(self.0.local_addr()?.port())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpStream;

    #[test]
    fn who_names_a_kept_port_listens_on_it_again_and_again_and_nobody_else_gets_it() -> Result<()> {
        let kept = Kept::new()?;
        let address = (Ipv4Addr::LOCALHOST, kept.number()?);
        for _ in 0..2 {
            let listener = TcpListener::bind(address)?;
            let _line = TcpStream::connect(address)?;
            listener.accept()?;
        }
        assert!(TcpSocket::new_v4()?.bind(address.into()).is_err(), "no line begins at it");
        Ok(())
    }
}
