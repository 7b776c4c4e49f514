//! `database`: a PostgreSQL database, made ready to hold practices.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{Outcome, Report};
use crate::store::Cluster;

#[derive(Args)]
pub(super) struct Database {
    /// Its address, with the role that is to own the tables; that one's password is taken from PGPASSWORD.
    #[arg(long, value_name = "URL")]
    database: String,
    /// The role that the host will have. It may be no superuser and may not bypass row-level security.
    #[arg(long, value_name = "ROLE")]
    role: String,
    /// Who vouches for the database's certificate (PEM), where it is on another machine.
    #[arg(long, value_name = "FILE")]
    database_ca: Option<PathBuf>,
}

impl Database {
    pub fn run(self) -> Outcome {
        Cluster::prepare(&self.database, self.database_ca.as_deref(), &self.role)?;
        Ok(Report::new(json!({"ready": true}), "The database is ready."))
    }
}
