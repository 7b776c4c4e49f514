//! Finding patients while a person types.
//!
//! The term that fewest patients fit drives: its words are walked in order, and the other terms are checked beside
//! each. Nothing typed reaches SQL but as the bound of a range, so no text is special.

use practice::{
    audit::AuditRecord,
    fold::{self, Term},
    ids::PatientId,
    views::PatientView,
};
use rusqlite::{CachedStatement, Connection, OptionalExtension, Row, params};

use super::{readings, same::survivor};
use crate::{
    Store, StoreError,
    columns::columns,
    compartment,
    projection::{FoundBy, Role, month_first},
};

/// Ranges are counted up to here to choose the term that drives.
const COUNTED: i64 = 1_024;
/// A word that is no name must be looked up, which takes as long as so many words of names.
const LOOK_UP: i64 = 8;
/// Patients looked up one by one; a text that needs more is too vague to answer in full.
const LOOKED_UP: usize = 500;
/// Rows walked at most, for the same reason.
const WALKED: usize = 20_000;
/// Above every letter.
pub(super) const AFTER_ALL: char = '\u{10FFFF}';

pub(super) const WALK: &str = "SELECT name, beside, patient FROM patient_word
     WHERE role = ?1 AND word >= ?2 AND word < ?3 AND name >= ?4 AND name < ?5
     ORDER BY word, name";
pub(super) const FOUND_BY: &str = "SELECT found_by FROM patient WHERE no = ?1";
pub(super) const COUNT: &str =
    "SELECT count(*) FROM (SELECT 1 FROM patient_word WHERE role = ?1 AND word >= ?2 AND word < ?3 LIMIT ?4)";

/// A patient found.
#[derive(Clone, PartialEq, Eq)]
pub struct PatientHit {
    /// Patient id.
    pub id: PatientId,
    /// "Family, Given"; empty when the record has none.
    pub name: String,
    /// ISO date, as precise as it is known.
    pub birth_date: Option<String>,
    /// FHIR administrative gender.
    pub gender: Option<String>,
    /// Medical record number.
    pub record_number: Option<String>,
    /// First phone number, as written.
    pub phone: Option<String>,
    /// Whether they have died.
    pub deceased: bool,
}

impl PatientHit {
    /// As their Patient's text says.
    pub fn of(id: PatientId, view: &PatientView<'_>) -> Self {
        Self {
            id,
            name: view.display_name().unwrap_or_default(),
            birth_date: view.birth_date.as_deref().map(str::to_owned),
            gender: view.gender.as_deref().map(str::to_owned),
            record_number: view.record_number().map(str::to_owned),
            phone: view.phones().next().map(str::to_owned),
            deceased: view.deceased(),
        }
    }

    /// From a row that has `columns`.
    pub(super) fn read(row: &Row<'_>, columns: &HitColumns) -> rusqlite::Result<Option<Self>> {
        let Some(id) = row.get_ref(columns.patient)?.as_str_or_null()?.and_then(PatientId::parse) else {
            return Ok(None);
        };
        Ok(Some(Self {
            id,
            name: row.get(columns.name)?,
            birth_date: row.get(columns.birth)?,
            gender: row.get(columns.gender)?,
            record_number: row.get(columns.record)?,
            phone: row.get(columns.phone)?,
            deceased: row.get(columns.deceased)?,
        }))
    }
}

columns! {
    /// What a [`PatientHit`] is read from.
    HitColumns { patient, name, birth, gender, record, phone, deceased }
}

/// Patients found by what was typed.
#[derive(Clone, PartialEq, Eq)]
pub struct FoundPatients {
    /// The best first.
    pub hits: Vec<PatientHit>,
    /// How many of them, all in front, have it as it was typed; the others have it spelt otherwise or by another name.
    pub as_typed: usize,
}

impl Store {
    /// Patients that fit every word of `typed`: names in any order by their first letters, dates of birth in the usual
    /// forms, any run of three digits or more of a phone, the start of a record number. Exact family names come first,
    /// then beginnings of family names and whole parts of double ones, then beginnings of such parts, then given names, each
    /// by name. Behind them come those whom it fits with a word spelt otherwise, where nobody has it as it was typed, or with
    /// another name for a nickname. Nobody fits an empty text. A record that was merged into another is not shown; what it says
    /// finds the one that stayed.
    ///
    /// # Errors
    /// As every statement; never because of what was typed.
    pub fn find_patients(&self, typed: &str, limit: u32, audit: &AuditRecord) -> Result<FoundPatients, StoreError> {
        let terms = fold::terms(typed);
        self.told(audit, |reader| {
            let limit = limit as usize;
            let mut found = find(reader, &terms, limit)?;
            let as_typed = found.len();
            let other = if found.len() < limit { readings::another(reader, &terms)? } else { None };
            for no in other.map(|terms| find(reader, &terms, limit)).transpose()?.unwrap_or_default() {
                if found.len() < limit && !found.contains(&no) {
                    found.push(no);
                }
            }
            let hit = |no| hit(reader, no)?.ok_or(StoreError::Damaged);
            Ok(FoundPatients { hits: found.into_iter().map(hit).collect::<Result<_, _>>()?, as_typed })
        })
    }

