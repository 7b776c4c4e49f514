//! From a page of a search (<https://hl7.org/fhir/R4/http.html#search>) to what the store takes.

use std::{borrow::Cow, collections::BTreeSet};

use practice::{
    ids::ResourceId,
    resource::{Envelope, ResourceType},
    time::Stamp,
};
use serde::Deserialize;
use serde_json::value::RawValue;
use store::{Incoming, Page, PreparedPage};

use crate::{
    host::{Bearer, Feed, HostError},
    session::Enrolled,
};

#[derive(Deserialize)]
struct Found<'a> {
    #[serde(borrow, default)]
    link: Vec<Link<'a>>,
    #[serde(borrow, default)]
    entry: Vec<FoundEntry<'a>>,
}

#[derive(Deserialize)]
struct FoundEntry<'a> {
    #[serde(borrow)]
    resource: &'a RawValue,
}

#[derive(Deserialize)]
struct Link<'a> {
    #[serde(borrow)]
    relation: Cow<'a, str>,
    #[serde(borrow)]
    url: Cow<'a, str>,
}

/// What was found, the appointments' patients, and what to ask for next.
type Read = (PreparedPage, BTreeSet<String>, Option<String>);

/// What was found, and what to ask for next.
pub(crate) fn asked(feed: &Feed) -> Result<(PreparedPage, Option<String>), HostError> {
    read(feed).map(|(page, _, next)| (page, next))
}

/// Asks for what `query` finds.
pub(super) async fn search(enrolled: &Enrolled, device: Bearer<'_>, query: &str) -> Result<Read, HostError> {
    let answer = enrolled.line.search(device, &enrolled.as_written.practice.id, query).await?;
    tokio::task::spawn_blocking(move || read(&answer)).await.map_err(|_| HostError::Confused)?
}

fn read(feed: &Feed) -> Result<Read, HostError> {
    let page: Found<'_> = serde_json::from_slice(&feed.bytes).map_err(|_| HostError::Confused)?;
    let texts: Vec<&str> = page.entry.iter().map(|entry| entry.resource.get()).collect();
    let envelopes: Vec<Envelope> =
        texts.iter().map(|text| Envelope::read(text)).collect::<Result<_, _>>().map_err(|_| HostError::Confused)?;
    let rows = envelopes.iter().zip(&texts).map(|(envelope, text)| {
        let version = envelope.version_id.as_deref().filter(|version| ResourceId::parse(version).is_some())?;
        let updated = Stamp::parse(envelope.last_updated.as_deref()?)?;
        Some(Incoming { key: envelope.key.clone(), version, updated, life: None, text: Some(text) })
    });
    let rows = rows.collect::<Option<Vec<_>>>().ok_or(HostError::Confused)?;
    let next = page.link.iter().find(|link| link.relation == "next");
    let next = next.and_then(|link| link.url.split_once("/fhir/")).map(|(_, query)| query.to_owned());
    let of_visit = |envelope: &Envelope| {
        let patient = envelope.patient.as_ref()?.as_str().to_owned();
        (envelope.key.kind == ResourceType::APPOINTMENT).then_some(patient)
    };
    let patients = envelopes.iter().filter_map(of_visit).collect();
    let prepared = PreparedPage::of(&Page { rows: &rows, cursor: "", epoch: &feed.epoch });
    Ok((prepared.map_err(|_| HostError::Confused)?, patients, next))
}
