//! That the practice be deleted at its host: asked for with its name typed, waited for, and taken back.

use std::sync::Arc;

use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
    permission::DeletePractice,
    schedule::{days_until, written},
    time::Stamp,
    wire::{Deletion, DeletionWish, Deletions, Wish},
};

use crate::{
    refused::{Outcome, refuse},
    screen::{DeletionChange, DeletionLine, DeletionPage},
    session::{Enrolled, Workstation},
};

/// What is said when the host can't be reached and does not know the admin any more.
const UNKNOWN: &str = "Only the host can delete the practice, and it can't be reached now.";

impl Workstation {
    /// Whether the practice is to be deleted, and when.
    ///
    /// # Errors
    /// When locked or not an admin's, and when the host can't be reached.
    pub async fn deletion(self: &Arc<Self>) -> Outcome<DeletionPage> {
        let (enrolled, person, _) = self.person::<DeletePractice>(UNKNOWN).await?;
        let told = enrolled.line.deletions(&person).await?;
        Ok(shown(&enrolled, told, self.clock.now()))
    }

    /// Asks the host to delete the practice when the waiting time has passed, or to let it stay.
    ///
    /// # Errors
    /// When locked or not an admin's, when what was typed is not the practice's name, when the host can't be reached,
    /// and when it is asked already, or there is nothing to take back.
    pub async fn set_deletion(self: &Arc<Self>, change: DeletionChange) -> Outcome<DeletionPage> {
        let (enrolled, person, generation) = self.person::<DeletePractice>(UNKNOWN).await?;
        let DeletionChange { wish, typed, comment } = change;
        let named = typed.is_some_and(|typed| plain(&typed) == plain(&enrolled.as_written.practice.name));
        if wish == Wish::Delete && !named {
            return refuse(Code::Invalid, "This is not the practice's name. Nothing was asked.");
        }
        let wish = DeletionWish { wish, comment: super::change::clean(comment)? };
        let told = enrolled.line.wish_deletion(&person, &wish).await?;
        self.desk_of(generation, |desk| {
            let what = match wish.wish {
                Wish::Delete => "asked that the practice be deleted",
                Wish::Keep => "asked that the practice stay",
            };
            let record = AuditRecord {
                query: Some(what.to_owned()),
                comment: wish.comment,
                ..desk.tells(self.clock.now(), AuditAction::Deletion)
            };
            Ok(desk.store.record(&record).map_err(|e| e.refusal())?)
        })?;
        Ok(shown(&enrolled, told, self.clock.now()))
    }
}

/// A name as it is compared: nobody is held up by a capital, a space too many, or another apostrophe.
fn plain(name: &str) -> String {
    let words: Vec<_> = name.split_whitespace().collect();
    words.join(" ").replace(['’', '‘'], "'").to_lowercase()
}

fn shown(enrolled: &Enrolled, told: Deletions, now: Stamp) -> DeletionPage {
    let wall = |at| written(&enrolled.zone, at);
    let line = |one: Deletion| DeletionLine {
        asked: wall(one.asked),
        asked_by: one.asked_by_name,
        due: wall(one.due),
        days_left: days_until(&enrolled.zone, one.due, now),
        comment: one.comment,
        taken_back: one.taken_back.map(wall),
        taken_back_by: one.taken_back_by_name,
        taken_back_comment: one.taken_back_comment,
    };
    DeletionPage {
        practice: enrolled.as_written.practice.name.clone(),
        pending: told.pending.map(line),
        past: told.past.into_iter().map(line).collect(),
    }
}
