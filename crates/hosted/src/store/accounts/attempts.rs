//! Wrong passwords: after five, each further try has to wait, longer each time.
//!
//! Addresses that belong to nobody are counted in the same way, so that they can't be told apart.

use std::time::Duration;

use practice::{
    Code, Refusal,
    audit::{AuditAction, AuditOutcome, AuditRecord},
    ids::WorkstationId,
    time::Stamp,
};

use super::{Member, member::fold_email, token};
use crate::store::{
    PracticeStore, StoreError, audit,
    db::{Db, values},
};

/// Tries that cost nothing.
const FREE: u32 = 5;

/// How long after `failures` wrong passwords the next try has to wait: half a minute after the fifth, twice as long
/// after each further one, an hour at most.
pub fn wait_after(failures: u32) -> Duration {
    match failures.checked_sub(FREE) {
        None => Duration::ZERO,
        Some(more) => Duration::from_secs((30u64 << more.min(7)).min(3600)),
    }
}

/// A try that may go on: the password can be compared.
pub struct Try {
    /// Whose address it is; nobody's, perhaps.
    pub member: Option<Member>,
    email: String,
}

impl PracticeStore {
    /// Opens a try for `email`. It counts as a failure until [`PracticeStore::sign_in`] says otherwise, so that many
    /// tries at once are no way around the limit.
    ///
    /// # Errors
    /// [`Code::TooManyAttempts`] while the address has to wait; that is audited.
    pub fn open_try(&mut self, email: &str, workstation: &WorkstationId, now: Stamp) -> Result<Try, StoreError> {
        let email = fold_email(email);
        let key = token::hash(&email);
        let db = self.db.begin()?;
        let (failures, last): (u32, i64) = db
            .one("select failures, last from attempt where email = ?", values![key], |row| {
                Ok((row.get("failures")?, row.get("last")?))
            })?
            .unwrap_or((0, 0));
        // A clock set back makes people wait no longer than the full time from now.
        let passed = u128::from(now.millis().abs_diff(last));
        if passed < wait_after(failures).as_millis() {
            refuse(&db, &email, None, workstation, now)?;
            db.commit()?;
            return Err(StoreError::refused(
                Code::TooManyAttempts,
                "Too many wrong passwords. Wait a while, then try again, or ask your admin for a new password.",
            ));
        }
        db.execute("delete from attempt where email = ?", values![key])?;
        db.execute(
            "insert into attempt (email, failures, last) values (?, ?, ?)",
            values![key, failures + 1, now.millis()],
        )?;
        db.commit()?;
        let member = self.member_by_email(&email)?;
        Ok(Try { member, email })
    }

    /// Ends a try: `fits` says whether the password was right. Good and bad are audited.
    ///
    /// # Errors
    /// [`Code::WrongPassword`], or [`Code::MemberStopped`] for the right password of a stopped member.
    pub fn sign_in(
        &mut self,
        attempt: Try,
        fits: bool,
        workstation: &WorkstationId,
        now: Stamp,
    ) -> Result<(Member, String), StoreError> {
        let db = self.db.begin()?;
        let refusal = match attempt.member {
            Some(member) if fits && !member.info.stopped => {
                db.execute("delete from attempt where email = ?", values![token::hash(&attempt.email)])?;
                let record =
                    AuditRecord::new(now, AuditAction::SignIn, Some(member.info.id.clone()), workstation.clone());
                audit::append(&db, &record)?;
                let token = Self::issue(&db, &self.practice, &member.info.id, workstation, now)?;
                db.commit()?;
                return Ok((member, token));
            }
            Some(member) if fits => {
                refuse(&db, &attempt.email, Some(&member), workstation, now)?;
                Refusal::new(Code::MemberStopped, "This account was stopped. Your practice's admin can say why.")
            }
            member => {
                refuse(&db, &attempt.email, member.as_ref(), workstation, now)?;
                Refusal::new(Code::WrongPassword, "The address or the password is wrong.")
            }
        };
        db.commit()?;
        Err(refusal.into())
    }
}

fn refuse(
    db: &Db,
    email: &str,
    member: Option<&Member>,
    workstation: &WorkstationId,
    now: Stamp,
) -> Result<(), StoreError> {
    let record = AuditRecord {
        outcome: AuditOutcome::Refused,
        claimed: Some(email.chars().take(254).collect()),
        ..AuditRecord::new(now, AuditAction::SignIn, member.map(|m| m.info.id.clone()), workstation.clone())
    };
    audit::append(db, &record)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_grows_from_half_a_minute_to_an_hour() {
        for (failures, seconds) in
            [(0, 0), (4, 0), (5, 30), (6, 60), (8, 240), (11, 1920), (12, 3600), (u32::MAX, 3600)]
        {
            assert_eq!(wait_after(failures).as_secs(), seconds, "{failures}");
        }
    }
}
