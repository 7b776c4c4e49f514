//! `drill`: the proof that backups can be put back.

use clap::Args;
use serde_json::json;

use super::{Kept, Offices, Outcome, Report, backup::line};
use crate::{
    backup::Backups,
    serve::now,
    store::{PracticeStore, StoreError},
};

#[derive(Args)]
pub(super) struct Drill {
    #[command(flatten)]
    offices: Offices,
    #[command(flatten)]
    kept: Kept,
}

impl Drill {
    pub fn run(self) -> Outcome {
        let (dir, practices) = self.offices.open()?;
        let backups = Backups::existing(&dir, &self.kept.repository, self.kept.password_file.as_deref())?;
        let checked = backups.check();
        let (mut drills, mut words, mut wrong) = (Vec::new(), String::new(), false);
        for id in &practices {
            let mut store = PracticeStore::open(&dir, id)?;
            let done = backups.drill(&dir, &store, &checked, now());
            store.keep_run(&done.run)?;
            words += &format!("{id}  {}\n", line(&done.run.told));
            wrong |= done.refusal.is_some();
            drills.push(json!({"practice": id, "run": done.run.told}));
        }
        // What is found of the repository itself is told as it is: a wrong password is no damage.
        checked.map_err(|error| StoreError::from(error.refusal()))?;
        Ok(Report::new(json!({"good": !wrong, "drills": drills}), words).wrong(wrong))
    }
}
