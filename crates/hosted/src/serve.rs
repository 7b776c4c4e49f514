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
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::{
    backup::Backups,
    certificate::{self, KeyFiles, Made, Presented, Source},
    data_dir::DataDir,
    housekeeping::Housekeeping,
    http::{App, MAX_HEAD_BYTES},
    limits::Limits,
    lines::{CountedAcceptor, Lines},
    mail::Mailer,
    practices::Practices,
    scrape,
    store::StoreError,
};

/// How often the counts of tries that were refused are written into the audit trail.
const COUNTS: Duration = Duration::from_secs(3600);

/// How long answers under way have when the host is told to stop.
const GRACE: Duration = Duration::from_secs(10);

/// How a host serves.
#[derive(Clone, Copy, Default)]
pub struct Serving<'a> {
    /// Further names of this machine, for its own certificate.
    pub names: &'a [String],
    /// A certificate that somebody else looks after, in the place of its own.
    pub certificate: Option<&'a KeyFiles>,
    /// What clients may have.
    pub limits: Limits,
    /// Where the metrics are told.
    pub metrics: Option<SocketAddr>,
}

/// A host about to serve: everything that can be refused has been checked.
pub struct Server {
    /// Where it listens; the port is the real one when 0 was asked for.
    pub address: SocketAddr,
    /// The authority's certificate, or the chain that was given.
    pub ca: PathBuf,
    /// Where the metrics are.
    pub metrics_address: Option<SocketAddr>,
    listener: TcpListener,
    tls: RustlsConfig,
    metrics: Option<TcpListener>,
    presented: Presented,
    chain: Vec<u8>,
    app: App,
    backups: Option<Backups>,
    limits: Limits,
    handle: Handle<SocketAddr>,
    terminate: Signal,
    interrupt: Signal,
}

/// Takes a port.
fn bind(address: SocketAddr) -> Result<TcpListener, StoreError> {
    let taken = |_| {
        StoreError::from(Refusal::new(
            Code::PortTaken,
            "The address can't be listened on: another program has the port, or the address is not this machine's.",
        ))
    };
    let listener = TcpListener::bind(address).map_err(taken)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
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
    /// In words, with [`Code::PortTaken`] when an address can't be had.
    pub fn prepare(
        dir: DataDir,
        listen: SocketAddr,
        serving: &Serving<'_>,
        clock: impl Fn() -> Stamp + Send + Sync + 'static,
    ) -> Result<Self, StoreError> {
        let clock = Arc::new(clock);
        let time = Arc::clone(&clock);
        let (ca, source) = match serving.certificate {
            Some(files) => (files.certificate.clone(), Source::Files(files.clone())),
            None => {
                let (folder, names) = (dir.tls(), serving.names.to_vec());
                (certificate::ensure(&folder, &names, clock())?.ca, Source::Own { folder, names })
            }
        };
        let presented = Presented { source, now: Box::new(move || time()) };
        let Made { chain, config } = presented.made()?;
        let metrics = serving.metrics.map(bind).transpose()?;
        let listener = bind(listen)?;
        let practices = Practices::new(dir);
        // Opened now, so that a key that does not fit stops the start and not the first sign-in.
        practices.all()?;
        Ok(Self {
            address: listener.local_addr()?,
            ca,
            listener,
            metrics_address: metrics.as_ref().map(TcpListener::local_addr).transpose()?,
            metrics,
            tls: RustlsConfig::from_config(config),
            presented,
            chain,
            app: App::limited(practices, move || clock(), serving.limits),
            backups: None,
            limits: serving.limits,
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
        let renewing = tokio::spawn(self.presented.go_on(self.tls.clone(), self.chain));
        // Without it the end of an answer waits for the client to acknowledge its beginning: 40 ms, each time.
        let tls = RustlsAcceptor::new(self.tls).handshake_timeout(self.limits.head).acceptor(NoDelayAcceptor::new());
        let head = self.limits.head;
        let lines = Lines::new(self.limits);
        let telling = self.metrics.map(|listener| {
            let (app, lines) = (self.app.clone(), lines.clone());
            tokio::spawn(scrape::serve(listener, move || app.metrics(lines.open())))
        });
        let acceptor = CountedAcceptor::new(tls, lines);
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
        if let Some(telling) = telling {
            telling.abort();
        }
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
