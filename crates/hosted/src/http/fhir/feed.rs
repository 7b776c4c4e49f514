//! `GET /fhir/_history`: everything, in the order the host took it. Workstations follow it.

use std::ops::ControlFlow;

use axum::{
    extract::Query,
    http::{HeaderMap, StatusCode, Uri},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use practice::{Code, wire::FEED_PAGE};
use serde::Deserialize;

use super::{
    super::{
        Caller, blocking,
        failure::{Failure, Fhir},
        reply::{Reply, takes_zstd},
    },
    base,
    bundle::Bundle,
};
use crate::store::{PracticeStore, StoreError};

const USUAL: u32 = 1000;

/// A page ends after the entry that passes this size, however few entries it has: documents with scans in them would
/// make one that no client takes.
const FULL_BYTES: usize = 8 * 1024 * 1024;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Params {
    #[serde(rename = "_count")]
    count: Option<u32>,
    cursor: Option<String>,
}

pub async fn feed(caller: Caller, uri: Uri, headers: HeaderMap) -> Fhir {
    let Query(params) = Query::<Params>::try_from_uri(&uri).map_err(|_| {
        Failure::new(Code::Invalid, "The history takes _count, and the cursor that the page before named.")
    })?;
    let count = params.count.unwrap_or(USUAL).clamp(1, FEED_PAGE);
    let after = params.cursor.map_or(Ok(0), |cursor| read_cursor(&cursor, &caller.practice.epoch))?;
    let base = base(&uri, &headers);
    let zstd = takes_zstd(&headers);
    let response = blocking(move || {
        let (practice, epoch) = (&caller.practice, &caller.practice.epoch);
        let (standing, reply, last, full) = practice.read(|store| {
            let standing = store.standing()?;
            let kept = if zstd && count == FEED_PAGE { store.page(after, epoch, &base)? } else { None };
            if let Some(page) = kept {
                return Ok::<_, StoreError>((standing, Reply::packed(page.body), page.last, true));
            }
            let Made { body, last, full } = made(store, &base, epoch, after, count)?;
            Ok((standing, Reply::fhir(body), last, full))
        })?;
        // Whoever sees in the head that there is more can ask for it before having read this page.
        let more = full.then(|| format!("{base}{}", next(count, last, epoch)));
        let reply = reply.standing(&standing);
        more.iter().fold(reply, |reply, more| reply.followed_by(more)).finish(zstd)
    })
    .await?;
    Ok(response)
}

/// A page, put together.
pub(super) struct Made {
    pub body: Vec<u8>,
    /// The number of its last row.
    pub last: i64,
    /// Whether it has all that a page can have: then it stays as it is.
    pub full: bool,
}

/// The page of `count` entries at most behind the row `after`.
pub(super) fn made(store: &PracticeStore, base: &str, epoch: &str, after: i64, count: u32) -> Result<Made, StoreError> {
    let mut bundle = Bundle::new("history", base, count);
    let (mut last, mut entries, mut full) = (after, 0, false);
    store.feed(after, count, |row| {
        (last, entries) = (row.seq, entries + 1);
        bundle.told(row)?;
        full = entries == count || bundle.size() > FULL_BYTES;
        Ok(if full { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    Ok(Made { body: bundle.finish(&[("next", next(count, last, epoch))]), last, full })
}

/// The rest of the address at which the history goes on behind the row `last`.
fn next(count: u32, last: i64, epoch: &str) -> String {
    format!("/_history?_count={count}&cursor={}", write_cursor(last, epoch))
}

/// The cursor of the history after change `seq`.
pub fn write_cursor(seq: i64, epoch: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{seq}~{epoch}"))
}

pub(super) fn read_cursor(cursor: &str, epoch: &str) -> Result<i64, Failure> {
    let text = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let place = text.as_deref().and_then(|text| text.split_once('~'));
    let (seq, then) = place
        .and_then(|(seq, then)| Some((seq.parse::<i64>().ok().filter(|seq| *seq >= 0)?, then)))
        .ok_or_else(|| Failure::new(Code::Invalid, "This is not a cursor that the history gave."))?;
    if then == epoch {
        Ok(seq)
    } else {
        Err(Failure::with(
            StatusCode::GONE,
            Code::Invalid,
            "The host was restored from a backup since. Start the history again from the beginning.",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_good_for_the_epoch_that_gave_it() {
        assert_eq!(read_cursor(&write_cursor(7, "e1"), "e1").unwrap(), 7);
        for bad in [write_cursor(7, "e2"), write_cursor(-7, "e1"), "7".into(), "é".into(), String::new()] {
            assert!(read_cursor(&bad, "e1").is_err(), "{bad}");
        }
    }
}
