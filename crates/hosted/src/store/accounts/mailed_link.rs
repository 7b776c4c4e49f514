//! Links that are mailed to a member, with which they choose a password: good once, for a while, the newest alone.

use practice::{
    Code,
    audit::{AuditAction, AuditOutcome, AuditRecord},
    ids::{MemberId, PracticeId, WorkstationId},
    time::Stamp,
    wire::MemberInfo,
};

use super::{
    Member, PasswordHash,
    member::{fold_email, member},
    sessions, token,
    tries::{self, Limit},
};
use crate::store::{
    PracticeStore, StoreError, audit,
    db::{Db, values},
};

/// Why a link is mailed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// A password was forgotten.
    Forgotten,
    /// Somebody is new in the practice.
    Invited,
}

impl Occasion {
    fn minutes(self) -> i64 {
        match self {
            Occasion::Forgotten => 30,
            Occasion::Invited => 72 * 60,
        }
    }
}

/// A link to be mailed. Never shown or logged.
pub struct MailedLink {
    /// The secret part.
    pub token: String,
    /// To whom.
    pub email: String,
    /// The practice, as it is called.
    pub practice: String,
    /// Why.
    pub occasion: Occasion,
}

/// What a link that does not hold is told: which of the reasons it is, is not said.
pub const NO_LINK: StoreError = StoreError::refused(
    Code::BadCode,
    "This link is not good, or no longer: it works once, and only for a while. Ask for a new one.",
);

/// A new link for the member, in the caller's transaction; older ones end.
pub(super) fn make(
    db: &Db,
    practice: (&PracticeId, String),
    to: &Member,
    occasion: Occasion,
    now: Stamp,
) -> Result<MailedLink, StoreError> {
    let token = token::new(practice.0);
    let id = to.info.id.as_str();
    db.execute("delete from mailed_link where member = ? or expires <= ?", values![id, now.millis()])?;
    db.execute(
        "insert into mailed_link (token, member, expires) values (?, ?, ?)",
        values![token::hash(&token), id, now.millis() + occasion.minutes() * 60_000],
    )?;
    Ok(MailedLink { token, email: to.info.email.clone(), practice: practice.1, occasion })
}

/// Until when the newest link of the member is good, if there is one.
pub(super) fn until(db: &Db, id: &MemberId, now: Stamp) -> Result<Option<Stamp>, StoreError> {
    let expires: Option<i64> = db.one(
        "select expires from mailed_link where member = ? and used is null and expires > ? order by expires desc limit 1",
        values![id.as_str(), now.millis()],
        |row| row.get("expires"),
    )?;
    Ok(expires.and_then(Stamp::from_millis))
}

fn holder(db: &Db, link: &str, now: Stamp) -> Result<Option<Member>, StoreError> {
    let found: Option<String> = db.one(
        "select member from mailed_link where token = ? and used is null and expires > ?",
        values![token::hash(link), now.millis()],
        |row| row.get("member"),
    )?;
    let held = found.as_deref().and_then(MemberId::parse).map(|id| member(db, &id)).transpose()?.flatten();
    Ok(held.filter(|member| !member.info.stopped))
}

impl PracticeStore {
    /// A link for whoever forgot the password of `email`; none when nobody signs in with it, and when they were mailed
    /// enough already. The request is audited.
    pub fn forgotten(
        &mut self,
        email: &str,
        workstation: &WorkstationId,
        now: Stamp,
    ) -> Result<Option<MailedLink>, StoreError> {
        let email = fold_email(email);
        let (name, member) = (self.name()?, self.member_by_email(&email)?);
        let db = self.db.begin()?;
        let link = match &member {
            Some(to) if !to.info.stopped && tries::count(&db, &Limit::LINKS_MAILED, to.info.id.as_str(), now)? => {
                Some(make(&db, (&self.practice, name), to, Occasion::Forgotten, now)?)
            }
            _ => None,
        };
        let record = AuditRecord {
            outcome: if link.is_some() { AuditOutcome::Success } else { AuditOutcome::Refused },
            claimed: Some(email.chars().take(254).collect()),
            comment: Some("asked for a link to choose a password".to_owned()),
            ..AuditRecord::new(now, AuditAction::Update, member.map(|m| m.info.id), workstation.clone())
        };
        audit::append(&db, &record)?;
        db.commit()?;
        Ok(link)
    }

    /// Whose link it is, as long as it holds.
    ///
    /// # Errors
    /// [`Code::BadCode`].
    pub fn holder(&self, link: &str, now: Stamp) -> Result<MemberInfo, StoreError> {
        holder(&self.db, link, now)?.map(|member| member.info).ok_or(NO_LINK)
    }

    /// Gives the member whose link it is their new password. The link is used up, and all that they were signed in to
    /// ends.
    ///
    /// # Errors
    /// [`Code::BadCode`].
    pub fn choose_password(&mut self, link: &str, hash: &PasswordHash, now: Stamp) -> Result<(), StoreError> {
        let host = self.host()?;
        let db = self.db.begin()?;
        let member = holder(&db, link, now)?.ok_or(NO_LINK)?;
        let id = &member.info.id;
        db.execute(
            "update mailed_link set used = ? where member = ? and used is null",
            values![now.millis(), id.as_str()],
        )?;
        db.execute("update member set password = ? where id = ?", values![hash.as_str(), id.as_str()])?;
        db.execute("delete from attempt where email = ?", values![token::hash(&member.info.email)])?;
        sessions::end_all(&db, id)?;
        let record = AuditRecord {
            query: Some(format!("member {id}")),
            comment: Some("password chosen by a mailed link".to_owned()),
            ..AuditRecord::new(now, AuditAction::Update, Some(id.clone()), host)
        };
        audit::append(&db, &record)?;
        db.commit()
    }
}
