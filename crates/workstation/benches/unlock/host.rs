//! The host as a process of its own.

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

/// `shadowchart-hosted` on a demo practice.
pub struct Host {
    folder: TempDir,
    practice: String,
    /// Of the demo's front desk: address and password.
    pub member: (String, String),
    /// The certificate authority, PEM.
    pub ca_pem: String,
    address: String,
    process: Child,
}

impl Host {
    /// Makes a practice of so many patients and serves it.
    pub fn with_demo(patients: u64) -> Self {
        let folder = TempDir::new().unwrap();
        let data = folder.path().join("data");
        let patients = patients.to_string();
        let made = run(Command::new(program()).args(["--json", "demo", "--data"]).arg(&data).args([
            "--patients",
            &patients,
            "--providers",
            "12",
        ]));
        let front_desk =
            made["members"].as_array().unwrap().iter().find(|member| member["role"] == "front_desk").unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let (process, address) = serve(&data);
        Self {
            practice: text(&made["practice"]),
            member: (text(&front_desk["email"]), text(&front_desk["password"])),
            ca_pem: std::fs::read_to_string(text(&made["ca"])).unwrap(),
            folder,
            address,
            process,
        }
    }

    /// Where workstations find it.
    pub fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// A single-use code for a workstation.
    pub fn enrol_code(&self) -> String {
        let made = run(Command::new(program())
            .args(["--json", "enrol-code", "--data"])
            .arg(self.data())
            .args(["--practice", &self.practice]));
        made["code"].as_str().unwrap().to_owned()
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Returns when connections are taken: the host says so in its first line.
fn serve(data: &std::path::Path) -> (Child, String) {
    let mut process = Command::new(program())
        .args(["--json", "serve", "--data"])
        .arg(data)
        .args(["--listen", "127.0.0.1:0"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut said).unwrap();
    let said: Value = serde_json::from_str(&said).expect("the host says where it listens");
    (process, said["listening"].as_str().unwrap().to_owned())
}

fn run(command: &mut Command) -> Value {
    let ran = command.stderr(Stdio::inherit()).output().unwrap();
    assert!(ran.status.success(), "the host's command line refused");
    serde_json::from_slice(&ran.stdout).unwrap()
}

/// Beside this bench: same build, same profile.
fn program() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let program = own.ancestors().nth(2).unwrap().join("shadowchart-hosted");
    assert!(program.exists(), "{} is not built; `make bench` builds it first", program.display());
    program
}
