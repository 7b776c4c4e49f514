//! Serving: TLS, time limits on whoever is slow, and an end that lets the answers under way be finished.

use std::{
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use axum_server::{
    Handle,
    accept::NoDelayAcceptor,
    tls_rustls::{RustlsAcceptor, RustlsConfig},
};
use hyper_util::rt::TokioTimer;
use practice::{Code, Refusal, time::Stamp};
use rustls::ServerConfig;
use rustls_pki_types::{CertificateDer, pem::PemObject};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::{certificate, data_dir::DataDir, http::App, practices::Practices, store::StoreError};

/// How long a request's head may take, and how long an unused connection stays open.
const HEAD: Duration = Duration::from_secs(15);

/// How often it is looked whether another certificate is due.
const LOOK: Duration = Duration::from_secs(2);

/// How long answers under way have when the host is told to stop.
const GRACE: Duration = Duration::from_secs(10);

/// Largest head of a request, in bytes.
const MAX_HEAD: usize = 16 * 1024;

/// A host about to serve: everything that can be refused has been checked.
pub struct Server {
    /// Where it listens; the port is the real one when 0 was asked for.
    pub address: SocketAddr,
    /// The authority's certificate.
    pub ca: PathBuf,
    listener: TcpListener,
    tls: RustlsConfig,
    renewal: Renewal,
    certificate: Vec<u8>,
    app: App,
    handle: Handle<SocketAddr>,
    terminate: Signal,
    interrupt: Signal,
}

/// The time now, for [`App::new`].
pub fn now() -> Stamp {
    Stamp::new(jiff::Timestamp::now())
}

impl Server {
    /// Opens `dir`'s practices, renews the certificate where that is due, and takes the port. From here on SIGTERM and
    /// SIGINT no longer kill the process: [`Server::run`] answers them.
    ///
    /// # Errors
    /// In words, with [`Code::PortTaken`] when the address can't be had.
    pub fn prepare(
        dir: DataDir,
        listen: SocketAddr,
        names: &[String],
        clock: impl Fn() -> Stamp + Send + Sync + 'static,
    ) -> Result<Self, StoreError> {
        let clock = Arc::new(clock);
        let ca = certificate::ensure(&dir.tls(), names, clock())?.ca;
        let time = Arc::clone(&clock);
        let renewal = Renewal { folder: dir.tls(), names: names.to_vec(), now: Box::new(move || time()) };
        let (certificate, config) = renewal.made()?;
        let listener = TcpListener::bind(listen).map_err(|_| {
            StoreError::from(Refusal::new(
                Code::PortTaken,
                "The address can't be listened on: another program has the port, or the address is not this machine's.",
            ))
        })?;
        listener.set_nonblocking(true)?;
        let practices = Practices::new(dir);
        // Opened now, so that a key that does not fit stops the start and not the first sign-in.
        practices.all()?;
        Ok(Self {
            address: listener.local_addr()?,
            ca,
            listener,
            tls: RustlsConfig::from_config(config),
            renewal,
            certificate,
            app: App::new(practices, move || clock()),
            handle: Handle::new(),
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Ends [`Server::run`] from elsewhere.
    pub fn handle(&self) -> Handle<SocketAddr> {
        self.handle.clone()
    }

    /// Serves until the process is told to stop.
    ///
    /// # Errors
    /// When the listener fails.
    pub async fn run(mut self) -> Result<(), StoreError> {
        let (handle, app) = (self.handle.clone(), self.app.clone());
        let stop = tokio::spawn(async move {
            tokio::select! {
                _ = self.terminate.recv() => {}
                _ = self.interrupt.recv() => {}
            }
            tracing::info!("stopping");
            app.end_lines();
            handle.graceful_shutdown(Some(GRACE));
        });
        let renewing = tokio::spawn(self.renewal.go_on(self.tls.clone(), self.certificate));
        // Without it the end of an answer waits for the client to acknowledge its beginning: 40 ms, each time.
        let acceptor = RustlsAcceptor::new(self.tls).acceptor(NoDelayAcceptor::new());
        let mut server = axum_server::from_tcp(self.listener)?.acceptor(acceptor).handle(self.handle);
        server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(MAX_HEAD * 4);
        server
            .http_builder()
            .http2()
            .timer(TokioTimer::new())
            .keep_alive_interval(HEAD)
            .max_concurrent_streams(64)
            .max_header_list_size(MAX_HEAD as u32);
        let served = server.serve(self.app.router().into_make_service_with_connect_info::<SocketAddr>()).await;
        stop.abort();
        renewing.abort();
        Ok(served?)
    }
}

/// What the certificate of a running host is made of.
struct Renewal {
    folder: PathBuf,
    names: Vec<String>,
    now: Box<dyn Fn() -> Stamp + Send + Sync>,
}

impl Renewal {
    /// Presents another certificate when the present one ends soon, or another authority is to vouch. Lines that are
    /// open go on.
    async fn go_on(self, presented: RustlsConfig, mut before: Vec<u8>) {
        let this = Arc::new(self);
        loop {
            tokio::time::sleep(LOOK).await;
            let renewal = Arc::clone(&this);
            match tokio::task::spawn_blocking(move || renewal.made()).await {
                Ok(Ok((bytes, config))) if before != bytes => {
                    presented.reload_from_config(config);
                    before = bytes;
                    tracing::info!("another certificate is presented");
                }
                Ok(Ok(_)) => {}
                Ok(Err(_)) | Err(_) => tracing::warn!("the certificate could not be looked after"),
            }
        }
    }

    /// The certificate, and how it is presented.
    fn made(&self) -> Result<(Vec<u8>, Arc<ServerConfig>), StoreError> {
        let file = certificate::ensure(&self.folder, &self.names, (self.now)())?.server;
        let bytes =
            CertificateDer::from_pem_file(&file).map_err(|_| StoreError::Damaged("the server's certificate"))?;
        Ok((bytes.to_vec(), certificate::tls_config(&file)?))
    }
}
