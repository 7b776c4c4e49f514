//! `restore`: a practice from its backup.

use std::path::PathBuf;

use clap::Args;
use practice::{Code, time::Stamp};
use serde_json::json;

use super::{Kept, Outcome, Report, StoredIn, practice_id};
use crate::{
    backup::{Backups, password},
    data_dir::DataDir,
    serve::now,
    store::StoreError,
};

#[derive(Args)]
pub(super) struct Restore {
    /// The data folder. With a password file it may be missing, and is made.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// The practice's id.
    #[arg(long, value_name = "ID", value_parser = practice_id)]
    practice: practice::ids::PracticeId,
    #[command(flatten)]
    kept: Kept,
    /// As it was then: the last backup made at this time or before, such as 2026-11-23T10:00:00Z; or `latest`.
    #[arg(long, value_name = "TIME")]
    at: String,
    /// Put it into this data folder instead, which is made when it is missing.
    #[arg(long, value_name = "DIR")]
    into: Option<PathBuf>,
    #[command(flatten)]
    stored_in: StoredIn,
}

impl Restore {
    pub fn run(self) -> Outcome {
        let when = match self.at.as_str() {
            "latest" => None,
            text => Some(Stamp::parse(text).ok_or(StoreError::refused(
                Code::Invalid,
                "A time is written with its offset, such as 2026-11-23T10:00:00Z or 2026-11-23T10:00:00-05:00.",
            ))?),
        };
        let Kept { repository, password_file } = &self.kept;
        let password = match password_file {
            // Nothing else of the data folder is needed, which may be lost.
            Some(file) => password::in_file(file)?,
            None => password::password(&DataDir::open(&self.data)?, None)?,
        };
        let backups = Backups::opened(repository, password);
        let snapshot = backups.find(&self.practice, when)?;
        let folder = self.into.as_deref().unwrap_or(&self.data);
        let dir = self.stored_in.of(DataDir::open_or_create(folder)?)?;
        let back = backups.restore(&dir, &self.practice, &snapshot, now())?;
        let kept = back
            .replaced
            .as_ref()
            .map(|file| format!("What stood there is kept as {}. Remove it when all is well.\n", file.display()));
        Ok(Report::new(
            json!({
                "practice": self.practice, "data": folder, "snapshot": snapshot.id, "made": snapshot.at,
                "epoch": back.life, "versions": back.streamed.versions(), "replaced": back.replaced,
            }),
            format!(
                "The practice is as it was at {}, with {} versions of records, in {}.\n{}A new life of the host begins. Each \
                 workstation gives back what this backup lacks at its next contact. People sign in again.\n",
                snapshot.at,
                back.streamed.versions(),
                folder.display(),
                kept.unwrap_or_default()
            ),
        ))
    }
}
