//! Tokens of one sign-in: a short one for asking, and one with which the next two are fetched, good once. They are bound
//! to the computer's own key. A used one that is shown again means that somebody has a copy: the whole family ends.

use practice::{
    Code,
    ids::{MemberId, PracticeId, WorkstationId},
    proof::{Proof, SKEW_MILLIS},
    time::Stamp,
};

use super::{
    member::member,
    reuse::{self, ENDED, Reuse},
    token,
};
use crate::{
    random,
    store::{
        PracticeStore, StoreError,
        db::{Db, values},
    },
};

/// How long an access token is good for.
pub const ACCESS_SECONDS: u32 = 15 * 60;

/// How long a sign-in lasts, however often its tokens are fetched anew: a working day.
const SESSION_MILLIS: i64 = 12 * 3600 * 1000;

/// What a sign-in gives.
pub struct Tokens {
    /// For what only a person may ask.
    pub access: String,
    /// With which the next two are fetched; none at a computer whose key is not known.
    pub refresh: Option<String>,
}

/// What a token is bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The family it is of.
    pub family: String,
    /// Ed25519, base64: whoever shows it signs with this.
    pub key: String,
}

/// What becomes of a sign-in whose refresh token is shown.
pub enum Renewed {
    /// It goes on with these.
    Goes(Tokens),
    /// It has ended just now: the token had been used before.
    Reused(Reuse),
}

/// Begins a family, in the caller's transaction; without one where the computer's key is not known.
pub(super) fn begin(
    db: &Db,
    practice: &PracticeId,
    member: &MemberId,
    workstation: &WorkstationId,
    now: Stamp,
) -> Result<Tokens, StoreError> {
    let now = now.millis();
    db.execute("delete from access_token where expires <= ?", values![now])?;
    db.execute(
        "delete from refresh_token where family in (select id from token_family where expires <= ?)",
        values![now],
    )?;
    db.execute("delete from token_family where expires <= ?", values![now])?;
    let key: Option<String> =
        db.the("select key from workstation where id = ?", values![workstation.as_str()], |row| row.get("key"))?;
    let Some(key) = key else {
        return Ok(Tokens { access: access(db, practice, (member, workstation), None, now)?, refresh: None });
    };
    let family = random::uuid().to_string();
    db.execute(
        "insert into token_family (id, member, workstation, key, expires) values (?, ?, ?, ?, ?)",
        values![family, member.as_str(), workstation.as_str(), key, now + SESSION_MILLIS],
    )?;
    let refresh = refresh(db, practice, &family)?;
    Ok(Tokens { access: access(db, practice, (member, workstation), Some(&family), now)?, refresh: Some(refresh) })
}

fn access(
    db: &Db,
    practice: &PracticeId,
    of: (&MemberId, &WorkstationId),
    family: Option<&str>,
    now: i64,
) -> Result<String, StoreError> {
    let made = token::new(practice);
    db.execute(
        "insert into access_token (token, member, workstation, expires, family) values (?, ?, ?, ?, ?)",
        values![token::hash(&made), of.0.as_str(), of.1.as_str(), now + i64::from(ACCESS_SECONDS) * 1000, family],
    )?;
    Ok(made)
}

fn refresh(db: &Db, practice: &PracticeId, family: &str) -> Result<String, StoreError> {
    let made = token::new(practice);
    db.execute("insert into refresh_token (token, family) values (?, ?)", values![token::hash(&made), family])?;
    Ok(made)
}

/// Notes a proof, in the caller's transaction; whether it is new.
fn is_new(db: &Db, family: &str, proof: &Proof, now: Stamp) -> Result<bool, StoreError> {
    let id = token::hash(&format!("{family} {}", proof.id));
    db.execute("delete from proof where expires <= ?", values![now.millis()])?;
    if db.exists("select 1 from proof where id = ?", values![id])? {
        return Ok(false);
    }
    // After that it is too old, whatever the clock of whoever made it says.
    let expires = proof.at.millis() + SKEW_MILLIS + 1;
    db.execute("insert into proof (id, expires) values (?, ?)", values![id, expires])?;
    Ok(true)
}

