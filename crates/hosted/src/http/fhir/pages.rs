//! Full pages of the feed are kept as they are sent: a computer that joins asks for all of them, and the next one again.

use std::{
    sync::{Arc, Weak},
    thread,
};

use practice::wire::FEED_PAGE;

use super::{
    super::reply::pack,
    feed::{Made, made},
};
use crate::{
    practices::Practice,
    store::{Page, StoreError},
};

/// Keeps the pages that filled since the last computer joined, for one that calls this host `base`. Goes on by itself;
/// where it can't, pages are put together when they are asked for.
pub fn keep_full_pages(practice: &Arc<Practice>, base: String) {
    let practice = Arc::downgrade(practice);
    let job = move || {
        if keep_all(&practice, &base).is_err() {
            tracing::warn!("the pages of a practice's history could not be kept");
        }
    };
    if thread::Builder::new().name("pages".to_owned()).spawn(job).is_err() {
        tracing::warn!("no thread could be had to keep the pages of a practice's history");
    }
}

/// Bytes of the longest address that pages are kept for: a longer one is no host's.
const LONGEST_BASE: usize = 500;

fn keep_all(practice: &Weak<Practice>, base: &str) -> Result<(), StoreError> {
    if base.len() > LONGEST_BASE {
        return Ok(());
    }
    if let Some(practice) = practice.upgrade() {
        practice.write(|store| store.forget_pages_of_other_lives(&practice.epoch))?;
    }
    while let Some(practice) = practice.upgrade() {
        if !keep_one(&practice, base)? {
            break;
        }
    }
    Ok(())
}

/// Whether there was one more.
fn keep_one(practice: &Practice, base: &str) -> Result<bool, StoreError> {
    let life = &practice.epoch;
    let (after, Made { body, last, full }) = practice.read(|store| {
        let after = store.pages_end(life, base)?;
        Ok::<_, StoreError>((after, made(store, base, life, after, FEED_PAGE)?))
    })?;
    if full {
        let page = Page { last, body: pack(&body)? };
        practice.write(|store| store.keep_page(after, life, base, &page))?;
    }
    Ok(full)
}
