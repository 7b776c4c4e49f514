//! Passwords chosen by mailed links, with a mail server that runs.

use std::{
    io::{BufRead, BufReader, Read, Write},
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    time::{Duration, Instant},
};

use hosted::mail::{MailSettings, Mailer};
use practice::{
    Role,
    wire::{EnrolReply, SignInReply},
};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::office::{Desk, Host, PASSWORD, client, code, email, member};

/// Longer than any mail takes that comes at all.
const PATIENCE: Duration = Duration::from_secs(60);

const NEW: &str = "violin plaza otter amber";

/// A mail server that tells what it took. It ends with the test.
pub struct Sink {
    child: Child,
    told: Receiver<String>,
    pub port: u64,
}

impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Sink {
    pub fn start(arguments: &[&str]) -> Sink {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/host/sink.py");
        // Debian's own: that is where its aiosmtpd is.
        let mut child = Command::new("/usr/bin/python3")
            .arg(script)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (tell, told) = channel();
        std::thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| tell.send(line)));
        let first = told.recv_timeout(PATIENCE).expect("python3-aiosmtpd is installed");
        let port = serde_json::from_str::<Value>(&first).unwrap()["port"].as_u64().unwrap();
        Sink { child, told, port }
    }

    pub fn mailer(&self) -> Mailer {
        Mailer::new(MailSettings {
            smtp: &format!("smtp://127.0.0.1:{}", self.port),
            from: "Elm Street <office@elm.example>",
            url: "https://host.elm.example:8443",
            credentials: None,
        })
        .unwrap()
    }

    /// What it told that was not looked at; it has ended then.
    pub fn rest(mut self) -> Vec<String> {
        self.child.kill().unwrap();
        self.told.iter().collect()
    }

    /// The next message; waits for it.
    pub fn next(&self) -> Value {
        serde_json::from_str(&self.told.recv_timeout(PATIENCE).expect("a mail")).unwrap()
    }
}

const ADMIN: &str = "a@elm.test";

/// The program on a data folder with a practice, whose admin is [`ADMIN`] with [`PASSWORD`].
pub struct Program {
    pub root: tempfile::TempDir,
    practice: String,
}

impl Program {
    pub fn new() -> Program {
        let mut program = Program { root: tempfile::tempdir().unwrap(), practice: String::new() };
        let admin = ["--time-zone", "UTC", "--admin", ADMIN, "--password-stdin"];
        let made = program.told(&[&["init", "--practice", "Eléna & Söhne"], &admin[..]].concat(), PASSWORD);
        program.practice = made["practice"].as_str().unwrap().to_owned();
        program
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_shadowchart-hosted"));
        command.args(arguments).arg("--json").arg("--data").arg(self.root.path().join("data"));
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        command
    }

    fn told(&self, arguments: &[&str], input: &str) -> Value {
        let mut child = self.command(arguments).spawn().unwrap();
        child.stdin.take().unwrap().write_all(format!("{input}\n").as_bytes()).unwrap();
        serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap()
    }

    /// The host at work, with mail by `smtp` and whatever `more` asks for.
    pub fn serve(&self, smtp: &str, more: impl FnOnce(&mut Command)) -> Mailing {
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0", "--mail-from", "office@elm.example"]);
        command.args(["--public-url", "https://host.elm.example:8443", "--smtp", smtp]).stderr(Stdio::piped());
        more(&mut command);
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        let url = format!("https://{}", ready["listening"].as_str().unwrap());
        let client = client(std::path::Path::new(ready["ca"].as_str().unwrap()));
        Mailing { child, url, client }
    }
}

/// A host that sends mail. It ends with the test.
pub struct Mailing {
    child: Child,
    pub url: String,
    pub client: reqwest::Client,
}

impl Mailing {
    pub async fn enrol(&self, program: &Program) -> EnrolReply {
        let made = program.told(&["enrol-code", "--practice", &program.practice], "");
        let wish = json!({"code": made["code"], "name": "x", "zone": "exam_room"}).to_string();
        self.client.post(format!("{}/enrol", self.url)).body(wish).send().await.unwrap().json().await.unwrap()
    }

    /// The admin's token.
    pub async fn sign_in(&self, desk: &EnrolReply) -> String {
        let who = json!({"email": ADMIN, "password": PASSWORD}).to_string();
        let asked = self.client.post(format!("{}/sign-in", self.url)).bearer_auth(&desk.device_token).body(who);
        let reply: SignInReply = asked.send().await.unwrap().json().await.unwrap();
        reply.access_token
    }

