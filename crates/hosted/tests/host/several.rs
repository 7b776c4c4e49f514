//! Several hosts on one PostgreSQL: real processes, one killed under load, and the database started again under load.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use practice::{Role, wire::Live};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

use crate::{
    office::{Desk, Host, appointment, client, client_from, code, email, patient},
    postgres::Server,
};

/// A process that serves.
struct Process {
    child: Child,
    url: String,
}

impl Process {
    fn start(host: &Host) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_shadowchart-hosted"))
            .args(["serve", "--listen", "127.0.0.1:0", "--json", "--data"])
            .arg(host.root.path().join("data"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        Self { url: format!("https://{}", ready["listening"].as_str().unwrap()), child }
    }

    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends `body` to `url`; nothing where it did not arrive, or the answer did not.
async fn send(client: &Client, url: &str, desk: &Desk, body: String) -> Option<(StatusCode, Value)> {
    let answer = client.post(format!("{url}/fhir")).bearer_auth(&desk.token).body(body).send().await.ok()?;
    let status = answer.status();
    Some((status, answer.json().await.ok()?))
}

/// Every version in the practice's feed: how often each is there.
async fn feed(client: &Client, url: &str, desk: &Desk) -> BTreeMap<String, usize> {
    let (mut seen, mut path) = (BTreeMap::new(), "/fhir/_history".to_owned());
    loop {
        let page = client.get(format!("{url}{path}")).bearer_auth(&desk.token).send().await.unwrap();
        let page: Value = page.json().await.unwrap();
        let entries = page["entry"].as_array().cloned().unwrap_or_default();
        if entries.is_empty() {
            return seen;
        }
        for entry in entries {
            let version = (entry["request"]["url"].as_str(), entry["response"]["etag"].as_str());
            *seen.entry(format!("{} {}", version.0.unwrap(), version.1.unwrap())).or_default() += 1;
        }
        let links = page["link"].as_array().unwrap();
        let next = links.iter().find(|link| link["relation"] == "next").unwrap()["url"].as_str().unwrap();
        path = next.strip_prefix(url).unwrap().to_owned();
    }
}

/// Four desks that each send changes one after another, to both hosts in turns, and send again what they heard nothing of.
async fn under_load(host: &Host, urls: [String; 2], meanwhile: impl FnOnce(&dyn Fn(usize))) -> BTreeMap<String, usize> {
    const EACH: usize = 60;
    let desk = Arc::new(host.enrol("elm").await);
    let (taken, client) = (Arc::new(AtomicUsize::new(0)), client(&host.ca));
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let bodies: Vec<_> = (0..EACH)
                .map(|n| {
                    let id = format!("w{writer}-{n}");
                    host.bundle(&desk, Role::FrontDesk, &format!("change-{id}"), &[(patient(&id, "Ray"), None)])
                        .to_string()
                })
                .collect();
            let (taken, client, desk, urls) = (taken.clone(), client.clone(), desk.clone(), urls.clone());
            tokio::spawn(async move {
                let mut at = writer;
                for body in bodies {
                    loop {
                        at += 1;
                        match send(&client, &urls[at % 2], &desk, body.clone()).await {
                            Some((StatusCode::OK, _)) => break,
                            // Neither was it taken nor refused for good: the desk tries again.
                            Some((status, _)) => assert!(status.is_server_error(), "{status}"),
                            None => {}
                        }
                    }
                    taken.fetch_add(1, Ordering::SeqCst);
                }
            })
        })
        .collect();
    tokio::task::block_in_place(|| {
        meanwhile(&|number| {
            let since = Instant::now();
            while taken.load(Ordering::SeqCst) < number {
                assert!(since.elapsed() < Duration::from_secs(120), "no change is taken any more");
                std::thread::yield_now();
            }
        });
    });
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(taken.load(Ordering::SeqCst), 4 * EACH);
    feed(&client, &urls[1], &desk).await
}

