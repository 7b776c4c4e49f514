//! A transaction's references become `Type/id` (<https://hl7.org/fhir/R4/http.html#trules>), by splicing the text.

use practice::{
    resource::{ResourceKey, ResourceType},
    text,
};

use uuid::Uuid;

use super::{
    Sink,
    names::{Carried, Names},
    reason::Reason,
};

/// Rewrites the references of one resource of Bundle number `bundle`; what this import does not bring may already be in
/// `sink`.
pub fn resolve<S: Sink>(
    resource: &str,
    bundle: u32,
    names: &Names,
    sink: &mut S,
) -> Result<Result<String, Reason>, S::Error> {
    let (mut fault, mut failed) = (None, None);
    let text = text::rewrite_references(resource, |reference| {
        let found = if reference.starts_with("urn:uuid:") {
            by_urn(reference, bundle, names, sink)
        } else {
            by_condition(conditional(reference)?, names, sink)
        };
        match found {
            Ok(Ok(key)) => return Some(key.to_string()),
            Ok(Err(reason)) => fault = Some(reason),
            Err(error) => failed = Some(error),
        }
        None
    });
    match (failed, fault, text) {
        (Some(error), ..) => Err(error),
        (None, Some(reason), _) => Ok(Err(reason)),
        (None, None, text) => Ok(text.map_err(Reason::Text)),
    }
}

type Found<E> = Result<Result<ResourceKey, Reason>, E>;

fn by_urn<S: Sink>(urn: &str, bundle: u32, names: &Names, sink: &mut S) -> Found<S::Error> {
    if let Some(key) = names.urn(bundle, urn) {
        return Ok(Ok(key));
    }
    let uuid = urn.strip_prefix("urn:uuid:").and_then(|uuid| Uuid::try_parse(uuid).ok());
    let stored = uuid.map(|uuid| sink.holder(&uuid.to_string())).transpose()?.flatten();
    Ok(stored.ok_or(Reason::Unresolved))
}

fn by_condition<S: Sink>(condition: Result<Condition, Reason>, names: &Names, sink: &mut S) -> Found<S::Error> {
    let (kind, system, value) = match condition {
        Ok(condition) => condition,
        Err(reason) => return Ok(Err(reason)),
    };
    let stored = match names.identifier(kind, &system, &value) {
        Carried::By(key) => Some(key),
        Carried::BySeveral => None,
        Carried::ByNone if system.is_empty() => sink.carrier(kind, &value)?,
        Carried::ByNone => sink.carrier(kind, &format!("{system}|{value}"))?,
    };
    Ok(stored.ok_or(Reason::NoSuchIdentifier(kind)))
}

/// A type, and the system and value of an identifier.
type Condition = (ResourceType, String, String);

/// `Type?identifier=system|value`: the type, the system and the value. `None` when it is no conditional reference.
fn conditional(reference: &str) -> Option<Result<Condition, Reason>> {
    let (kind, query) = reference.split_once('?')?;
    let kind = ResourceType::parse(kind)?;
    let Some(token) = query.strip_prefix("identifier=").filter(|token| !token.contains('&')) else {
        return Some(Err(Reason::OtherCondition));
    };
    let Some(token) = decoded(token) else { return Some(Err(Reason::OtherCondition)) };
    let (system, value) = token.split_once('|').unwrap_or(("", &token));
    Some(Ok((kind, system.to_owned(), value.to_owned())))
}

/// Percent-decoding (RFC 3986, 2.1).
fn decoded(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let hex = [bytes.next()?, bytes.next()?];
            out.push(u8::from_str_radix(std::str::from_utf8(&hex).ok()?, 16).ok()?);
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conditional_reference_is_a_type_and_one_identifier() {
        let read = |reference: &str| {
            conditional(reference).map(|r| r.map(|(kind, system, value)| format!("{kind} {system} {value}")))
        };
        for (reference, meaning) in [
            ("Practitioner?identifier=http://x|9", Some(Ok("Practitioner http://x 9"))),
            ("Practitioner?identifier=http%3A%2F%2Fx%7C9", Some(Ok("Practitioner http://x 9"))),
            ("Practitioner?identifier=9", Some(Ok("Practitioner  9"))),
            ("Practitioner?name=x", Some(Err(Reason::OtherCondition))),
            ("Practitioner?identifier=9&active=true", Some(Err(Reason::OtherCondition))),
            ("Practitioner?identifier=%f", Some(Err(Reason::OtherCondition))),
            ("Practitioner/9", None),
            ("https://other.test/?identifier=9", None),
        ] {
            assert_eq!(read(reference), meaning.map(|m| m.map(str::to_owned)), "{reference}");
        }
    }
}
