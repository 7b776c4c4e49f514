//! `serve`: the host at work.

use std::{
    net::{Ipv4Addr, SocketAddr, ToSocketAddrs},
    path::PathBuf,
};

use clap::Args;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::json;
use zeroize::Zeroizing;

use super::{Outcome, Report, StoredIn};
use crate::{
    backup::Backups,
    certificate::KeyFiles,
    data_dir::DataDir,
    limits::Limits,
    mail::{MailSettings, Mailer},
    serve::{Server, Serving, now},
    store::StoreError,
};

#[derive(Args)]
pub(super) struct Serve {
    /// The data folder.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    #[command(flatten)]
    stored_in: StoredIn,
    /// Where to listen; port 0 takes a free one, and says which.
    #[arg(long, value_name = "ADDR:PORT", value_parser = address)]
    listen: SocketAddr,
    /// Another name or address of this machine, for the certificate; may be repeated.
    #[arg(long, value_name = "HOST")]
    name: Vec<String>,
    /// A certificate with its chain, PEM, in the place of the host's own; taken anew when the file changes.
    #[arg(long, value_name = "FILE", requires = "private_key")]
    certificate: Option<PathBuf>,
    /// The private key of that certificate, PEM.
    #[arg(long, value_name = "FILE", requires = "certificate")]
    private_key: Option<PathBuf>,
    /// Where metrics are told, in Prometheus' format and without TLS; a port alone is one of this machine itself.
    #[arg(long, value_name = "ADDR:PORT", value_parser = near_address)]
    metrics: Option<SocketAddr>,
    /// Connections at once.
    #[arg(long, value_name = "N")]
    max_connections: Option<usize>,
    /// Connections at once from one address; a whole office may have one.
    #[arg(long, value_name = "N")]
    max_connections_per_address: Option<usize>,
    /// The mail server for links to choose a password: smtp://host:port, or smtps://host:port for TLS from the first byte.
    #[arg(long, value_name = "URL", requires = "mail_from")]
    smtp: Option<String>,
    /// The sender of that mail.
    #[arg(long, value_name = "ADDRESS", requires = "smtp")]
    mail_from: Option<String>,
    /// User and password at the mail server, a line each; else SHADOWCHART_SMTP_USER and SHADOWCHART_SMTP_PASSWORD.
    #[arg(long, value_name = "FILE", requires = "smtp")]
    smtp_credentials: Option<PathBuf>,
    /// How a browser of a member reaches this host: https://name:port. The first --name and the port, unless given.
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// Back every practice up each hour, into this folder or address that restic takes, and try each week whether a
    /// backup can be put back.
    #[arg(long, value_name = "PATH")]
    repository: Option<String>,
    /// A second repository, elsewhere, that gets a copy.
    #[arg(long, value_name = "PATH", requires = "repository")]
    copy_to: Option<String>,
    /// A file whose first line is the repositories' password. Without it, the data folder's own is used.
    #[arg(long, value_name = "FILE", requires = "repository")]
    password_file: Option<PathBuf>,
}

fn address(text: &str) -> Result<SocketAddr, &'static str> {
    text.to_socket_addrs().ok().and_then(|mut all| all.next()).ok_or("an address looks like 127.0.0.1:8443")
}

/// A port alone is not for others.
fn near_address(text: &str) -> Result<SocketAddr, &'static str> {
    match text.parse::<u16>() {
        Ok(port) => Ok((Ipv4Addr::LOCALHOST, port).into()),
        Err(_) => address(text),
    }
}

/// Each computer's line is an open file, and the usual limit is 1,024: as many as the system lets this process have.
fn take_all_lines() {
    let limit = getrlimit(Resource::Nofile);
    if setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }).is_err() {
        tracing::warn!("the limit of open files could not be raised");
    }
}

impl Serve {
    fn limits(&self) -> Limits {
        let usual = Limits::default();
        let limits = Limits {
            connections: self.max_connections.unwrap_or(usual.connections),
            connections_per_address: self.max_connections_per_address.unwrap_or(usual.connections_per_address),
            ..usual
        };
        limits.within_the_systems()
    }

    /// What sends mail, when that is wanted.
    fn mailer(&self, address: SocketAddr) -> Result<Option<Mailer>, StoreError> {
        let Some((smtp, from)) = self.smtp.as_deref().zip(self.mail_from.as_deref()) else { return Ok(None) };
        let credentials = match &self.smtp_credentials {
            Some(file) => {
                let text = Zeroizing::new(std::fs::read_to_string(file)?);
                let mut lines = text.lines().map(str::to_owned);
                lines.next().zip(lines.next().map(Zeroizing::new))
            }
            None => {
                let named = |name: &str| std::env::var(name).ok();
                named("SHADOWCHART_SMTP_USER").zip(named("SHADOWCHART_SMTP_PASSWORD").map(Zeroizing::new))
            }
        };
        let name = self.name.first().cloned().unwrap_or_else(|| address.ip().to_string());
        let url = self.public_url.clone().unwrap_or_else(|| format!("https://{name}:{}", address.port()));
        Mailer::new(MailSettings { smtp, from, url: &url, credentials }).map(Some)
    }

    pub fn run(self, json: bool) -> Outcome {
        take_all_lines();
        let dir = self.stored_in.of(DataDir::open(&self.data)?)?;
        let backups = self
            .repository
            .as_deref()
            .map(|at| Backups::new(&dir, at, self.copy_to.as_deref(), self.password_file.as_deref()))
            .transpose()?;
        let runtime = tokio::runtime::Runtime::new()?;
        runtime.block_on(async {
            let files = self.certificate.clone().zip(self.private_key.clone());
            let files = files.map(|(certificate, private_key)| KeyFiles { certificate, private_key });
            let serving = Serving {
                names: &self.name,
                certificate: files.as_ref(),
                limits: self.limits(),
                metrics: self.metrics,
            };
            if self.metrics.is_some_and(|metrics| !metrics.ip().is_loopback()) {
                tracing::warn!("the metrics are told to other machines too, without TLS");
            }
            let server = Server::prepare(dir, self.listen, &serving, now)?;
            if let Some(mailer) = self.mailer(server.address)? {
                server.mail_by(mailer);
            }
            let server = match backups {
                Some(backups) => server.with_backups(backups),
                None => server,
            };
            let (address, ca, metrics) = (server.address, server.ca.display().to_string(), server.metrics_address);
            let vouches = if files.is_some() { "Certificate" } else { "Certificate authority" };
            let told = metrics.map(|metrics| format!("\nMetrics: http://{metrics}/metrics")).unwrap_or_default();
            // Said as soon as connections are taken, since scripts wait for it; the end has nothing to add.
            Report::new(
                json!({"listening": address, "ca": ca, "metrics": metrics}),
                format!("Listening on https://{address}\n{vouches}: {ca}{told}"),
            )
            .print(json);
            server.run().await?;
            Ok(Report::new(json!({"stopped": true}), "Stopped."))
        })
    }
}
