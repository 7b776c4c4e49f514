//! A TLS server in front of the host. It passes requests on, unless a test says otherwise.

use std::sync::{Arc, Mutex};

use reqwest::{Client, Method, Response, header};
use rustls::ServerConfig;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
    task::JoinHandle,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use super::{Authority, Fault, Host};

/// What the gate does with a request.
pub enum Act {
    Pass,
    /// Closes the line without an answer.
    Cut,
    /// Passes, then closes the line in the middle of the answer.
    CutAnswer,
    /// Passes, then keeps the answer to itself: the host has done it, and nobody heard.
    Swallow,
    Answer(u16, Vec<u8>),
    /// Passes once it is told to.
    Hold(Arc<Notify>),
    /// As [`Act::Answer`], by a host that was restored from a backup.
    OfAnotherLife(u16, Vec<u8>),
    /// As [`Act::Answer`] with 200 and these in its head, which come before those of the host.
    With(Vec<(&'static str, String)>, Vec<u8>),
    /// A head, and then these bytes again and again until nobody listens.
    Endless(Vec<(&'static str, String)>, Vec<u8>),
    /// Passes, as from a workstation that speaks these versions of the protocol.
    Speaking(&'static str),
    /// Passes, and the answer is in this version of the protocol; in none that is told, when it is empty.
    Chosen(&'static str),
    /// Passes, and makes another text of the answer.
    Edit(fn(String) -> String),
}

type Rule = Box<dyn FnMut(&str) -> Act + Send>;

struct State {
    host: String,
    client: Client,
    config: Mutex<Arc<ServerConfig>>,
    rule: Mutex<Rule>,
    asked: Mutex<Vec<String>>,
    /// Whose answers they are: of which life and practice, as the host last told it.
    whose: Mutex<Vec<(&'static str, String)>>,
    /// Cuts the answers that have no end.
    cut: Notify,
}

pub struct Gate {
    pub url: String,
    pub ca_pem: String,
    authority: Authority,
    state: Arc<State>,
    task: JoinHandle<()>,
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Gate {
    pub async fn before(host: &Host) -> Self {
        Self::of(host, Authority::new()).await
    }

    /// With certificates of `authority`.
    pub async fn of(host: &Host, authority: Authority) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let ca = reqwest::Certificate::from_pem(host.ca_pem().as_bytes()).unwrap();
        let state = Arc::new(State {
            host: host.url(),
            client: Client::builder().tls_certs_only([ca]).no_proxy().build().unwrap(),
            config: Mutex::new(authority.server(Fault::None)),
            rule: Mutex::new(Box::new(|_| Act::Pass)),
            asked: Mutex::default(),
            whose: Mutex::default(),
            cut: Notify::new(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        let task = tokio::spawn(listen(listener, Arc::clone(&state)));
        Self { url, ca_pem: authority.pem.clone(), authority, state, task }
    }

    /// From now on `rule` decides; it is shown "METHOD /path?query".
    pub fn rule(&self, rule: impl FnMut(&str) -> Act + Send + 'static) {
        *self.state.rule.lock().unwrap() = Box::new(rule);
    }

    /// The line is down.
    pub fn close(&self) {
        self.rule(|_| Act::Cut);
        self.state.cut.notify_waiters();
    }

    pub fn open(&self) {
        self.rule(|_| Act::Pass);
    }

    /// From now on `authority` vouches.
    pub fn vouch(&self, authority: &Authority) {
        *self.state.config.lock().unwrap() = authority.server(Fault::None);
    }

    /// From now on the certificate has `fault`.
    pub fn certificate(&self, fault: Fault) {
        *self.state.config.lock().unwrap() = self.authority.server(fault);
    }

    /// What was asked since the last call of this.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.state.asked.lock().unwrap())
    }
}

async fn listen(listener: TcpListener, state: Arc<State>) {
    loop {
        let Ok((line, _)) = listener.accept().await else { return };
        let state = Arc::clone(&state);
        // A client that turns away is none of the gate's business.
        tokio::spawn(async move { serve(line, &state).await });
    }
}

/// One request a connection, so that a new certificate is met at once.
async fn serve(line: TcpStream, state: &State) -> Option<()> {
    let acceptor = TlsAcceptor::from(Arc::clone(&state.config.lock().unwrap()));
    let mut line = acceptor.accept(line).await.ok()?;
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(at) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            break at + 4;
        }
        if line.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let text = String::from_utf8(bytes[..head].to_vec()).ok()?;
    let field = |name: &str| {
        let line = text.lines().find(|line| line.to_lowercase().starts_with(name))?;
        Some(line[name.len()..].trim().to_owned())
    };
    let length: usize = field("content-length:").map_or(0, |n| n.parse().unwrap());
    while bytes.len() < head + length {
        line.read_buf(&mut bytes).await.ok()?;
    }
    let mut words = text.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let asked = format!("{method} {path}");
    let act = (state.rule.lock().unwrap())(&asked);
    state.asked.lock().unwrap().push(asked);
    if let Act::Hold(until) = &act {
        until.notified().await;
    }
    let cut = matches!(act, Act::CutAnswer);
    let swallow = matches!(act, Act::Swallow);
    let endless = matches!(act, Act::Endless(..));
    let (status, told, body) = match act {
        Act::Cut => return None,
        Act::Answer(status, body) => (status, Vec::new(), body),
        Act::OfAnotherLife(status, body) => (status, vec![("x-epoch", "another".to_owned())], body),
        Act::With(told, body) | Act::Endless(told, body) => (200, told, body),
        Act::Pass | Act::CutAnswer | Act::Swallow | Act::Hold(_) | Act::Speaking(_) | Act::Chosen(_) | Act::Edit(_) => {
            let method = Method::from_bytes(method.as_bytes()).ok()?;
            let mut request = state.client.request(method, format!("{}{path}", state.host));
            let spoken = match act {
                Act::Speaking(versions) => Some(versions.to_owned()),
                _ => field("x-protocol:"),
            };
            if let Some(spoken) = spoken {
                request = request.header("x-protocol", spoken);
            }
            if let Some(token) = field("authorization:") {
                request = request.header(header::AUTHORIZATION, token);
            }
            for name in ["x-proof", "x-policy", "user-agent"] {
                if let Some(value) = field(&format!("{name}:")) {
                    request = request.header(name, value);
                }
            }
            if length > 0 {
                request = request.header(header::CONTENT_TYPE, "application/json").body(bytes[head..].to_vec());
            }
            let answer = request.send().await.ok()?;
            let told = |name| Some((name, answer.headers().get(name)?.to_str().unwrap().to_owned()));
            *state.whose.lock().unwrap() = ["x-epoch", "x-practice", "x-protocol", "x-standing", "x-host-time"]
                .into_iter()
                .filter_map(told)
                .collect();
            if answer.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream") {
                return pass_on(line, answer, &state.cut).await;
            }
            let (status, body) = (answer.status().as_u16(), answer.bytes().await.ok()?.to_vec());
            let body = match act {
                Act::Edit(edit) => edit(String::from_utf8(body).unwrap()).into_bytes(),
                _ => body,
            };
            let told = match act {
                Act::Chosen("") => {
                    state.whose.lock().unwrap().retain(|(name, _)| *name != "x-protocol");
                    Vec::new()
                }
                Act::Chosen(version) => vec![("x-protocol", version.to_owned())],
                _ => Vec::new(),
            };
            (status, told, body)
        }
    };
    if swallow {
        return None;
    }
    let mut head = format!("HTTP/1.1 {status} OK\r\nconnection: close\r\n");
    for (name, value) in told.iter().chain(&*state.whose.lock().unwrap()) {
        if !head.contains(name) {
            head += &format!("{name}: {value}\r\n");
        }
    }
    let length = body.len();
    if !endless {
        head += &format!("content-length: {length}\r\n");
    }
    line.write_all(format!("{head}\r\n").as_bytes()).await.ok()?;
    line.write_all(if cut { &body[..length / 2] } else { &body }).await.ok()?;
    if endless {
        loop {
            line.write_all(&body).await.ok()?;
        }
    }
    line.shutdown().await.ok()
}

/// An answer without an end, until somebody cuts it.
async fn pass_on(mut line: TlsStream<TcpStream>, mut answer: Response, cut: &Notify) -> Option<()> {
    line.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n").await.ok()?;
    loop {
        let chunk = tokio::select! {
            chunk = answer.chunk() => chunk.ok()??,
            () = cut.notified() => return None,
        };
        line.write_all(&chunk).await.ok()?;
    }
}
