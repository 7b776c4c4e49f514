//! A repository in restic's format: what is put in, what is there, what is taken out, and what is kept.

use std::io::{BufRead, ErrorKind, Write};

use practice::{Code, time::Stamp, wire::Keeps};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::restic::{Restic, Trouble};
use crate::store::StoreError;

/// How many of the last hours, days and months keep a backup.
pub const KEPT: Keeps = Keeps { hourly: 24, daily: 30, monthly: 24 };

/// The host's name in snapshots: the machine's says nothing to who restores.
const HOST: &str = "shadowchart";

/// A repository, and what opens it.
pub struct Repository {
    address: String,
    password: Zeroizing<String>,
}

/// A backup that lies in a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Its name there.
    pub id: String,
    /// When it was made.
    pub at: Stamp,
}

#[derive(Deserialize)]
struct Told {
    id: String,
    time: String,
}

#[derive(Deserialize)]
struct Summary {
    snapshot_id: Option<String>,
}

impl Repository {
    /// The repository at `address`, which is a folder or whatever else restic takes.
    pub fn new(address: impl Into<String>, password: Zeroizing<String>) -> Self {
        Self { address: address.into(), password }
    }

    /// Its address as it may be told: without a name and a password.
    pub fn told(&self) -> String {
        let Some((scheme, rest)) = self.address.split_once("://") else { return self.address.clone() };
        let end = rest.find('/').unwrap_or(rest.len());
        let (host, path) = rest.split_at(end);
        format!("{scheme}://{}{path}", host.rsplit('@').next().unwrap_or(host))
    }

    fn restic(&self) -> Restic {
        Restic::at(&self.address, &self.password)
    }

    /// Opens it. Without a lock, as all that only reads: a full disk, on which a lock has no room, can be restored from.
    ///
    /// # Errors
    /// In words, when it is not there or the password does not open it.
    pub fn open(&self) -> Result<(), StoreError> {
        Ok(self.restic().args(["cat", "config", "--no-lock"]).run().map(drop)?)
    }

