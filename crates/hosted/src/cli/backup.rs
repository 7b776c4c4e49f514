//! `backup`: now, beside the hourly ones of a host that serves.

use clap::Args;
use practice::wire::BackupRun;
use serde_json::json;

use super::{Kept, Offices, Outcome, Report};
use crate::{backup::Backups, serve::now, store::PracticeStore};

#[derive(Args)]
pub(super) struct Backup {
    #[command(flatten)]
    offices: Offices,
    #[command(flatten)]
    kept: Kept,
    /// A second repository, elsewhere, that gets a copy.
    #[arg(long, value_name = "PATH")]
    copy_to: Option<String>,
}

impl Backup {
    pub fn run(self) -> Outcome {
        let (dir, practices) = self.offices.open()?;
        let Kept { repository, password_file } = &self.kept;
        let backups = Backups::new(&dir, repository, self.copy_to.as_deref(), password_file.as_deref())?;
        let (mut runs, mut words) = (Vec::new(), String::new());
        let mut refused = None;
        for id in &practices {
            let mut store = PracticeStore::open(&dir, id)?;
            for done in backups.back_up(&store, now()) {
                store.keep_run(&done.run)?;
                words += &format!("{id}  {}\n", line(&done.run.told));
                runs.push(json!({"practice": id, "run": done.run.told}));
                refused = refused.or(done.refusal);
            }
        }
        if let Some(refusal) = refused {
            return Err(refusal.into());
        }
        backups.back_up_certificates(&dir, now())?;
        backups.forget(&practices)?;
        backups.prune()?;
        if password_file.is_none() {
            words += "Keep a copy of the data folder's operator.key and backup.key elsewhere: nothing else opens the backups.\n";
        }
        Ok(Report::new(json!({"backups": runs}), words))
    }
}

/// A run in words.
pub(super) fn line(run: &BackupRun) -> String {
    let seconds = f64::from(run.took_ms) / 1000.0;
    match (&run.say, run.versions, run.bytes) {
        (Some(say), _, _) => say.clone(),
        (None, Some(versions), Some(bytes)) => format!(
            "{versions} versions, {} MB before compression, in {seconds:.1} s; kept in {}",
            bytes.div_ceil(1_000_000),
            run.kept
        ),
        (None, _, _) => format!("done in {seconds:.1} s; kept in {}", run.kept),
    }
}
