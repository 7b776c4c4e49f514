//! One field in three texts.

use practice::text::{self, TextError};

use super::{
    list::merge_lists,
    tree::{is_object, members, same},
};

/// Whose value is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// What was entered here.
    Mine,
    /// What the host has.
    Theirs,
}

/// What became of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// One side alone changed it, or a person settled it: that side's value stands.
    Taken(Side),
    /// Both made the same of it.
    Same,
    /// Both changed it, each in another way: a person decides.
    Conflict,
}

/// A field that either side changed. The values are raw JSON; one that is absent is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The names of the elements it is in, from the resource's down: `contact.name`; for an item of a list, the list's.
    pub path: String,
    /// What both began from.
    pub base: Option<String>,
    /// What it became here.
    pub mine: Option<String>,
    /// What it became at the host.
    pub theirs: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
}

/// The three values of a field.
#[derive(Clone, Copy)]
pub(super) struct Field<'a> {
    pub base: Option<&'a str>,
    pub mine: Option<&'a str>,
    pub theirs: Option<&'a str>,
}

type Members<'a> = Vec<(String, &'a str)>;

fn of<'a>(members: &Members<'a>, name: &str) -> Option<&'a str> {
    members.iter().find(|(known, _)| known == name).map(|(_, value)| *value)
}

impl<'a> Field<'a> {
    /// What is in each of the three; nothing in one that is absent.
    pub(super) fn each<T: Default>(&self, read: impl Fn(&'a str) -> Result<T, TextError>) -> Result<[T; 3], TextError> {
        let read = |text: Option<&'a str>| text.map(&read).transpose().map(Option::unwrap_or_default);
        Ok([read(self.base)?, read(self.mine)?, read(self.theirs)?])
    }

    fn changed_here(&self) -> bool {
        !same(self.base, self.mine)
    }

    fn changed_there(&self) -> bool {
        !same(self.base, self.theirs)
    }

    fn all(&self, is: fn(&str) -> bool) -> bool {
        [self.base, self.mine, self.theirs].into_iter().all(|text| text.is_some_and(is))
    }

    pub(super) fn of(&self, side: Side) -> Option<&'a str> {
        match side {
            Side::Mine => self.mine,
            Side::Theirs => self.theirs,
        }
    }
}

pub(super) struct Merging {
    pub settle: Option<Side>,
    pub changes: Vec<Change>,
}

impl Merging {
    /// Notes what became of a field; gives whose value stands.
    pub(super) fn note(&mut self, path: &str, field: &Field<'_>, outcome: Outcome) -> Side {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let settled = match (outcome, self.settle) {
            (Outcome::Conflict, Some(side)) => Outcome::Taken(side),
            (outcome, _) => outcome,
        };
        self.changes.push(Change {
            path: path.to_owned(),
            base: owned(field.base),
            mine: owned(field.mine),
            theirs: owned(field.theirs),
            outcome: settled,
        });
        if settled == Outcome::Taken(Side::Mine) { Side::Mine } else { Side::Theirs }
    }

    /// The value of one field.
    pub(super) fn value(&mut self, path: &str, field: &Field<'_>) -> Result<Option<String>, TextError> {
        let outcome = match (field.changed_here(), field.changed_there()) {
            (false, false) => return Ok(field.theirs.map(str::to_owned)),
            (true, false) => Outcome::Taken(Side::Mine),
            (false, true) => Outcome::Taken(Side::Theirs),
            (true, true) if same(field.mine, field.theirs) => Outcome::Same,
            (true, true) if field.all(is_object) && !is_atomic(field)? => {
                return self.members(path, field, &|name| name).map(Some);
            }
            (true, true) => match merge_lists(self, path, field)? {
                // A list that is there is not empty (<https://hl7.org/fhir/R4/json.html>).
                Some(items) if items.is_empty() => return Ok(None),
                Some(items) => return Ok(Some(format!("[{}]", items.join(",")))),
                None => Outcome::Conflict,
            },
        };
        Ok(field.of(self.note(path, field, outcome)).map(str::to_owned))
    }

    /// The object of three objects. `group` tells which members are one field; a member and the extension of its value
    /// (`birthDate`, `_birthDate`) always are.
    pub(super) fn members(
        &mut self,
        path: &str,
        field: &Field<'_>,
        group: &dyn for<'n> Fn(&'n str) -> &'n str,
    ) -> Result<String, TextError> {
        let [base, mine, theirs] = field.each(members)?;
        let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
        for (name, _) in theirs.iter().chain(&mine).chain(&base) {
            let key = group(name.strip_prefix('_').unwrap_or(name));
            match groups.iter_mut().find(|(known, _)| *known == key) {
                Some((_, names)) if names.contains(&name.as_str()) => {}
                Some((_, names)) => names.push(name),
                None => groups.push((key, vec![name])),
            }
        }
        let mut merged = Vec::new();
        for (_, names) in &groups {
            let fields: Vec<_> = names
                .iter()
                .map(|name| (*name, Field { base: of(&base, name), mine: of(&mine, name), theirs: of(&theirs, name) }))
                .collect();
            for (name, value) in self.group(path, &fields)? {
                merged.extend(value.map(|value| (name, value)));
            }
        }
        // In the order that the host has, and what is new at the end.
        let place = |name: &str| theirs.iter().position(|(known, _)| known == name).unwrap_or(theirs.len());
        merged.sort_by_key(|(name, _)| place(name));
        let merged: Vec<String> = merged.iter().map(|(name, value)| format!("{}:{value}", text::quote(name))).collect();
        Ok(format!("{{{}}}", merged.join(",")))
    }

    /// Members that are one field: as one side has them all, unless both sides agree or one alone did anything.
    fn group<'n>(
        &mut self,
        path: &str,
        fields: &[(&'n str, Field<'_>)],
    ) -> Result<Vec<(&'n str, Option<String>)>, TextError> {
        let here = fields.iter().any(|(_, field)| field.changed_here());
        let there = fields.iter().any(|(_, field)| field.changed_there());
        let agree = fields.iter().all(|(_, field)| same(field.mine, field.theirs));
        let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        if fields.len() == 1 || !(here && there) || agree {
            return fields.iter().map(|(name, field)| Ok((*name, self.value(&below(name), field)?))).collect();
        }
        let mut side = Side::Theirs;
        for (name, field) in fields.iter().filter(|(_, field)| field.changed_here() || field.changed_there()) {
            side = self.note(&below(name), field, Outcome::Conflict);
        }
        Ok(fields.iter().map(|(name, field)| (*name, field.of(side).map(str::to_owned))).collect())
    }
}

/// Whether the parts of an object mean something only together: a name, an address, an amount, a concept, a period.
fn is_atomic(field: &Field<'_>) -> Result<bool, TextError> {
    const TOGETHER: [&str; 13] = [
        "coding",
        "code",
        "value",
        "unit",
        "start",
        "end",
        "family",
        "given",
        "line",
        "city",
        "postalCode",
        "reference",
        "div",
    ];
    for text in [field.base, field.mine, field.theirs].into_iter().flatten() {
        if members(text)?.iter().any(|(name, _)| TOGETHER.contains(&name.trim_start_matches('_'))) {
            return Ok(true);
        }
    }
    Ok(false)
}
