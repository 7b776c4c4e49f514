//! `POST /fhir`: a change, as a transaction Bundle (<https://hl7.org/fhir/R4/http.html#transaction>).
//!
//! Every entry is a PUT that says what it expects to be there; one of them is the Provenance that tells who changed
//! what. All of it is taken or nothing, and a repeat gets the first answer again.

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashMap},
};

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
};
use practice::{
    Code,
    audit::AuditAction,
    provenance::ChangeNote,
    resource::{Envelope, ResourceKey, ResourceType},
    text::{self, TextError},
    views::AppointmentView,
};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    super::{
        App, Caller, blocking, body,
        failure::{Failure, Fhir},
        reply::{Reply, takes_zstd},
        tries::Try,
    },
    base,
    bundle::Bundle,
};
use crate::store::{Change, ChangeError, Expects, NewResource};

/// One change is small: a person made it.
const MOST_ENTRIES: usize = 500;

#[derive(Deserialize)]
struct Raw<'a> {
    #[serde(rename = "resourceType", borrow)]
    kind: Cow<'a, str>,
    #[serde(rename = "type", borrow)]
    purpose: Cow<'a, str>,
    #[serde(borrow, default)]
    entry: Vec<RawEntry<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawEntry<'a> {
    #[serde(borrow)]
    full_url: Option<Cow<'a, str>>,
    #[serde(borrow)]
    resource: &'a RawValue,
    #[serde(borrow)]
    request: RawRequest<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawRequest<'a> {
    #[serde(borrow)]
    method: Cow<'a, str>,
    #[serde(borrow)]
    url: Cow<'a, str>,
    #[serde(borrow)]
    if_match: Option<Cow<'a, str>>,
    #[serde(borrow)]
    if_none_match: Option<Cow<'a, str>>,
}

pub async fn transaction(State(app): State<App>, caller: Caller, uri: Uri, headers: HeaderMap, body: Body) -> Fhir {
    let bytes = body::read(body).await?;
    let (now, base) = (app.now(), base(&uri, &headers));
    let writer = caller.clone();
    let (response, absent) = blocking(move || {
        let (change, note) = read_change(&bytes)?;
        let here = note.workstation == caller.workstation.id;
        if !here || caller.member.as_ref().is_some_and(|member| member.id != note.member) {
            return Err(Failure::new(Code::Forbidden, "The change was made by somebody else, or somewhere else."));
        }
        let taken = caller.practice.write(|store| store.change(&change, now));
        let numbers = taken.map_err(|error| about(error, &change))?;
        let mut bundle = Bundle::new("transaction-response", &base, 4);
        let absent = caller.practice.read(|store| {
            store.written(&numbers, |row| bundle.written(row))?;
            store.absent(&named(&change))
        })?;
        Ok((Reply::fhir(bundle.finish(&[])).finish(takes_zstd(&headers))?, absent))
    })
    .await?;
    // A chart that was imported may name what never came, so the change stands; that it does is told.
    if let Some(first) = absent.first() {
        let query = format!("POST /fhir names {} records that are not here", absent.len());
        let resource = Some(first.clone());
        app.audit_try(Try { resource, ..Try::of(&writer, AuditAction::Update, query) }).await;
    }
    Ok(response)
}

/// Why the change was not taken, with the record that is to blame.
fn about(error: ChangeError, change: &Change) -> Failure {
    let ChangeError::Refused(_, place) = &error else { return error.into() };
    let key = place.and_then(|place| change.writes.get(place)).map(|(new, _)| new.key.clone());
    let failure = Failure::from(error);
    match key {
        Some(key) => failure.about(key),
        None => failure,
    }
}

/// The records that what is written refers to, each once.
fn named(change: &Change) -> Vec<ResourceKey> {
    let mut named = BTreeSet::new();
    for (new, _) in &change.writes {
        // Their texts were read before.
        let _ = text::rewrite_references(&new.text, |reference| {
            named.extend(ResourceKey::parse(reference));
            None
        });
    }
    named.into_iter().collect()
}

fn unusable(say: &'static str) -> Failure {
    Failure::with(StatusCode::UNPROCESSABLE_ENTITY, Code::Invalid, say)
}

