//! Patients who may be the one that is being written down.
//!
//! Whoever shares the sound of a name, a date of birth but for a slip, or the end of a phone number is looked up by exact
//! words, so that it takes no longer in a large practice; whether they are likely is for [`practice::patient::likely`].

use std::collections::BTreeSet;

use practice::{
    audit::AuditRecord,
    fold,
    ids::PatientId,
    patient::likely::{Known, Sign, Sought, weight},
};
use rusqlite::{Connection, params};

use super::{
    PatientHit,
    same::survivor,
    search::{FOUND_BY, hit},
};
use crate::{
    Store, StoreError,
    projection::{FoundBy, Role},
};

/// Patients of one word at most; a word that more share tells nobody apart.
const OF_ONE_WORD: i64 = 200;

const HAS: &str = "SELECT patient FROM patient_word WHERE role = ?1 AND word = ?2 LIMIT ?3";

impl Store {
    /// Patients who may be the one sought, with what speaks for it; the likeliest first.
    ///
    /// # Errors
    /// As every statement.
    pub fn alike(
        &self,
        sought: &Sought,
        limit: usize,
        audit: &AuditRecord,
    ) -> Result<Vec<(PatientHit, Vec<Sign>)>, StoreError> {
        self.told(audit, |reader| {
            let mut likely = Vec::new();
            let mut statement = reader.prepare_cached(FOUND_BY)?;
            for no in candidates(reader, sought)? {
                let found_by: String = statement.query_row([no], |row| row.get("found_by"))?;
                let found = FoundBy::read(&found_by).ok_or(StoreError::Damaged)?;
                let signs = sought.signs(&Known { names: found.name, birth: found.birth, phones: found.phones });
                if !signs.is_empty() {
                    likely.push((std::cmp::Reverse(weight(&signs)), found.name.to_owned(), no, signs));
                }
            }
            likely.sort();
            let mut found: Vec<(PatientHit, Vec<Sign>)> = Vec::new();
            for (_, _, no, signs) in likely {
                let hit = hit(reader, survivor(reader, no)?)?.ok_or(StoreError::Damaged)?;
                if found.len() < limit && found.iter().all(|(known, _)| known.id != hit.id) {
                    found.push((hit, signs));
                }
            }
            Ok(found)
        })
    }

    /// Whether a patient here other than `but`, and than the records merged into theirs, has that record number. For the
    /// rules only.
    ///
    /// # Errors
    /// As every statement.
    pub fn has_record_number(&self, number: &str, but: Option<&PatientId>) -> Result<bool, StoreError> {
        let number = fold::word(number);
        self.read_only(|reader| {
            for no in of_word(reader, Role::Record, &number)? {
                let other = hit(reader, no)?.ok_or(StoreError::Damaged)?;
                // A number is also found by its digits alone.
                let same = other.record_number.as_deref().is_some_and(|theirs| fold::word(theirs) == number);
                let theirs = hit(reader, survivor(reader, no)?)?.map(|hit| hit.id);
                if same && Some(&other.id) != but && theirs.as_ref() != but {
                    return Ok(true);
                }
            }
            Ok(false)
        })
    }
}

fn candidates(reader: &Connection, sought: &Sought) -> Result<BTreeSet<i64>, StoreError> {
    let names = sought.names().into_iter().map(|key| (Role::Sound, key));
    let births = sought.births().into_iter().map(|date| (Role::Birth, date));
    let phones = sought.phones().iter().map(|end| (Role::Phone, end.clone()));
    let mut found = BTreeSet::new();
    for (role, word) in names.chain(births).chain(phones) {
        found.extend(of_word(reader, role, &word)?);
    }
    Ok(found)
}

fn of_word(reader: &Connection, role: Role, word: &str) -> Result<Vec<i64>, StoreError> {
    let mut statement = reader.prepare_cached(HAS)?;
    let rows = statement.query_map(params![role as i64, word, OF_ONE_WORD], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
