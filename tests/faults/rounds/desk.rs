//! The workstation's process: started, asked, and killed.

use std::{
    collections::HashMap,
    process::Stdio,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering::SeqCst},
    },
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use tests::{build, demo::Member, host::Host, workstation::Workstation};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
    sync::{oneshot, watch},
    time::{Instant, timeout},
};

/// No answer takes as long, whatever the line does.
const PATIENCE: Duration = Duration::from_secs(90);

type Waiting = Arc<Mutex<Option<HashMap<u64, oneshot::Sender<Value>>>>>;

/// A computer: its folder, and the process on it.
pub struct Desk {
    folder: Workstation,
    who: Member,
    process: Option<Process>,
}

struct Process {
    child: Child,
    typing: ChildStdin,
    waiting: Waiting,
    number: u64,
    /// Rows of the first sync that it says it has stored.
    stored: Arc<AtomicU64>,
    synced: watch::Receiver<u64>,
}

impl Desk {
    /// Belongs to the practice of `host`, which it reaches at `port`.
    pub fn enrolled(host: &Host, port: u16) -> Result<Self> {
        let folder = Workstation::new()?;
        let (ca, url) = (host.demo.ca.to_string_lossy().into_owned(), format!("https://localhost:{port}"));
        folder.ctl(&["enrol", "--host", &url, "--ca", &ca, "--code", &host.enrol_code()?])?;
        Ok(Self { folder, who: host.demo.member("front_desk")?.clone(), process: None })
    }

    /// Starts the process, which unlocks the vault; gives the host's number that it goes on after. A keyring that has just
    /// trapped, because its client was killed, comes again.
    pub async fn start(&mut self) -> Result<u64> {
        let until = Instant::now() + PATIENCE;
        loop {
            let refused = match self.open().await? {
                Ok(place) => return Ok(place),
                Err(refused) => refused,
            };
            let comes_again = refused["code"] == "keychain_missing" || refused["code"] == "keychain_locked";
            ensure!(comes_again && Instant::now() < until, "the vault does not open: {refused}");
        }
    }

    /// As [`Self::start`], or why the vault does not open.
    async fn open(&mut self) -> Result<Result<u64, Value>> {
        let mut child = Command::new(build::program("examples/workstation-process")?)
            .arg(self.folder.home())
            .arg(&self.who.email)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let mut typing = child.stdin.take().context("a pipe")?;
        typing.write_all(format!("{}\n", self.who.password).as_bytes()).await?;
        let mut lines = BufReader::new(child.stdout.take().context("a pipe")?).lines();
        let said = timeout(PATIENCE, lines.next_line()).await.context("it does not open")??;
        let said: Value = serde_json::from_str(&said.context("it ended before it was open")?)?;
        if said["open"] != true {
            return Ok(Err(said["why"].clone()));
        }
        let place = said["cursor"].as_str().map_or(Ok(0), place)?;
        let (waiting, stored): (Waiting, Arc<AtomicU64>) = (Arc::default(), Arc::default());
        *waiting.lock().unwrap() = Some(HashMap::new());
        let (synced_at, synced) = watch::channel(0);
        tokio::spawn(listen(lines, Arc::clone(&waiting), Arc::clone(&stored), synced_at));
        self.process = Some(Process { child, typing, waiting, number: 0, stored, synced });
        Ok(Ok(place))
    }

    /// `kill -9`; gives how many rows of the first sync it had said to have stored.
    pub async fn kill(&mut self) -> Result<u64> {
        let Some(mut process) = self.process.take() else { return Ok(0) };
        process.child.kill().await?;
        Ok(process.stored.load(SeqCst))
    }

    /// Tells it to do something; `None` when it was killed before it answered.
    pub async fn ask(&mut self, mut wish: Value) -> Result<Option<Value>> {
        let process = self.process.as_mut().context("nobody is there")?;
        process.number += 1;
        wish["number"] = process.number.into();
        let (answer, heard) = oneshot::channel();
        match process.waiting.lock().unwrap().as_mut() {
            Some(waiting) => drop(waiting.insert(process.number, answer)),
            None => return Ok(None),
        }
        if process.typing.write_all(format!("{wish}\n").as_bytes()).await.is_err() {
            return Ok(None);
        }
        Ok(timeout(PATIENCE, heard).await.with_context(|| format!("no answer to {wish}"))?.ok())
    }

    /// As [`Self::ask`], where nothing may be in the way.
    pub async fn do_(&mut self, wish: Value) -> Result<Value> {
        let said = self.ask(wish.clone()).await?.context("it ended by itself")?;
        if said["done"].is_null() {
            bail!("{wish} was refused: {}", said["refused"]);
        }
        Ok(said["done"].clone())
    }

    /// Rounds with the host until one ended well, as a person asks for them.
    pub async fn come_into_step(&mut self) -> Result<()> {
        let until = Instant::now() + PATIENCE;
        loop {
            let said = self.ask(json!({"act": "sync"})).await?.context("it ended by itself")?;
            if said["refused"].is_null() {
                return Ok(());
            }
            ensure!(Instant::now() < until, "it does not come into step: {}", said["refused"]);
        }
    }

    /// Comes when a round has ended well since the process began.
    pub async fn synced(&self) {
        match &self.process {
            Some(process) => drop(process.synced.clone().wait_for(|times| *times > 0).await),
            None => std::future::pending().await,
        }
    }

    /// The product's own diagnosis of the folder and of the whole file, while no process is on it. As in [`Self::start`], a
    /// keyring may have to come again.
    pub fn diagnose(&self) -> Result<()> {
        ensure!(self.process.is_none(), "the process is there");
        let until = Instant::now() + PATIENCE;
        loop {
            let error = match self.folder.ctl_as(&self.who, &["diagnose"]) {
                Ok(found) => {
                    ensure!(found["healthy"] == true, "{found}");
                    return Ok(());
                }
                Err(error) => error,
            };
            let said = error.to_string();
            let comes_again = said.contains("\"keychain_missing\"") || said.contains("\"keychain_locked\"");
            ensure!(comes_again && Instant::now() < until, "{said}");
        }
    }
}

async fn listen(
    mut lines: Lines<BufReader<ChildStdout>>,
    waiting: Waiting,
    stored: Arc<AtomicU64>,
    synced: watch::Sender<u64>,
) {
    while let Ok(Some(line)) = lines.next_line().await {
        // The last line of a process that was killed may be half a line.
        let Ok(said) = serde_json::from_str::<Value>(&line) else { continue };
        if let Some(rows) = said["stored"].as_u64() {
            stored.store(rows, SeqCst);
        } else if said["synced"] == true {
            synced.send_modify(|times| *times += 1);
        } else if let Some(number) = said["number"].as_u64()
            && let Some(answer) = waiting.lock().unwrap().as_mut().and_then(|all| all.remove(&number))
        {
            let _ = answer.send(said);
        }
    }
    // Who still waits hears that nobody is there.
    *waiting.lock().unwrap() = None;
}

/// The host's number in a cursor, which is the host's own business otherwise.
fn place(cursor: &str) -> Result<u64> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor)?)?;
    Ok(text.split_once('~').context("number~epoch")?.0.parse()?)
}