/// Reads the Bundle and checks whatever can be checked without the store.
pub fn read_change(bytes: &[u8]) -> Result<(Change, ChangeNote), Failure> {
    const NO_BUNDLE: &str = "The request is not a FHIR transaction Bundle in JSON.";
    let bundle =
        std::str::from_utf8(bytes).map_err(|_| Failure::new(Code::Invalid, "The request is not valid UTF-8."))?;
    if body::too_deep(bytes) {
        return Err(unusable("The request is nested deeper than 80 levels."));
    }
    let raw: Raw<'_> = serde_json::from_str(bundle).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => unusable(NO_BUNDLE),
        _ => Failure::new(Code::Invalid, "The request is not valid JSON."),
    })?;
    if raw.kind != "Bundle" || raw.purpose != "transaction" {
        return Err(unusable(NO_BUNDLE));
    }
    if raw.entry.len() > MOST_ENTRIES {
        return Err(unusable("A change has at most 500 entries."));
    }
    let mut writes: Vec<(NewResource, Expects)> = Vec::with_capacity(raw.entry.len());
    for (place, entry) in raw.entry.iter().enumerate() {
        let write = write(entry).map_err(|failure| failure.at(format!("Bundle.entry[{place}]")))?;
        if writes.iter().any(|(other, _)| other.key == write.0.key) {
            return Err(unusable("A change writes each record once.").at(format!("Bundle.entry[{place}]")));
        }
        writes.push(write);
    }
    resolve(&mut writes, &raw.entry)?;
    let mut notes = writes.iter().filter(|(new, _)| new.key.kind == ResourceType::PROVENANCE);
    let (Some((provenance, _)), None) = (notes.next(), notes.next()) else {
        return Err(unusable("A change has one Provenance, which tells who made it."));
    };
    let note = ChangeNote::read(&provenance.text)
        .ok_or_else(|| unusable("The change's Provenance names no member, workstation or time."))?;
    if writes.iter().any(|(new, _)| new.key != provenance.key && !note.targets.contains(&new.key)) {
        return Err(unusable("The change writes something that its Provenance does not name."));
    }
    let change =
        Change { id: note.id.clone(), member: note.member.clone(), workstation: note.workstation.clone(), writes };
    Ok((change, note))
}

/// References by `urn:uuid:` become `Type/id` of the entry that has it as its `fullUrl`
/// (<https://hl7.org/fhir/R4/http.html#trules>).
fn resolve(writes: &mut [(NewResource, Expects)], entries: &[RawEntry<'_>]) -> Result<(), Failure> {
    let named: HashMap<&str, String> = (entries.iter().zip(writes.iter()))
        .filter_map(|(entry, (new, _))| Some((entry.full_url.as_deref()?, new.key.to_string())))
        .collect();
    for (place, (new, _)) in writes.iter_mut().enumerate() {
        let mut unknown = false;
        let text = text::rewrite_references(&new.text, |reference| {
            let key = reference.starts_with("urn:uuid:").then(|| named.get(reference).cloned());
            unknown |= key == Some(None);
            key.flatten()
        });
        if unknown {
            let failure = unusable("A reference by urn:uuid names no entry of this change.");
            return Err(failure.at(format!("Bundle.entry[{place}]")));
        }
        new.text = text.map_err(|error| unusable(words(&error)))?;
    }
    Ok(())
}

fn write(entry: &RawEntry<'_>) -> Result<(NewResource, Expects), Failure> {
    let request = &entry.request;
    if request.method != "PUT" {
        return Err(unusable(
            "A change is made of PUT. Records are kept: what is wrong is marked as entered in error.",
        ));
    }
    let text = text::check(entry.resource.get().as_bytes()).map_err(|error| unusable(words(&error)))?;
    let Envelope { key, .. } =
        Envelope::read(text).map_err(|_| unusable("A resource is of no R4 type, or has no id."))?;
    if ResourceKey::parse(&request.url).as_ref() != Some(&key) {
        return Err(unusable("A resource's type or id differs from its address."));
    }
    if key.kind == ResourceType::APPOINTMENT {
        can_be_arbitrated(&AppointmentView::read(text))?;
    }
    let expects = match (request.if_match.as_deref(), request.if_none_match.as_deref()) {
        (None, Some("*")) => Expects::Absent,
        (Some(tag), None) => {
            let version = tag.strip_prefix("W/\"").and_then(|rest| rest.strip_suffix('"')).and_then(|v| v.parse().ok());
            Expects::Version(version.ok_or_else(|| unusable("ifMatch has to name a version, as in W/\"3\"."))?)
        }
        _ => {
            return Err(unusable(
                "A change says what it expects: ifMatch with the version, or ifNoneMatch \"*\" for something new.",
            ));
        }
    };
    Ok((NewResource { key, text: text.to_owned() }, expects))
}

/// What could not be told from free time would be booked twice.
fn can_be_arbitrated(visit: &AppointmentView<'_>) -> Result<(), Failure> {
    if visit.status().is_none() {
        return Err(unusable("An appointment has one of FHIR's ten statuses."));
    }
    // Without a time it holds none (<https://hl7.org/fhir/R4/appointment.html>, app-2 and app-3).
    let (start, end) = (visit.start(), visit.end());
    let timeless = visit.start.is_none() && visit.end.is_none();
    if !timeless && start.zip(end).is_none_or(|(start, end)| start >= end) {
        return Err(unusable("An appointment that has a time starts before it ends."));
    }
    let elsewhere = |reference: &str| ResourceKey::parse(reference).is_none();
    let actors = visit.participant.iter().filter_map(|one| one.actor.as_ref()?.reference.as_deref());
    if actors.into_iter().any(|actor| !actor.starts_with("urn:uuid:") && elsewhere(actor)) {
        return Err(unusable("An appointment names who takes part as Type/id."));
    }
    Ok(())
}

fn words(error: &TextError) -> &'static str {
    match error {
        TextError::NotUtf8 => "A resource is not valid UTF-8.",
        TextError::TooLarge => "A resource is larger than 5 MB.",
        TextError::TooDeep => "A resource is nested deeper than 64 levels.",
        TextError::Malformed(_) => "A resource is not valid JSON.",
        TextError::DuplicateKey(_) => "A resource names the same element twice in one object.",
        TextError::Unexpected => "A resource is no JSON object.",
    }
}
