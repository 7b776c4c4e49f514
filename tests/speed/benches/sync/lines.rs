//! A thousand connected workstations, each with a connection of its own: how soon each hears that something has changed,
//! and what they cost the host.
//!
//! A real workstation enters the changes. Each of the others is what the host sees of one: TLS, HTTP/2, and its live line;
//! in the second half it also pulls what it was told of, all of them at once.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use hosted::{data_dir::DataDir, serve::now, store::PracticeStore};
use practice::{ids::PracticeId, policy::Zone};
use reqwest::Client;
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use speed::percentile;
use tests::host::Host;
use tokio::{
    sync::{
        Semaphore,
        mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
        watch,
    },
    task::JoinSet,
    time::timeout,
};

use crate::{
    desk::Desk,
    line,
    live::{SOON, arrive, booked},
    ms, note,
    process::memory,
};

const LINES: usize = 1_000;
/// Changes, without and with all of them pulling.
const CHANGES: usize = 40;
/// Lines that are opened at once.
const AT_ONCE: usize = 32;
const PATIENCE: Duration = Duration::from_secs(60);

pub async fn measure(host: &Host) {
    let alone = memory(host.process_id().unwrap(), "VmRSS").unwrap();
    let tokens = enrol(host);
    let desk = Desk::signed_in(host).await;
    desk.sync().await;
    let _in_step = desk.in_step().await;
    let began = Instant::now();
    let (pulling, pulls) = watch::channel(false);
    let mut office = Office::open(host, tokens, pulls).await;
    note(&format!("{LINES} connected workstations, all lines opened within"), &ms(began.elapsed()));
    let awaited = booked(&desk.ws, 2 * CHANGES);
    for (ids, pulls) in awaited.chunks(CHANGES).zip([false, true]) {
        pulling.send_replace(pulls);
        let mut times = Vec::new();
        for id in ids {
            arrive(&desk.ws, id);
            times.append(&mut office.hear(Instant::now()).await);
        }
        let most = percentile(&mut times, 95);
        let (half, last) = (percentile(&mut times, 50), percentile(&mut times, 99));
        let figure = format!("{} (p50 {}, p99 {}, {} times)", ms(most), ms(half), ms(last), times.len());
        if pulls {
            note(&format!("{LINES} connected workstations, each has pulled a change, p95"), &figure);
        } else {
            let name = format!("{LINES} connected workstations, each hears of a change, p95");
            line(&name, &figure, &format!("<= {}", ms(SOON)), most <= SOON);
        }
    }
    let id = host.process_id().unwrap();
    let (now, most) = (memory(id, "VmRSS").unwrap(), memory(id, "VmHWM").unwrap());
    let figure = format!("{now:.0} MB ({alone:.0} MB before, {most:.0} MB at most)");
    note(&format!("{LINES} connected workstations, memory of the host"), &figure);
}

/// Through the host's file, as fast as it takes them: the address may try twenty times in five minutes.
fn enrol(host: &Host) -> Vec<String> {
    let dir = DataDir::open(&host.folder().join("data")).unwrap();
    let mut store = PracticeStore::open(&dir, &PracticeId::parse(&host.demo.practice).unwrap()).unwrap();
    let mut tokens = Vec::new();
    for n in 0..LINES {
        let code = store.new_enrol_code(now()).unwrap().code;
        tokens.push(store.enrol(&code, &format!("Desk {n}"), Zone::BackOffice, now()).unwrap().device_token);
    }
    tokens
}

/// All of the lines.
struct Office {
    heard: UnboundedReceiver<Instant>,
    _lines: JoinSet<()>,
}

impl Office {
    /// Returns when each has heard where the practice stands.
    async fn open(host: &Host, tokens: Vec<String>, pulls: watch::Receiver<bool>) -> Self {
        let (tls, url) = (trusting(&host.ca_pem().unwrap()), host.url());
        let (tell, heard) = unbounded_channel();
        let (mut lines, turns) = (JoinSet::new(), Arc::new(Semaphore::new(AT_ONCE)));
        for token in tokens {
            let http = Client::builder().tls_backend_preconfigured(tls.clone()).no_proxy().build().unwrap();
            let line = Line { http, url: url.clone(), token, tell: tell.clone(), pulls: pulls.clone() };
            lines.spawn(line.listen(Arc::clone(&turns)));
        }
        let mut office = Self { heard, _lines: lines };
        office.hear(Instant::now()).await;
        office
    }

    /// How long after `began` each has heard.
    async fn hear(&mut self, began: Instant) -> Vec<Duration> {
        let mut times = Vec::new();
        while times.len() < LINES {
            let at = timeout(PATIENCE, self.heard.recv()).await.expect("each hears").unwrap();
            times.push(at - began);
        }
        times
    }
}

/// One workstation, as the host sees it.
struct Line {
    http: Client,
    url: String,
    token: String,
    tell: UnboundedSender<Instant>,
    pulls: watch::Receiver<bool>,
}

impl Line {
    async fn listen(self, turns: Arc<Semaphore>) {
        let turn = turns.acquire().await.unwrap();
        let mut line = self.get("/live").await;
        drop(turn);
        let mut cursor = None;
        while let Some(chunk) = line.chunk().await.unwrap() {
            let text = std::str::from_utf8(&chunk).unwrap();
            let Some(told) = text.trim().strip_prefix("data:") else { continue };
            let told: practice::wire::Live = serde_json::from_str(told).unwrap();
            let pulls = *self.pulls.borrow();
            if let Some(before) = cursor.replace(told.cursor).filter(|_| pulls) {
                self.get(&format!("/fhir/_history?_count=2000&cursor={before}")).await.bytes().await.unwrap();
            }
            self.tell.send(Instant::now()).unwrap();
        }
    }

    async fn get(&self, path: &str) -> reqwest::Response {
        let answer = self.http.get(format!("{}{path}", self.url)).bearer_auth(&self.token).send().await.unwrap();
        answer.error_for_status().unwrap()
    }
}

/// One configuration for all of them: each would read the authority anew.
fn trusting(ca_pem: &str) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(ca_pem.as_bytes()).unwrap()).unwrap();
    let mut tls = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    tls.alpn_protocols = vec![b"h2".to_vec()];
    tls
}
