//! The members of a practice.

use practice::{
    Code, Role,
    audit::{AuditAction, AuditRecord},
    ids::{MemberId, PractitionerId},
    time::Stamp,
    wire::MemberInfo,
};

use super::PasswordHash;
use crate::{
    store::{
        PracticeStore, StoreError, audit,
        db::{Db, Row, values},
    },
    written::{is_email, is_name},
};

/// A member to be added.
pub struct NewMember<'a> {
    /// Id.
    pub id: MemberId,
    /// Sign-in address; case does not matter.
    pub email: &'a str,
    /// Display name.
    pub name: &'a str,
    /// Role.
    pub role: Role,
    /// The Practitioner they are, for providers.
    pub practitioner: Option<PractitionerId>,
    /// None: they can't sign in until one is set.
    pub password: Option<PasswordHash>,
}

impl NewMember<'_> {
    /// Checks what can be checked before anything is made.
    ///
    /// # Errors
    /// In words, when the address or the name is no good.
    pub fn check(&self) -> Result<(), StoreError> {
        if !is_email(&fold_email(self.email)) {
            return Err(StoreError::refused(Code::Invalid, "That is not an e-mail address."));
        }
        if !is_name(self.name, 200) {
            return Err(StoreError::refused(Code::Invalid, "A member needs a name of at most 200 characters."));
        }
        Ok(())
    }
}

/// A member, with what only the host knows.
pub struct Member {
    /// As everybody in the practice knows them.
    pub info: MemberInfo,
    /// Absent until set.
    pub password: Option<PasswordHash>,
}

const COLUMNS: &str = "id, email, name, role, initials, color, practitioner, password, stopped";

/// The address as it is compared.
pub(in crate::store) fn fold_email(email: &str) -> String {
    email.trim().to_lowercase()
}

impl PracticeStore {
    /// Adds a member.
    ///
    /// # Errors
    /// In words, when the address or the name is no good, or the address is taken.
    pub fn add_member(&mut self, new: NewMember<'_>, at: Stamp) -> Result<MemberInfo, StoreError> {
        new.check()?;
        let (email, name) = (fold_email(new.email), new.name.trim());
        let host = self.host()?;
        if self.member_by_email(&email)?.is_some() {
            return Err(StoreError::refused(Code::Conflict, "Somebody already signs in with this address."));
        }
        let db = self.db.begin()?;
        let color: i64 = db.the("select count(*) % 8 as color from member", &[], |row| row.get("color"))?;
        db.execute(
            "insert into member (id, email, name, role, initials, color, practitioner, password, added)
                 values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            values![
                new.id.as_str(),
                email,
                name,
                new.role.as_str(),
                initials(name),
                color,
                new.practitioner.as_ref().map(PractitionerId::as_str),
                new.password.as_ref().map(PasswordHash::as_str),
                at.millis(),
            ],
        )?;
        let record = AuditRecord {
            query: Some(format!("member {}", new.id)),
            comment: Some(format!("added as {}", new.role.as_str())),
            ..AuditRecord::new(at, AuditAction::Create, None, host)
        };
        audit::append(&db, &record)?;
        db.commit()?;
        self.member(&new.id)?.map(|member| member.info).ok_or(StoreError::Damaged("the member just added"))
    }

    /// Everybody, stopped members too, in order of name.
    pub fn members(&self) -> Result<Vec<MemberInfo>, StoreError> {
        let members = format!("select {COLUMNS} from member order by name, id");
        self.db.all(&members, &[], |row| Ok(read(row)?.info))
    }

    /// The member called `id`.
    pub fn member(&self, id: &MemberId) -> Result<Option<Member>, StoreError> {
        member(&self.db, id)
    }

    /// The member who signs in with `email`.
    pub fn member_by_email(&self, email: &str) -> Result<Option<Member>, StoreError> {
        one(&self.db, "email", &fold_email(email))
    }
}

/// The member called `id`, in the caller's transaction.
pub(in crate::store) fn member(db: &Db, id: &MemberId) -> Result<Option<Member>, StoreError> {
    one(db, "id", id.as_str())
}

fn one(db: &Db, column: &str, value: &str) -> Result<Option<Member>, StoreError> {
    db.one(&format!("select {COLUMNS} from member where {column} = ?"), values![value], read)
}

fn read(row: &Row<'_>) -> Result<Member, StoreError> {
    let text = |column: &str| row.get::<Option<String>>(column);
    let need = |column: &str| text(column)?.ok_or(StoreError::Damaged("a member"));
    Ok(Member {
        info: MemberInfo {
            id: MemberId::parse(&need("id")?).ok_or(StoreError::Damaged("a member's id"))?,
            name: need("name")?,
            email: need("email")?,
            role: Role::parse(&need("role")?).ok_or(StoreError::Damaged("a member's role"))?,
            initials: need("initials")?,
            color: row.get("color")?,
            practitioner: text("practitioner")?.as_deref().and_then(PractitionerId::parse),
            stopped: row.get::<Option<i64>>("stopped")?.is_some(),
        },
        password: text("password")?.map(PasswordHash::kept),
    })
}

/// The first letters of the first and the last word, titles aside.
fn initials(name: &str) -> String {
    let words: Vec<&str> =
        name.split_whitespace().filter(|w| !w.ends_with('.') && w.starts_with(char::is_alphabetic)).collect();
    let letters =
        words.first().into_iter().chain(words.get(1..).and_then(<[_]>::last)).filter_map(|w| w.chars().next());
    let initials: String = letters.flat_map(char::to_uppercase).take(3).collect();
    if initials.is_empty() { "?".to_owned() } else { initials }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_the_first_and_last_words() {
        for (name, expected) in [("Dr. Ana María Núñez", "AN"), ("Cher", "C"), ("élodie ßx", "ÉSS"), ("7", "?")] {
            assert_eq!(initials(name), expected, "{name}");
        }
    }
}
