//! A refresh token that is shown once more after its use: somebody has a copy. Its sign-in ends, and that is told once.

use practice::{
    Code, Role,
    audit::{AuditAction, AuditOutcome, AuditRecord},
    ids::{MemberId, PracticeId, WorkstationId},
    time::Stamp,
};

use super::tries::{self, Limit};
use crate::store::{
    StoreError, audit,
    db::{Db, values},
    settings,
};

/// What whoever shows a token of a sign-in that has ended is told, whyever it has.
pub const ENDED: StoreError =
    StoreError::refused(Code::SignedOut, "This sign-in has ended. Sign in again to go on with what needs the host.");

/// A copy of a sign-in was used: an alert.
pub struct Reuse {
    /// The computer that the sign-in was made at.
    pub workstation: WorkstationId,
    /// The practice, as it is called.
    pub practice: String,
    /// The addresses of its admins, who are to be mailed; of nobody when they were mailed enough of late.
    pub admins: Vec<String>,
}

/// Ends the family, in the caller's transaction. `whose` is who signed in, and at which computer; `shown` where the token
/// was shown again.
pub(super) fn end(
    db: &Db,
    practice: &PracticeId,
    family: &str,
    whose: (MemberId, WorkstationId),
    shown: &WorkstationId,
    now: Stamp,
) -> Result<Reuse, StoreError> {
    let (member, workstation) = whose;
    db.execute("update token_family set revoked = ? where id = ?", values![now.millis(), family])?;
    db.execute("delete from access_token where family = ?", values![family])?;
    db.execute("update workstation set copied = ? where id = ?", values![now.millis(), workstation.as_str()])?;
    let record = AuditRecord {
        outcome: AuditOutcome::Refused,
        comment: Some("a refresh token that had been used; the sign-in was ended".to_owned()),
        ..AuditRecord::new(now, AuditAction::TokenReuse, Some(member), shown.clone())
    };
    audit::append(db, &record)?;
    let admins = if tries::count(db, &Limit::ALERTS_MAILED, practice.as_str(), now)? {
        let admins =
            "select email from member where role = ? and stopped is null and password is not null order by email";
        db.all(admins, values![Role::Admin.as_str()], |row| row.get("email"))?
    } else {
        Vec::new()
    };
    Ok(Reuse { workstation, practice: settings::get(db, settings::NAME)?, admins })
}
