//! Changing a member's standing: role, password, stopped. Each change is audited where it is made, at the host.

use practice::{
    Code, Role,
    audit::{AuditAction, AuditRecord},
    ids::MemberId,
    time::Stamp,
};

use super::{Member, PasswordHash, member::member, sessions};
use crate::store::{
    PracticeStore, StoreError, audit,
    db::{Db, values},
};

impl PracticeStore {
    /// Gives the member another role.
    ///
    /// # Errors
    /// In words, when they are the practice's last admin.
    pub fn set_role(&mut self, id: &MemberId, role: Role, now: Stamp) -> Result<Member, StoreError> {
        self.change_member(id, now, "role", |db, before| {
            if role != Role::Admin {
                keep_an_admin(db, before)?;
            }
            db.execute("update member set role = ? where id = ?", values![role.as_str(), id.as_str()])
        })
    }

    /// Stops the member: their tokens end at once, and nothing more is taken in their name.
    ///
    /// # Errors
    /// In words, when they are the practice's last admin.
    pub fn stop_member(&mut self, id: &MemberId, now: Stamp) -> Result<Member, StoreError> {
        self.change_member(id, now, "stopped", |db, before| {
            keep_an_admin(db, before)?;
            sessions::end_all(db, id)?;
            db.execute("update member set stopped = ? where id = ?", values![now.millis(), id.as_str()])
        })
    }

    /// Gives the member a new password; their tokens end, and so does any waiting time.
    pub fn set_password(&mut self, id: &MemberId, hash: &PasswordHash, now: Stamp) -> Result<Member, StoreError> {
        self.change_member(id, now, "password reset", |db, before| {
            sessions::end_all(db, id)?;
            db.execute("delete from attempt where email = ?", values![super::token::hash(&before.info.email)])?;
            db.execute("update member set password = ? where id = ?", values![hash.as_str(), id.as_str()])
        })
    }

    fn change_member(
        &mut self,
        id: &MemberId,
        now: Stamp,
        what: &str,
        change: impl FnOnce(&Db, &Member) -> Result<usize, StoreError>,
    ) -> Result<Member, StoreError> {
        let host = self.host()?;
        let db = self.db.begin()?;
        let missing = || StoreError::refused(Code::NotFound, "The practice has no such member.");
        let before = member(&db, id)?.ok_or_else(missing)?;
        change(&db, &before)?;
        let after = member(&db, id)?.ok_or_else(missing)?;
        let record = AuditRecord {
            query: Some(format!("member {id}")),
            comment: Some(what.to_owned()),
            ..AuditRecord::new(now, AuditAction::Update, None, host)
        };
        audit::append(&db, &record)?;
        db.commit()?;
        Ok(after)
    }
}

/// Refuses what would leave the practice without an admin who can sign in.
pub(super) fn keep_an_admin(db: &Db, member: &Member) -> Result<(), StoreError> {
    if member.info.role != Role::Admin || member.info.stopped {
        return Ok(());
    }
    let others = db.exists(
        "select 1 from member where role = 'admin' and stopped is null and password is not null and id <> ? limit 1",
        values![member.info.id.as_str()],
    )?;
    if others {
        Ok(())
    } else {
        Err(StoreError::refused(Code::Forbidden, "This is the practice's only admin. Make somebody else admin first."))
    }
}
