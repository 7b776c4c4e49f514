//! The certificate that a running host presents: its own, made anew in time, or one from files that somebody else looks
//! after. Either way another one is taken without a restart, and lines that are open go on.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use axum_server::tls_rustls::RustlsConfig;
use practice::{Code, time::Stamp};
use rustls::ServerConfig;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use zeroize::Zeroizing;

use super::{ensure, server};
use crate::store::StoreError;

/// How often it is looked whether another certificate is due.
const LOOK: Duration = Duration::from_secs(2);

/// A certificate, its chain and its key, PEM.
#[derive(Clone, Debug)]
pub struct KeyFiles {
    /// The certificate, and after it those that lead to the authority.
    pub certificate: PathBuf,
    /// The certificate's private key.
    pub private_key: PathBuf,
}

/// Where the certificate comes from.
pub(crate) enum Source {
    /// The data folder's own authority, for these names.
    Own {
        /// `DATA/tls`.
        folder: PathBuf,
        /// What the operator calls this machine.
        names: Vec<String>,
    },
    /// Files that somebody else looks after.
    Files(KeyFiles),
}

/// The certificate of a running host.
pub(crate) struct Presented {
    pub source: Source,
    pub now: Box<dyn Fn() -> Stamp + Send + Sync>,
}

/// A chain as it is presented, and the bytes by which it is told from another.
pub(crate) struct Made {
    pub chain: Vec<u8>,
    pub config: Arc<ServerConfig>,
}

impl Presented {
    /// The certificate as it has to be now.
    ///
    /// # Errors
    /// In words, when it can't be had.
    pub fn made(&self) -> Result<Made, StoreError> {
        match &self.source {
            Source::Own { folder, names } => {
                let file = ensure(folder, names, (self.now)())?.server;
                let text = Zeroizing::new(fs::read(&file)?);
                const BAD: StoreError = StoreError::Damaged("the server's certificate");
                let chain = CertificateDer::from_pem_slice(&text).map_err(|_| BAD)?.to_vec();
                Ok(Made { chain, config: server::tls_config(&file)? })
            }
            Source::Files(files) => offered(files, (self.now)()),
        }
    }

    /// Presents another certificate when there is one to present. One that can't be is said once, and the one before it
    /// goes on.
    pub async fn go_on(self, presented: RustlsConfig, mut before: Vec<u8>) {
        let (this, mut said) = (Arc::new(self), false);
        loop {
            tokio::time::sleep(LOOK).await;
            let looked = Arc::clone(&this);
            let made = tokio::task::spawn_blocking(move || looked.made()).await;
            match made {
                Ok(Ok(made)) => {
                    if before != made.chain {
                        presented.reload_from_config(made.config);
                        before = made.chain;
                        tracing::info!("another certificate is presented");
                    }
                    said = false;
                }
                Ok(Err(error)) if !said => {
                    let why = error.refusal().say;
                    tracing::warn!(why, "the certificate can't be taken: the one before it goes on");
                    said = true;
                }
                Ok(Err(_)) => {}
                Err(_) => tracing::warn!("the certificate could not be looked after"),
            }
        }
    }
}

/// The certificate in `files`, when it can be presented at `now`.
fn offered(files: &KeyFiles, now: Stamp) -> Result<Made, StoreError> {
    let refused = |say| StoreError::refused(Code::Invalid, say);
    let read = |file: &Path, say| fs::read(file).map(Zeroizing::new).map_err(|_| refused(say));
    let text = read(&files.certificate, "The certificate's file can't be read.")?;
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(&text)
        .collect::<Result<_, _>>()
        .map_err(|_| refused("The certificate's file is not PEM."))?;
    let Some(first) = chain.first() else { return Err(refused("The certificate's file holds no certificate.")) };
    let good = server::validity(first).ok_or_else(|| refused("The certificate can't be read."))?;
    if !good.contains(&now) {
        return Err(refused("The certificate has ended, or has not begun yet."));
    }
    let key = read(&files.private_key, "The private key's file can't be read.")?;
    let key =
        PrivateKeyDer::from_pem_slice(&key).map_err(|_| refused("The private key's file holds no key in PEM."))?;
    let bytes = chain.iter().flat_map(|one| one.iter().copied()).collect();
    let config = server::config(chain, key).ok_or_else(|| refused("The private key is not the certificate's."))?;
    Ok(Made { chain: bytes, config })
}
