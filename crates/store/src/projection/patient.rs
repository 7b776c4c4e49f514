//! Patients, and the words they are found by.

use practice::{
    fold,
    ids::PatientId,
    patient::{likely, mistake, same},
    resource::ResourceKey,
    views::PatientView,
};
use rusqlite::{Connection, params};

use crate::{PatientHit, StoreError};

/// What a word says of a patient; the first part of the key of `patient_word`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(i64)]
pub enum Role {
    /// Family name.
    Family = 0,
    /// Given and other names.
    Given = 1,
    /// Record number, whole, and its digits.
    Record = 2,
    /// Date of birth as year, month, day.
    Birth = 3,
    /// Date of birth as month, day, year.
    Birthday = 4,
    /// A phone number from each of its digits on.
    Phone = 5,
    /// How the family name and a given name sound.
    Sound = 6,
}

/// Shorter ends of a phone number are not indexed; shorter runs are not searched for.
const SHORTEST_RUN: usize = 3;
/// More phone numbers than these are not indexed.
const PHONES: usize = 4;

pub struct Derived {
    hit: PatientHit,
    found_by: String,
    /// The record that this one was merged into.
    same_as: Option<PatientId>,
    words: Vec<(Role, String)>,
}

impl Derived {
    pub(super) fn read(key: &ResourceKey, text: &str) -> Option<Self> {
        let view = PatientView::read(text);
        let hit = PatientHit::of(PatientId::parse(key.id.as_str())?, &view);
        let names = names(&view);
        let words = |names| if mistake::is_mistake(text) { Vec::new() } else { words(&view, names) };
        Some(Self { hit, found_by: found_by(&view, &names), same_as: same::replaced_by(text), words: words(names) })
    }

    pub(super) fn add(&self, connection: &Connection, compartment: i64) -> Result<(), StoreError> {
        let Self { hit, found_by, same_as, words } = self;
        let sql = "INSERT INTO patient (no, id, name, birth, gender, record, phone, deceased, found_by)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        connection.prepare_cached(sql)?.execute(params![
            compartment,
            hit.id.as_str(),
            hit.name,
            hit.birth_date,
            hit.gender,
            hit.record_number,
            hit.phone,
            hit.deceased,
            found_by,
        ])?;
        if let Some(other) = same_as {
            let sql = "INSERT INTO same_as (no, other) VALUES (?1, ?2)";
            connection.prepare_cached(sql)?.execute(params![compartment, other.as_str()])?;
        }
        let sql = "INSERT INTO patient_word (role, word, name, patient, beside) VALUES (?1, ?2, ?3, ?4, ?5)";
        let mut statement = connection.prepare_cached(sql)?;
        for (role, word) in words {
            // What else was typed is checked beside a name; the rest finds few and is checked against the patient.
            let (name, beside) = found_by.split_once('\n').filter(|_| *role <= Role::Given).unwrap_or_default();
            statement.execute(params![*role as i64, word, name, compartment, beside])?;
        }
        Ok(())
    }
}

pub(super) fn forget(connection: &Connection, _: &ResourceKey, compartment: i64, text: &str) -> Result<(), StoreError> {
    let view = PatientView::read(text);
    connection.prepare_cached("DELETE FROM patient WHERE no = ?1")?.execute([compartment])?;
    connection.prepare_cached("DELETE FROM same_as WHERE no = ?1")?.execute([compartment])?;
    let sql = "DELETE FROM patient_word WHERE role = ?1 AND word = ?2 AND name = ?3 AND patient = ?4";
    let mut statement = connection.prepare_cached(sql)?;
    let names = names(&view);
    let name = sort_name(&view, &names);
    for (role, word) in words(&view, names) {
        let name = if role <= Role::Given { name.as_str() } else { "" };
        statement.execute(params![role as i64, word, name, compartment])?;
    }
    Ok(())
}

/// Every folded word of the names, the family name first, blanks between and at both ends.
fn sort_name(view: &PatientView<'_>, names: &[(Role, String)]) -> String {
    let shown = view.display_name().unwrap_or_default();
    let mut words: Vec<String> = shown.split([' ', ',']).map(fold::word).filter(|word| !word.is_empty()).collect();
    for (_, word) in names {
        if !words.contains(word) {
            words.push(word.clone());
        }
    }
    words.iter().fold(" ".to_owned(), |all, word| all + word + " ")
}

