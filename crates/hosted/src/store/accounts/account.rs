//! The members as their admin sees and changes them.

use practice::{
    Code, Role,
    audit::{AuditAction, AuditRecord},
    ids::MemberId,
    time::Stamp,
    wire::{AccountInfo, MemberWish},
};

use super::{
    MailedLink, NewMember, Occasion, mailed_link, member::member, member_changes::keep_an_admin, second_factor,
    sessions,
};
use crate::store::{
    PracticeStore, StoreError, audit,
    db::{Db, values},
};

/// What became of a wish.
pub struct Changed {
    /// The member as they stand now.
    pub account: AccountInfo,
    /// What is to be mailed to them.
    pub link: Option<MailedLink>,
}

const MISSING: StoreError = StoreError::refused(Code::NotFound, "The practice has no such member.");

impl PracticeStore {
    /// Everybody, stopped members too, in order of name.
    pub fn accounts(&self, now: Stamp) -> Result<Vec<AccountInfo>, StoreError> {
        self.members()?.iter().map(|one| told(&self.db, &one.id, now)).collect()
    }

    /// Adds a member without a password, and makes the link with which they choose one. `by` says who, where and why.
    ///
    /// # Errors
    /// As [`Self::add_member`].
    pub fn invite(&mut self, new: NewMember<'_>, by: AuditRecord) -> Result<Changed, StoreError> {
        let (id, at, role) = (new.id.clone(), by.at, new.role);
        self.add_member(new, at)?;
        let practice = self.name()?;
        let db = self.db.begin()?;
        let to = member(&db, &id)?.ok_or(MISSING)?;
        let link = mailed_link::make(&db, (&self.practice, practice), &to, Occasion::Invited, at)?;
        tell(&db, &by, &id, AuditAction::Create, &format!("invited as {}", role.as_str()))?;
        let account = told(&db, &id, at)?;
        db.commit()?;
        Ok(Changed { account, link: Some(link) })
    }

    /// Does what is wished of a member, all of it or nothing. `by` says who, where and why.
    ///
    /// # Errors
    /// In words, when there is no such member, when nothing is wished, and when the practice would have no admin left.
    pub fn change_account(
        &mut self,
        id: &MemberId,
        wish: &MemberWish,
        by: &AuditRecord,
    ) -> Result<Changed, StoreError> {
        let (practice, at) = (self.name()?, by.at);
        let db = self.db.begin()?;
        let before = member(&db, id)?.ok_or(MISSING)?;
        if *wish == (MemberWish { comment: wish.comment.clone(), ..MemberWish::default() }) {
            return Err(StoreError::refused(Code::Invalid, "Nothing was asked for."));
        }
        if wish.stopped == Some(true) || wish.role.is_some_and(|role| role != Role::Admin) {
            keep_an_admin(&db, &before)?;
        }
        if let Some(role) = wish.role {
            db.execute("update member set role = ? where id = ?", values![role.as_str(), id.as_str()])?;
            tell(&db, by, id, AuditAction::Update, &format!("role {}", role.as_str()))?;
        }
        if let Some(stopped) = wish.stopped {
            let since = stopped.then(|| at.millis());
            db.execute("update member set stopped = ? where id = ?", values![since, id.as_str()])?;
            tell(&db, by, id, AuditAction::Update, if stopped { "stopped" } else { "started" })?;
        }
        if wish.reset_second_factor {
            if !second_factor::take_away(&db, id)? {
                return Err(StoreError::refused(Code::NotNow, "This member has no second factor."));
            }
            tell(&db, by, id, AuditAction::SecondFactor, "taken away")?;
        }
        if wish.sign_out || wish.stopped == Some(true) {
            sessions::end_all(&db, id)?;
            tell(&db, by, id, AuditAction::SignOut, "everywhere")?;
        }
        let after = member(&db, id)?.ok_or(MISSING)?;
        let link = if wish.mail_link {
            if after.info.stopped {
                return Err(StoreError::refused(Code::NotNow, "This member is stopped. Let them work again first."));
            }
            let occasion = if after.password.is_some() { Occasion::Forgotten } else { Occasion::Invited };
            tell(&db, by, id, AuditAction::Update, "a link to choose a password was mailed")?;
            Some(mailed_link::make(&db, (&self.practice, practice), &after, occasion, at)?)
        } else {
            None
        };
        let account = told(&db, id, at)?;
        db.commit()?;
        Ok(Changed { account, link })
    }
}

fn told(db: &Db, id: &MemberId, now: Stamp) -> Result<AccountInfo, StoreError> {
    let one = member(db, id)?.ok_or(MISSING)?;
    Ok(AccountInfo {
        has_password: one.password.is_some(),
        second_factor: second_factor::since(db, id)?,
        link_until: mailed_link::until(db, id, now)?,
        member: one.info,
    })
}

/// Writes into the audit trail that something was done to a member.
fn tell(db: &Db, by: &AuditRecord, id: &MemberId, action: AuditAction, what: &str) -> Result<(), StoreError> {
    let comment = by.comment.as_deref().map_or(what.to_owned(), |why| format!("{what}: {why}"));
    let query = Some(format!("member {id}"));
    audit::append(db, &AuditRecord { action, query, comment: Some(comment), ..by.clone() })
}
