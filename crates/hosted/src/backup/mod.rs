//! Backups: each practice's stream in a repository that is encrypted, holds equal parts once, and is read by others'
//! tools too; a copy of it elsewhere; and the proof that what lies there can be put back.

mod authority;
mod drill;
pub mod password;
mod problems;
mod repository;
mod restic;

use std::{io::BufRead, path::Path, time::Instant};

use practice::{
    Refusal,
    ids::PracticeId,
    time::Stamp,
    wire::{BackupRun, RunKind},
};

pub use problems::{Standing, problems};
pub use repository::{KEPT, Repository, Snapshot};

use zeroize::Zeroizing;

use crate::{
    data_dir::DataDir,
    store::{PracticeStore, PutBack, Run, StoreError, Streamed},
};

/// What became of a backup or a drill.
pub struct Done {
    /// As it is remembered.
    pub run: Run,
    /// Why it came to nothing.
    pub refusal: Option<Refusal>,
}

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
        let password = password::password_or_new(dir, file)?;
        let second = elsewhere.map(|address| Repository::new(address, password.clone()));
        Ok(Self { first: Repository::new(address, password), second })
    }

    /// The same, to read from: no password is made.
    ///
    /// # Errors
    /// When there is no such password.
    pub fn existing(dir: &DataDir, address: &str, file: Option<&Path>) -> Result<Self, StoreError> {
        Ok(Self::opened(address, password::password(dir, file)?))
    }

    /// The same, with its password.
    pub fn opened(address: &str, password: Zeroizing<String>) -> Self {
        Self { first: Repository::new(address, password), second: None }
    }

    /// The repositories, the first one first.
    pub fn repositories(&self) -> impl Iterator<Item = &Repository> {
        std::iter::once(&self.first).chain(&self.second)
    }

    /// Makes a backup of what `store` reads, as of `at`, and its copy elsewhere; says what became of each.
    pub fn back_up(&self, store: &PracticeStore, at: Stamp) -> Vec<Done> {
        let tag = store.practice().as_str();
        let begun = Instant::now();
        let save = || {
            open(&self.first, store, false, None)?;
            self.first.save(tag, at, |out| store.stream(out))
        };
        let saved = save().map(|(streamed, snapshot)| (snapshot, streamed));
        let mut runs = vec![done(RunKind::Backup, at, begun, &self.first, false, &saved)];
        if let (Some(second), Ok((snapshot, streamed))) = (&self.second, saved) {
            let begun = Instant::now();
            let copy = || {
                open(second, store, true, Some(&self.first))?;
                second.copy_from(&self.first, tag)
            };
            let copied = copy().map(|()| (snapshot, streamed));
            runs.push(done(RunKind::Backup, at, begun, second, true, &copied));
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
            repository.unlock()?;
            tags.iter().try_for_each(|tag| repository.forget(tag))?;
        }
        Ok(())
    }

    /// Gives the room back that nothing uses any more.
    pub fn prune(&self) -> Result<(), StoreError> {
        self.repositories().try_for_each(Repository::prune)
    }

    /// The backup of `practice` that was made at `when` or last before it; the last of all without it.
    ///
    /// # Errors
    /// In words, when there is none.
    pub fn find(&self, practice: &PracticeId, when: Option<Stamp>) -> Result<Snapshot, StoreError> {
        self.first.open()?;
        self.first.snapshot_at(practice.as_str(), when)
    }

    /// Puts `practice` back into `dir` from `snapshot`; the certificates too, where `dir` has none.
    ///
    /// # Errors
    /// In words, when the backup is damaged, or a host has the practice open.
    pub fn restore(
        &self,
        dir: &DataDir,
        practice: &PracticeId,
        snapshot: &Snapshot,
        now: Stamp,
    ) -> Result<PutBack, StoreError> {
        let of = snapshot.at.to_string();
        let put = |input: &mut dyn BufRead| PracticeStore::put_back(dir, practice, input, now, &of);
        let back = self.first.read(practice.as_str(), snapshot, put)?;
        if !dir.tls().exists() {
            authority::put_back(dir, &self.first)?;
        }
        Ok(back)
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
    if last.is_none_or(|run| run.told.kept != repository.told()) {
        repository.open_or_make(like)?;
    }
    // Which opens it, too. A process that was killed in the middle would keep everybody out.
    repository.unlock()
}

/// How it is remembered.
fn done(
    kind: RunKind,
    at: Stamp,
    begun: Instant,
    repository: &Repository,
    elsewhere: bool,
    result: &Result<(Snapshot, Streamed), StoreError>,
) -> Done {
    let good = result.as_ref().ok();
    let refusal = result.as_ref().err().map(StoreError::refusal);
    if let Some(class) = result.as_ref().err().and_then(StoreError::class) {
        tracing::error!(class, "a backup or a drill failed");
    }
    let told = BackupRun {
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
        say: refusal.as_ref().map(|refusal| refusal.say.to_owned()),
    };
    Done { run: Run { told, sha256: good.map(|(_, streamed)| streamed.sha256.clone()) }, refusal }
}
