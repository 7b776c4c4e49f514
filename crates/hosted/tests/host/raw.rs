//! A client that says over TLS whatever it is told to, and no HTTP of its own.

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    sync::Arc,
    time::{Duration, Instant},
};

use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use rustls_pki_types::{CertificateDer, ServerName, pem::PemObject};

use crate::office::Host;

/// No answer takes longer than this.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long a host with short limits may bear with a client that drips.
const BEARS: Duration = Duration::from_secs(8);

pub struct Raw(StreamOwned<ClientConnection, TcpStream>);

impl Raw {
    /// A connection to `host` on which HTTP/1.1 is agreed.
    pub fn open(host: &Host) -> Self {
        Self::agreeing(&host.url, &std::fs::read(&host.ca).unwrap(), "http/1.1")
    }

    pub fn agreeing(url: &str, ca: &[u8], protocol: &str) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(ca).unwrap()).unwrap();
        let mut config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        config.alpn_protocols = vec![protocol.as_bytes().to_vec()];
        let name = ServerName::try_from("localhost").unwrap();
        let stream = TcpStream::connect(url.strip_prefix("https://").unwrap()).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Self(StreamOwned::new(ClientConnection::new(Arc::new(config), name).unwrap(), stream))
    }

    /// Whether it could still be sent.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.0.write_all(bytes.as_ref()).and_then(|()| self.0.flush()).is_ok()
    }

    /// All that comes until the host closes the connection.
    pub fn rest(mut self) -> String {
        let (mut all, mut piece) = (Vec::new(), [0; 16 * 1024]);
        loop {
            match self.0.read(&mut piece) {
                Ok(0) => break,
                Ok(n) => all.extend_from_slice(&piece[..n]),
                Err(error) => {
                    assert_ne!(error.kind(), ErrorKind::WouldBlock, "the host keeps the connection open");
                    break;
                }
            }
        }
        String::from_utf8_lossy(&all).into_owned()
    }

    /// Sends a byte of `bytes` now and then, until the host has had enough; what it says.
    pub fn drip(mut self, bytes: &[u8]) -> (usize, String) {
        let began = Instant::now();
        self.0.sock.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
        let (mut all, mut piece) = (Vec::new(), [0; 1024]);
        for (sent, byte) in bytes.iter().enumerate() {
            assert!(began.elapsed() < BEARS, "the host is patient without end");
            let gone = !self.send([*byte]);
            match self.0.read(&mut piece) {
                Ok(n) if n > 0 => all.extend_from_slice(&piece[..n]),
                Err(error) if error.kind() == ErrorKind::WouldBlock && !gone => {}
                _ => return (sent, String::from_utf8_lossy(&all).into_owned()),
            }
        }
        panic!("the host took all of it: {}", String::from_utf8_lossy(&all));
    }

    /// The status of what comes next, and nothing of the rest: one answer is asked for at a time.
    pub fn status(&mut self) -> Option<u16> {
        let mut head = [0; 12];
        self.0.read_exact(&mut head).ok()?;
        std::str::from_utf8(&head[9..]).unwrap().parse().ok()
    }
}
