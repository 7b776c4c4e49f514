//! The host's lives, and what workstations give back of an earlier one ([`practice::life`]).
//!
//! What is given back becomes again what it was: the same version with the same time and text. So a workstation that has
//! it finds it in place, and one that is behind goes on to it.

use jiff::tz::TimeZone;
use practice::{
    Code,
    audit::AuditRecord,
    life::{comes_from, restored},
    policy::{self, SignedPolicy},
    resource::{Envelope, ResourceType},
    text,
    time::Stamp,
};

use super::{
    PracticeStore, StoreError,
    accept::{Version, put, standing},
    audit,
    change::{ChangeError, arbitrate},
    db::{Db, values},
    deletion,
    policy::keep_if_newer,
};
use crate::random;

/// Begins the life called `name` with the next row.
pub(super) fn begin(db: &Db, name: &str) -> Result<(), StoreError> {
    db.execute(
        "insert into life (name, first_seq) values (?, (select coalesce(max(seq), 0) + 1 from version))",
        values![name],
    )?;
    Ok(())
}

/// The name of the life that goes on.
pub(super) fn present(db: &Db) -> Result<String, StoreError> {
    db.the("select name from life order by n desc limit 1", &[], |row| row.get("name"))
}

/// As [`PracticeStore::live_anew`], in the caller's transaction.
pub(super) fn anew(db: &Db, record: &AuditRecord) -> Result<String, StoreError> {
    let part = random::uuid().simple().to_string();
    let name = restored(&present(db)?, part.get(..8).unwrap_or(&part));
    begin(db, &name)?;
    deletion::wait_anew(db, record.at)?;
    audit::append(db, record)?;
    Ok(name)
}

/// The life that the row `seq` was written in.
fn life_of(db: &Db, seq: i64) -> Result<String, StoreError> {
    let sql = "select coalesce((select life from given_back where seq = ?1),
        (select name from life where first_seq <= ?1 order by n desc limit 1)) as life";
    db.the(sql, values![seq], |row| row.get("life"))
}

/// The lives that the rows after some number are from.
pub(super) struct Lives {
    /// Each with its first row, oldest first; the present one is the last.
    begun: Vec<(i64, String)>,
    given_back: Vec<(i64, String)>,
}

impl Lives {
    pub fn before_the_present(db: &Db, after: i64) -> Result<Self, StoreError> {
        let read = |sql: &str, from: i64| -> Result<Vec<(i64, String)>, StoreError> {
            db.all(sql, values![from], |row| Ok((row.get("seq")?, row.get("life")?)))
        };
        Ok(Self {
            begun: read("select first_seq as seq, name as life from life where n >= ? order by n", 0)?,
            given_back: read("select seq, life from given_back where seq > ? order by seq", after)?,
        })
    }

    /// The life that the row `seq` was written in, unless it is the present one.
    pub fn of(&self, seq: i64) -> Option<&str> {
        if let Ok(place) = self.given_back.binary_search_by_key(&seq, |(seq, _)| *seq) {
            return Some(&self.given_back[place].1);
        }
        let begun = self.begun.partition_point(|(first, _)| *first <= seq);
        (begun < self.begun.len())
            .then(|| self.begun.get(begun.checked_sub(1)?))
            .flatten()
            .map(|(_, name)| name.as_str())
    }
}

impl PracticeStore {
    /// The name of the present life.
    pub fn epoch(&self) -> Result<String, StoreError> {
        present(&self.db)
    }

    /// This file was put back from a backup: a new life begins, and workstations give back what it lacks.
    pub fn live_anew(&mut self, record: &AuditRecord) -> Result<String, StoreError> {
        let db = self.db.begin()?;
        let name = anew(&db, record)?;
        db.commit()?;
        Ok(name)
    }

    /// Takes back what a workstation has from `life`. For each of `texts`: `None` when it stands here, again or still,
    /// and else why it can't. `record` tells of it.
    ///
    /// # Errors
    /// When `life` is not one that came before the present or beside it.
    pub fn take_back(
        &mut self,
        life: &str,
        texts: &[&str],
        policy: Option<&SignedPolicy>,
        record: &AuditRecord,
    ) -> Result<Vec<Option<Code>>, StoreError> {
        let policy =
            policy.map(|signed| Ok::<_, StoreError>((signed, self.policy_key()?.verifying_key()))).transpose()?;
        let db = self.db.begin()?;
        let now = present(&db)?;
        let first = |life: &str| life.split('.').next().map(str::to_owned);
        if comes_from(life, &now) || first(life) != first(&now) {
            return Err(StoreError::refused(
                Code::Invalid,
                "Only what a restore from a backup has lost can be given back to the host.",
            ));
        }
        let mut answers = Vec::with_capacity(texts.len());
        for text in texts {
            let one = db.part()?;
            let refused = match given_back(&one, &self.zone, life, text) {
                Ok(()) => None,
                Err(ChangeError::Refused(refusal, _)) => Some(refusal.code),
                Err(ChangeError::Store(StoreError::Text(_) | StoreError::Refused(_))) => Some(Code::Invalid),
                Err(ChangeError::Store(error)) => return Err(error),
            };
            match refused {
                None => one.keep()?,
                Some(_) => drop(one),
            }
            answers.push(refused);
        }
        if let Some((signed, key)) = policy {
            keep_if_newer(&db, &policy::verify(signed, &key, &self.practice)?, signed)?;
        }
        let taken = answers.iter().filter(|answer| answer.is_none()).count();
        let query = Some(format!("{taken} of {} records", answers.len()));
        audit::append(&db, &AuditRecord { query, ..record.clone() })?;
        db.commit()?;
        Ok(answers)
    }
}

fn no(code: Code) -> ChangeError {
    ChangeError::Refused(practice::Refusal::new(code, "This can't be given back."), None)
}

fn given_back(db: &Db, zone: &TimeZone, life: &str, text: &str) -> Result<(), ChangeError> {
    let text = text::check(text.as_bytes()).map_err(StoreError::from)?;
    let envelope = Envelope::read(text).map_err(StoreError::from)?;
    let number = envelope.version_id.as_deref().and_then(|version| version.parse::<u32>().ok());
    let updated = envelope.last_updated.as_deref().and_then(Stamp::parse);
    let (Some(number), Some(updated)) = (number.filter(|number| *number > 0), updated) else {
        return Err(no(Code::Invalid));
    };
    if envelope.key.kind == ResourceType::AUDIT_EVENT {
        return Err(no(Code::Forbidden));
    }
    let before = standing(db, &envelope.key)?;
    if let Some(there) = &before {
        if (there.version, there.updated) == (number, updated.millis()) {
            return Ok(());
        }
        // What this life made of it, or one that the giver never saw, is not what theirs began from.
        if !comes_from(life, &life_of(db, there.seq)?) || there.version == number {
            return Err(no(Code::Conflict));
        }
        if there.version > number {
            return Ok(());
        }
    }
    let took = put(db, zone, &envelope, before.as_ref(), &Version { number, updated, text })?;
    arbitrate(db, &took, 0, None)?;
    let seq = took.accepted.seq;
    db.execute("insert into given_back (seq, life) values (?, ?)", values![seq, life])?;
    if envelope.key.kind == ResourceType::PROVENANCE {
        // Who sends that change once more hears that it is here.
        db.execute(
            "insert into change (id, first_seq, last_seq) values (?, ?, ?) on conflict do nothing",
            values![envelope.key.id.as_str(), seq, seq],
        )?;
    }
    Ok(())
}
