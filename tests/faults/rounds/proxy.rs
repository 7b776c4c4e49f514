//! The line between the workstation and the host: it knows bytes, and nothing of what they are.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering::SeqCst},
    },
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
    task::JoinHandle,
    time::{MissedTickBehavior, interval, timeout},
};

/// Of each connection so much is kept, to be sent again.
const KEPT: usize = 64 * 1024;

/// The tick of a slow line.
const TICK: Duration = Duration::from_millis(1);

/// Which way bytes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To the host.
    Up,
    /// To the workstation.
    Down,
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The line breaks, both ways.
    Cut,
    /// From here on nothing comes through, and nothing says so.
    Stall,
    /// One byte becomes another one.
    Corrupt,
    /// What came just before comes again.
    Replay,
    /// From here on a few bytes come through at a time.
    Slow,
    /// The line breaks, and there is no other until it is mended.
    Down,
}

/// A fault that strikes once, at a byte.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub fault: Fault,
    pub way: Way,
    /// After so many bytes that way, from now on.
    pub after: u64,
}

struct State {
    host: u16,
    plan: Mutex<Option<Plan>>,
    /// A fault that goes on until it is mended.
    lasts: Mutex<Option<Fault>>,
    all: watch::Sender<u64>,
    /// Raised to break every line.
    broken: watch::Sender<u64>,
    /// What workstations sent on lines that are over.
    sent: Mutex<Vec<Vec<u8>>>,
    struck: AtomicU64,
}

/// A port that leads to the host.
pub struct Proxy {
    pub port: u16,
    state: Arc<State>,
    task: JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Proxy {
    pub async fn before(host: u16) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        let state = Arc::new(State {
            host,
            plan: Mutex::default(),
            lasts: Mutex::default(),
            all: watch::Sender::new(0),
            broken: watch::Sender::new(0),
            sent: Mutex::default(),
            struck: AtomicU64::new(0),
        });
        let task = tokio::spawn(listen(listener, Arc::clone(&state)));
        Ok(Self { port, state, task })
    }

    /// From now on this will happen.
    pub fn plan(&self, plan: Plan) {
        *self.state.plan.lock().unwrap() = Some(plan);
    }

    /// Nothing goes wrong any more. Lines on which something did are over.
    pub fn mend(&self) {
        *self.state.plan.lock().unwrap() = None;
        *self.state.lasts.lock().unwrap() = None;
        self.cut();
    }

    /// Breaks every line that there is.
    pub fn cut(&self) {
        self.state.broken.send_modify(|times| *times += 1);
    }

    /// Comes when so many bytes more have passed, whichever way.
    pub async fn passed(&self, bytes: u64) {
        let mut all = self.state.all.subscribe();
        let end = *all.borrow() + bytes;
        // The sender lives as long as the proxy.
        let _ = all.wait_for(|all| *all >= end).await;
    }

    /// How many faults have struck.
    pub fn struck(&self) -> u64 {
        self.state.struck.load(SeqCst)
    }

    /// All that passed, both ways.
    pub fn bytes(&self) -> u64 {
        *self.state.all.borrow()
    }

    /// Somebody who listened sends what a workstation sent before: the host hangs up.
    pub async fn replay(&self, which: usize) -> Result<bool> {
        let sent = {
            let all = self.state.sent.lock().unwrap();
            if all.is_empty() {
                return Ok(false);
            }
            all[which % all.len()].clone()
        };
        let mut line = TcpStream::connect(("127.0.0.1", self.state.host)).await?;
        let mut answer = Vec::new();
        let heard = async {
            // It may hang up before all is said.
            let _ = line.write_all(&sent).await;
            let _ = line.read_to_end(&mut answer).await;
        };
        timeout(Duration::from_secs(60), heard).await.context("the host does not hang up on a replay")?;
        ensure!(answer.len() < KEPT, "the host answers a replay at length");
        Ok(true)
    }
}

async fn listen(listener: TcpListener, state: Arc<State>) {
    while let Ok((line, _)) = listener.accept().await {
        let state = Arc::clone(&state);
        tokio::spawn(async move {
            if *state.lasts.lock().unwrap() == Some(Fault::Down) {
                return;
            }
            let Ok(host) = TcpStream::connect(("127.0.0.1", state.host)).await else { return };
            let mut broken = state.broken.subscribe();
            let ((from_desk, to_desk), (from_host, to_host)) = (line.into_split(), host.into_split());
            let mut sent = Vec::new();
            tokio::select! {
                () = carry(&state, Way::Up, from_desk, to_host, Some(&mut sent)) => {}
                () = carry(&state, Way::Down, from_host, to_desk, None) => {}
                _ = broken.changed() => {}
            }
            let mut all = state.sent.lock().unwrap();
            if all.len() == 8 {
                all.remove(0);
            }
            all.push(sent);
        });
    }
}

/// Carries bytes until the line is over.
async fn carry(
    state: &State,
    way: Way,
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut kept: Option<&mut Vec<u8>>,
) {
    let (mut buffer, mut last) = (vec![0; 16 * 1024], Vec::new());
    while let Ok(n @ 1..) = from.read(&mut buffer).await {
        let chunk = &mut buffer[..n];
        if let Some(kept) = kept.as_deref_mut().filter(|kept| kept.len() < KEPT) {
            kept.extend_from_slice(chunk);
        }
        let strike = strikes(state, way, n as u64);
        let ok = match strike {
            Some((Fault::Cut | Fault::Down, at)) => {
                let _ = to.write_all(&chunk[..at]).await;
                state.broken.send_modify(|times| *times += 1);
                false
            }
            Some((Fault::Stall, at)) => {
                let _ = to.write_all(&chunk[..at]).await;
                // Until the line is mended, which ends it.
                std::future::pending().await
            }
            Some((Fault::Corrupt, at)) => {
                chunk[at] ^= 0x10;
                to.write_all(chunk).await.is_ok()
            }
            Some((Fault::Replay, at)) => {
                let again: &[u8] = if last.is_empty() { &chunk[..at] } else { &last };
                to.write_all(&[&chunk[..at], again, &chunk[at..]].concat()).await.is_ok()
            }
            Some((Fault::Slow, _)) | None => {
                let slow = *state.lasts.lock().unwrap() == Some(Fault::Slow);
                if slow { drip(&mut to, chunk).await } else { to.write_all(chunk).await.is_ok() }
            }
        };
        state.all.send_modify(|all| *all += n as u64);
        if !ok {
            return;
        }
        last.clear();
        last.extend_from_slice(chunk);
    }
}

/// The fault that strikes among the next `n` bytes, and where.
fn strikes(state: &State, way: Way, n: u64) -> Option<(Fault, usize)> {
    let mut plan = state.plan.lock().unwrap();
    let Plan { fault, after, .. } = plan.as_mut().filter(|plan| plan.way == way)?;
    if *after >= n {
        *after -= n;
        return None;
    }
    let struck = (*fault, *after as usize);
    *plan = None;
    state.struck.fetch_add(1, SeqCst);
    if matches!(struck.0, Fault::Slow | Fault::Down) {
        *state.lasts.lock().unwrap() = Some(struck.0);
    }
    Some(struck)
}

async fn drip(to: &mut OwnedWriteHalf, chunk: &[u8]) -> bool {
    let mut tick = interval(TICK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for drop in chunk.chunks(48) {
        tick.tick().await;
        if to.write_all(drop).await.is_err() {
            return false;
        }
    }
    true
}
