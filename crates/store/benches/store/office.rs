//! Practices to measure on, and the files they lie in.

use std::{error::Error, path::Path};

use jiff::{civil::date, tz::TimeZone};
use practice::{
    audit::{AuditAction, AuditRecord},
    ids::{MemberId, WorkstationId},
    resource::Envelope,
    text,
    time::Stamp,
};
use rusqlite::Connection;
use store::{Incoming, Page, Store, StoreError};

use crate::demo::{self, DemoSpec};

/// Resources in a page of the host's history.
pub const PAGE: usize = 1_000;

pub fn spec(patients: u64, providers: u32) -> DemoSpec {
    let zone = TimeZone::fixed(jiff::tz::offset(-5));
    DemoSpec { patients, providers, seed: 7, today: date(2026, 11, 23), now: 600, zone }
}

/// A whole practice, as the host sends it.
pub fn practice(patients: u64, providers: u32) -> Vec<String> {
    stamped(demo::plan(&spec(patients, providers)))
}

/// Texts as the host stores them.
pub fn stamped(texts: impl Iterator<Item = String>) -> Vec<String> {
    texts
        .zip(0..)
        .filter_map(|(text, n): (String, i64)| text::stamp_meta(&text, "1", &stamp(n).to_string()).ok())
        .collect()
}

/// In the order of years of work, not chart by chart: a linear congruence gives the same order everywhere.
pub fn scattered(mut texts: Vec<String>) -> Vec<String> {
    let mut state = 88_172_645_463_325_252_u64;
    for at in (1..texts.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        texts.swap(at, (state % (at as u64 + 1)) as usize);
    }
    texts
}

pub fn stamp(n: i64) -> Stamp {
    Stamp::new(jiff::Timestamp::from_second(1_790_000_000 + n).unwrap_or_default())
}

pub fn audit(action: AuditAction) -> Option<AuditRecord> {
    Some(AuditRecord::new(stamp(0), action, MemberId::parse("m1"), WorkstationId::parse("w1")?))
}

/// As the vault opens it, with a key that guards nothing.
pub fn encrypted(path: &Path) -> Result<Connection, StoreError> {
    let key = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    let connection = Connection::open(path)?;
    connection.execute_batch(&format!("PRAGMA key = \"x'{key}'\";"))?;
    durable(&connection)?;
    Ok(connection)
}

/// What a person entered survives a power loss.
pub fn durable(connection: &Connection) -> Result<(), StoreError> {
    let sql =
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000;";
    Ok(connection.execute_batch(sql)?)
}

pub fn open(path: &Path) -> Result<Store, StoreError> {
    Store::open(&|| encrypted(path))
}

/// A page of rows as the sync driver makes it from the wire.
pub fn rows(texts: &[String]) -> Result<Vec<Incoming<'_>>, Box<dyn Error>> {
    let row = |text: &'_ String| {
        Ok::<_, Box<dyn Error>>((Envelope::read(text).map_err(|_| "a demo text is no resource")?.key, 0))
    };
    texts
        .iter()
        .map(|text| Ok(Incoming { key: row(text)?.0, version: "1", updated: stamp(0), life: None, text: Some(text) }))
        .collect()
}

/// Takes `texts` in, page by page.
pub fn fill(store: &Store, texts: &[String]) -> Result<(), Box<dyn Error>> {
    store.set_epoch("e")?;
    for page in texts.chunks(PAGE) {
        store.take_page(&Page { rows: &rows(page)?, cursor: "c", epoch: "e" })?;
    }
    Ok(())
}
