//! What a page of the host's history says.

use std::borrow::Cow;

use practice::{ids::ResourceId, resource::ResourceKey, text::check_value, time::Stamp};
use serde::Deserialize;
use serde_json::value::RawValue;
use store::{Incoming, Page, PreparedPage};

use crate::host::{Feed, HostError, cursor_of};

#[derive(Deserialize)]
struct Bundle<'a> {
    #[serde(borrow)]
    link: Vec<Link<'a>>,
    #[serde(borrow, default)]
    entry: Vec<Entry<'a>>,
}

#[derive(Deserialize)]
struct Link<'a> {
    #[serde(borrow)]
    relation: Cow<'a, str>,
    #[serde(borrow)]
    url: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow)]
    resource: Option<&'a RawValue>,
    #[serde(borrow)]
    request: Request<'a>,
    #[serde(borrow)]
    response: Response<'a>,
}

#[derive(Deserialize)]
struct Request<'a> {
    #[serde(borrow)]
    url: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Response<'a> {
    #[serde(borrow)]
    etag: Cow<'a, str>,
    #[serde(borrow, rename = "lastModified")]
    last_modified: Cow<'a, str>,
}

/// Reads a page, and makes it ready for the store. What its head says of the next page is what it says itself.
pub(super) fn prepare(feed: &Feed) -> Result<PreparedPage, HostError> {
    let bundle: Bundle<'_> = serde_json::from_slice(&feed.bytes).map_err(|_| HostError::Confused)?;
    let cursor = following(&bundle).ok_or(HostError::Confused)?;
    if feed.next.as_ref().is_some_and(|next| next != cursor || bundle.entry.is_empty()) {
        return Err(HostError::Confused);
    }
    let rows: Vec<Incoming<'_>> = bundle.entry.iter().map(row).collect::<Option<_>>().ok_or(HostError::Confused)?;
    let page = Page { rows: &rows, cursor, epoch: &feed.epoch };
    PreparedPage::of(&page).map_err(|_| HostError::Confused)
}

/// Where the page after this one begins; `None` when this one has no entry.
pub(super) fn next(feed: &Feed) -> Result<Option<String>, HostError> {
    let bundle: Bundle<'_> = serde_json::from_slice(&feed.bytes).map_err(|_| HostError::Confused)?;
    let cursor = following(&bundle).ok_or(HostError::Confused)?;
    Ok((!bundle.entry.is_empty()).then(|| cursor.to_owned()))
}

fn following<'a>(bundle: &'a Bundle<'_>) -> Option<&'a str> {
    cursor_of(&bundle.link.iter().find(|link| link.relation == "next")?.url)
}

/// The entry says which resource it is; the store compares that with the text.
fn row<'a>(entry: &'a Entry<'a>) -> Option<Incoming<'a>> {
    let key = ResourceKey::parse(&entry.request.url)?;
    let version = entry.response.etag.strip_prefix("W/\"")?.strip_suffix('"')?;
    // What names a version is an id (<https://hl7.org/fhir/R4/resource.html#Meta>).
    ResourceId::parse(version)?;
    let updated = Stamp::parse(&entry.response.last_modified)?;
    let text = entry.resource.map(check_value).transpose().ok()?;
    Some(Incoming { key, version, updated, text })
}
