//! Where values begin and end. Panics on nothing: text that is not JSON gives an error.

use std::{borrow::Cow, ops::Range};

use memchr::memchr2;

use super::TextError;

/// One member of an object: the spans of its key (quotes included) and of its value.
pub(super) struct Member {
    pub key: Range<usize>,
    pub value: Range<usize>,
}

impl Member {
    pub(super) fn is(&self, text: &str, name: &str) -> bool {
        decode(&text[self.key.clone()]).is_some_and(|key| key == name)
    }
}

/// A JSON string without its quotes and escapes; `None` when `raw` is not a string.
pub(super) fn decode(raw: &str) -> Option<Cow<'_, str>> {
    let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') { serde_json::from_str(raw).ok().map(Cow::Owned) } else { Some(Cow::Borrowed(inner)) }
}

/// The first byte at or after `at` that is not white space.
pub(super) fn next(text: &str, at: usize) -> Result<usize, TextError> {
    text.as_bytes()[at.min(text.len())..]
        .iter()
        .position(|b| !matches!(b, b' ' | b'\t' | b'\n' | b'\r'))
        .map(|skip| at + skip)
        .ok_or(TextError::Malformed(at))
}

fn string_end(text: &str, at: usize) -> Result<usize, TextError> {
    Ok(string(text, at)?.0)
}

/// The byte after the string that starts at `at`, and whether anything in it is escaped.
fn string(text: &str, at: usize) -> Result<(usize, bool), TextError> {
    let bytes = text.as_bytes();
    let (mut i, mut escaped) = (at + 1, false);
    while let Some(found) = bytes.get(i..).and_then(|rest| memchr2(b'"', b'\\', rest)) {
        i += found + 1;
        if bytes[i - 1] == b'"' {
            return Ok((i, escaped));
        }
        escaped = true;
        i += 1;
    }
    Err(TextError::Malformed(at))
}

