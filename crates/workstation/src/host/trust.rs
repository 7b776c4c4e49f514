//! Whom this computer trusts to vouch for its host: the practice's authority, and nobody else.

use std::{sync::Arc, time::Duration};

use practice::{Code, protocol};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use rustls::{
    ClientConfig,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject},
};

use super::chain::Witness;
use crate::{refused::Outcome, screen::Refused};

/// A client that goes to nobody else.
pub(super) struct Trust {
    pub(super) ca_pem: String,
    pub(super) http: reqwest::Client,
    pub(super) witness: Arc<Witness>,
}

impl Trust {
    /// Trusts the certificates in `ca_pem` alone.
    ///
    /// # Errors
    /// When there is none, or one that can't be used.
    pub(super) fn of(ca_pem: &str) -> Outcome<Self> {
        let invalid = |say: &str| Refused { code: Code::Invalid, say: say.to_owned() };
        let authorities: Vec<_> = CertificateDer::pem_slice_iter(ca_pem.as_bytes())
            .collect::<Result<_, _>>()
            .ok()
            .filter(|all: &Vec<_>| !all.is_empty())
            .ok_or_else(|| invalid("That is not a certificate authority file. It begins with BEGIN CERTIFICATE."))?;
        let unusable = || invalid("That certificate authority can't be used.");
        let provider = Arc::new(ring::default_provider());
        let witness = Arc::new(Witness::of(authorities, Arc::clone(&provider)).ok_or_else(unusable)?);
        let mut tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|_| unusable())?
            .dangerous()
            .with_custom_certificate_verifier(Arc::<Witness>::clone(&witness))
            .with_no_client_auth();
        tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let spoken = HeaderValue::from_str(&protocol::SPOKEN.to_string()).unwrap_or_else(|_| unreachable!("numbers"));
        let http = reqwest::Client::builder()
            .default_headers(HeaderMap::from_iter([(HeaderName::from_static(protocol::HEADER), spoken)]))
            .tls_backend_preconfigured(tls)
            .https_only(true)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .connect_timeout(Duration::from_secs(3))
            .read_timeout(Duration::from_secs(20))
            .user_agent(format!("{}{}", practice::wire::PROGRAM, env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|_| unusable())?;
        Ok(Self { ca_pem: ca_pem.to_owned(), http, witness })
    }
}
