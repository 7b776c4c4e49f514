//! What a member is signed in to.

use practice::{
    audit::{AuditAction, AuditRecord},
    ids::{MemberId, WorkstationId},
    time::Stamp,
};

use crate::store::{
    PracticeStore, StoreError, audit,
    db::{Db, values},
};

/// Ends all that the member is signed in to, in the caller's transaction.
pub(super) fn end_all(db: &Db, member: &MemberId) -> Result<(), StoreError> {
    db.execute("delete from access_token where member = ?", values![member.as_str()])?;
    Ok(())
}

impl PracticeStore {
    /// Ends what the member is signed in to at `workstation`, or everywhere.
    pub fn sign_out(
        &mut self,
        member: &MemberId,
        workstation: &WorkstationId,
        everywhere: bool,
        now: Stamp,
    ) -> Result<(), StoreError> {
        let record = AuditRecord {
            comment: everywhere.then(|| "everywhere".to_owned()),
            ..AuditRecord::new(now, AuditAction::SignOut, Some(member.clone()), workstation.clone())
        };
        let db = self.db.begin()?;
        if everywhere {
            end_all(&db, member)?;
        } else {
            db.execute(
                "delete from access_token where member = ? and workstation = ?",
                values![member.as_str(), workstation.as_str()],
            )?;
        }
        audit::append(&db, &record)?;
        db.commit()
    }
}
