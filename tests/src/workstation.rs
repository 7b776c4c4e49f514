//! A workstation's folder, and the terminal's way to work on it.

use crate::{build, demo::Member, host::Host};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};
use tempfile::TempDir;

/// One workstation: a folder that goes when the test ends.
pub struct Workstation {
    folder: TempDir,
}

/// What a command said and how it ended.
#[derive(Debug)]
pub struct Answer {
    /// Exit status of the contract.
    pub status: i32,
    /// The one JSON document; null when it printed none.
    pub document: Value,
    /// Standard error.
    pub words: String,
}

impl Workstation {
    /// An empty folder, not enrolled.
    ///
    /// # Errors
    /// No temporary folder can be made.
    pub fn new() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("shadowchart-desk").tempdir()?;
        Ok(Self { folder })
    }

    /// A workstation that belongs to the host's practice.
    ///
    /// # Errors
    /// The enrolment is refused.
    pub fn enrolled(host: &Host) -> Result<Self> {
        Self::enrolled_as(host, "Workstation")
    }

    /// The same, called `name`.
    ///
    /// # Errors
    /// The enrolment is refused.
    pub fn enrolled_as(host: &Host, name: &str) -> Result<Self> {
        let desk = Self::new()?;
        let ca = host.demo.ca.to_string_lossy().into_owned();
        desk.ctl(&["enrol", "--host", &host.url(), "--ca", &ca, "--code", &host.enrol_code()?, "--name", name])?;
        Ok(desk)
    }

    /// The process that has its window open.
    ///
    /// # Errors
    /// There is none.
    pub fn program(&self) -> Result<u32> {
        let home = self.home().to_string_lossy().into_owned();
        let is_ours = |process: &Path| {
            let line = std::fs::read_to_string(process.join("cmdline")).unwrap_or_default();
            let mut words = line.split('\0');
            words.next().is_some_and(|program| program.ends_with("/shadowchart")) && words.any(|word| word == home)
        };
        let mut all = std::fs::read_dir("/proc")?.flatten().map(|entry| entry.path());
        let ours = all.find(|process| is_ours(process)).context("no window is open on this folder")?;
        Ok(ours.file_name().context("a process has a number")?.to_string_lossy().parse()?)
    }

    /// How many handles on its vault any process has.
    ///
    /// # Errors
    /// Processes can't be looked at.
    pub fn open_vault_files(&self) -> Result<usize> {
        let vault = self.home().join("vault/vault.db").to_string_lossy().into_owned();
        let is_vault = |to: &Path| to.to_string_lossy().starts_with(&*vault);
        let mut open = 0;
        for process in std::fs::read_dir("/proc")?.flatten() {
            // Processes end while we look.
            let Ok(handles) = std::fs::read_dir(process.path().join("fd")) else { continue };
            open += handles.flatten().filter(|fd| std::fs::read_link(fd.path()).is_ok_and(|to| is_vault(&to))).count();
        }
        Ok(open)
    }

    /// Its folder.
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// A log file that lives as long as the workstation.
    pub(crate) fn log(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs `shadowctl --json` and expects success.
    ///
    /// # Errors
    /// It ended otherwise; the message holds what it said.
    pub fn ctl(&self, arguments: &[&str]) -> Result<Value> {
        expect_success(arguments, self.try_ctl(arguments, None)?)
    }

    /// As [`Self::ctl`], as a member who types the password.
    ///
    /// # Errors
    /// As [`Self::ctl`].
    pub fn ctl_as(&self, member: &Member, arguments: &[&str]) -> Result<Value> {
        let mut all = vec!["--member", &member.email, "--password-stdin"];
        all.extend(arguments);
        expect_success(arguments, self.try_ctl(&all, Some(&member.password))?)
    }

    /// Runs `shadowctl --json` and says how it ended.
    ///
    /// # Errors
    /// The program can't be started.
    pub fn try_ctl(&self, arguments: &[&str], password: Option<&str>) -> Result<Answer> {
        run(&self.home(), arguments, password)
    }
}

fn expect_success(arguments: &[&str], answer: Answer) -> Result<Value> {
    if answer.status != 0 {
        let verb = arguments.first().copied().unwrap_or_default();
        bail!("shadowctl {verb} ended with {}: {} {}", answer.status, answer.document, answer.words);
    }
    Ok(answer.document)
}

fn run(home: &Path, arguments: &[&str], password: Option<&str>) -> Result<Answer> {
    let mut child = Command::new(build::program("shadowctl")?)
        .arg("--home")
        .arg(home)
        .arg("--json")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut typing = child.stdin.take().context("standard input is a pipe")?;
    if let Some(password) = password {
        writeln!(typing, "{password}")?;
    }
    drop(typing);
    let ran = child.wait_with_output()?;
    Ok(Answer {
        status: ran.status.code().context("shadowctl was killed by a signal")?,
        document: serde_json::from_slice(&ran.stdout).unwrap_or_default(),
        words: String::from_utf8_lossy(&ran.stderr).into_owned(),
    })
}
