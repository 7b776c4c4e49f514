//! `serve`: the host at work.

use std::{
    net::{SocketAddr, ToSocketAddrs},
    path::PathBuf,
};

use clap::Args;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::json;

use super::{Outcome, Report, StoredIn};
use crate::{
    data_dir::DataDir,
    limits::Limits,
    serve::{Server, now},
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
    /// Connections at once.
    #[arg(long, value_name = "N")]
    max_connections: Option<usize>,
    /// Connections at once from one address; a whole office may have one.
    #[arg(long, value_name = "N")]
    max_connections_per_address: Option<usize>,
}

fn address(text: &str) -> Result<SocketAddr, &'static str> {
    text.to_socket_addrs().ok().and_then(|mut all| all.next()).ok_or("an address looks like 127.0.0.1:8443")
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

    pub fn run(self, json: bool) -> Outcome {
        take_all_lines();
        let dir = self.stored_in.of(DataDir::open(&self.data)?)?;
        let runtime = tokio::runtime::Runtime::new()?;
        runtime.block_on(async {
            let server = Server::prepare_within(dir, self.listen, &self.name, self.limits(), now)?;
            let (address, ca) = (server.address, server.ca.display().to_string());
            // Said as soon as connections are taken, since scripts wait for it; the end has nothing to add.
            Report::new(
                json!({"listening": address, "ca": ca}),
                format!("Listening on https://{address}\nCertificate authority: {ca}"),
            )
            .print(json);
            server.run().await?;
            Ok(Report::new(json!({"stopped": true}), "Stopped."))
        })
    }
}