    /// Ends it; what it wrote into its log.
    pub fn stop(mut self) -> String {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        let mut log = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        self.child.wait().unwrap();
        log
    }
}

impl Drop for Mailing {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The path and query of the link in a message.
pub fn link(message: &Value) -> String {
    let text = message["text"].as_str().unwrap();
    let line = text.lines().find(|line| line.starts_with("https://host.elm.example:8443/password?link=")).expect(text);
    line.strip_prefix("https://host.elm.example:8443").unwrap().to_owned()
}

pub async fn forgot(host: &Host, desk: &Desk, email: &str) -> (StatusCode, String) {
    let body = json!({"email": email}).to_string();
    let response = host.ask(Method::POST, "/password/forgotten", Some(&desk.token), Some(body)).await;
    (response.status(), response.text().await.unwrap())
}

/// What the page says to `password` typed behind `link`.
pub async fn choose(host: &Host, link: &str, password: &str, again: &str) -> (StatusCode, String) {
    let token = link.split_once("link=").unwrap().1;
    let form = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("link", token), ("password", password), ("again", again)])
        .finish();
    let response = host.ask(Method::POST, "/password", None, Some(form)).await;
    (response.status(), response.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_is_chosen_anew_by_a_link_that_works_once() {
    let sink = Sink::start(&[]);
    let host = Host::start_mailing(sink.mailer()).await;
    let desk = host.enrol("elm").await;
    let address = email("elm", Role::Provider);
    let signed_in = host.sign_in(&desk, Role::Provider).await.access_token;
    assert_eq!(forgot(&host, &desk, &address.to_uppercase()).await, (StatusCode::ACCEPTED, String::new()));
    let message = sink.next();
    assert_eq!((&message["from"], &message["to"]), (&json!("office@elm.example"), &json!([address])));
    let link = link(&message);

    let look = host.ask(Method::GET, &link, None, None).await;
    let headers = look.headers().clone();
    let policy = headers["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-") && !policy.contains("unsafe"), "{policy}");
    assert!(headers["referrer-policy"] == "no-referrer" && headers["cache-control"] == "no-store");
    let page = look.text().await.unwrap();
    assert!(page.contains("<form method=\"post\"") && !page.contains("<script") && !page.contains(&address));

    for (password, again, word) in [
        (NEW, "violin plaza otter", "differ"),
        ("short", "short", "at least 10"),
        ("provider@elm", "provider@elm", "easy to guess"),
    ] {
        let (status, page) = choose(&host, &link, password, again).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{password}");
        assert!(page.contains(word) && page.contains("<form"), "{page}");
        assert!(!page.contains(&format!("\"{password}\"")), "what was typed is not shown");
    }
    let (status, page) = choose(&host, &link, NEW, NEW).await;
    assert!(status == StatusCode::OK && page.contains("is set"), "{page}");
    let again = choose(&host, &link, "another plaza otter amber", "another plaza otter amber").await;
    assert_eq!(again.0, StatusCode::FORBIDDEN);
    assert_eq!(host.ask(Method::GET, &link, None, None).await.status(), StatusCode::FORBIDDEN);

    assert_eq!(host.get("/policy", &signed_in).await.0, StatusCode::UNAUTHORIZED, "signed out everywhere");
    assert_eq!(host.try_sign_in(&desk, &address, PASSWORD).await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(host.try_sign_in(&desk, &address, NEW).await.status(), StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_ends_after_half_an_hour_and_when_a_newer_one_is_mailed() {
    let sink = Sink::start(&[]);
    let host = Host::start_mailing(sink.mailer()).await;
    let desk = host.enrol("elm").await;
    let address = email("elm", Role::Clinical);
    forgot(&host, &desk, &address).await;
    let older = link(&sink.next());
    forgot(&host, &desk, &address).await;
    let newer = link(&sink.next());
    assert_eq!(choose(&host, &older, NEW, NEW).await.0, StatusCode::FORBIDDEN, "a newer one was mailed");
    host.pass(30 * 60 - 1);
    assert_eq!(host.ask(Method::GET, &newer, None, None).await.status(), StatusCode::OK);
    host.pass(1);
    assert_eq!(host.ask(Method::GET, &newer, None, None).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(choose(&host, &newer, NEW, NEW).await.0, StatusCode::FORBIDDEN);
    for nonsense in
        ["/password?link=", "/password", "/password?link=elm~x", "/password?link=ash~x", "/password?link=%00"]
    {
        assert_eq!(host.ask(Method::GET, nonsense, None, None).await.status(), StatusCode::FORBIDDEN, "{nonsense}");
    }
    let elsewhere = newer.replace("elm~", "oak~");
    assert_eq!(choose(&host, &elsewhere, NEW, NEW).await.0, StatusCode::FORBIDDEN, "another practice's store");
    assert_eq!(host.try_sign_in(&desk, &address, PASSWORD).await.status(), StatusCode::OK, "nothing has changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_nobody_has_is_answered_alike_and_gets_no_mail() {
    let sink = Sink::start(&[]);
    let host = Host::start_mailing(sink.mailer()).await;
    let (desk, oak) = (host.enrol("elm").await, host.enrol("oak").await);
    host.store(&desk.practice).stop_member(&member("elm", Role::FrontDesk), host.now()).unwrap();
    let stopped = email("elm", Role::FrontDesk);
    for nobody in ["nobody@elm.test", "", "x\r\nBcc: y@x.test", &stopped, &email("oak", Role::Admin)] {
        assert_eq!(forgot(&host, &desk, nobody).await, (StatusCode::ACCEPTED, String::new()), "{nobody}");
    }
    assert_eq!(forgot(&host, &oak, &email("oak", Role::Admin)).await.0, StatusCode::ACCEPTED);
    assert_eq!(sink.next()["to"], json!([email("oak", Role::Admin)]));
    // Each request is in the audit trail, so all of them are over when theirs are there.
    let store = host.store(&desk.practice);
    let asked = || {
        let chain = store.audit_chain(&store.host().unwrap()).unwrap();
        chain.iter().filter(|entry| entry.event.contains("asked for a link") && entry.event.contains(r#""4""#)).count()
    };
    let began = Instant::now();
    while asked() < 5 {
        assert!(began.elapsed() < PATIENCE, "{} of 5 are refused in the audit trail", asked());
        tokio::task::yield_now().await;
    }
    for n in 0..20 {
        let (status, _) = forgot(&host, &desk, "nobody@elm.test").await;
        assert_eq!(status == StatusCode::ACCEPTED, n < 15, "so many from one network in an hour: {n}");
    }
    host.pass(3601);
    for _ in 0..6 {
        assert_eq!(forgot(&host, &desk, &email("elm", Role::Admin)).await.0, StatusCode::ACCEPTED);
    }
    for _ in 0..5 {
        assert_eq!(sink.next()["to"], json!([email("elm", Role::Admin)]));
    }
    assert_eq!(forgot(&host, &oak, &email("oak", Role::Provider)).await.0, StatusCode::ACCEPTED);
    assert_eq!(sink.next()["to"], json!([email("oak", Role::Provider)]), "five links an hour for one member");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_without_mail_says_so() {
    let host = Host::start().await;
    let desk = host.enrol("elm").await;
    let (status, body) = forgot(&host, &desk, &email("elm", Role::Admin)).await;
    assert_eq!((status, code(&serde_json::from_str(&body).unwrap())), (StatusCode::BAD_REQUEST, "not_now"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_mails_with_a_password_of_its_own_and_logs_no_link() {
    let sink = Sink::start(&["--password"]);
    let program = Program::new();
    let secrets = program.root.path().join("smtp");
    std::fs::write(&secrets, "host\nopen sesame 17\n").unwrap();
    let serving = program.serve(&format!("smtp://127.0.0.1:{}", sink.port), |command| {
        command.arg("--smtp-credentials").arg(&secrets).env("SHADOWCHART_LOG", "hosted=trace,info");
    });
    let joined = serving.enrol(&program).await;
    let asked = serving.client.post(format!("{}/password/forgotten", serving.url)).bearer_auth(&joined.device_token);
    asked.body(json!({"email": ADMIN}).to_string()).send().await.unwrap();
    let message = sink.next();
    assert_eq!(message["user"], "host");
    assert!(message["text"].as_str().unwrap().contains("Eléna & Söhne"), "the practice as it is called");
    let link = link(&message);
    let page = serving.client.get(format!("{}{link}", serving.url)).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("Eléna &amp; Söhne"), "{page}");
    let log = serving.stop();
    assert!(log.contains("/password"), "the log was on: {log}");
    for secret in [link.split_once("~").unwrap().1, "open sesame", ADMIN] {
        assert!(!log.contains(secret), "{log}");
    }
}