/// Date of birth in digits, as precise as it is known.
fn birth_digits(view: &PatientView<'_>) -> String {
    fold::digits(view.birth_date.as_deref().and_then(|date| date.get(..date.len().min(10))).unwrap_or_default())
}

/// The words of the names with their roles; the family name's come first and are not repeated as given.
fn names(view: &PatientView<'_>) -> Vec<(Role, String)> {
    let mut words: Vec<(Role, String)> = Vec::new();
    let mut push = |role: Role, text: &str| {
        for word in fold::words(text) {
            if !words.iter().any(|(_, known)| *known == word) {
                words.push((role, word));
            }
        }
    };
    for name in &view.name {
        push(Role::Family, name.family.as_deref().unwrap_or_default());
    }
    for name in &view.name {
        for given in &name.given {
            push(Role::Given, given);
        }
        if name.family.is_none() {
            push(Role::Given, name.text.as_deref().unwrap_or_default());
        }
    }
    words
}

/// Record number as a whole, its digits, and those without leading zeros.
fn records(view: &PatientView<'_>) -> Vec<String> {
    let record = fold::word(view.record_number().unwrap_or_default());
    let digits = fold::digits(&record);
    let mut words = vec![digits.trim_start_matches('0').to_owned(), digits, record];
    words.retain(|word| !word.is_empty());
    words.dedup();
    words
}

fn phones(view: &PatientView<'_>) -> impl Iterator<Item = String> {
    view.phones().take(PHONES).map(fold::digits)
}

/// Everything a patient is found by, sorted: `names`, numbers and dates.
fn words(view: &PatientView<'_>, names: Vec<(Role, String)>) -> Vec<(Role, String)> {
    let of = |role| names.iter().filter(|(has, _)| *has == role).map(|(_, word)| word.clone()).collect::<Vec<_>>();
    let sounds = likely::keys(&of(Role::Family), &of(Role::Given));
    let mut words = names;
    words.extend(sounds.into_iter().map(|key| (Role::Sound, key)));
    words.extend(records(view).into_iter().map(|word| (Role::Record, word)));
    let birth = birth_digits(view);
    words.extend(month_first(&birth).map(|birthday| (Role::Birthday, birthday)));
    words.push((Role::Birth, birth));
    for digits in phones(view) {
        let ends = (0..digits.len()).map(|from| &digits[from..]).take_while(|end| end.len() >= SHORTEST_RUN);
        words.extend(ends.map(|end| (Role::Phone, end.to_owned())));
    }
    words.retain(|(_, word)| !word.is_empty());
    words.sort();
    words.dedup();
    words
}

/// "19610314" as "03141961".
pub fn month_first(birth: &str) -> Option<String> {
    (birth.len() == 8).then(|| format!("{}{}", &birth[4..], &birth[..4]))
}

/// All that a patient is found by, for checking a second word: a line each of [`FoundBy`].
fn found_by(view: &PatientView<'_>, names: &[(Role, String)]) -> String {
    let listed = |words: &mut dyn Iterator<Item = String>| words.fold(String::new(), |all, word| all + " " + &word);
    let records = listed(&mut records(view).into_iter());
    [sort_name(view, names), birth_digits(view), records, listed(&mut phones(view))].join("\n")
}

/// All that a patient is found by.
pub struct FoundBy<'a> {
    /// As [`sort_name`].
    pub name: &'a str,
    /// Digits.
    pub birth: &'a str,
    /// With a blank before each.
    pub records: &'a str,
    /// With a blank before each.
    pub phones: &'a str,
}

impl<'a> FoundBy<'a> {
    /// From the column of a patient.
    pub fn read(text: &'a str) -> Option<Self> {
        let (name, beside) = text.split_once('\n')?;
        Self::beside(name, beside)
    }

    /// From the columns of a word of a name.
    pub fn beside(name: &'a str, beside: &'a str) -> Option<Self> {
        let mut lines = beside.split('\n');
        Some(Self { name, birth: lines.next()?, records: lines.next()?, phones: lines.next()? })
    }
}
