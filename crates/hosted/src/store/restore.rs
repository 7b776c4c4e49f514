//! A practice from its stream: into a folder that has none of that id, or in the place of the one that stands there.

use std::{
    fs,
    io::BufRead,
    path::{Path, PathBuf},
    sync::Arc,
};

use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
    ids::{PracticeId, WorkstationId},
    time::Stamp,
};

use super::{
    PracticeStore, StoreError, audit,
    db::{Access, Cluster, Db, Dialect},
    erase::erase,
    lives, settings, stream,
    stream::Streamed,
    time_zone,
};
use crate::{data_dir::DataDir, operator_key::PracticeKey};

/// A practice that was put back.
#[derive(Debug)]
pub struct PutBack {
    /// What came.
    pub streamed: Streamed,
    /// The life that begins with it.
    pub life: String,
    /// Where the file is that stood there before.
    pub replaced: Option<PathBuf>,
}

impl PracticeStore {
    /// Makes the practice `id` in `dir` from `input`, word for word and in the life that it was in.
    ///
    /// # Errors
    /// When `dir` has it, or the stream is not whole: then nothing is left of it.
    pub fn take_in(dir: &DataDir, id: &PracticeId, input: &mut dyn BufRead) -> Result<(Self, Streamed), StoreError> {
        let taken = || StoreError::refused(Code::Invalid, "This data folder already holds that practice.");
        if let Some(cluster) = dir.cluster() {
            return if cluster.has(id)? { Err(taken()) } else { Self::fill_shared(cluster, id, input, None) };
        }
        if dir.wrapped_key(id).exists() {
            return Err(taken());
        }
        let file = dir.database(id);
        let (key, wrapped) = dir.operator_key().make(id)?;
        remove(&file)?;
        let made = Self::fill(&file, &key, id, input).inspect_err(|_| drop(remove(&file)))?;
        // The practice exists from here on.
        fs::write(dir.wrapped_key(id), wrapped)?;
        Ok(made)
    }

    fn fill(
        file: &Path,
        key: &PracticeKey,
        id: &PracticeId,
        input: &mut dyn BufRead,
    ) -> Result<(Self, Streamed), StoreError> {
        let mut db = Db::file(file, key, Access::Create)?;
        let mut batches = db.begin()?;
        let streamed = stream::take_in(&mut batches, id, input)?;
        batches.commit()?;
        let zone = time_zone(&settings::get(&db, settings::TIME_ZONE)?)?;
        Ok((Self { db, practice: id.clone(), zone }, streamed))
    }

    /// Fills what the practice `id` has in a shared database, in one transaction. `restored` says of what and when it is
    /// put back, which begins a life.
    fn fill_shared(
        cluster: &Arc<Cluster>,
        id: &PracticeId,
        input: &mut dyn BufRead,
        restored: Option<(&str, Stamp)>,
    ) -> Result<(Self, Streamed), StoreError> {
        let mut db = Db::shared(cluster.clone(), id.clone());
        let mut batches = db.begin()?;
        erase(&batches)?;
        let streamed = stream::take_in(&mut batches, id, input)?;
        if let Some((of, at)) = restored {
            lives::anew(&batches, &told(of, at, audit::host(&batches)?))?;
        }
        let zone = time_zone(&settings::get(&batches, settings::TIME_ZONE)?)?;
        batches.commit()?;
        if !cluster.has(id)? {
            cluster.add(id)?;
        }
        Ok((Self { db, practice: id.clone(), zone }, streamed))
    }