/// The byte after the value that starts at `at`.
pub(super) fn value_end(text: &str, at: usize) -> Result<usize, TextError> {
    let bytes = text.as_bytes();
    match bytes.get(at) {
        Some(b'"') => string_end(text, at),
        Some(b'{' | b'[') => {
            let mut depth = 0usize;
            let mut i = at;
            while let Some(b) = bytes.get(i) {
                match b {
                    b'"' => {
                        i = string_end(text, i)?;
                        continue;
                    }
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => {
                        depth -= 1;
                        if depth == 0 {
                            return Ok(i + 1);
                        }
                    }
                    _ => {}
                }
                i += 1;
            }
            Err(TextError::Malformed(at))
        }
        Some(b'}' | b']' | b',' | b':') | None => Err(TextError::Malformed(at)),
        Some(_) => Ok(bytes[at..]
            .iter()
            .position(|b| matches!(b, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r'))
            .map_or(bytes.len(), |len| at + len)),
    }
}

/// The members of the object that starts at `at`, in order.
pub(super) fn members(text: &str, at: usize) -> Result<Vec<Member>, TextError> {
    let mut found = Vec::new();
    each(text, at, |member| found.push(member))?;
    Ok(found)
}

/// Gives the members of the object that starts at `at` to `take`, in order.
pub(super) fn each(text: &str, at: usize, mut take: impl FnMut(Member)) -> Result<(), TextError> {
    list(text, at, (b'{', b'}'), |i| {
        if text.as_bytes().get(i) != Some(&b'"') {
            return Err(TextError::Malformed(i));
        }
        let key = i..string_end(text, i)?;
        let colon = next(text, key.end)?;
        if text.as_bytes()[colon] != b':' {
            return Err(TextError::Malformed(colon));
        }
        let start = next(text, colon + 1)?;
        let end = value_end(text, start)?;
        take(Member { key, value: start..end });
        Ok(end)
    })
}

/// The elements of the array that starts at `at`.
pub(super) fn elements(text: &str, at: usize) -> Result<Vec<Range<usize>>, TextError> {
    let mut found = Vec::new();
    list(text, at, (b'[', b']'), |i| {
        let end = value_end(text, i)?;
        found.push(i..end);
        Ok(end)
    })?;
    Ok(found)
}

fn list(
    text: &str,
    at: usize,
    (open, close): (u8, u8),
    mut item: impl FnMut(usize) -> Result<usize, TextError>,
) -> Result<(), TextError> {
    let bytes = text.as_bytes();
    if bytes.get(at) != Some(&open) {
        return Err(TextError::Unexpected);
    }
    let mut i = next(text, at + 1)?;
    if bytes[i] == close {
        return Ok(());
    }
    loop {
        i = next(text, item(i)?)?;
        match bytes[i] {
            b',' => i = next(text, i + 1)?,
            b if b == close => return Ok(()),
            _ => return Err(TextError::Malformed(i)),
        }
    }
}

/// Refuses nesting deeper than `limit`, before any recursive reader sees the text.
pub(super) fn depth_within(text: &str, limit: usize) -> Result<(), TextError> {
    let bytes = text.as_bytes();
    let (mut depth, mut i) = (0usize, 0);
    while let Some(b) = bytes.get(i) {
        match b {
            b'"' => {
                i = string_end(text, i)?;
                continue;
            }
            b'{' | b'[' => {
                depth += 1;
                if depth > limit {
                    return Err(TextError::TooDeep);
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        i += 1;
    }
    Ok(())
}

/// Refuses an object that names a member twice, nesting deeper than `limit`, and a string that stands for no text (half
/// of a surrogate pair, RFC 8259 section 8.2). Expects valid JSON; one pass, no set of keys a level but a list of all open
/// ones. The members of the outermost object are given to `take` on the way: key, quotes and all, and value.
pub(super) fn unambiguous<'a>(
    text: &'a str,
    limit: usize,
    mut take: impl FnMut(&'a str, &'a str),
) -> Result<(), TextError> {
    let bytes = text.as_bytes();
    // The keys of every open object, innermost last, and where the keys of each level begin.
    let (mut keys, mut levels) = (Vec::<Key<'_>>::with_capacity(64), Vec::<usize>::with_capacity(16));
    // The outermost member that is being read: its key, and where its value begins.
    let mut open = None;
    let mut i = 0;
    while let Some(b) = bytes.get(i) {
        match b {
            b'"' => {
                let (end, escaped) = string(text, i)?;
                if escaped && decode(&text[i..end]).is_none() {
                    return Err(TextError::Malformed(i));
                }
                let after = next(text, end).unwrap_or(bytes.len());
                if bytes.get(after) == Some(&b':') {
                    keys.push(Key::new(&text[i..end]));
                    if levels.len() == 1 {
                        open = Some((&text[i..end], after + 1));
                    }
                    i = after + 1;
                } else {
                    i = end;
                }
                continue;
            }
            b'{' | b'[' => {
                if levels.len() == limit {
                    return Err(TextError::TooDeep);
                }
                levels.push(keys.len());
            }
            b'}' | b']' => {
                let from = levels.pop().ok_or(TextError::Malformed(i))?;
                if repeats(&keys[from..]) {
                    return Err(TextError::DuplicateKey(i));
                }
                keys.truncate(from);
            }
            _ => {}
        }
        let ends_member = levels.is_empty() || *b == b',' && levels.len() == 1;
        if ends_member && let Some((key, from)) = open.take() {
            take(key, trim(&text[from..i]));
        }
        i += 1;
    }
    Ok(())
}

fn trim(value: &str) -> &str {
    value.trim_matches([' ', '\t', '\n', '\r'])
}

/// A key, quotes and escapes and all, and a number that is the same for the same key: most pairs differ in it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key<'a> {
    mark: u64,
    raw: &'a str,
}

impl<'a> Key<'a> {
    fn new(raw: &'a str) -> Self {
        let bytes = raw.as_bytes();
        let tail = &bytes[bytes.len().saturating_sub(8)..];
        let mark = tail.iter().fold(bytes.len() as u64, |mark, byte| (mark << 8) ^ u64::from(*byte));
        Self { mark, raw }
    }
}

/// Whether two of these keys mean the same.
fn repeats(keys: &[Key<'_>]) -> bool {
    /// Comparing each with each is cheaper than sorting up to about here.
    const FEW: usize = 16;
    if keys.iter().any(|key| key.raw.contains('\\')) {
        let mut decoded: Vec<Option<Cow<'_, str>>> = keys.iter().map(|key| decode(key.raw)).collect();
        decoded.sort_unstable();
        return decoded.windows(2).any(|pair| pair[0] == pair[1]);
    }
    if keys.len() <= FEW {
        return keys.iter().enumerate().any(|(n, key)| keys[..n].contains(key));
    }
    let mut sorted = keys.to_vec();
    sorted.sort_unstable();
    sorted.windows(2).any(|pair| pair[0] == pair[1])
}

/// The byte offset of serde_json's line and column.
pub(super) fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    (before + column).min(text.len())
}