    /// The patients of `ids` in that order, without those who are not here.
    ///
    /// # Errors
    /// As every statement.
    pub fn patients(&self, ids: &[PatientId], audit: &AuditRecord) -> Result<Vec<PatientHit>, StoreError> {
        self.told(audit, |reader| {
            let mut hits: Vec<PatientHit> = Vec::new();
            for id in ids {
                let Some(no) = compartment::find(reader, id.as_str())? else { continue };
                hits.extend(hit(reader, survivor(reader, no)?)?.filter(|hit| !hits.contains(hit)));
            }
            Ok(hits)
        })
    }
}

/// The patient of that number; nobody where a compartment's patient has not come.
pub(super) fn hit(reader: &Connection, no: i64) -> Result<Option<PatientHit>, StoreError> {
    let sql = "SELECT id AS patient, name, birth, gender, record, phone, deceased FROM patient WHERE no = ?1";
    let mut statement = reader.prepare_cached(sql)?;
    let columns = HitColumns::of(&statement)?;
    Ok(statement.query_row([no], |row| PatientHit::read(row, &columns)).optional()?.flatten())
}

/// Words of one role that begin with `start`, or are it.
struct Range<'t> {
    role: Role,
    start: &'t str,
    whole: bool,
    /// Only of names that begin with it: of those who share a word there may be more than are walked.
    first: bool,
}

impl Range<'_> {
    fn end(&self) -> String {
        let after = if self.whole { '\0' } else { AFTER_ALL };
        format!("{}{after}", self.start)
    }

    /// The names, as [`FoundBy`] has them, between which it is walked.
    fn names(&self) -> (String, String) {
        let begins = if self.first { format!(" {}", self.start) } else { String::new() };
        let ends = format!("{begins}{AFTER_ALL}");
        (begins, ends)
    }
}

fn ranges(term: &Term) -> Vec<Range<'_>> {
    let of_names = |start| [(Role::Family, start), (Role::Given, start)];
    let names = term.name.iter().flat_map(of_names);
    let words = term.words.iter().flat_map(of_names);
    let records = term.record.iter().map(|start| (Role::Record, start));
    let births = term.birth.iter().map(|start| (Role::Birth, start));
    let birthdays = term.birthday.iter().map(|start| (Role::Birthday, start));
    let phones = term.phone.iter().map(|start| (Role::Phone, start));
    let words = words.map(|(role, start)| Range { role, start, whole: true, first: false });
    let beginnings = names.chain(records).chain(births).chain(birthdays).chain(phones);
    beginnings.map(|(role, start)| Range { role, start, whole: false, first: false }).chain(words).collect()
}

/// A fitting patient, in the order of the list.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Fit {
    rank: u8,
    name: String,
    no: i64,
}

fn find(reader: &Connection, terms: &[Term], limit: usize) -> Result<Vec<i64>, StoreError> {
    let Some(driver) = rarest(reader, terms)? else { return Ok(Vec::new()) };
    let others: Vec<&Term> = terms.iter().filter(|term| !std::ptr::eq(*term, driver)).collect();
    let mut statement = reader.prepare_cached(WALK)?;
    let patient = reader.prepare_cached(FOUND_BY)?;
    let mut walk = Walk { terms, others, patient, looked_up: 0 };
    let (mut fits, mut walked): (Vec<Fit>, usize) = (Vec::new(), 0);
    // More than asked for, so that the best of them can be put first.
    let enough = (limit * 4).max(200);
    let firsts = driver.name.iter().map(|start| Range { role: Role::Family, start, whole: false, first: true });
    for range in firsts.chain(ranges(driver)) {
        let (from, to) = range.names();
        let mut rows = statement.query(params![range.role as i64, range.start, range.end(), from, to])?;
        while let Some(row) = rows.next()? {
            walked += 1;
            if fits.len() >= enough || walked > WALKED || walk.looked_up > LOOKED_UP {
                break;
            }
            fits.extend(walk.fit(range.role, row)?);
        }
    }
    fits.sort();
    let mut found: Vec<i64> = Vec::new();
    for fit in fits {
        if found.len() == limit {
            break;
        }
        // Whoever was merged into another is found as that one.
        let no = survivor(reader, fit.no)?;
        if !found.contains(&no) {
            found.push(no);
        }
    }
    Ok(found)
}

