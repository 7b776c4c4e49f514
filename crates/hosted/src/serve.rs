//! Serving: TLS, time limits on whoever is slow, and an end that lets the answers under way be finished.

use std::{
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    time::Duration,
};

use axum_server::{
    Handle,
    accept::NoDelayAcceptor,
    tls_rustls::{RustlsAcceptor, RustlsConfig},
};
use hyper_util::rt::TokioTimer;
use practice::{Code, Refusal, time::Stamp};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::{certificate, data_dir::DataDir, http::App, practices::Practices, store::StoreError};

/// How long a request's head may take, and how long an unused connection stays open.
const HEAD: Duration = Duration::from_secs(15);

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
        let certificates = certificate::ensure(&dir, names, clock())?;
        let tls = RustlsConfig::from_config(certificate::tls_config(&certificates.server)?);
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
            ca: certificates.ca,
            listener,
            tls,
            app: App::new(practices, clock),
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
        Ok(served?)
    }
}
