//! That a practice be deleted: asked for, waited for, and taken back.

use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
    ids::{MemberId, WorkstationId},
    time::Stamp,
    wire::{Deletion, Deletions},
};

use super::{
    PracticeStore, StoreError, audit,
    db::{Db, Row, values},
};
use crate::random;

/// How long it can be taken back, in days.
pub const WAITING_DAYS: i64 = 30;

const DAY: i64 = 24 * 3_600_000;

/// Who asks, and where.
pub struct Asking {
    /// An admin.
    pub member: MemberId,
    /// Where they are.
    pub workstation: WorkstationId,
    /// What they say of it.
    pub comment: Option<String>,
    /// When.
    pub at: Stamp,
}

impl Asking {
    fn record(&self, what: &str) -> AuditRecord {
        AuditRecord {
            query: Some(what.to_owned()),
            comment: self.comment.clone(),
            ..AuditRecord::new(self.at, AuditAction::Deletion, Some(self.member.clone()), self.workstation.clone())
        }
    }
}

impl PracticeStore {
    /// Asks that the practice be deleted when [`WAITING_DAYS`] have passed.
    ///
    /// # Errors
    /// In words, when it is asked already.
    pub fn ask_deletion(&mut self, by: &Asking) -> Result<Deletions, StoreError> {
        let db = self.db.begin()?;
        if pending(&db)?.is_some() {
            return Err(StoreError::refused(Code::Conflict, "The practice is to be deleted already."));
        }
        db.execute(
            "insert into deletion (id, asked, asked_by, due, comment) values (?, ?, ?, ?, ?)",
            values![
                random::uuid().to_string(),
                by.at.millis(),
                by.member.as_str(),
                by.at.millis() + WAITING_DAYS * DAY,
                by.comment,
            ],
        )?;
        audit::append(&db, &by.record("asked that the practice be deleted"))?;
        let told = told(&db)?;
        db.commit()?;
        Ok(told)
    }

    /// The practice stays.
    ///
    /// # Errors
    /// In words, when nobody asked.
    pub fn take_deletion_back(&mut self, by: &Asking) -> Result<Deletions, StoreError> {
        let db = self.db.begin()?;
        let changed = db.execute(
            "update deletion set taken_back = ?1, taken_back_by = ?2, taken_back_comment = ?3
             where taken_back is null and due > ?1",
            values![by.at.millis(), by.member.as_str(), by.comment],
        )?;
        if changed == 0 {
            return Err(StoreError::refused(
                Code::NotNow,
                "The practice is not to be deleted, or is being deleted: there is nothing to take back.",
            ));
        }
        audit::append(&db, &by.record("took back that the practice be deleted"))?;
        let told = told(&db)?;
        db.commit()?;
        Ok(told)
    }

    /// Whether it is to be deleted, and what was taken back before.
    pub fn deletions(&self) -> Result<Deletions, StoreError> {
        told(&self.db)
    }
}

/// What was asked in a backup's time may have been taken back since: the whole time has to pass again.
pub(super) fn wait_anew(db: &Db, now: Stamp) -> Result<(), StoreError> {
    let due = now.millis() + WAITING_DAYS * DAY;
    db.execute("update deletion set due = ? where taken_back is null and due < ?", values![due, due])?;
    Ok(())
}

fn told(db: &Db) -> Result<Deletions, StoreError> {
    Ok(Deletions { pending: pending(db)?, past: all(db, "d.taken_back is not null")? })
}

fn pending(db: &Db) -> Result<Option<Deletion>, StoreError> {
    Ok(all(db, "d.taken_back is null")?.pop())
}

fn all(db: &Db, which: &str) -> Result<Vec<Deletion>, StoreError> {
    let sql = format!(
        "select d.asked, d.asked_by, m.name, d.due, d.comment, d.taken_back, d.taken_back_by, b.name as back_name,
                d.taken_back_comment
         from deletion d join member m on m.id = d.asked_by left join member b on b.id = d.taken_back_by
         where {which} order by d.asked desc, d.id"
    );
    db.all(&sql, &[], read)
}

fn read(row: &Row<'_>) -> Result<Deletion, StoreError> {
    const BAD: StoreError = StoreError::Damaged("a deletion");
    let moment = |name| row.get(name).and_then(|at| Stamp::from_millis(at).ok_or(BAD));
    let back: Option<&str> = row.get("taken_back_by")?;
    Ok(Deletion {
        asked: moment("asked")?,
        asked_by: MemberId::parse(row.get("asked_by")?).ok_or(BAD)?,
        asked_by_name: row.get("name")?,
        due: moment("due")?,
        comment: row.get("comment")?,
        taken_back: row.get::<Option<i64>>("taken_back")?.and_then(Stamp::from_millis),
        taken_back_by: back.and_then(MemberId::parse),
        taken_back_by_name: row.get("back_name")?,
        taken_back_comment: row.get("taken_back_comment")?,
    })
}

#[cfg(test)]
mod tests {
    use practice::Role;

    use super::*;
    use crate::store::{
        NewMember,
        tests::{at, office},
    };

    const SECONDS: i64 = 24 * 3600;

    fn asking(store: &PracticeStore, day: i64) -> Asking {
        let member = MemberId::parse("m1").unwrap();
        Asking { member, workstation: store.host().unwrap(), comment: None, at: at(day * SECONDS) }
    }

    #[test]
    fn after_a_restore_the_whole_time_passes_again_and_when_it_has_passed_nobody_can_go_back() {
        let mut store = office().store;
        let new = NewMember {
            id: MemberId::parse("m1").unwrap(),
            email: "a@elm.test",
            name: "Ana",
            role: Role::Admin,
            practitioner: None,
            password: None,
        };
        store.add_member(new, at(0)).unwrap();
        store.ask_deletion(&asking(&store, 0)).unwrap();
        let record = AuditRecord::new(at(45 * SECONDS), AuditAction::Restore, None, store.host().unwrap());
        store.live_anew(&record).unwrap();
        assert_eq!(store.deletions().unwrap().pending.unwrap().due, at((45 + WAITING_DAYS) * SECONDS));
        assert!(store.take_deletion_back(&asking(&store, 45 + WAITING_DAYS)).is_err());
        store.take_deletion_back(&asking(&store, 44 + WAITING_DAYS)).unwrap();
        assert!(store.deletions().unwrap().pending.is_none());
    }
}
