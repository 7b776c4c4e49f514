//! From a page of the host's history to what the store takes.

use practice::feed::FeedPage;
use store::{Incoming, Known, Page, PreparedPage};

use crate::host::{Feed, HostError};

/// Reads a page, and makes it ready for the store but for what is `known`. What its head says of the next page is what it says itself.
pub(super) fn prepare(feed: &Feed, known: &Known) -> Result<PreparedPage, HostError> {
    let page = FeedPage::read(&feed.bytes).ok_or(HostError::Confused)?;
    let cursor = page.next().ok_or(HostError::Confused)?;
    if feed.next.as_ref().is_some_and(|next| next != cursor || page.is_empty()) {
        return Err(HostError::Confused);
    }
    let rows = page.rows().ok_or(HostError::Confused)?;
    let rows: Vec<Incoming<'_>> = rows.into_iter().map(Incoming::from).collect();
    PreparedPage::but_for(&Page { rows: &rows, cursor, epoch: &feed.epoch }, known).map_err(|_| HostError::Confused)
}

/// Where the page after this one begins; `None` when this one has no entry.
pub(super) fn next(feed: &Feed) -> Result<Option<String>, HostError> {
    let page = FeedPage::read(&feed.bytes).ok_or(HostError::Confused)?;
    let cursor = page.next().ok_or(HostError::Confused)?;
    Ok((!page.is_empty()).then(|| cursor.to_owned()))
}
