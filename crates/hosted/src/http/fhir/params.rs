//! Search parameters (<https://hl7.org/fhir/R4/search.html>): those that this host knows, and words for the others.
//! What a search does not understand it refuses: leaving a condition out would answer another question.

use jiff::tz::TimeZone;
use practice::{Code, fold, resource::ResourceType};

use super::super::failure::Failure;
use crate::store::{
    ACTOR, BIRTH_DATE, Compare, Criterion, IDENTIFIER, NAME, PHONE, Search, Span, has_name, phone_digits,
};

const USUAL: u32 = 100;
const MOST: u32 = 1000;

/// Conditions of one search: a database follows no statement that is nested without end.
const MOST_CONDITIONS: usize = 50;

/// Alternatives in all of them together.
const MOST_ALTERNATIVES: usize = 500;

/// Where to go on; ours, and opaque to clients.
const CURSOR: &str = "_cursor";

/// The parameters that searches for `kind` take, for the capability statement.
pub(super) fn known(kind: ResourceType) -> Vec<(&'static str, &'static str)> {
    let mut all = vec![("_id", "token"), ("_lastUpdated", "date"), ("identifier", "token"), ("status", "token")];
    all.extend([("date", "date"), ("patient", "reference"), ("subject", "reference")]);
    if has_name(kind) {
        all.extend([("name", "string"), ("phone", "token"), ("birthdate", "date")]);
    }
    if has_actor(kind) {
        all.extend([("actor", "reference"), ("practitioner", "reference")]);
    }
    if kind.as_str() == "Slot" {
        all.push(("schedule", "reference"));
    }
    all
}

fn has_actor(kind: ResourceType) -> bool {
    matches!(kind.as_str(), "Appointment" | "Schedule")
}

/// Reads the parameters of a search for `kind`.
pub(super) fn read(kind: ResourceType, pairs: &[(String, String)], zone: &TimeZone) -> Result<Search, Failure> {
    let mut search = Search { kind, criteria: Vec::new(), after: 0, count: USUAL };
    for (name, value) in pairs {
        let number = || value.parse::<u32>().map_err(|_| invalid("_count has to be a number."));
        match name.as_str() {
            "_count" => search.count = number()?.clamp(1, MOST),
            CURSOR => {
                search.after = value
                    .parse()
                    .ok()
                    .filter(|after| *after >= 0)
                    .ok_or_else(|| invalid("This is not a cursor that a search gave."))?;
            }
            "_format" => {}
            name => search.criteria.extend(criterion(kind, name, value, zone)?),
        }
        if search.criteria.len() > MOST_CONDITIONS || alternatives(&search) > MOST_ALTERNATIVES {
            return Err(invalid("A search has at most 50 conditions, with 500 alternatives. Search for less at once."));
        }
    }
    Ok(search)
}

fn alternatives(search: &Search) -> usize {
    let of = |criterion: &Criterion| match criterion {
        Criterion::Id(all) | Criterion::Patient(all) | Criterion::Status(all) | Criterion::Term(_, all) => all.len(),
        // Each is a comparison of its own.
        Criterion::TermPrefix(_, all) => all.len() * 10,
        Criterion::TermRange(..) | Criterion::Date(..) | Criterion::Updated(..) => 1,
    };
    search.criteria.iter().map(of).sum()
}

/// The same parameters, to go on after `after`.
pub(super) fn write(pairs: &[(String, String)], after: i64) -> String {
    let mut out = String::new();
    for (name, value) in pairs.iter().filter(|(name, _)| name != CURSOR) {
        encode(name, &mut out);
        out.push('=');
        encode(value, &mut out);
        out.push('&');
    }
    out + CURSOR + "=" + &after.to_string()
}

fn encode(text: &str, out: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(byte.into());
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
}

fn criterion(kind: ResourceType, name: &str, value: &str, zone: &TimeZone) -> Result<Vec<Criterion>, Failure> {
    if value.is_empty() {
        return Err(invalid("A search parameter needs a value."));
    }
    if !known(kind).iter().any(|(known, _)| *known == name) {
        return Err(invalid(
            "This host does not know one of the search parameters for this type. /fhir/metadata names those it knows.",
        ));
    }
    let all = || value.split(',').map(str::to_owned).collect::<Vec<_>>();
    let references = |usual: &str| {
        value
            .split(',')
            .map(|v| if v.contains('/') { v.to_owned() } else { format!("{usual}/{v}") })
            .collect::<Vec<_>>()
    };
    let one = |criterion| Ok(vec![criterion]);
    match name {
        "_id" => one(Criterion::Id(all())),
        "status" => {
            one(Criterion::Status(all().iter().map(|v| v.rsplit('|').next().unwrap_or(v).to_owned()).collect()))
        }
        "identifier" => {
            one(Criterion::Term(IDENTIFIER, all().iter().map(|v| v.trim_start_matches('|').to_owned()).collect()))
        }
        "patient" | "subject" => {
            one(Criterion::Patient(all().iter().map(|v| v.strip_prefix("Patient/").unwrap_or(v).to_owned()).collect()))
        }
        "actor" => one(Criterion::Term(ACTOR, references("Practitioner"))),
        "practitioner" => one(Criterion::Term(ACTOR, references("Practitioner"))),
        "schedule" => one(Criterion::Term(ACTOR, references("Schedule"))),
        "date" => date(value, zone).map(|(compare, span, _)| vec![Criterion::Date(compare, span)]),
        "_lastUpdated" => date(value, zone).map(|(compare, span, _)| vec![Criterion::Updated(compare, span)]),
        "birthdate" => date(value, zone).and_then(|(compare, _, text)| birth_date(compare, text)).map(|c| vec![c]),
        "phone" => {
            let digits = all().iter().map(|v| phone_digits(v)).collect::<Option<Vec<_>>>();
            one(Criterion::Term(PHONE, digits.ok_or_else(|| invalid("A phone number has at least four digits."))?))
        }
        // Words stand in any order, each the beginning of some word of the name; a comma separates alternatives.
        _ if value.contains(',') => one(beginnings(value.split(','))),
        _ => Ok(value.split_whitespace().map(|word| beginnings([word])).collect()),
    }
}

