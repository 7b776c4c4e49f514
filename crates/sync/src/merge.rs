//! Two changes of one resource, made from the same version: what each did is kept where they touched different fields.
//! Where they touched the same, a person decides. No clock does.
//!
//! A field is an element of the resource, at any depth, or an item of a list. An item is known by its `id`, its `system`
//! and `value` or `code`, or else by what it says. Some elements mean something only together, and are one field: where
//! and when a visit is and how it stands, a name, an address, an amount and its unit, and all that a clinical statement
//! states. Values stay as they were written (`1.10` stays `1.10`).

mod field;
mod list;
mod plan;
mod tree;

use practice::{
    resource::ResourceType,
    schedule::confirmed,
    text::{self, TextError},
};

use field::{Field, Merging};

pub use field::{Change, Outcome, Side};
pub use plan::{Fork, Verdict, plan};

/// What two changes become together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merge {
    /// The text with both. Where a conflict was not settled, it is theirs.
    pub text: String,
    /// What became of each field that either changed.
    pub changes: Vec<Change>,
}

impl Merge {
    /// Whether a person must decide.
    pub fn has_conflict(&self) -> bool {
        self.changes.iter().any(|change| change.outcome == Outcome::Conflict)
    }

    /// Whether it says anything that the host does not have.
    pub fn is_news(&self) -> bool {
        self.changes.iter().any(|change| change.outcome == Outcome::Taken(Side::Mine))
    }
}

/// Merges `mine` and `theirs`, which both began as `base`; where both touched a field, `settle` says whose is taken.
/// Expects texts that [`practice::text::check`] accepted.
///
/// # Errors
/// When one of them is no object.
pub fn merge(
    kind: ResourceType,
    base: &str,
    mine: &str,
    theirs: &str,
    settle: Option<Side>,
) -> Result<Merge, TextError> {
    let [mut base, mut mine, theirs] = [own(base)?, own(mine)?, own(theirs)?];
    // That the host has confirmed a booking is nobody's change.
    if kind == ResourceType::APPOINTMENT && confirmed(&theirs).is_none() {
        [base, mine] = [base, mine].map(|text| confirmed(&text).unwrap_or(text));
    }
    let mut merging = Merging { settle, changes: Vec::new() };
    let field = Field { base: Some(&base), mine: Some(&mine), theirs: Some(&theirs) };
    let text = merging.members("", &field, &|name| group(kind, name))?;
    Ok(Merge { text, changes: merging.changes })
}

/// The text without the two places that the host owns.
fn own(text: &str) -> Result<String, TextError> {
    text::remove(&text::remove(text, "/meta/versionId")?, "/meta/lastUpdated")
}

/// Which elements of a resource are one field.
fn group(kind: ResourceType, name: &str) -> &str {
    const OF_THEMSELVES: [&str; 7] = ["identifier", "note", "extension", "contained", "meta", "text", "implicitRules"];
    if kind == ResourceType::APPOINTMENT {
        return match name {
            "status" | "start" | "end" | "minutesDuration" | "slot" | "participant" | "cancelationReason"
            // Since when the patient is here, and why the time was given twice.
            | "extension" => "visit",
            _ => name,
        };
    }
    let is_about_somebody = [
        ResourceType::PATIENT,
        ResourceType::PRACTITIONER,
        ResourceType::PRACTITIONER_ROLE,
        ResourceType::ORGANIZATION,
        ResourceType::LOCATION,
    ]
    .contains(&kind);
    match name {
        _ if name.starts_with("deceased") => "deceased",
        _ if name.starts_with("multipleBirth") => "multipleBirth",
        // Whom a hold is kept for: never two.
        "extension" if kind == ResourceType::SLOT => "statement",
        _ if is_about_somebody || OF_THEMSELVES.contains(&name) => name,
        _ => "statement",
    }
}

#[cfg(test)]
mod tests;
