//! Which certificates vouch for the host, and when each ends: seen in every handshake that holds.

use std::sync::{Arc, Mutex, PoisonError};

use practice::time::Stamp;
use rustls::{
    DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::CryptoProvider,
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use x509_parser::{certificate::X509Certificate, parse_x509_certificate};

/// What a certificate is to the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The host's own.
    Host,
    /// Between the host's and the authority's.
    Between,
    /// The authority that this computer trusts.
    Authority,
}

/// When a certificate ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ending {
    /// Which it is.
    pub place: Place,
    /// The last moment at which it holds.
    pub at: Stamp,
}

/// Verifies as rustls does, and keeps when the certificates of the last chain that held end.
#[derive(Debug)]
pub(super) struct Witness {
    verifier: Arc<WebPkiServerVerifier>,
    authorities: Vec<CertificateDer<'static>>,
    seen: Mutex<Vec<Ending>>,
}

impl Witness {
    /// Trusts `authorities` alone; `None` when one of them is no certificate, or there is none.
    pub(super) fn of(authorities: Vec<CertificateDer<'static>>, provider: Arc<CryptoProvider>) -> Option<Self> {
        let mut roots = RootCertStore::empty();
        authorities.iter().try_for_each(|authority| roots.add(authority.clone())).ok()?;
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build().ok()?;
        Some(Self { verifier, authorities, seen: Mutex::default() })
    }

    /// The chain of the last handshake that held; empty before the first.
    pub(super) fn endings(&self) -> Vec<Ending> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Of several authorities only the one that vouches counts: another may end in peace.
    fn chain(&self, host: &CertificateDer<'_>, between: &[CertificateDer<'_>]) -> Vec<Ending> {
        let presented: Vec<X509Certificate<'_>> = [host].into_iter().chain(between).filter_map(read).collect();
        let places = [Place::Host].into_iter().chain(std::iter::repeat(Place::Between));
        let authorities = self.authorities.iter().filter_map(read);
        let vouching = authorities
            .filter(|authority| presented.iter().any(|one| one.issuer.as_raw() == authority.subject.as_raw()));
        let all = presented.iter().zip(places).map(|(one, place)| (ends(one), place));
        let all: Vec<_> = all.chain(vouching.map(|authority| (ends(&authority), Place::Authority))).collect();
        all.into_iter().filter_map(|(at, place)| Some(Ending { place, at: at? })).collect()
    }
}

fn read<'a>(der: &'a CertificateDer<'_>) -> Option<X509Certificate<'a>> {
    Some(parse_x509_certificate(der).ok()?.1)
}

fn ends(certificate: &X509Certificate<'_>) -> Option<Stamp> {
    Stamp::from_millis(certificate.validity.not_after.timestamp() * 1000)
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        host: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        revocation: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified = self.verifier.verify_server_cert(host, between, name, revocation, now)?;
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = self.chain(host, between);
        Ok(verified)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}
