//! How a computer joins a practice: with a code that an admin reads out, once, within a quarter of an hour.

use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
    ids::WorkstationId,
    policy::Zone,
    time::Stamp,
};

use super::token;
use crate::{
    random,
    store::{PracticeStore, StoreError, audit, db::values},
    written::shown,
};

/// How long a code is good for.
const CODE_MINUTES: i64 = 15;

/// Letters and digits that nobody confuses when they are read out (Crockford's base 32).
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A code for one new workstation.
pub struct EnrolCode {
    /// As it is read out: three groups of four.
    pub code: String,
    /// When it ends.
    pub expires: Stamp,
}

/// A computer that has just joined.
pub struct Enrolled {
    /// Its id from now on.
    pub workstation: WorkstationId,
    /// Its credential: shown once, kept hashed.
    pub device_token: String,
}

/// A code of `N` letters as it is read out, in groups of four.
pub(super) fn spoken<const N: usize>() -> String {
    let letters: Vec<u8> = random::bytes::<N>().iter().map(|byte| LETTERS[usize::from(byte % 32)]).collect();
    letters.chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join("-")
}

/// The code as it is compared: what a person may mistake is one and the same.
pub(super) fn fold(code: &str) -> String {
    code.chars()
        .filter(|c| c.is_ascii_alphanumeric())
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}

impl PracticeStore {
    /// A new code as of `now`. Codes that have ended are forgotten.
    pub fn new_enrol_code(&mut self, now: Stamp) -> Result<EnrolCode, StoreError> {
        let code = spoken::<12>();
        let expires =
            Stamp::from_millis(now.millis() + CODE_MINUTES * 60_000).ok_or(StoreError::Damaged("the clock"))?;
        let record = AuditRecord {
            comment: Some("enrolment code".to_owned()),
            ..AuditRecord::new(now, AuditAction::Create, None, self.host()?)
        };
        let db = self.db.begin()?;
        db.execute("delete from enrol_code where expires <= ?", values![now.millis()])?;
        db.execute(
            "insert into enrol_code (code, expires) values (?, ?)",
            values![token::hash(&fold(&code)), expires.millis()],
        )?;
        audit::append(&db, &record)?;
        db.commit()?;
        Ok(EnrolCode { code, expires })
    }

    /// Enrols a computer with `code`, which is used up.
    ///
    /// # Errors
    /// [`Code::BadCode`] when the code is unknown, used or too old: which of these is not said.
    pub fn enrol(&mut self, code: &str, name: &str, zone: Zone, now: Stamp) -> Result<Enrolled, StoreError> {
        let db = self.db.begin()?;
        let used = db.execute(
            "update enrol_code set used = ?1 where code = ?2 and used is null and expires > ?1",
            values![now.millis(), token::hash(&fold(code))],
        )?;
        if used != 1 {
            return Err(StoreError::refused(
                Code::BadCode,
                "This code is not good, or no longer. A code works once, within 15 minutes: ask your admin for a new one.",
            ));
        }
        let workstation = WorkstationId::from_uuid(random::uuid());
        let device_token = token::new(&self.practice);
        let name = shown(name, 100);
        db.execute(
            "insert into workstation (id, name, zone, token, share, enrolled) values (?, ?, ?, ?, ?, ?)",
            values![
                workstation.as_str(),
                name.trim(),
                zone.as_str(),
                token::hash(&device_token),
                random::bytes::<32>(),
                now.millis()
            ],
        )?;
        audit::append(&db, &AuditRecord::new(now, AuditAction::Enrol, None, workstation.clone()))?;
        db.commit()?;
        Ok(Enrolled { workstation, device_token })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::{at, office};

    #[test]
    fn a_code_works_once_and_for_fifteen_minutes() {
        let mut office = office();
        let code = office.store.new_enrol_code(at(0)).unwrap();
        assert_eq!(code.expires, at(15 * 60));
        let store = &mut office.store;
        assert!(store.enrol("0000-0000-0000", "x", Zone::ExamRoom, at(1)).is_err(), "a guess");
        assert!(store.enrol(&code.code, "x", Zone::ExamRoom, at(15 * 60)).is_err(), "too late");
        let joined = store.enrol(&code.code.to_lowercase().replace('-', " "), "x", Zone::ExamRoom, at(1)).unwrap();
        assert!(store.enrol(&code.code, "x", Zone::ExamRoom, at(2)).is_err(), "used");
        assert_eq!(store.workstation(&joined.workstation).unwrap().unwrap().zone, Zone::ExamRoom);
    }

    #[test]
    fn letters_that_look_alike_are_alike() {
        assert_eq!(fold("oI-l1 ab"), "0111AB");
    }
}