/// Ends the families that `which` finds, in the caller's transaction.
pub(super) fn end(db: &Db, which: &str, of: &[&str]) -> Result<(), StoreError> {
    let of: Vec<_> = of.iter().map(crate::store::db::to_value).collect();
    db.execute(&format!("delete from access_token where {which}"), &of)?;
    db.execute(&format!("delete from refresh_token where family in (select id from token_family where {which})"), &of)?;
    db.execute(&format!("delete from token_family where {which}"), &of)?;
    Ok(())
}

impl PracticeStore {
    /// Notes that a proof was shown for a token of `family`; whether it is new.
    pub fn note_proof(&mut self, family: &str, proof: &Proof, now: Stamp) -> Result<bool, StoreError> {
        let db = self.db.begin()?;
        let new = is_new(&db, family, proof, now)?;
        db.commit()?;
        Ok(new)
    }

    /// What a refresh token is bound to, whether it was used or not.
    pub fn bound(&self, refresh: &str) -> Result<Option<Bound>, StoreError> {
        self.db.one(
            "select f.id as family, f.key as key from refresh_token r join token_family f on f.id = r.family
                 where r.token = ?",
            values![token::hash(refresh)],
            |row| Ok(Bound { family: row.get("family")?, key: row.get("key")? }),
        )
    }

    /// The next two tokens for a refresh token, which is used up. `proof` is what came with it, if it holds.
    ///
    /// # Errors
    /// [`Code::SignedOut`] when it is unknown, another computer's, or ended. [`Code::ProofRefused`] without a proof that is
    /// new.
    pub fn renew(
        &mut self,
        shown: &str,
        proof: Option<&Proof>,
        workstation: &WorkstationId,
        now: Stamp,
    ) -> Result<Renewed, StoreError> {
        let practice = self.practice.clone();
        let db = self.db.begin()?;
        let found = db.one(
            "select f.id as family, f.member as member, f.workstation as workstation, f.expires as expires,
                    f.revoked as revoked, r.used as used
                 from refresh_token r join token_family f on f.id = r.family where r.token = ?",
            values![token::hash(shown)],
            |row| {
                let whose = MemberId::parse(row.get("member")?).ok_or(StoreError::Damaged("a token's member"))?;
                let place = WorkstationId::parse(row.get("workstation")?);
                let place = place.ok_or(StoreError::Damaged("a token's workstation"))?;
                let family: String = row.get("family")?;
                let (revoked, used): (Option<i64>, Option<i64>) = (row.get("revoked")?, row.get("used")?);
                Ok((family, whose, place, row.get::<i64>("expires")?, revoked, used))
            },
        )?;
        let Some((family, whose, place, expires, revoked, used)) = found else { return Err(ENDED) };
        if used.is_some() {
            // Told once: the sign-in has ended then, and a row for each further try would fill the disk.
            if revoked.is_some() {
                return Err(ENDED);
            }
            let told = reuse::end(&db, &practice, &family, (whose, place), workstation, now)?;
            db.commit()?;
            return Ok(Renewed::Reused(told));
        }
        let works = member(&db, &whose)?.is_some_and(|member| !member.info.stopped);
        if revoked.is_some() || expires <= now.millis() || place != *workstation || !works {
            return Err(ENDED);
        }
        let Some(true) = proof.map(|proof| is_new(&db, &family, proof, now)).transpose()? else {
            return Err(NO_PROOF);
        };
        db.execute("update refresh_token set used = ? where token = ?", values![now.millis(), token::hash(shown)])?;
        let next = refresh(&db, &practice, &family)?;
        let access = access(&db, &practice, (&whose, workstation), Some(&family), now.millis())?;
        db.commit()?;
        Ok(Renewed::Goes(Tokens { access, refresh: Some(next) }))
    }
}

/// What is told to whoever shows a bound token without the computer's signature.
pub const NO_PROOF: StoreError = StoreError::refused(
    Code::ProofRefused,
    "This token belongs to another computer, or the request was not signed for it now. Sign in again.",
);
