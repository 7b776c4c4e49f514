//! The real `shadowchart-hosted`, on a copy of a demo practice.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpSocket;

#[derive(Clone)]
pub struct Account {
    pub email: String,
    pub password: String,
}

pub struct Host {
    folder: TempDir,
    /// Never listens: while the process is away it keeps the port from everybody else.
    port: TcpSocket,
    process: Option<Child>,
    demo: Value,
}

impl Drop for Host {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Host {
    /// With a small demo.
    pub fn start() -> Self {
        Self::of(40)
    }

    /// With the demo of so many patients.
    pub fn of(patients: u32) -> Self {
        let demo = demo(patients);
        let folder = tempfile::tempdir().unwrap();
        copy(&demo.join("data"), &folder.path().join("data"));
        let demo = serde_json::from_slice(&fs::read(demo.join("demo.json")).unwrap()).unwrap();
        let port = TcpSocket::new_v4().unwrap();
        port.set_reuseaddr(true).unwrap();
        port.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let mut host = Self { folder, port, process: None, demo };
        host.resume();
        host
    }

    /// As a power cut would.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    /// Serves again at the address it had.
    pub fn resume(&mut self) {
        let mut process = Command::new(program())
            .args(["--json", "serve", "--listen", &self.port.local_addr().unwrap().to_string(), "--data"])
            .arg(self.data())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut said = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut said).unwrap();
        self.process = Some(process);
        assert!(!said.is_empty(), "the host does not say where it listens");
    }

    pub fn url(&self) -> String {
        format!("https://localhost:{}", self.port.local_addr().unwrap().port())
    }

    pub fn ca_pem(&self) -> String {
        fs::read_to_string(self.data().join("tls/ca.pem")).unwrap()
    }

    pub fn account(&self, name: &str) -> Account {
        let is_them = |m: &&Value| m["email"] == format!("{name}@example.test");
        let member = self.demo["members"].as_array().unwrap().iter().find(is_them).expect("a demo account");
        let text = |field: &str| member[field].as_str().unwrap().to_owned();
        Account { email: text("email"), password: text("password") }
    }

    pub fn practitioner(&self) -> String {
        self.other_practitioner(0)
    }

    /// The id of one further down the list.
    pub fn other_practitioner(&self, place: usize) -> String {
        self.demo["practitioners"][place]["id"].as_str().unwrap().to_owned()
    }

    pub fn resources(&self) -> usize {
        usize::try_from(self.demo["resources"].as_u64().unwrap()).unwrap()
    }

    /// A single-use code for a new workstation.
    pub fn code(&self) -> String {
        self.tell(&["enrol-code"], "")["code"].as_str().unwrap().to_owned()
    }

    /// Runs a command of the operator: the subcommand, then what follows the practice's id.
    pub fn tell(&self, words: &[&str], typed: &str) -> Value {
        let mut command = Command::new(program());
        command.args(["--json", words[0], "--data"]).arg(self.data());
        command.args(["--practice", self.demo["practice"].as_str().unwrap()]).args(&words[1..]);
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        process.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
        let output = process.wait_with_output().unwrap();
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stdout));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }
}

/// Beside the folder in which this test lies.
pub fn program() -> PathBuf {
    let here = std::env::current_exe().unwrap();
    let program = here.ancestors().nth(2).unwrap().join("shadowchart-hosted");
    assert!(program.is_file(), "These tests need the host. Build it first: cargo build --bin shadowchart-hosted");
    program
}

/// A demo practice around today, made once for each build of the host, for all tests to copy.
fn demo(patients: u32) -> PathBuf {
    let all = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let built = fs::metadata(program()).unwrap().modified().unwrap();
    let built = built.duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
    let ready = all.join(format!("demo-{patients}-{built}-{}", jiff::Zoned::now().date()));
    if ready.is_dir() {
        return ready;
    }
    let draft = tempfile::tempdir_in(all).unwrap();
    let mut command = Command::new(program());
    command.args(["--json", "demo", "--patients", &patients.to_string(), "--providers", "3"]);
    command.arg("--data").arg(draft.path().join("data"));
    let made = command.output().unwrap();
    assert!(made.status.success(), "the demo could not be made");
    fs::write(draft.path().join("demo.json"), made.stdout).unwrap();
    // Whoever comes second finds it there, which is as good.
    let _ = fs::rename(draft.keep(), &ready);
    ready
}

pub fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}
