//! A member's second factor: set up with a code, asked for at each sign-in, each code taken once; ten recovery codes
//! for the day on which the telephone is lost.

use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
    ids::{MemberId, WorkstationId},
    time::Stamp,
    wire::{SecondFactorInfo, SecondFactorOffer},
};
use zeroize::Zeroizing;

use super::{
    Member,
    enrolment::{fold, spoken},
    token, totp,
};
use crate::{
    random,
    store::{
        PracticeStore, StoreError, audit,
        db::{Db, values},
    },
};

/// Recovery codes of a member.
const RECOVERY_CODES: usize = 10;

/// Letters of a recovery code: 80 bits, so that a hash without a salt is enough.
const LETTERS: usize = 16;

/// What a sign-in with the right password lacks.
pub(super) enum Judged {
    /// Nothing; with what it was completed, for the audit.
    Enough(Option<String>),
    /// A code.
    Asks,
    /// A second factor: the policy wants one, and there is none.
    Missing,
    /// Another code than this one.
    Wrong,
}

/// Looks at the code that came with a right password; one that holds is used up, in the caller's transaction.
pub(super) fn judge(
    db: &Db,
    member: &Member,
    required: bool,
    typed: Option<&str>,
    now: Stamp,
) -> Result<Judged, StoreError> {
    let id = &member.info.id;
    let Some((secret, last)) = confirmed(db, id)? else {
        return Ok(if required { Judged::Missing } else { Judged::Enough(None) });
    };
    let Some(typed) = typed else { return Ok(Judged::Asks) };
    if let Some(step) = totp::step_of(&secret, typed, now, last) {
        let taken = db.execute(
            "update second_factor set last_step = ?1 where member = ?2 and last_step < ?1",
            values![step, id.as_str()],
        )?;
        return Ok(if taken == 1 { Judged::Enough(Some("with a code".to_owned())) } else { Judged::Wrong });
    }
    let used = db.execute(
        "update recovery_code set used = ? where member = ? and code = ? and used is null",
        values![now.millis(), id.as_str(), token::hash(&fold(typed))],
    )?;
    if used != 1 {
        return Ok(Judged::Wrong);
    }
    Ok(Judged::Enough(Some(format!("with a recovery code, {} are left", left(db, id)?))))
}

/// Takes a member's second factor away, in the caller's transaction; whether there was one.
pub(super) fn take_away(db: &Db, id: &MemberId) -> Result<bool, StoreError> {
    db.execute("delete from recovery_code where member = ?", values![id.as_str()])?;
    Ok(db.execute("delete from second_factor where member = ?", values![id.as_str()])? > 0)
}

/// Since when the member signs in with one.
pub(super) fn since(db: &Db, id: &MemberId) -> Result<Option<Stamp>, StoreError> {
    let confirmed: Option<Option<i64>> =
        db.one("select confirmed from second_factor where member = ?", values![id.as_str()], |row| {
            row.get("confirmed")
        })?;
    Ok(confirmed.flatten().and_then(Stamp::from_millis))
}

/// A secret in force, and the newest step used.
type InForce = (Zeroizing<Vec<u8>>, i64);

fn confirmed(db: &Db, id: &MemberId) -> Result<Option<InForce>, StoreError> {
    db.one(
        "select secret, last_step from second_factor where member = ? and confirmed is not null",
        values![id.as_str()],
        |row| Ok((Zeroizing::new(row.get("secret")?), row.get("last_step")?)),
    )
}

fn left(db: &Db, id: &MemberId) -> Result<u32, StoreError> {
    db.the(
        "select count(*) as number from recovery_code where member = ? and used is null",
        values![id.as_str()],
        |row| row.get("number"),
    )
}

const HAS_ONE: StoreError = StoreError::refused(
    Code::NotNow,
    "You have a second factor already. When its telephone is lost, your practice's admin takes it away.",
);

impl PracticeStore {
    /// A new secret for the member. It asks nothing of them before [`Self::confirm_second_factor`].
    ///
    /// # Errors
    /// In words, when they have a second factor.
    pub fn offer_second_factor(&mut self, member: &Member) -> Result<SecondFactorOffer, StoreError> {
        let (id, name) = (&member.info.id, self.name()?);
        let secret = Zeroizing::new(random::bytes::<{ totp::SECRET }>());
        let db = self.db.begin()?;
        if confirmed(&db, id)?.is_some() {
            return Err(HAS_ONE);
        }
        take_away(&db, id)?;
        db.execute(
            "insert into second_factor (member, secret, last_step) values (?, ?, 0)",
            values![id.as_str(), secret.as_slice()],
        )?;
        db.commit()?;
        let text = totp::base32(secret.as_slice());
        let uri = totp::uri(&text, &name, &member.info.email);
        let qr = totp::qr(&uri).unwrap_or_default();
        Ok(SecondFactorOffer { secret: text, uri, qr })
    }

    /// Puts the secret that was offered in force, when `typed` is its code; gives the recovery codes.
    ///
    /// # Errors
    /// [`Code::WrongCode`]; in words, when nothing was offered or a second factor is in force.
    pub fn confirm_second_factor(
        &mut self,
        member: &Member,
        typed: &str,
        workstation: &WorkstationId,
        now: Stamp,
    ) -> Result<Vec<String>, StoreError> {
        let id = &member.info.id;
        let db = self.db.begin()?;
        if confirmed(&db, id)?.is_some() {
            return Err(HAS_ONE);
        }
        let secret: Option<Vec<u8>> =
            db.one("select secret from second_factor where member = ?", values![id.as_str()], |row| row.get("secret"))?;
        let secret = Zeroizing::new(secret.ok_or(StoreError::refused(
            Code::NotNow,
            "Nothing is waiting for a code. Begin to set the second factor up again.",
        ))?);
        let step = totp::step_of(&secret, typed, now, 0).ok_or(WRONG)?;
        db.execute(
            "update second_factor set confirmed = ?, last_step = ? where member = ?",
            values![now.millis(), step, id.as_str()],
        )?;
        let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| spoken::<LETTERS>()).collect();
        for code in &codes {
            db.execute(
                "insert into recovery_code (code, member) values (?, ?)",
                values![token::hash(&fold(code)), id.as_str()],
            )?;
        }
        let record = AuditRecord {
            comment: Some("set up".to_owned()),
            ..AuditRecord::new(now, AuditAction::SecondFactor, Some(id.clone()), workstation.clone())
        };
        audit::append(&db, &record)?;
        db.commit()?;
        Ok(codes)
    }

    /// How the member's second factor stands.
    pub fn second_factor(&self, member: &practice::wire::MemberInfo) -> Result<SecondFactorInfo, StoreError> {
        Ok(SecondFactorInfo {
            since: since(&self.db, &member.id)?,
            recovery_codes: left(&self.db, &member.id)?,
            required: self.policy_in_force()?.second_factor.contains(&member.role),
        })
    }
}

/// What a wrong code is told.
pub(super) const WRONG: StoreError = StoreError::refused(
    Code::WrongCode,
    "This code is wrong, or was used before. Wait for the next one, and check the clock of the telephone.",
);