    /// Opens it, or makes it where there is none; `like` is cut into parts in the same places, so that what is copied from
    /// there is not kept twice.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_or_make(&self, like: Option<&Repository>) -> Result<(), StoreError> {
        match self.restic().args(["cat", "config", "--no-lock"]).run() {
            Err(Trouble::Missing) => {}
            other => return Ok(other.map(drop)?),
        }
        let make = match like {
            None => self.restic().args(["init"]),
            Some(like) => self.restic().from(&like.address, &like.password).args(["init", "--copy-chunker-params"]),
        };
        Ok(make.run().map(drop)?)
    }

    /// Removes the locks of processes that are gone.
    ///
    /// # Errors
    /// In words, when the repository can't be opened.
    pub fn unlock(&self) -> Result<(), StoreError> {
        Ok(self.restic().args(["unlock"]).run().map(drop)?)
    }

    /// Keeps what `write` writes as a snapshot `tag`ged so, as of `at`. It has the tag when it is whole, and not before:
    /// where this process ends in the middle, restic takes what it has for all there is.
    ///
    /// # Errors
    /// What `write` said, or why the repository did not take it; then there is no snapshot of that tag.
    pub fn save<T>(
        &self,
        tag: &str,
        at: Stamp,
        write: impl FnOnce(&mut dyn Write) -> Result<T, StoreError>,
    ) -> Result<(T, Snapshot), StoreError> {
        let draft = draft(tag);
        let (written, unfinished) = self.write(&draft, &file(tag), at, write)?;
        self.restic().args(["tag", "--set", tag, &unfinished.id]).run()?;
        // Which gives it another name.
        let whole = self.snapshots(tag)?.into_iter().rfind(|one| one.at == unfinished.at);
        Ok((written, whole.ok_or(StoreError::Damaged("a backup without a name"))?))
    }

    /// Keeps what `write` writes as the file `file` of a snapshot `tag`ged so, as of `at`.
    ///
    /// # Errors
    /// As [`Self::save`].
    pub fn write<T>(
        &self,
        tag: &str,
        file: &str,
        at: Stamp,
        write: impl FnOnce(&mut dyn Write) -> Result<T, StoreError>,
    ) -> Result<(T, Snapshot), StoreError> {
        // restic knows whole seconds.
        let at = Stamp::from_millis(at.millis() / 1000 * 1000).unwrap_or(at);
        let time = at.timestamp().strftime("%Y-%m-%d %H:%M:%S").to_string();
        let arguments = ["backup", "--json", "--stdin", "--stdin-filename", file, "--host", HOST];
        let mut running = self
            .restic()
            .args(arguments)
            .args(["--tag", tag, "--time", &time, "--force"])
            .start()
            .map_err(StoreError::from)?;
        let (input, output) = (running.input.take(), running.output.take());
        let (Some(mut input), Some(mut output)) = (input, output) else {
            return Err(StoreError::Damaged("a program without a pipe"));
        };
        let listening = std::thread::spawn(move || {
            let mut said = String::new();
            let _ = std::io::Read::read_to_string(&mut output, &mut said);
            said
        });
        let written = write(&mut input);
        match written {
            Ok(written) => {
                drop(input);
                running.end()?;
                let said = listening.join().unwrap_or_default();
                let summary = said.lines().filter_map(|line| serde_json::from_str::<Summary>(line).ok()).next_back();
                let id = summary.and_then(|summary| summary.snapshot_id);
                let id = id.ok_or(StoreError::Damaged("a backup without a name"))?;
                Ok((written, Snapshot { id, at }))
            }
            // It stopped reading: it says why.
            Err(StoreError::Io(error)) if error.kind() == ErrorKind::BrokenPipe => {
                drop(input);
                running.end()?;
                Err(StoreError::Io(error))
            }
            Err(error) => {
                running.kill();
                drop(input);
                Err(error)
            }
        }
    }

    /// What is there of `tag`, oldest first.
    pub fn snapshots(&self, tag: &str) -> Result<Vec<Snapshot>, StoreError> {
        let said = self.restic().args(["snapshots", "--json", "--no-lock", "--tag", tag]).run()?;
        let told: Vec<Told> =
            serde_json::from_str(said.trim()).map_err(|_| StoreError::Damaged("a repository's list of backups"))?;
        let mut found = told
            .into_iter()
            .filter_map(|told| Some(Snapshot { at: Stamp::parse(&told.time)?, id: told.id }))
            .collect::<Vec<_>>();
        found.sort_by(|one, other| (one.at, &one.id).cmp(&(other.at, &other.id)));
        Ok(found)
    }

    /// The last snapshot of `tag` that was made at `at` or before; the last of all without it.
    ///
    /// # Errors
    /// In words, when there is none.
    pub fn snapshot_at(&self, tag: &str, at: Option<Stamp>) -> Result<Snapshot, StoreError> {
        let found = self.snapshots(tag)?.into_iter().rfind(|one| at.is_none_or(|at| one.at <= at));
        found.ok_or(StoreError::refused(Code::NotFound, "The repository has no backup of this practice from then."))
    }

    /// Gives what `snapshot` of `tag` holds to `read`.
    ///
    /// # Errors
    /// Why the repository did not give it, or what `read` said.
    pub fn read<T>(
        &self,
        tag: &str,
        snapshot: &Snapshot,
        read: impl FnOnce(&mut dyn BufRead) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let name = format!("/{}", file(tag));
        let mut running =
            self.restic().args(["dump", "--no-lock", &snapshot.id, &name]).start().map_err(StoreError::from)?;
        running.input = None;
        let Some(mut output) = running.output.take() else {
            return Err(StoreError::Damaged("a program without a pipe"));
        };
        let result = read(&mut output);
        // What broke off in the middle did so because of what restic met, if it met something.
        if result.is_err() {
            let _ = std::io::copy(&mut output, &mut std::io::sink());
        }
        drop(output);
        running.end()?;
        result
    }

    /// Copies what `from` has of `tag` and this has not.
    pub fn copy_from(&self, from: &Repository, tag: &str) -> Result<(), StoreError> {
        Ok(self.restic().from(&from.address, &from.password).args(["copy", "--tag", tag]).run().map(drop)?)
    }

    /// Lets go of the snapshots of `tag` beyond what is kept ([`KEPT`]). The room they took is had again by
    /// [`Self::prune`].
    pub fn forget(&self, tag: &str) -> Result<(), StoreError> {
        self.let_go(&self.snapshots(&draft(tag))?)?;
        let rules = [("--keep-hourly", KEPT.hourly), ("--keep-daily", KEPT.daily), ("--keep-monthly", KEPT.monthly)];
        let kept = rules.map(|(name, count)| [name.to_owned(), count.to_string()]).concat();
        Ok(self
            .restic()
            .args(["forget", "--group-by", "", "--tag", tag])
            .args(kept.iter().map(String::as_str))
            .run()
            .map(drop)?)
    }

    /// Lets go of every snapshot of `tag`, and of what only they held; says how many there were.
    pub fn destroy(&self, tag: &str) -> Result<usize, StoreError> {
        let all = [self.snapshots(tag)?, self.snapshots(&draft(tag))?].concat();
        if !all.is_empty() {
            self.let_go(&all)?;
            self.prune_all()?;
        }
        Ok(all.len())
    }

    fn let_go(&self, snapshots: &[Snapshot]) -> Result<(), StoreError> {
        if snapshots.is_empty() {
            return Ok(());
        }
        Ok(self.restic().args(["forget"]).args(snapshots.iter().map(|one| one.id.as_str())).run().map(drop)?)
    }

    /// Gives room back that nothing uses any more.
    pub fn prune(&self) -> Result<(), StoreError> {
        Ok(self.restic().args(["prune"]).run().map(drop)?)
    }

    /// The same to the last byte.
    fn prune_all(&self) -> Result<(), StoreError> {
        Ok(self.restic().args(["prune", "--max-unused", "0"]).run().map(drop)?)
    }

    /// Reads every byte.
    ///
    /// # Errors
    /// In words, when one is not what was written.
    pub fn check(&self) -> Result<(), StoreError> {
        match self.restic().args(["check", "--read-data"]).run().map_err(StoreError::from) {
            Ok(_) => Ok(()),
            Err(StoreError::Refused(refusal)) if refusal.code == Code::BackupFailed => Err(super::restic::damaged()),
            Err(error) => Err(error),
        }
    }
}

/// What a snapshot is tagged with until it is whole. No practice's id has such a letter.
fn draft(tag: &str) -> String {
    format!("{tag}_unfinished")
}

/// The file in a snapshot.
fn file(tag: &str) -> String {
    format!("{tag}.ndjson")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_told_without_its_password() {
        for (address, told) in [
            ("/srv/backups", "/srv/backups"),
            ("rest:https://ana:secret@host:8000/elm", "rest:https://host:8000/elm"),
            ("rest:https://host/a@b", "rest:https://host/a@b"),
            ("sftp:ana@host:/srv", "sftp:ana@host:/srv"),
        ] {
            assert_eq!(Repository::new(address, Zeroizing::default()).told(), told);
        }
    }
}
