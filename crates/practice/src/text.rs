//! JSON as text: read it, change one place, and leave every other byte as it was.
//!
//! A resource is kept word for word (`1.10` stays `1.10`, unknown elements stay), so edits are splices, never a
//! parse and a print. Nothing here knows FHIR beyond `meta` and `reference`.

mod edit;
mod scan;

pub use edit::{remove, rewrite_references, rewrite_strings, set, stamp_meta};

use std::borrow::Cow;

use scan::{members, next, value_end};

/// Deepest nesting accepted; the deepest official R4 example stays under 30.
pub const MAX_DEPTH: usize = 64;

/// Largest resource accepted, in bytes.
pub const MAX_RESOURCE_BYTES: usize = 5 * 1024 * 1024;

/// Why a text is not acceptable JSON. Carries no part of the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Not UTF-8.
    #[error("it is not valid UTF-8")]
    NotUtf8,
    /// Larger than [`MAX_RESOURCE_BYTES`].
    #[error("it is larger than 5 MB")]
    TooLarge,
    /// Deeper than [`MAX_DEPTH`].
    #[error("it is nested deeper than 64 levels")]
    TooDeep,
    /// Not JSON.
    #[error("it is not valid JSON (byte {0})")]
    Malformed(usize),
    /// An object names one member twice, so that two readers could see two different charts.
    #[error("one object names the same element twice (byte {0})")]
    DuplicateKey(usize),
    /// The text is JSON, but not the object or path that was expected.
    #[error("an element that is needed is missing or of another kind")]
    Unexpected,
}

/// Accepts `bytes` as JSON text of a permitted size and depth, without ambiguous objects.
pub fn check(bytes: &[u8]) -> Result<&str, TextError> {
    if bytes.len() > MAX_RESOURCE_BYTES {
        return Err(TextError::TooLarge);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| TextError::NotUtf8)?;
    scan::depth_within(text, MAX_DEPTH)?;
    let mut de = serde_json::Deserializer::from_str(text);
    serde::Deserialize::deserialize(&mut de)
        .and_then(|_: serde::de::IgnoredAny| de.end())
        .map_err(|e| TextError::Malformed(scan::offset_of(text, e.line(), e.column())))?;
    scan::unambiguous(text, MAX_DEPTH, |_, _| {})?;
    Ok(text)
}

/// As [`check`], for a text that is known to be JSON, with every member given to `take` on the way: its name, and its value
/// as raw JSON. One that is no object has none.
///
/// # Errors
/// As [`check`]; what was given until then is worth nothing.
pub fn check_members<'a>(text: &'a str, mut take: impl FnMut(&str, &'a str)) -> Result<(), TextError> {
    if text.len() > MAX_RESOURCE_BYTES {
        return Err(TextError::TooLarge);
    }
    scan::unambiguous(text, MAX_DEPTH, |key, value| {
        if let Some(name) = scan::decode(key) {
            take(&name, value);
        }
    })
}

/// Gives every member of the object `text` to `take`: its name, and its value as raw JSON. Expects valid JSON.
///
/// # Errors
/// When it is no object.
pub fn each_member<'a>(text: &'a str, mut take: impl FnMut(&str, &'a str)) -> Result<(), TextError> {
    scan::each(text, next(text, 0)?, |member| {
        if let Some(name) = scan::decode(&text[member.key]) {
            take(&name, &text[member.value]);
        }
    })
}

/// Gives every element of the array `text` to `take`, as raw JSON. Expects valid JSON.
///
/// # Errors
/// When it is no array.
pub fn each_element<'a>(text: &'a str, mut take: impl FnMut(&'a str)) -> Result<(), TextError> {
    for element in scan::elements(text, next(text, 0)?)? {
        take(&text[element]);
    }
    Ok(())
}

/// The raw JSON at `pointer` (RFC 6901); `None` when it is not there. Expects text that [`check`] accepted.
pub fn raw<'a>(text: &'a str, pointer: &str) -> Option<&'a str> {
    let mut at = next(text, 0).ok()?;
    for token in pointer.split('/').skip(1) {
        at = match text.as_bytes().get(at)? {
            b'{' => members(text, at).ok()?.into_iter().find(|m| m.is(text, token))?.value.start,
            b'[' => scan::elements(text, at).ok()?.get(token.parse::<usize>().ok()?)?.start,
            _ => return None,
        };
    }
    text.get(at..value_end(text, at).ok()?)
}

/// The string at `pointer`, decoded.
pub fn string<'a>(text: &'a str, pointer: &str) -> Option<Cow<'a, str>> {
    scan::decode(raw(text, pointer)?)
}

/// `value` as a JSON string, quotes included.
pub fn quote(value: &str) -> String {
    serde_json::Value::from(value).to_string()
}
