//! Pages of the host's history, each stored together with the cursor that follows it. The next page is fetched while
//! one is being stored.

use std::sync::Arc;

use practice::{
    resource::{Envelope, ResourceKey},
    time::Stamp,
};
use serde::Deserialize;
use serde_json::value::RawValue;
use store::{Incoming, Page};
use sync::Event;
use tokio::task::JoinHandle;

use super::{Round, Trouble};
use crate::{
    host::{Bearer, Feed, HostError},
    refused::Outcome,
    screen::{Progress, Refused},
    session::Workstation,
};

/// Entries asked for at once.
const PAGE: usize = 1000;

/// A page on its way, and the cursor it was asked with.
pub(crate) struct Prefetch {
    cursor: String,
    page: JoinHandle<Result<Feed, HostError>>,
}

#[derive(Deserialize)]
struct Bundle<'a> {
    #[serde(borrow)]
    link: Vec<Link<'a>>,
    #[serde(borrow, default)]
    entry: Vec<Entry<'a>>,
    total: Option<u32>,
}

#[derive(Deserialize)]
struct Link<'a> {
    relation: &'a str,
    #[serde(borrow)]
    url: std::borrow::Cow<'a, str>,
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
    url: std::borrow::Cow<'a, str>,
}

#[derive(Deserialize)]
struct Response<'a> {
    #[serde(borrow)]
    etag: std::borrow::Cow<'a, str>,
    #[serde(borrow, rename = "lastModified")]
    last_modified: std::borrow::Cow<'a, str>,
}

struct Taken {
    rows: usize,
    kinds: Vec<String>,
    total: Option<u32>,
}

impl Workstation {
    pub(super) async fn pull(self: &Arc<Self>, round: &mut Round) -> Result<Event, Trouble> {
        let cursor =
            self.in_background(round.generation, |desk| Ok(desk.store.cursor().map_err(|e| e.refusal())?)).await?;
        let feed = match round.prefetched.take() {
            Some(ahead) if Some(&ahead.cursor) == cursor.as_ref() => {
                ahead.page.await.unwrap_or(Err(HostError::Unreachable))?
            }
            _ => round.enrolled.line.history(round.bearer(), cursor.as_deref(), PAGE).await?,
        };
        let next = if feed.gone { None } else { look_ahead(&feed.bytes)? };
        let epoch = feed.epoch.clone();
        let known = self
            .in_background(round.generation, move |desk| {
                let known = desk.store.epoch().map_err(|e| e.refusal())?;
                if known.as_deref() != Some(&epoch) {
                    desk.store.set_epoch(&epoch).map_err(|e| e.refusal())?;
                }
                Ok(known.is_none_or(|known| known == epoch))
            })
            .await?;
        if !known {
            // The host lives anew, from a backup: its feed is read again from the start.
            return Ok(Event::PageTaken { more: true });
        }
        if feed.gone {
            return Err(HostError::Confused.into());
        }
        if let Some(next) = next {
            let (enrolled, cursor) = (Arc::clone(&round.enrolled), next.clone());
            let device = zeroize::Zeroizing::new(round.bearer().0.to_owned());
            let page = tokio::spawn(async move { enrolled.line.history(Bearer(&device), Some(&cursor), PAGE).await });
            round.prefetched = Some(Prefetch { cursor: next, page });
        }
        let taken = self
            .in_background(round.generation, move |desk| {
                store_page(&feed, |page| Ok(desk.store.take_page(page).map_err(|e| e.refusal())?))
            })
            .await?;
        round.report.pulled += taken.rows;
        let more = taken.rows >= PAGE;
        self.sync_changed(|status| {
            let done = u32::try_from(round.report.pulled).unwrap_or(u32::MAX);
            status.first_sync = (more && done > 2000).then_some(Progress { done, total: taken.total });
        });
        self.changed(taken.kinds);
        Ok(Event::PageTaken { more })
    }
}

/// The cursor after a full page, so that its successor can be fetched while it is being stored.
fn look_ahead(bytes: &[u8]) -> Result<Option<String>, HostError> {
    #[derive(Deserialize)]
    struct Ahead<'a> {
        #[serde(borrow)]
        link: Vec<Link<'a>>,
        #[serde(default)]
        entry: Vec<serde::de::IgnoredAny>,
    }
    let ahead: Ahead<'_> = serde_json::from_slice(bytes).map_err(|_| HostError::Confused)?;
    Ok((ahead.entry.len() >= PAGE).then(|| cursor_in(&ahead.link)).flatten())
}

fn cursor_in(links: &[Link<'_>]) -> Option<String> {
    let next = links.iter().find(|link| link.relation == "next")?;
    let (_, query) = next.url.split_once('?')?;
    query.split('&').find_map(|pair| pair.strip_prefix("cursor=")).map(str::to_owned)
}

fn store_page(feed: &Feed, store: impl FnOnce(&Page<'_>) -> Outcome<store::Taken>) -> Outcome<Taken> {
    let confused = || Refused::from(HostError::Confused);
    let bundle: Bundle<'_> = serde_json::from_slice(&feed.bytes).map_err(|_| confused())?;
    let cursor = cursor_in(&bundle.link).ok_or_else(confused)?;
    let rows: Vec<Incoming<'_>> = bundle.entry.iter().map(incoming).collect::<Option<_>>().ok_or_else(confused)?;
    let taken = store(&Page { rows: &rows, cursor: &cursor, epoch: &feed.epoch })?;
    let kinds = taken.kinds.iter().map(|kind| kind.as_str().to_owned()).collect();
    Ok(Taken { rows: rows.len(), kinds, total: bundle.total })
}

fn incoming<'a>(entry: &'a Entry<'a>) -> Option<Incoming<'a>> {
    let version = entry.response.etag.strip_prefix("W/\"")?.strip_suffix('"')?;
    let updated = Stamp::parse(&entry.response.last_modified)?;
    let (key, text) = match entry.resource {
        Some(raw) => {
            practice::text::check(raw.get().as_bytes()).ok()?;
            (Envelope::read(raw.get()).ok()?.key, Some(raw.get()))
        }
        None => (ResourceKey::parse(&entry.request.url)?, None),
    };
    Some(Incoming { key, version, updated, text })
}