/// Some word of the name begins with one of these; what has no letter and no digit begins nothing.
fn beginnings<'a>(words: impl IntoIterator<Item = &'a str>) -> Criterion {
    Criterion::TermPrefix(NAME, words.into_iter().map(fold::word).filter(|word| !word.is_empty()).collect())
}

fn date<'a>(value: &'a str, zone: &TimeZone) -> Result<(Compare, Span, &'a str), Failure> {
    const PREFIXES: [(&str, Compare); 8] = [
        ("eq", Compare::Eq),
        ("ne", Compare::Ne),
        ("gt", Compare::Gt),
        ("lt", Compare::Lt),
        ("ge", Compare::Ge),
        ("le", Compare::Le),
        ("sa", Compare::Sa),
        ("eb", Compare::Eb),
    ];
    let found = PREFIXES.iter().find_map(|(prefix, compare)| Some((*compare, value.strip_prefix(prefix)?)));
    let (compare, text) = found.unwrap_or((Compare::Eq, value));
    let span = Span::read(text, zone).ok_or_else(|| {
        invalid("A date looks like 2026-11-23, or 2026-11-23T09:00:00-05:00, with eq, ne, gt, lt, ge, le, sa or eb before it.")
    })?;
    Ok((compare, span, text))
}

/// Dates of birth are compared as text: they have no zone.
fn birth_date(compare: Compare, text: &str) -> Result<Criterion, Failure> {
    let beyond = || format!("{text}\u{10FFFF}");
    Ok(match compare {
        Compare::Eq => Criterion::TermPrefix(BIRTH_DATE, vec![text.to_owned()]),
        Compare::Ge => Criterion::TermRange(BIRTH_DATE, Some(text.to_owned()), None),
        Compare::Gt | Compare::Sa => Criterion::TermRange(BIRTH_DATE, Some(beyond()), None),
        Compare::Lt | Compare::Eb => Criterion::TermRange(BIRTH_DATE, None, Some(text.to_owned())),
        Compare::Le => Criterion::TermRange(BIRTH_DATE, None, Some(beyond())),
        Compare::Ne => return Err(invalid("A date of birth can't be searched for with ne.")),
    })
}

fn invalid(say: &'static str) -> Failure {
    Failure::new(Code::Invalid, say)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(kind: ResourceType, name: &str, value: &str) -> Option<Vec<Criterion>> {
        read(kind, &[(name.to_owned(), value.to_owned())], &TimeZone::UTC).ok().map(|search| search.criteria)
    }

    #[test]
    fn a_condition_that_is_not_understood_is_refused_not_left_out() {
        for (kind, name, value) in [
            (ResourceType::OBSERVATION, "name", "smith"),
            (ResourceType::PATIENT, "name:exact", "Smith"),
            (ResourceType::PATIENT, "favourite", "blue"),
            (ResourceType::APPOINTMENT, "date", "xx2026"),
            (ResourceType::APPOINTMENT, "date", "ge"),
            (ResourceType::APPOINTMENT, "status", ""),
            (ResourceType::PATIENT, "_count", "many"),
            (ResourceType::PATIENT, "_cursor", "-1"),
            (ResourceType::PATIENT, "birthdate", "ne1980"),
        ] {
            assert_eq!(parsed(kind, name, value), None, "{kind}?{name}={value}");
        }
    }

    #[test]
    fn a_search_has_an_end() {
        let words = |n: usize| vec!["a"; n].join(" ");
        for (name, value, taken) in [
            ("name", words(50), true),
            ("name", words(51), false),
            ("name", vec!["a"; 50].join(","), true),
            ("name", vec!["a"; 51].join(","), false),
            ("_id", vec!["a"; 500].join(","), true),
            ("_id", vec!["a"; 501].join(","), false),
        ] {
            assert_eq!(parsed(ResourceType::PATIENT, name, &value).is_some(), taken, "{name}: {}", value.len());
        }
    }

    #[test]
    fn every_parameter_in_the_capability_statement_is_understood() {
        for kind in [ResourceType::PATIENT, ResourceType::APPOINTMENT, ResourceType::SLOT, ResourceType::OBSERVATION] {
            for (name, sort) in known(kind) {
                let value = if sort == "date" { "ge2026-11-23" } else { "5550" };
                assert!(parsed(kind, name, value).is_some_and(|c| !c.is_empty()), "{kind}?{name}");
            }
        }
    }

    #[test]
    fn going_on_keeps_every_condition() {
        let pairs = [("name".to_owned(), "Núñez & Co".to_owned()), ("_cursor".to_owned(), "7".to_owned())];
        assert_eq!(write(&pairs, 9), "name=N%C3%BA%C3%B1ez%20%26%20Co&_cursor=9");
    }
}
