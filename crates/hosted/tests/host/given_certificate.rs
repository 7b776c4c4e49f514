//! A certificate that somebody else looks after: taken when its file changes, and never a bad one.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, ChildStderr, Command, Stdio},
};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use serde_json::Value;

use crate::office::client;

/// An authority that is not the host's own, in a folder.
struct Authority {
    folder: tempfile::TempDir,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        fs::write(folder.path().join("ca.pem"), params.self_signed(&key).unwrap().pem()).unwrap();
        Self { folder, issuer: Issuer::new(params, key) }
    }

    fn ca(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// A certificate for this machine and its key, PEM; `days` are those until its end.
    fn issue(&self, days: i64) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        params.not_after = time::OffsetDateTime::now_utc() + time::Duration::days(days);
        (params.signed_by(&key, &self.issuer).unwrap().pem(), key.serialize_pem())
    }
}

struct Files {
    folder: tempfile::TempDir,
}

impl Files {
    fn put(&self, (certificate, key): &(String, String)) {
        // As tools that renew certificates do: written beside, and put in place whole.
        for (name, text) in [("key.pem", key), ("certificate.pem", certificate)] {
            let draft = self.path("draft");
            fs::write(&draft, text).unwrap();
            fs::rename(draft, self.path(name)).unwrap();
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

fn serve(data: &Path, files: &Files) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shadowchart-hosted"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--json", "--data"]).arg(data);
    command.arg("--certificate").arg(files.path("certificate.pem"));
    command.arg("--private-key").arg(files.path("key.pem"));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn made() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    let mut init = Command::new(env!("CARGO_BIN_EXE_shadowchart-hosted"));
    init.args(["init", "--practice", "Elm", "--time-zone", "UTC", "--admin", "a@elm.test", "--json", "--data"]);
    assert!(init.arg(root.path().join("data")).stdin(Stdio::null()).output().unwrap().status.success());
    root
}

fn ready(child: &mut Child) -> String {
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let said: Value = serde_json::from_str(&line).unwrap();
    format!("https://{}/health", said["listening"].as_str().unwrap())
}

/// Reads the log until a line holds `words`.
fn hear(log: &mut BufReader<ChildStderr>, words: &str) -> String {
    let mut line = String::new();
    while !line.contains(words) {
        line.clear();
        assert_ne!(log.read_line(&mut line).unwrap(), 0, "the log ends without \"{words}\"");
    }
    line
}

async fn answers(url: &str, ca: &Path) -> bool {
    client(ca).get(url).send().await.is_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn another_certificate_is_taken_from_its_file_and_a_bad_one_is_not() {
    let root = made();
    let (first, second) = (Authority::new(), Authority::new());
    let files = Files { folder: tempfile::tempdir().unwrap() };
    files.put(&first.issue(30));
    let mut child = serve(&root.path().join("data"), &files).spawn().unwrap();
    let url = ready(&mut child);
    let mut log = BufReader::new(child.stderr.take().unwrap());
    assert!(answers(&url, &first.ca()).await && !answers(&url, &second.ca()).await);
    let held = client(&first.ca());
    assert!(held.get(&url).send().await.is_ok());

    let (good, other) = (second.issue(30), second.issue(30));
    for (bad, why) in [
        ((other.0.clone(), good.1.clone()), "not the certificate's"),
        ((String::new(), good.1.clone()), "holds no certificate"),
        (second.issue(-1), "has ended"),
        ((good.0.clone(), "nonsense".to_owned()), "holds no key"),
    ] {
        files.put(&bad);
        let said = hear(&mut log, "the one before it goes on");
        assert!(said.contains(why) && !said.contains("BEGIN"), "{why}: {said}");
        assert!(answers(&url, &first.ca()).await, "{why}: the one before goes on");
        // A good one between: each badness is said once.
        files.put(&second.issue(30));
        hear(&mut log, "another certificate is presented");
        files.put(&first.issue(30));
        hear(&mut log, "another certificate is presented");
    }
    files.put(&good);
    hear(&mut log, "another certificate is presented");
    assert!(answers(&url, &second.ca()).await && !answers(&url, &first.ca()).await);
    assert!(held.get(&url).send().await.is_ok(), "a line that was open goes on");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_start_with_a_bad_certificate_is_refused_in_words() {
    let root = made();
    let authority = Authority::new();
    let files = Files { folder: tempfile::tempdir().unwrap() };
    let good = authority.issue(30);
    for (certificate, why) in [
        (None, "can't be read"),
        (Some((authority.issue(30).0, good.1.clone())), "not the certificate's"),
        (Some(authority.issue(-1)), "has ended"),
        (Some((good.1.clone(), good.1.clone())), "holds no certificate"),
    ] {
        if let Some(certificate) = certificate {
            files.put(&certificate);
        }
        let output = serve(&root.path().join("data"), &files).output().unwrap();
        let said: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((output.status.code(), said["code"].as_str()), (Some(3), Some("invalid")), "{why}");
        assert!(said["say"].as_str().unwrap().contains(why), "{said}");
    }
    let mut half = serve(&root.path().join("data"), &files);
    let half = half.args(["--metrics", "nonsense"]).output().unwrap();
    assert_eq!(half.status.code(), Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_under_way_is_finished_when_the_host_is_told_to_stop() {
    let root = made();
    let mut command = Command::new(env!("CARGO_BIN_EXE_shadowchart-hosted"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--json", "--data"]).arg(root.path().join("data"));
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let url = ready(&mut child);
    let url = url.strip_suffix("/health").unwrap().to_owned();
    let ca = fs::read(root.path().join("data/tls/ca.pem")).unwrap();
    let mut log = BufReader::new(child.stderr.take().unwrap());
    let mut raw = crate::raw::Raw::agreeing(&url, &ca, "http/1.1");
    let body = r#"{"code":"0000-0000-0000","name":"x","zone":"exam_room"}"#;
    let (begun, rest) = body.split_at(20);
    let length = body.len();
    raw.send(format!(
        "POST /enrol HTTP/1.1\r\nhost: localhost\r\ncontent-length: {length}\r\nexpect: 100-continue\r\n\r\n"
    ));
    // The head was read, and somebody waits for the body.
    assert_eq!(raw.status(), Some(100));
    raw.send(begun);
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    hear(&mut log, "stopping");
    let address = url.strip_prefix("https://").unwrap();
    crate::wait::until("nobody new is let in", || std::net::TcpStream::connect(address).is_err()).await;
    raw.send(rest);
    let said = tokio::task::spawn_blocking(move || raw.rest()).await.unwrap();
    assert!(said.contains("\r\n\r\nHTTP/1.1 403") && said.contains("bad_code"), "finished: {said}");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
