//! A PostgreSQL for tests, made by `scripts/postgres.sh`.

use std::{path::PathBuf, process::Command};

/// The address of a database of the test's own, or none where practices are kept in files:
/// `scripts/postgres.sh with cargo nextest run -p hosted` has the tests keep theirs in PostgreSQL.
pub fn database() -> Option<String> {
    let folder = PathBuf::from(std::env::var_os("SHADOWCHART_TEST_POSTGRES")?);
    Some(Server { folder, own: false }.database())
}

/// A PostgreSQL.
pub struct Server {
    pub folder: PathBuf,
    own: bool,
}

impl Server {
    /// One that is the test's alone.
    pub fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("shadowchart-postgres.").tempdir().unwrap().keep();
        let server = Self { folder, own: true };
        server.script(&["start"]);
        server
    }

    /// Runs the script with this one's folder.
    pub fn script(&self, words: &[&str]) {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/postgres.sh");
        let mut command = Command::new(script);
        if let Some(program) = option_env!("CARGO_BIN_EXE_shadowchart-hosted") {
            command.env("SHADOWCHART_HOSTED", program);
        }
        let done = command.arg(words[0]).arg(&self.folder).args(&words[1..]).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }

    /// Says `statement` as the owner of everything.
    pub fn psql(&self, statement: &str) {
        let psql = Command::new("psql")
            .args(["--quiet", "--username", "owner", "--dbname", "postgres", "--command", statement, "--host"])
            .arg(&self.folder)
            .output()
            .unwrap();
        assert!(psql.status.success(), "{}", String::from_utf8_lossy(&psql.stderr));
    }

    /// A new database that is ready for practices: its address for the host's role.
    pub fn database(&self) -> String {
        let (name, folder) = (format!("t{}", uuid::Uuid::new_v4().simple()), self.folder.display());
        self.psql(&format!("create database {name} template practices"));
        format!("host={folder} user=host dbname={name}")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.own {
            self.script(&["stop", "immediate"]);
            std::fs::remove_dir_all(&self.folder).unwrap();
        }
    }
}
