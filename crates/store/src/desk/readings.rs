//! What else may have been meant by what was typed: a nickname's other names, and the words nearest to one that no patient
//! has.

use std::collections::BTreeSet;

use practice::fold::{Term, also_called};
use rusqlite::{CachedStatement, Connection, OptionalExtension, params};

use super::search::AFTER_ALL;
use crate::{StoreError, projection::Role};

/// The next word behind one, of a role, below an end.
pub(super) const NEXT: &str =
    "SELECT word FROM patient_word WHERE role = ?1 AND word >= ?2 AND word < ?3 ORDER BY word LIMIT 1";

/// A shorter word is not taken for another.
const SHORTEST: usize = 3;
/// Words that one is taken for.
const NEAREST: usize = 8;
/// Steps through the words of the practice at most: a text that needs more is too far from all of them.
const STEPS: usize = 2_000;

/// Another reading of `terms`, where there is one.
pub(super) fn another(reader: &Connection, terms: &[Term]) -> Result<Option<Vec<Term>>, StoreError> {
    let mut words = Words { next: reader.prepare_cached(NEXT)?, steps: 0 };
    let mut other = terms.to_vec();
    for term in &mut other {
        let Some(typed) = term.name.as_deref().filter(|_| term.record.is_none()) else { continue };
        let names = also_called(typed);
        if !names.is_empty() {
            term.words = names.into_iter().map(str::to_owned).collect();
        } else if !words.known(typed)? {
            term.words = words.near(typed)?;
        }
    }
    Ok((other != terms).then_some(other))
}

/// The words of the practice's names.
struct Words<'a> {
    next: CachedStatement<'a>,
    steps: usize,
}

impl Words<'_> {
    fn next(&mut self, role: Role, from: &str, end: &str) -> Result<Option<String>, StoreError> {
        self.steps += 1;
        if self.steps > STEPS {
            return Ok(None);
        }
        Ok(self.next.query_row(params![role as i64, from, end], |row| row.get(0)).optional()?)
    }

    /// Whether some name begins with `start`.
    fn known(&mut self, start: &str) -> Result<bool, StoreError> {
        for role in [Role::Family, Role::Given] {
            if self.next(role, start, &format!("{start}{AFTER_ALL}"))?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The words nearest to `typed`, all as near. One slip is forgiven, a second one in the second half of a longer word.
    fn near(&mut self, typed: &str) -> Result<Vec<String>, StoreError> {
        let letters: Vec<char> = typed.chars().collect();
        if letters.len() < SHORTEST {
            return Ok(Vec::new());
        }
        let forgiven = if letters.len() < 6 { 1 } else { 2 };
        let half = &letters[..letters.len().div_ceil(2)];
        let mut near: BTreeSet<(usize, String)> = BTreeSet::new();
        for start in slips(half) {
            let end = format!("{start}{AFTER_ALL}");
            for role in [Role::Family, Role::Given] {
                let mut from = start.clone();
                while let Some(word) = self.next(role, &from, &end)? {
                    let far = distance(&letters, &word);
                    // Behind this word, whatever else has it.
                    from = format!("{word}\0");
                    if far <= forgiven {
                        near.insert((far, word));
                    }
                }
            }
        }
        let least = near.first().map(|(far, _)| *far);
        let nearest = near.into_iter().take_while(|(far, _)| Some(*far) == least).take(NEAREST);
        Ok(nearest.map(|(_, word)| word).collect())
    }
}

/// `letters` as they are, and with one slip: a letter too few, too many, another one, or two that changed places.
fn slips(letters: &[char]) -> BTreeSet<String> {
    let alphabet: BTreeSet<char> = ('a'..='z').chain(letters.iter().copied()).collect();
    let mut all = BTreeSet::from([letters.iter().collect::<String>()]);
    for at in 0..=letters.len() {
        let (before, behind) = letters.split_at(at);
        let mut add = |middle: &[char], rest: &[char]| {
            all.insert(before.iter().chain(middle).chain(rest).collect());
        };
        for letter in &alphabet {
            add(&[*letter], behind);
            if let [_, rest @ ..] = behind {
                add(&[*letter], rest);
            }
        }
        if let [_, rest @ ..] = behind {
            add(&[], rest);
        }
        if let [first, second, rest @ ..] = behind {
            add(&[*second, *first], rest);
        }
    }
    all.remove("");
    all
}

/// Slips between `typed` and the beginning of `word` that is nearest to it.
fn distance(typed: &[char], word: &str) -> usize {
    let word: Vec<char> = word.chars().take(typed.len() + 3).collect();
    let mut rows: Vec<Vec<usize>> = vec![(0..=word.len()).collect()];
    for (i, letter) in typed.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, other) in word.iter().enumerate() {
            let changed = rows[i][j] + usize::from(letter != other);
            let mut least = changed.min(rows[i][j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && typed[i - 1] == *other && word[j - 1] == *letter {
                least = least.min(rows[i - 1][j - 1] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows.last().and_then(|row| row.iter().min()).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_counted_from_the_beginning_of_a_word() {
        let far = |typed: &str, word: &str| distance(&typed.chars().collect::<Vec<_>>(), word);
        for (typed, word, slips) in [
            ("smith", "smith", 0),
            ("smit", "smithson", 0),
            ("smtih", "smith", 1),
            ("smiht", "smithson", 1),
            ("smithh", "smith", 1),
            ("smth", "smith", 1),
            ("snith", "smith", 1),
            ("xnith", "smith", 2),
        ] {
            assert_eq!(far(typed, word), slips, "{typed} {word}");
        }
    }
}
