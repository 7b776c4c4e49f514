//! JSON as raw text, a level at a time.

use std::borrow::Cow;

use practice::text::{self, TextError};

/// The members of an object, in their order.
pub(super) fn members(text: &str) -> Result<Vec<(String, &str)>, TextError> {
    let mut members = Vec::new();
    text::each_member(text, |name, value| members.push((name.to_owned(), value)))?;
    Ok(members)
}

pub(super) fn elements(text: &str) -> Result<Vec<&str>, TextError> {
    let mut elements = Vec::new();
    text::each_element(text, |element| elements.push(element))?;
    Ok(elements)
}

pub(super) fn is_object(text: &str) -> bool {
    text.starts_with('{')
}

pub(super) fn is_list(text: &str) -> bool {
    text.starts_with('[')
}

/// Whether both say the same, however it is written; numbers are the same only with the same digits, which in FHIR tell
/// how exact they are (<https://hl7.org/fhir/R4/datatypes.html#decimal>).
pub(super) fn same(one: Option<&str>, other: Option<&str>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one == other || meaning(one) == meaning(other),
        (one, other) => one.is_none() && other.is_none(),
    }
}

/// What a value says, written in one way.
pub(super) fn meaning(text: &str) -> Cow<'_, str> {
    if let Ok(mut members) = members(text) {
        members.sort_unstable();
        let members: Vec<String> =
            members.iter().map(|(name, value)| format!("{}:{}", text::quote(name), meaning(value))).collect();
        return Cow::Owned(format!("{{{}}}", members.join(",")));
    }
    if let Ok(elements) = elements(text) {
        let elements: Vec<Cow<'_, str>> = elements.into_iter().map(meaning).collect();
        return Cow::Owned(format!("[{}]", elements.join(",")));
    }
    text::string(text, "").map_or(Cow::Borrowed(text), |string| Cow::Owned(text::quote(&string)))
}

/// What an item of a list is known by.
pub(super) fn identity(item: &str) -> String {
    let string = |pointer| if is_object(item) { text::string(item, pointer) } else { None };
    let known = string("/id").map(|id| format!("id {id}")).or_else(|| {
        let what = string("/value").or_else(|| string("/code"))?;
        Some(format!("{} {what}", string("/system")?))
    });
    known.unwrap_or_else(|| meaning(item).into_owned())
}
