//! What a member is signed in to.

use practice::{
    audit::{AuditAction, AuditRecord},
    ids::{MemberId, WorkstationId},
    time::Stamp,
};

use super::family;
use crate::store::{PracticeStore, StoreError, audit, db::Db};

/// Ends all that the member is signed in to, in the caller's transaction.
pub(super) fn end_all(db: &Db, member: &MemberId) -> Result<(), StoreError> {
    family::end(db, "member = ?", &[member.as_str()])
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
            family::end(&db, "member = ? and workstation = ?", &[member.as_str(), workstation.as_str()])?;
        }
        audit::append(&db, &record)?;
        db.commit()
    }
}
