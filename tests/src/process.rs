//! A process that ends, with all its children, when its owner is dropped.

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process_group};
use std::{
    collections::BTreeMap,
    fs::File,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

/// A running program at the head of a process group of its own.
pub struct Running {
    child: Child,
    name: String,
    log: PathBuf,
}

impl Running {
    /// Starts it with its output in `log`.
    ///
    /// # Errors
    /// The program or the log file is not there.
    pub fn start(command: &mut Command, log: &Path) -> Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        let out = File::options().create(true).append(true).open(log)?;
        let child = command
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(out.try_clone()?)
            .stderr(out)
            .spawn()
            .with_context(|| format!("{name} does not start"))?;
        Ok(Self { child, name, log: log.to_path_buf() })
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Fails with its last words when it has ended by itself.
    ///
    /// # Errors
    /// It has ended.
    pub fn still_there(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => bail!("{} ended with {status}: {}", self.name, self.last_words()),
        }
    }

    /// Sends a signal to the whole group, as a terminal does.
    ///
    /// # Errors
    /// There is no such group any more.
    pub fn signal(&self, signal: Signal) -> Result<()> {
        Ok(kill_process_group(self.group()?, signal)?)
    }

    /// Waits for its end.
    ///
    /// # Errors
    /// It was still there after `limit`.
    pub fn wait(&mut self, limit: Duration) -> Result<ExitStatus> {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            if began.elapsed() > limit {
                bail!("{} did not end within {} s: {}", self.name, limit.as_secs(), self.last_words());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Ends it the hard way, as a power cut would.
    pub fn kill(&mut self) {
        self.end(Signal::KILL);
    }

    /// What it wrote so far.
    pub fn output(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    fn last_words(&self) -> String {
        let all = self.output();
        let lines: Vec<&str> = all.lines().collect();
        lines[lines.len().saturating_sub(15)..].join("\n")
    }

    fn group(&self) -> Result<Pid> {
        Pid::from_raw(self.child.id().cast_signed()).context("a process has an id")
    }

    /// Reaped already or still there: either way nothing of it is left when this returns.
    fn end(&mut self, signal: Signal) {
        let _ = self.signal(signal);
        if self.wait(Duration::from_secs(5)).is_err() {
            let _ = self.signal(Signal::KILL);
            let _ = self.child.wait();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end(Signal::TERM);
        // The head of the group may go before its children do.
        let _ = self.signal(Signal::KILL);
    }
}

/// The memory of a process and of all that it started, in bytes by their programs' names; what several share is shared
/// out among them.
///
/// # Errors
/// There is no such process.
pub fn memory(id: u32) -> Result<BTreeMap<String, u64>> {
    let rolled = std::fs::read_to_string(format!("/proc/{id}/smaps_rollup"))?;
    let told = rolled.lines().find_map(|line| line.strip_prefix("Pss:")).context("the kernel tells Pss")?;
    let bytes = told.trim().trim_end_matches(" kB").trim().parse::<u64>()? * 1024;
    let name = std::fs::read_to_string(format!("/proc/{id}/comm"))?.trim_end().to_owned();
    let mut all = BTreeMap::from([(name, bytes)]);
    for task in std::fs::read_dir(format!("/proc/{id}/task"))?.flatten() {
        let children = std::fs::read_to_string(task.path().join("children")).unwrap_or_default();
        for child in children.split_whitespace() {
            // One may end meanwhile.
            for (name, bytes) in memory(child.parse()?).unwrap_or_default() {
                *all.entry(name).or_default() += bytes;
            }
        }
    }
    Ok(all)
}
