//! `shadowctl` on a folder of its own.

use std::{
    fs,
    io::Write,
    path::PathBuf,
    process::{Command, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

use super::host::{Account, Host};

pub struct Desk {
    pub host: Host,
    pub home: TempDir,
    ca: PathBuf,
    who: Account,
}

/// What a command answered.
#[derive(Debug)]
pub struct Said {
    pub status: i32,
    pub out: String,
    pub err: String,
}

impl Said {
    /// The document of a command that was done.
    pub fn done(self) -> Value {
        assert_eq!(self.status, 0, "{self:?}");
        self.document()
    }

    /// The code of a command that was not.
    pub fn refused(self, status: i32) -> String {
        assert_eq!(self.status, status, "{self:?}");
        let document = self.document();
        assert!(document["say"].as_str().is_some_and(|say| say.ends_with('.')), "{self:?}");
        document["code"].as_str().unwrap().to_owned()
    }

    pub fn document(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("one JSON document: {self:?}"))
    }
}

/// Runs the program.
pub fn shadowctl(words: &[&str], typed: &str) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shadowctl"));
    command.args(words).env_remove("SHADOWCHART_HOME");
    let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A command that asks for no password may have ended already.
    let _ = process.stdin.take().unwrap().write_all(typed.as_bytes());
    let output = process.wait_with_output().unwrap();
    Said {
        status: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

impl Desk {
    /// A folder that is not enrolled yet.
    pub fn new() -> Self {
        let alone = std::env::var_os("SHADOWCHART_MARK").is_some();
        assert!(
            alone,
            "These tests write to the keyring, so they run on one of their own: scripts/in-session.sh cargo nextest run -p ctl"
        );
        let host = Host::start();
        let home = tempfile::tempdir().unwrap();
        let ca = home.path().join("ca.pem");
        fs::write(&ca, host.ca_pem()).unwrap();
        let who = host.account("desk");
        Self { host, home, ca, who }
    }

    /// Enrolled and synced.
    pub fn at_work() -> Self {
        let desk = Self::new();
        desk.enrol(&desk.host.code()).done();
        desk.run(&["sync"]).done();
        desk
    }

    pub fn folder(&self) -> String {
        self.home.path().join("folder").to_str().unwrap().to_owned()
    }

    pub fn enrol(&self, code: &str) -> Said {
        self.plain(&["enrol", "--host", &self.host.url(), "--ca", self.ca.to_str().unwrap(), "--code", code])
    }

    /// A command that needs nobody.
    pub fn plain(&self, words: &[&str]) -> Said {
        shadowctl(&[&["--json", "--home", &self.folder()], words].concat(), "")
    }

    /// A command of the front desk.
    pub fn run(&self, words: &[&str]) -> Said {
        self.run_as(&self.who, words)
    }

    pub fn run_as(&self, who: &Account, words: &[&str]) -> Said {
        let folder = self.folder();
        let head = ["--json", "--home", &folder, "--member", &who.email, "--password-stdin"];
        shadowctl(&[&head, words].concat(), &format!("{}\r\n", who.password))
    }

    pub fn account(&self, password: &str) -> Account {
        Account { email: self.who.email.clone(), password: password.to_owned() }
    }

    /// Some patient's id.
    pub fn patient(&self) -> String {
        self.run(&["find", "a"]).done()["patients"][0]["id"].as_str().unwrap().to_owned()
    }

    pub fn book(&self, patient: &str, start: &str) -> Said {
        let (provider, start) = (self.host.practitioner(), format!("2027-12-24T{start}"));
        self.run(&[
            "book",
            "--patient",
            patient,
            "--practitioner",
            &provider,
            "--start",
            &start,
            "--minutes",
            "30",
            "--comment",
            "on the phone",
        ])
    }
}