/// The term whose words are walked soonest.
fn rarest<'t>(reader: &Connection, terms: &'t [Term]) -> Result<Option<&'t Term>, StoreError> {
    if let [only] = terms {
        return Ok(Some(only));
    }
    let mut statement = reader.prepare_cached(COUNT)?;
    let mut best = None;
    for term in terms {
        let mut count = 0;
        for range in ranges(term) {
            let words: i64 =
                statement.query_row(params![range.role as i64, range.start, range.end(), COUNTED], |row| row.get(0))?;
            count += if range.role <= Role::Given { words } else { words * LOOK_UP };
        }
        if best.is_none_or(|(least, _)| count < least) {
            best = Some((count, term));
        }
    }
    Ok(best.map(|(_, term)| term))
}

struct Walk<'a> {
    terms: &'a [Term],
    others: Vec<&'a Term>,
    patient: CachedStatement<'a>,
    looked_up: usize,
}

impl Walk<'_> {
    /// The patient of a row, when the other terms fit too.
    fn fit(&mut self, role: Role, row: &Row<'_>) -> Result<Option<Fit>, StoreError> {
        let no = row.get("patient")?;
        if role <= Role::Given {
            return self.fitting(role, no, FoundBy::beside(text(row, "name")?, text(row, "beside")?));
        }
        self.looked_up += 1;
        let found_by: String = self.patient.query_row([no], |row| row.get("found_by"))?;
        self.fitting(role, no, FoundBy::read(&found_by))
    }

    fn fitting(&self, role: Role, no: i64, found_by: Option<FoundBy<'_>>) -> Result<Option<Fit>, StoreError> {
        let found_by = found_by.ok_or(StoreError::Damaged)?;
        let fit = || Fit { rank: rank(self.terms, role, found_by.name), name: found_by.name.to_owned(), no };
        Ok(self.others.iter().all(|term| fits(term, &found_by)).then(fit))
    }
}

fn text<'r>(row: &'r Row<'_>, column: &str) -> Result<&'r str, StoreError> {
    row.get_ref(column)?.as_str().map_err(|_| StoreError::Damaged)
}

fn begins_a_word(words: &str, start: &str) -> bool {
    words.match_indices(start).any(|(at, _)| words[..at].ends_with(' '))
}

fn is_a_word(words: &str, word: &str) -> bool {
    words.split(' ').any(|one| one == word)
}

fn fits_birth(term: &Term, birth: &str) -> bool {
    let day =
        || month_first(birth).is_some_and(|day| term.birthday.iter().any(|start| day.starts_with(start.as_str())));
    term.birth.iter().any(|start| birth.starts_with(start.as_str())) || day()
}

fn fits(term: &Term, found_by: &FoundBy<'_>) -> bool {
    term.name.as_deref().is_some_and(|start| begins_a_word(found_by.name, start))
        || term.words.iter().any(|word| is_a_word(found_by.name, word))
        || fits_birth(term, found_by.birth)
        || term.record.as_deref().is_some_and(|start| begins_a_word(found_by.records, start))
        || term.phone.as_deref().is_some_and(|run| found_by.phones.contains(run))
}

/// 0 for a whole family name, 1 for its beginning or a whole part of a double one, 2 for the beginning of such a part, 3 for a
/// whole given name, 4 for its beginning, 5 for numbers and dates alone. Names are written with the family name first and a blank
/// around each word.
fn rank(terms: &[Term], role: Role, name: &str) -> u8 {
    let typed = || terms.iter().filter_map(|term| term.name.as_deref());
    let whole = |start: &str| {
        name.match_indices(start).any(|(at, _)| name[..at].ends_with(' ') && name[at + start.len()..].starts_with(' '))
    };
    let family = |start: &str| name.get(1..).is_some_and(|words| words.starts_with(start));
    let by_family = role == Role::Family || typed().any(family);
    match (by_family, typed().next().is_some()) {
        (_, false) => 5,
        (true, _) if typed().any(|start| family(start) && whole(start)) => 0,
        (true, _) if typed().any(|start| family(start) || whole(start)) => 1,
        (true, _) => 2,
        (false, _) if typed().any(whole) => 3,
        (false, _) => 4,
    }
}