    /// Puts the practice `id` back into `dir` from `input`, as of `at`. A new life begins, so that workstations give back
    /// what it lacks. What stands there is kept beside it.
    ///
    /// # Errors
    /// When a host has the practice open, or the stream is not whole: then what stands there stays.
    pub fn put_back(
        dir: &DataDir,
        id: &PracticeId,
        input: &mut dyn BufRead,
        at: Stamp,
        of: &str,
    ) -> Result<PutBack, StoreError> {
        if let Some(cluster) = dir.cluster() {
            if !cluster.is_alone()? {
                return Err(IN_USE);
            }
            let (store, streamed) = Self::fill_shared(cluster, id, input, Some((of, at)))?;
            return Ok(PutBack { streamed, life: store.epoch()?, replaced: None });
        }
        let file = dir.database(id);
        let (key, wrapped) = match fs::read_to_string(dir.wrapped_key(id)) {
            Ok(wrapped) => (dir.operator_key().unwrap(id, &wrapped)?, None),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let (key, wrapped) = dir.operator_key().make(id)?;
                (key, Some(wrapped))
            }
            Err(error) => return Err(error.into()),
        };
        if wrapped.is_none() && file.exists() {
            alone(&file, &key)?;
        }
        let draft = file.with_extension("draft");
        remove(&draft)?;
        let mut filled = || {
            let (mut store, streamed) = Self::fill(&draft, &key, id, input)?;
            let life = store.live_anew(&told(of, at, store.host()?))?;
            one_file(&store.db)?;
            Ok((streamed, life))
        };
        let (streamed, life) = filled().inspect_err(|_: &StoreError| drop(remove(&draft)))?;
        let replaced = if file.exists() { Some(set_aside(&file, at)?) } else { None };
        fs::rename(&draft, &file)?;
        if let Some(wrapped) = wrapped {
            fs::write(dir.wrapped_key(id), wrapped)?;
        }
        Ok(PutBack { streamed, life, replaced })
    }

    /// What the file says of itself, page by page and table by table; nothing when all is well. PostgreSQL looks after its
    /// own files.
    pub fn integrity(&self) -> Result<Vec<String>, StoreError> {
        if self.db.dialect() == Dialect::Postgres {
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        for (check, column) in [
            ("pragma cipher_integrity_check", "cipher_integrity_check"),
            ("pragma integrity_check", "integrity_check"),
            // Of a row that refers to nothing, its table's name.
            ("pragma foreign_key_check", "table"),
        ] {
            found.extend(self.db.all(check, &[], |row| row.get::<String>(column))?);
        }
        found.retain(|said| said != "ok");
        Ok(found)
    }
}

const IN_USE: StoreError =
    StoreError::refused(Code::NotNow, "A host has this practice open. Stop it, restore, and start it again.");

/// What the audit says of a restore.
fn told(of: &str, at: Stamp, host: WorkstationId) -> AuditRecord {
    AuditRecord {
        query: Some(format!("restored from the backup of {of}")),
        ..AuditRecord::new(at, AuditAction::Restore, None, host)
    }
}

/// Leaves one file, with nothing beside it.
fn one_file(db: &Db) -> Result<(), StoreError> {
    db.exists("pragma journal_mode = delete", &[]).map(drop)
}

/// Nobody else has `file` open; one that does not open any more is nobody's.
fn alone(file: &Path, key: &PracticeKey) -> Result<(), StoreError> {
    let Ok(db) = Db::file(file, key, Access::Write) else { return Ok(()) };
    db.exists("pragma busy_timeout = 200", &[])?;
    match one_file(&db) {
        Err(StoreError::Sql(error)) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy) => {
            Err(IN_USE)
        }
        _ => Ok(()),
    }
}

/// Where `file` and what belongs to it goes when another takes its place.
fn set_aside(file: &Path, at: Stamp) -> Result<PathBuf, StoreError> {
    let aside = file.with_extension(format!("db.replaced-{}", at.millis()));
    for end in ["-wal", "-shm"] {
        let _ = fs::rename(with(file, end), with(&aside, end));
    }
    fs::rename(file, &aside)?;
    Ok(aside)
}

fn with(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// Removes what a start that broke off has left.
fn remove(file: &Path) -> Result<(), StoreError> {
    for end in ["", "-wal", "-shm", "-journal"] {
        match fs::remove_file(with(file, end)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}
