//! What a serving host does by itself: a backup of each practice each hour, a restore drill each week; and the end
//! of a practice that was asked for a month ago.
//!
//! It has a thread of its own, so that a backup that takes long holds nobody up, also not the host's end.

use std::{
    collections::HashMap,
    sync::mpsc::{self, RecvTimeoutError, Sender},
    thread::{self, JoinHandle},
    time::Duration,
};

use practice::{Refusal, ids::PracticeId, time::Stamp, wire::RunKind};

use crate::{
    backup::{Backups, Done},
    data_dir::DataDir,
    ending,
    http::App,
    practices::{Practice, Practices},
    store::StoreError,
};

/// How often it is looked whether something is due.
const LOOK: Duration = Duration::from_secs(1);

/// From one backup to the next.
const HOUR: Duration = Duration::from_secs(3600);
/// From one that failed to the next try.
const AGAIN: Duration = Duration::from_secs(600);
/// From one drill to the next, good or not.
const WEEK: Duration = Duration::from_secs(7 * 24 * 3600);
/// From one time that room is given back to the next.
const DAY: Duration = Duration::from_secs(24 * 3600);

/// The work of one host.
pub(crate) struct Housekeeping {
    app: App,
    backups: Option<Backups>,
    tidied: Option<Stamp>,
    /// The ends that could not be finished, and when that was tried.
    failed: HashMap<PracticeId, Stamp>,
}

/// Goes on until it is dropped, and what it is doing then is done: a process must not end around a thread that is in the
/// middle of a practice's file.
pub(crate) struct Going {
    until: Option<Sender<()>>,
    work: Option<JoinHandle<()>>,
}

impl Drop for Going {
    fn drop(&mut self) {
        drop(self.until.take());
        let _ = self.work.take().map(JoinHandle::join);
    }
}

impl Housekeeping {
    pub fn new(app: App, backups: Option<Backups>) -> Self {
        Self { app, backups, tidied: None, failed: HashMap::new() }
    }

    /// Looks again and again, until what this gives is dropped.
    pub fn go_on(mut self) -> Result<Going, StoreError> {
        let (until, ended) = mpsc::channel();
        let work = thread::Builder::new().name("housekeeping".to_owned()).spawn(move || {
            while ended.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
                if let Err(error) = self.round() {
                    tracing::error!(class = error.class(), "the host could not look after its practices");
                }
            }
        })?;
        Ok(Going { until: Some(until), work: Some(work) })
    }

    /// Does what is due.
    fn round(&mut self) -> Result<(), StoreError> {
        let now = self.app.now();
        let practices = self.app.practices();
        for practice in practices.all()? {
            // What keeps one from being read must not keep the others from being looked after.
            if let Err(error) = end(practices, &practice, now) {
                tracing::error!(class = error.class(), "a practice could not be asked whether it is to end");
            }
        }
        self.go_on_ending(now)?;
        let Some(backups) = &self.backups else { return Ok(()) };
        let all = self.app.practices().all()?;
        let mut made = false;
        for practice in &all {
            // What keeps one from being read must not keep the others from being backed up.
            match back_up(backups, practice, now) {
                Ok(due) => made |= due,
                Err(error) => tracing::error!(class = error.class(), "a practice could not be backed up"),
            }
        }
        let dir = self.app.practices().dir();
        drill(backups, dir, &all, now)?;
        if made {
            let names: Vec<PracticeId> = all.iter().map(|practice| practice.info.id.clone()).collect();
            let daily = self.tidied.is_none_or(|before| now.since(before) >= DAY);
            // It is tried again with the next backup.
            match tidy(backups, dir, &names, daily, now) {
                Ok(()) if daily => self.tidied = Some(now),
                Ok(()) => {}
                Err(error) => warn(&error.refusal()),
            }
        }
        Ok(())
    }

    /// Destroys what is left of the practices whose end has begun; what can't be reached is tried again later.
    fn go_on_ending(&mut self, now: Stamp) -> Result<(), StoreError> {
        let practices = self.app.practices();
        for id in ending::begun(practices.dir())? {
            let waits = self.failed.get(&id).is_some_and(|then| *then <= now && now.since(*then) < AGAIN);
            if waits {
                continue;
            }
            // Before, so that nobody is answered out of what is destroyed; after, for who opened it in between.
            practices.forget(&id);
            let ended = ending::finish(practices.dir(), &id, self.backups.as_ref(), now);
            practices.forget(&id);
            match ended {
                Ok(()) => tracing::info!(practice = id.as_str(), "the practice was deleted, as its admin had asked"),
                Err(error) => {
                    self.failed.insert(id, now);
                    warn(&error.refusal());
                }
            }
        }
        Ok(())
    }
}

/// Begins the end of a practice whose waiting time has passed.
fn end(practices: &Practices, practice: &Practice, now: Stamp) -> Result<(), StoreError> {
    let asked = practice.read(|store| store.deletions())?.pending;
    if let Some(asked) = asked.filter(|asked| asked.due <= now) {
        practice.read(|store| ending::begin(practices.dir(), store, &asked, now))?;
    }
    Ok(())
}

/// Whether it was time for a backup of this practice, good or not.
fn back_up(backups: &Backups, practice: &Practice, now: Stamp) -> Result<bool, StoreError> {
    let last = practice.read(|store| store.last_run(RunKind::Backup, false, false))?;
    let due = last.is_none_or(|run| {
        let wait = if run.told.problem.is_none() { HOUR } else { AGAIN };
        // A clock that was set back makes nobody wait for the future.
        now < run.told.at || now.since(run.told.at) >= wait
    });
    if due {
        for done in backups.back_up(&practice.reader()?, now) {
            keep(practice, &done)?;
        }
    }
    Ok(due)
}

/// A drill of those practices that had none for a week.
fn drill(backups: &Backups, dir: &DataDir, all: &[std::sync::Arc<Practice>], now: Stamp) -> Result<(), StoreError> {
    let mut checked = None;
    for practice in all {
        let due = practice.read(|store| {
            let drill = store.last_run(RunKind::Drill, false, false)?;
            let backup = store.last_run(RunKind::Backup, false, true)?;
            let waited = |at: Stamp| now < at || now.since(at) >= WEEK;
            Ok::<_, StoreError>(backup.is_some() && drill.is_none_or(|run| waited(run.told.at)))
        })?;
        if due {
            // Each byte of the repository is read once for all of them.
            let checked = checked.get_or_insert_with(|| backups.check());
            keep(practice, &backups.drill(dir, &practice.reader()?, checked, now))?;
        }
    }
    Ok(())
}

fn tidy(backups: &Backups, dir: &DataDir, practices: &[PracticeId], daily: bool, now: Stamp) -> Result<(), StoreError> {
    backups.forget(practices)?;
    if daily {
        backups.back_up_certificates(dir, now)?;
        backups.prune()?;
    }
    Ok(())
}

fn keep(practice: &Practice, done: &Done) -> Result<(), StoreError> {
    if let Some(refusal) = &done.refusal {
        warn(refusal);
    }
    practice.write(|store| store.keep_run(&done.run))
}

fn warn(refusal: &Refusal) {
    tracing::error!(code = refusal.code.as_str(), say = refusal.say, "a backup or a drill failed");
}