/// Each patient and each Provenance that was acknowledged is there, once.
fn all_once(seen: &BTreeMap<String, usize>) {
    for writer in 0..4 {
        for n in 0..60 {
            for what in [format!("Patient/w{writer}-{n} W/\"1\""), format!("Provenance/change-w{writer}-{n} W/\"1\"")] {
                assert_eq!(seen.get(&what), Some(&1), "{what}");
            }
        }
    }
    assert_eq!(seen.len(), 4 * 60 * 2, "and nothing else");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_hosts_one_is_killed_under_load_and_nothing_that_was_taken_is_lost() {
    let server = Server::start();
    let host = Host::start_on(server.database()).await;
    let (mut one, two) = (Process::start(&host), Process::start(&host));
    let urls = [one.url.clone(), two.url.clone()];
    let seen = under_load(&host, urls, |taken| {
        taken(80);
        one.kill();
    })
    .await;
    all_once(&seen);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_breaks_off_and_comes_back_under_load_and_nothing_that_was_taken_is_lost() {
    let server = Server::start();
    // A server that would acknowledge what is not on its disk yet.
    server.psql("alter role host set synchronous_commit = off");
    let host = Host::start_on(server.database()).await;
    let (one, two) = (Process::start(&host), Process::start(&host));
    let urls = [one.url.clone(), two.url.clone()];
    let seen = under_load(&host, urls, |taken| {
        taken(80);
        server.script(&["stop", "immediate"]);
        server.script(&["start"]);
        taken(160);
        server.script(&["stop", "fast"]);
        server.script(&["start"]);
    })
    .await;
    all_once(&seen);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_desks_at_two_hosts_never_both_get_one_time() {
    let server = Server::start();
    let host = Host::start_on(server.database()).await;
    let (one, two) = (Process::start(&host), Process::start(&host));
    let (desks, client) = ([host.enrol("elm").await, host.enrol("elm").await], client(&host.ca));
    for hour in 0..12 {
        let book = |at: usize| {
            let (from, to) = (format!("{:02}:00", 8 + hour), format!("{:02}:30", 8 + hour));
            let visit = appointment(&format!("a{hour}-{at}"), "d1", &from, &to);
            host.bundle(&desks[at], Role::FrontDesk, &format!("c{hour}-{at}"), &[(visit, None)]).to_string()
        };
        let (first, second) =
            tokio::join!(send(&client, &one.url, &desks[0], book(0)), send(&client, &two.url, &desks[1], book(1)),);
        let mut heard: Vec<_> =
            [first, second].map(|heard| heard.unwrap().1).iter().map(code).map(str::to_owned).collect();
        heard.sort();
        assert_eq!(heard, ["none", "overlap"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_at_one_host_is_told_on_the_lines_of_the_other() {
    let server = Server::start();
    let host = Host::start_on(server.database()).await;
    let (one, two) = (Process::start(&host), Process::start(&host));
    let (desk, client) = (host.enrol("elm").await, client(&host.ca));
    let mut line = client.get(format!("{}/live", one.url)).bearer_auth(&desk.token).send().await.unwrap();
    let mut cursor = told(&mut line).await;
    let behind = |cursor: &str| format!("{}/fhir/_history?cursor={cursor}", one.url);
    // What is told because listening began is told once.
    for number in 0..5 {
        let id = format!("p{number}");
        let change = host.bundle(&desk, Role::FrontDesk, &format!("c{number}"), &[(patient(&id, "Ray"), None)]);
        assert_eq!(send(&client, &two.url, &desk, change.to_string()).await.unwrap().0, StatusCode::OK);
        // A line that has nothing to say shows that it is there after ten seconds.
        let next =
            tokio::time::timeout(Duration::from_secs(5), told(&mut line)).await.expect("told by the change itself");
        assert_ne!(next, cursor);
        cursor = next;
        let page = client.get(behind(&cursor)).bearer_auth(&desk.token).send().await.unwrap();
        let page: Value = page.json().await.unwrap();
        assert!(page["entry"].as_array().is_none_or(Vec::is_empty), "the cursor is from after the change: {page}");
    }
}

/// The cursor of the next event; what only shows that the line stands is passed over.
async fn told(line: &mut Response) -> String {
    loop {
        let chunk = line.chunk().await.unwrap().expect("the line goes on");
        let said = String::from_utf8(chunk.to_vec()).unwrap();
        if let Some(event) = said.trim().strip_prefix("data: ") {
            return serde_json::from_str::<Live>(event).unwrap().cursor;
        }
    }
}

/// What a wrong password for `email` is answered with at `url`.
async fn wrong(client: &Client, url: &str, desk: &Desk, email: &str) -> String {
    let body = json!({"email": email, "password": "not this one"}).to_string();
    said(client.post(format!("{url}/sign-in")).bearer_auth(&desk.token).body(body)).await
}

async fn said(request: RequestBuilder) -> String {
    let answer: Value = request.send().await.unwrap().json().await.unwrap();
    answer["say"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn tries_at_one_host_count_at_the_other() {
    let server = Server::start();
    let host = Host::start_on(server.database()).await;
    let (one, two) = (Process::start(&host), Process::start(&host));
    let (desk, client) = (host.enrol("elm").await, client(&host.ca));
    let refused = "The address or the password is wrong.";
    let admin = email("elm", Role::Admin);
    for _ in 0..5 {
        assert_eq!(wrong(&client, &one.url, &desk, &admin).await, refused);
    }
    let waits = wrong(&client, &two.url, &desk, &admin).await;
    assert!(waits.starts_with("Too many wrong passwords."), "of one account: {waits}");
    // Those were six of the fifty that may come from one address.
    for number in 6..50 {
        assert_eq!(wrong(&client, &one.url, &desk, &format!("nobody{number}@elm.test")).await, refused, "{number}");
    }
    let waits = wrong(&client, &two.url, &desk, "somebody@elm.test").await;
    assert!(waits.starts_with("Too many sign-ins from this network"), "from one address: {waits}");
    let guess = json!({"code": "AAAA-AAAA-AAAA", "name": "Front", "zone": "front_counter"}).to_string();
    let guesses = async |url: &str| said(client.post(format!("{url}/enrol")).body(guess.clone())).await;
    for number in 0..20 {
        assert!(!guesses(&one.url).await.starts_with("Too many"), "{number}");
    }
    assert!(guesses(&two.url).await.starts_with("Too many tries from this address."), "codes for a new computer");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_computer_may_try_at_both_hosts_is_counted_together() {
    let server = Server::start();
    let host = Host::start_on(server.database()).await;
    let hosts = [Process::start(&host), Process::start(&host)];
    let (desk, other) = (host.enrol("elm").await, host.enrol("elm").await);
    // From two addresses, so that neither has its fifty.
    let from = |last| client_from(&host.ca, Some([127, 0, 0, last].into()));
    let clients = [from(1), from(2)];
    for number in 0..60 {
        let (at, email) = (number % 2, format!("nobody{number}@elm.test"));
        let heard = wrong(&clients[at], &hosts[at].url, &desk, &email).await;
        assert_eq!(heard, "The address or the password is wrong.", "{number}");
    }
    for (client, process) in clients.iter().zip(&hosts) {
        let waits = wrong(client, &process.url, &desk, "nobody@elm.test").await;
        assert!(waits.starts_with("Too many tries from this computer."), "{waits}");
    }
    let beside = wrong(&clients[0], &hosts[0].url, &other, "nobody@elm.test").await;
    assert_eq!(beside, "The address or the password is wrong.", "another computer has its own");
}
