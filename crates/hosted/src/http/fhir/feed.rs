//! `GET /fhir/_history`: everything, in the order the host took it. Workstations follow it.

use axum::{
    extract::Query,
    http::{HeaderMap, StatusCode, Uri},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use practice::Code;
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

const USUAL: u32 = 1000;
const MOST: u32 = 2000;

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
    let count = params.count.unwrap_or(USUAL).clamp(1, MOST);
    let after = params.cursor.map_or(Ok(0), |cursor| read_cursor(&cursor, &caller.practice.epoch))?;
    let base = base(&uri, &headers);
    let response = blocking(move || {
        let epoch = &caller.practice.epoch;
        let mut bundle = Bundle::new("history", &base, count);
        let mut last = after;
        caller.practice.read(|store| {
            store.feed(after, count, |row| {
                last = row.seq;
                bundle.told(row)
            })
        })?;
        let next = format!("/_history?_count={count}&cursor={}", write_cursor(last, epoch));
        Reply::fhir(bundle.finish(&[("next", next)])).finish(takes_zstd(&headers))
    })
    .await?;
    Ok(response)
}

fn write_cursor(seq: i64, epoch: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{seq}~{epoch}"))
}

fn read_cursor(cursor: &str, epoch: &str) -> Result<i64, Failure> {
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
