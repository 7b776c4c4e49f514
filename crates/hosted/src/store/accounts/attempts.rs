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

use super::{
    Member, Tokens, family,
    member::fold_email,
    second_factor::{self, Judged},
    token,
    tries::{self, Limit},
    workstation::keep_key,
};
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
    from: String,
}

/// What is shown at a sign-in.
#[derive(Default)]
pub struct Shown<'a> {
    /// Whether the password was right.
    pub fits: bool,
    /// The second factor's code.
    pub code: Option<&'a str>,
    /// The key that the workstation signs with; the first is kept.
    pub key: Option<&'a str>,
}

impl PracticeStore {
    /// Opens a try for `email` from the network address `from`. It counts as a failure until [`PracticeStore::sign_in`]
    /// says otherwise, so that many tries at once are no way around the limit.
    ///
    /// # Errors
    /// [`Code::TooManyAttempts`] while either address has to wait; that is audited.
    pub fn open_try(
        &mut self,
        email: &str,
        from: &str,
        workstation: &WorkstationId,
        now: Stamp,
    ) -> Result<Try, StoreError> {
        let email = fold_email(email);
        let key = token::hash(&email);
        let db = self.db.begin()?;
        if !tries::count(&db, &Limit::SIGN_INS, from, now)? {
            refuse(&db, &email, None, Some("too many from one network"), workstation, now)?;
            db.commit()?;
            return Err(StoreError::refused(
                Code::TooManyAttempts,
                "Too many sign-ins from this network came to nothing. Wait an hour, then try again.",
            ));
        }
        let (failures, last): (u32, i64) = db
            .one("select failures, last from attempt where email = ?", values![key], |row| {
                Ok((row.get("failures")?, row.get("last")?))
            })?
            .unwrap_or((0, 0));
        // A clock set back makes people wait no longer than the full time from now.
        let passed = u128::from(now.millis().abs_diff(last));
        if passed < wait_after(failures).as_millis() {
            refuse(&db, &email, None, None, workstation, now)?;
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
        Ok(Try { member, email, from: from.to_owned() })
    }

    /// Ends a try with what was shown. Good and bad are audited.
    ///
    /// # Errors
    /// [`Code::WrongPassword`], or [`Code::MemberStopped`] for the right password of a stopped member;
    /// [`Code::SecondFactor`], [`Code::SecondFactorMissing`] and [`Code::WrongCode`] for a right one that is not enough.
    pub fn sign_in(
        &mut self,
        attempt: Try,
        shown: &Shown<'_>,
        workstation: &WorkstationId,
        now: Stamp,
    ) -> Result<(Member, Tokens), StoreError> {
        let Shown { fits, code, key } = *shown;
        let wanted = self.policy_in_force()?.second_factor;
        let db = self.db.begin()?;
        let member = match working(&db, &attempt, fits, workstation, now)? {
            Ok(member) => member,
            Err(refusal) => {
                db.commit()?;
                return Err(refusal.into());
            }
        };
        let (how, refusal) = match second_factor::judge(&db, &member, wanted.contains(&member.info.role), code, now)? {
            Judged::Enough(how) => {
                db.execute("delete from attempt where email = ?", values![token::hash(&attempt.email)])?;
                tries::pardon(&db, &Limit::SIGN_INS, &attempt.from)?;
                let record = AuditRecord {
                    comment: how,
                    ..AuditRecord::new(now, AuditAction::SignIn, Some(member.info.id.clone()), workstation.clone())
                };
                audit::append(&db, &record)?;
                if let Some(key) = key {
                    keep_key(&db, workstation, key)?;
                }
                let tokens = family::begin(&db, &self.practice, &member.info.id, workstation, now)?;
                db.commit()?;
                return Ok((member, tokens));
            }
            Judged::Asks => {
                pardon(&db, &attempt)?;
                ("asked for a code", Refusal::new(Code::SecondFactor, "Type the code that your authenticator shows."))
            }
            Judged::Missing => {
                pardon(&db, &attempt)?;
                (
                    "without a second factor",
                    Refusal::new(
                        Code::SecondFactorMissing,
                        "Your practice wants a second factor for your role. Set one up with an authenticator first.",
                    ),
                )
            }
            Judged::Wrong => ("wrong code", second_factor::WRONG.refusal()),
        };
        refuse(&db, &attempt.email, Some(&member), Some(how), workstation, now)?;
        db.commit()?;
        Err(refusal.into())
    }

    /// Ends a try that only shows who it is: `then` goes on with the member. What it refuses as a wrong code counts as a
    /// failure.
    ///
    /// # Errors
    /// As [`Self::sign_in`] for a wrong password, and what `then` refuses.
    pub fn known<T>(
        &mut self,
        attempt: &Try,
        fits: bool,
        workstation: &WorkstationId,
        now: Stamp,
        then: impl FnOnce(&mut Self, Member) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let db = self.db.begin()?;
        let shown = working(&db, attempt, fits, workstation, now)?;
        db.commit()?;
        let done = then(self, shown?);
        if !matches!(&done, Err(StoreError::Refused(refusal)) if refusal.code == Code::WrongCode) {
            pardon(&self.db, attempt)?;
        }
        done
    }
}

/// The member whose try it is, when the password fits and they work here; else what they hear, which is audited.
fn working(
    db: &Db,
    attempt: &Try,
    fits: bool,
    workstation: &WorkstationId,
    now: Stamp,
) -> Result<Result<Member, Refusal>, StoreError> {
    // Read anew: a wait for the hash has passed since the try was opened.
    let member = attempt.member.as_ref().map(|member| super::member(db, &member.info.id)).transpose()?.flatten();
    let refusal = match member {
        Some(member) if fits && !member.info.stopped => return Ok(Ok(member)),
        Some(_) if fits => {
            Refusal::new(Code::MemberStopped, "This account was stopped. Your practice's admin can say why.")
        }
        _ => Refusal::new(Code::WrongPassword, "The address or the password is wrong."),
    };
    refuse(db, &attempt.email, attempt.member.as_ref(), None, workstation, now)?;
    Ok(Err(refusal))
}

/// Takes back the failure that a try is counted as from its beginning, and no earlier one.
fn pardon(db: &Db, attempt: &Try) -> Result<(), StoreError> {
    tries::pardon(db, &Limit::SIGN_INS, &attempt.from)?;
    db.execute(
        "update attempt set failures = failures - 1 where email = ? and failures > 0",
        values![token::hash(&attempt.email)],
    )?;
    Ok(())
}

fn refuse(
    db: &Db,
    email: &str,
    member: Option<&Member>,
    how: Option<&str>,
    workstation: &WorkstationId,
    now: Stamp,
) -> Result<(), StoreError> {
    let record = AuditRecord {
        outcome: AuditOutcome::Refused,
        claimed: Some(email.chars().take(254).collect()),
        comment: how.map(str::to_owned),
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
