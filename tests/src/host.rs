//! A real host process with a demo practice, that a test may kill and start again.

use crate::{
    ask, build,
    demo::Demo,
    port::Kept,
    process::Running,
    wait::{PATIENCE, until},
};
use anyhow::{Context, Result, bail, ensure};
use rustix::process::Signal;
use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    process::Command,
};
use tempfile::TempDir;

/// The hosted backend on a folder and a port of its own.
pub struct Host {
    folder: TempDir,
    port: u16,
    _kept: Kept,
    process: Option<Running>,
    /// How it is served beside the usual.
    options: Vec<String>,
    /// What the demo made.
    pub demo: Demo,
}

impl Host {
    /// Makes a demo practice and serves it.
    ///
    /// # Errors
    /// The demo can't be made, or the host does not answer.
    pub async fn with_demo(arguments: &[&str]) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("shadowchart-host").tempdir()?;
        let data = folder.path().join("data");
        let made = hosted(&data, "demo", arguments)?;
        let demo = Demo::read(&made)?;
        // It is killed and started again: meanwhile nobody may get its port.
        let kept = Kept::new()?;
        let mut host = Self { folder, port: kept.number()?, _kept: kept, process: None, options: Vec::new(), demo };
        host.start().await?;
        Ok(host)
    }

    /// Serves, and returns when it answers.
    ///
    /// # Errors
    /// It ended or stayed silent.
    pub async fn start(&mut self) -> Result<()> {
        let mut command = Command::new(build::program("shadowchart-hosted")?);
        command.arg("serve").arg("--data").arg(self.data());
        command.args(["--listen", &format!("127.0.0.1:{}", self.port)]);
        command.args(&self.options);
        command.env("SHADOWCHART_LOG", "info,hosted::http=debug");
        let mut process = Running::start(&mut command, &self.folder.path().join("serve.log"))?;
        until("the host's answer", PATIENCE, || {
            let answer = process.still_there().and_then(|()| self.healthy());
            async move { answer }
        })
        .await?;
        self.process = Some(process);
        Ok(())
    }

    /// Serves anew with more options than the usual.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub async fn serve_with(&mut self, options: &[&str]) -> Result<()> {
        self.kill();
        self.options = options.iter().map(|option| (*option).to_owned()).collect();
        self.start().await
    }

    /// Kills it, as a power cut would.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill();
        }
    }

    /// Its process.
    ///
    /// # Errors
    /// It does not run.
    pub fn process_id(&self) -> Result<u32> {
        Ok(self.process.as_ref().context("the host runs")?.id())
    }

    /// How many requests it says to have answered since it was started.
    pub fn answered(&self) -> usize {
        let log = self.process.as_ref().map(Running::output).unwrap_or_default();
        log.lines().filter(|line| line.contains("answered")).count()
    }

    /// Where workstations find it.
    pub fn url(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    /// The certificate authority's text, as it is pasted at enrolment.
    ///
    /// # Errors
    /// The file is not there.
    pub fn ca_pem(&self) -> Result<String> {
        Ok(std::fs::read_to_string(&self.demo.ca)?)
    }

    /// A fresh single-use code for a workstation.
    ///
    /// # Errors
    /// The host's command line refuses.
    pub fn enrol_code(&self) -> Result<String> {
        let made = hosted(&self.data(), "enrol-code", &["--practice", &self.demo.practice])?;
        Ok(made["code"].as_str().context("enrol-code gives a code")?.to_owned())
    }

    /// Runs a command of the operator on the demo's practice.
    ///
    /// # Errors
    /// The host's command line refuses it.
    pub fn operate(&self, verb: &str, words: &[&str]) -> Result<Value> {
        hosted(&self.data(), verb, &[&["--practice", &self.demo.practice], words].concat())
    }

    /// Leaves its lines open and answers nothing, until [`Self::go_on`].
    ///
    /// # Errors
    /// It has ended.
    pub fn stall(&self) -> Result<()> {
        self.process.as_ref().context("the host runs")?.signal(Signal::STOP)
    }

    /// Ends [`Self::stall`].
    ///
    /// # Errors
    /// It has ended.
    pub fn go_on(&self) -> Result<()> {
        self.process.as_ref().context("the host runs")?.signal(Signal::CONT)
    }

    /// Takes in a file of FHIR resources.
    ///
    /// # Errors
    /// The host's command line refuses it or a part of it.
    pub fn import(&self, file: &Path) -> Result<()> {
        let file = file.to_string_lossy();
        let taken = hosted(&self.data(), "import", &["--practice", &self.demo.practice, &file])?;
        ensure!(taken["rejected"].as_array().is_some_and(Vec::is_empty), "not all of it was taken: {taken}");
        Ok(())
    }

    /// A folder that goes with the host.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn healthy(&self) -> Result<()> {
        ask::answers(&format!("{}/health", self.url()), Some(&self.demo.ca))
    }
}

fn hosted(data: &Path, verb: &str, arguments: &[&str]) -> Result<Value> {
    let mut command = Command::new(build::program("shadowchart-hosted")?);
    command.args(["--json", verb, "--data"]).arg(data).args(arguments);
    let ran = command.output()?;
    if !ran.status.success() {
        bail!("shadowchart-hosted {verb} ended with {}: {}", ran.status, String::from_utf8_lossy(&ran.stderr));
    }
    serde_json::from_slice(&ran.stdout).with_context(|| format!("{verb} --json prints one JSON document"))
}
