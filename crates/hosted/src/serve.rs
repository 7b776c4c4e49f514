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

use crate::{
    backup::Backups,
    certificate,
    data_dir::DataDir,
    housekeeping::Housekeeping,
    http::{App, MAX_HEAD_BYTES},
    limits::Limits,
    lines::{CountedAcceptor, Lines},
    mail::Mailer,
    practices::Practices,
    store::StoreError,
};

/// How often it is looked whether another certificate is due.
const LOOK: Duration = Duration::from_secs(2);

/// How often the counts of tries that were refused are written into the audit trail.
const COUNTS: Duration = Duration::from_secs(3600);

/// How long answers under way have when the host is told to stop.
const GRACE: Duration = Duration::from_secs(10);

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
    backups: Option<Backups>,
    limits: Limits,
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
        Self::prepare_within(dir, listen, names, Limits::default(), clock)
    }

    /// As [`Server::prepare`], with other limits.
    ///
    /// # Errors
    /// As [`Server::prepare`].
    pub fn prepare_within(
        dir: DataDir,
        listen: SocketAddr,
        names: &[String],
        limits: Limits,
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
            app: App::limited(practices, move || clock(), limits),
            backups: None,
            limits,
            handle: Handle::new(),
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Sends mail through `mailer`: links to choose a password.
    pub fn mail_by(&self, mailer: Mailer) {
        self.app.mail_by(mailer);
    }

    /// Backs every practice up each hour, and tries each week whether a backup can be put back.
    #[must_use]
    pub fn with_backups(mut self, backups: Backups) -> Self {
        self.app.will_back_up();
        self.backups = Some(backups);
        self
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
        let counting = tokio::spawn(write_tries_hourly(self.app.clone()));
        let _keeping = Housekeeping::new(self.app.clone(), self.backups).go_on()?;
        let renewing = tokio::spawn(self.renewal.go_on(self.tls.clone(), self.certificate));
        // Without it the end of an answer waits for the client to acknowledge its beginning: 40 ms, each time.
        let tls = RustlsAcceptor::new(self.tls).handshake_timeout(self.limits.head).acceptor(NoDelayAcceptor::new());
        let head = self.limits.head;
        let acceptor = CountedAcceptor::new(tls, Lines::new(self.limits));
        let mut server = axum_server::from_tcp(self.listener)?.acceptor(acceptor).handle(self.handle);
        server
            .http_builder()
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(head)
            .max_buf_size(MAX_HEAD_BYTES * 4);
        server
            .http_builder()
            .http2()
            .timer(TokioTimer::new())
            .keep_alive_interval(head)
            .keep_alive_timeout(head)
            .max_concurrent_streams(64)
            .max_header_list_size(MAX_HEAD_BYTES as u32);
        let served = server.serve(self.app.clone().router().into_make_service_with_connect_info::<SocketAddr>()).await;
        stop.abort();
        renewing.abort();
        counting.abort();
        let app = self.app;
        // The last word of this host on who was turned away.
        let _ = tokio::task::spawn_blocking(move || app.write_tries()).await;
        Ok(served?)
    }
}

/// Tells of the tries that have no row of their own.
async fn write_tries_hourly(app: App) {
    loop {
        tokio::time::sleep(COUNTS).await;
        let app = app.clone();
        let _ = tokio::task::spawn_blocking(move || app.write_tries()).await;
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
