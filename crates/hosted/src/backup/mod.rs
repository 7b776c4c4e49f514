//! Backups: each practice's stream in a repository that is encrypted, holds equal parts once, and is read by others'
//! tools too; a copy of it elsewhere; and the proof that what lies there can be put back.

mod authority;
mod drill;
mod password;
mod repository;
mod restic;

use std::{path::Path, time::Instant};

use practice::{
    ids::PracticeId,
    time::Stamp,
    wire::{BackupRun, RunKind},
};

pub use password::{password, password_or_new};
pub use repository::{KEPT, Repository, Snapshot};

use crate::{
    data_dir::DataDir,
    store::{PracticeStore, PutBack, Run, StoreError, Streamed},
};

/// Where backups go.
pub struct Backups {
    first: Repository,
    second: Option<Repository>,
}

impl Backups {
    /// Backups of `dir` into the repository at `address`, and a copy of each at `elsewhere`. Both have one password: that
    /// in `file`, or the data folder's own, which is made when it is missing.
    ///
    /// # Errors
    /// When there is no such password.
    pub fn new(dir: &DataDir, address: &str, elsewhere: Option<&str>, file: Option<&Path>) -> Result<Self, StoreError> {
        let password = password_or_new(dir, file)?;
        let second = elsewhere.map(|address| Repository::new(address, password.clone()));
        Ok(Self { first: Repository::new(address, password), second })
    }

    /// The same, to read from: no password is made.
    ///
    /// # Errors
    /// When there is no such password.
    pub fn existing(dir: &DataDir, address: &str, file: Option<&Path>) -> Result<Self, StoreError> {
        Ok(Self { first: Repository::new(address, password(dir, file)?), second: None })
    }

    /// The repositories, the first one first.
    pub fn repositories(&self) -> impl Iterator<Item = &Repository> {
        std::iter::once(&self.first).chain(&self.second)
    }

    /// Makes a backup of what `store` reads, as of `at`, and its copy elsewhere; says what became of each.
    pub fn back_up(&self, store: &PracticeStore, at: Stamp) -> Vec<Run> {
        let tag = store.practice().as_str();
        let begun = Instant::now();
        let save = || {
            open(&self.first, store, false, None)?;
            self.first.save(tag, at, |out| store.stream(out))
        };
        let saved = save().map(|(streamed, snapshot)| (snapshot, streamed));
        let mut runs = vec![run(RunKind::Backup, at, begun, &self.first, false, &saved)];
        if let (Some(second), Ok((snapshot, streamed))) = (&self.second, saved) {
            let begun = Instant::now();
            let copy = || {
                open(second, store, true, Some(&self.first))?;
                second.copy_from(&self.first, tag)
            };
            let copied = copy().map(|()| (snapshot, streamed));
            runs.push(run(RunKind::Backup, at, begun, second, true, &copied));
        }
        runs
    }

    /// Keeps the host's certificates beside the practices.
    pub fn back_up_certificates(&self, dir: &DataDir, at: Stamp) -> Result<(), StoreError> {
        authority::save(dir, &self.first, at)?;
        self.second.iter().try_for_each(|second| second.copy_from(&self.first, authority::TAG))
    }

    /// Lets go of the backups beyond what is kept, of these practices and the certificates.
    pub fn forget<'a>(&self, practices: impl IntoIterator<Item = &'a PracticeId>) -> Result<(), StoreError> {
        let tags: Vec<&str> = practices.into_iter().map(PracticeId::as_str).chain([authority::TAG]).collect();
        for repository in self.repositories() {
            tags.iter().try_for_each(|tag| repository.forget(tag))?;
        }
        Ok(())
    }

    /// Gives the room back that nothing uses any more.
    pub fn prune(&self) -> Result<(), StoreError> {
        self.repositories().try_for_each(Repository::prune)
    }

    /// Puts `practice` back into `dir` as it was at `when`, or last; the certificates too, where `dir` has none.
    ///
    /// # Errors
    /// In words, when there is no such backup, it is damaged, or a host has the practice open.
    pub fn restore(
        &self,
        dir: &DataDir,
        practice: &PracticeId,
        when: Option<Stamp>,
        now: Stamp,
    ) -> Result<(Snapshot, PutBack), StoreError> {
        let tag = practice.as_str();
        let snapshot = self.first.snapshot_at(tag, when)?;
        let of = snapshot.at.to_string();
        let back = self.first.read(tag, &snapshot, |input| PracticeStore::put_back(dir, practice, input, now, &of))?;
        if !dir.tls().exists() {
            authority::put_back(dir, &self.first)?;
        }
        Ok((snapshot, back))
    }
}

/// Opens `repository`, or makes it: but where this practice had backups it has to be there. A disk that is not in its
/// place must not be taken for a new one.
fn open(
    repository: &Repository,
    store: &PracticeStore,
    elsewhere: bool,
    like: Option<&Repository>,
) -> Result<(), StoreError> {
    let last = store.last_run(RunKind::Backup, elsewhere, true)?;
    if last.is_some_and(|run| run.told.kept == repository.told()) {
        repository.open()
    } else {
        repository.open_or_make(like)
    }
}

/// How it is remembered.
fn run(
    kind: RunKind,
    at: Stamp,
    begun: Instant,
    repository: &Repository,
    elsewhere: bool,
    result: &Result<(Snapshot, Streamed), StoreError>,
) -> Run {
    let good = result.as_ref().ok();
    let refusal = result.as_ref().err().map(StoreError::refusal);
    if let Some(class) = result.as_ref().err().and_then(StoreError::class) {
        tracing::error!(class, "a backup or a drill failed");
    }
    Run {
        told: BackupRun {
            kind,
            at,
            took_ms: u32::try_from(begun.elapsed().as_millis()).unwrap_or(u32::MAX),
            kept: repository.told(),
            elsewhere,
            snapshot: good.map(|(snapshot, _)| snapshot.id.clone()),
            snapshot_at: good.map(|(snapshot, _)| snapshot.at),
            versions: good.map(|(_, streamed)| streamed.versions()),
            bytes: good.map(|(_, streamed)| streamed.bytes),
            problem: refusal.as_ref().map(|refusal| refusal.code.as_str().to_owned()),
            say: refusal.map(|refusal| refusal.say.to_owned()),
        },
        sha256: good.map(|(_, streamed)| streamed.sha256.clone()),
    }
}
