//! Taking resources in: the next version of each, its place in the feed, and what search knows of it, all at once.

use std::{collections::BTreeSet, ops::ControlFlow};

use super::{
    PracticeStore, StoreError, body,
    db::{Db, Value, values},
    index::{self, moment::Span},
};
use jiff::tz::TimeZone;
use practice::{
    resource::{Envelope, ResourceKey},
    text,
    time::Stamp,
};

/// A resource to be stored.
#[derive(Clone)]
pub struct NewResource {
    /// Type and id; the text says the same.
    pub key: ResourceKey,
    /// Its JSON, as [`practice::text::check`] accepted it.
    pub text: String,
}

/// What a resource became.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Type and id.
    pub key: ResourceKey,
    /// 1 for the first version.
    pub version: u32,
    /// Its place in the feed.
    pub seq: i64,
}

/// Resources that make a store another one than it was before.
const MANY: usize = 1_000;

impl PracticeStore {
    /// Stores `batch` in order, all or none, as of `at`.
    ///
    /// # Errors
    /// When a text is not the resource that its key names; nothing is stored then.
    pub fn accept(&mut self, batch: &[NewResource], at: Stamp) -> Result<Vec<Accepted>, StoreError> {
        let transaction = self.db.begin()?;
        let mut accepted = Vec::with_capacity(batch.len());
        for new in batch {
            let before = standing(&transaction, &new.key)?;
            accepted.push(take(&transaction, &self.zone, new, before.as_ref(), at)?.accepted);
        }
        if accepted.len() >= MANY {
            transaction.grown()?;
        }
        transaction.commit()?;
        Ok(accepted)
    }
}

/// A resource taken in, and the time that it holds now and did not hold before.
pub(super) struct Took {
    pub accepted: Accepted,
    /// Its row in `resource`.
    pub resource: i64,
    pub newly_held: BTreeSet<(String, Span)>,
    pub overbooked: bool,
}

/// Stores the next version of one resource within the caller's transaction; `before` is how it stands there.
pub(super) fn take(
    db: &Db,
    zone: &TimeZone,
    new: &NewResource,
    before: Option<&Before>,
    at: Stamp,
) -> Result<Took, StoreError> {
    let envelope = Envelope::read(&new.text)?;
    if envelope.key != new.key {
        return Err(StoreError::refused(practice::Code::Invalid, "A resource's type or id differs from its address."));
    }
    let version = before.map_or(1, |before| before.version + 1);
    let text = text::stamp_meta(&new.text, &version.to_string(), &at.to_string())?;
    // No workstation takes a larger one, and a page with it would hold them all up.
    if text.len() > text::MAX_RESOURCE_BYTES {
        return Err(StoreError::refused(practice::Code::Invalid, "A record is larger than 5 MB."));
    }
    put(db, zone, &envelope, before, &Version { number: version, updated: at, text: &text })
}

/// A version as it is stored.
pub(super) struct Version<'a> {
    pub number: u32,
    pub updated: Stamp,
    /// Its `meta` says the same.
    pub text: &'a str,
}

/// How a resource stands before a version of it is taken.
pub(super) struct Before {
    /// Its row in `resource`.
    n: i64,
    pub version: u32,
    /// The feed's number of that version.
    pub seq: i64,
    /// Since when, in milliseconds since 1970.
    pub updated: i64,
    pub status: Option<String>,
    held: BTreeSet<(String, Span)>,
}

/// How `key` stands, if it is here.
pub(super) fn standing(db: &Db, key: &ResourceKey) -> Result<Option<Before>, StoreError> {
    let mut found: Option<Before> = None;
    db.each(
        "select r.n, r.version, r.seq, r.updated, r.status, h.actor, h.low, h.high
         from resource r left join holding h on h.resource = r.n where r.kind = ? and r.id = ?",
        values![key.kind.as_str(), key.id.as_str()],
        |row| {
            let mut held = found.take().map_or_else(BTreeSet::new, |before| before.held);
            if let Some(actor) = row.get("actor")? {
                held.insert((actor, Span { low: row.get("low")?, high: row.get("high")? }));
            }
            let (n, version, seq) = (row.get("n")?, row.get("version")?, row.get("seq")?);
            found = Some(Before { n, version, seq, updated: row.get("updated")?, status: row.get("status")?, held });
            Ok(ControlFlow::Continue(()))
        },
    )?;
    Ok(found)
}

/// Makes `new` the present version of a resource that stood as `before`.
pub(super) fn put(
    db: &Db,
    zone: &TimeZone,
    envelope: &Envelope,
    before: Option<&Before>,
    new: &Version<'_>,
) -> Result<Took, StoreError> {
    let key = &envelope.key;
    let index = index::read(key.kind, new.text, zone)?;
    let (kind, id, version, at) = (key.kind.as_str(), key.id.as_str(), new.number, new.updated.millis());
    let (low, high) = index.span.map(|s| (s.low, s.high)).unzip();
    let patient = envelope.patient.as_ref().map(practice::ids::PatientId::as_str);
    if let Some(Before { n, .. }) = before {
        db.queue(
            "update resource set version = ?, updated = ?, patient = ?, status = ?, low = ?, high = ? where n = ?",
            values![version, at, patient, index.status, low, high, n],
        )?;
        db.queue("delete from term where resource = ?", values![n])?;
        db.queue("delete from holding where resource = ?", values![n])?;
    } else {
        db.queue(
            "insert into resource (kind, id, version, seq, updated, patient, status, low, high)
             values (?, ?, ?, 0, ?, ?, ?, ?, ?)",
            values![kind, id, version, at, patient, index.status, low, high],
        )?;
    }
    let (seq, n): (i64, i64) = db.the(
        "insert into version (resource, version, kind, id, updated, body)
         values ((select n from resource where kind = ?1 and id = ?2), ?3, ?1, ?2, ?4, ?5) returning seq, resource",
        values![kind, id, version, at, body::pack(new.text)?],
        |row| Ok((row.get("seq")?, row.get("resource")?)),
    )?;
    db.queue("update resource set seq = ? where n = ?", values![seq, n])?;
    let terms: Vec<_> = index.terms.iter().map(|(param, value)| (kind, *param, value.as_str(), n)).collect();
    for (statement, values) in adding(&terms) {
        db.queue(&statement, &values)?;
    }
    for (actor, span) in &index.holdings {
        db.queue(
            "insert into holding (actor, low, high, resource) values (?, ?, ?, ?)",
            values![actor, span.low, span.high, n],
        )?;
    }
    let held = |one: &(String, Span)| before.is_some_and(|before| before.held.contains(one));
    Ok(Took {
        accepted: Accepted { key: key.clone(), version, seq },
        resource: n,
        newly_held: index.holdings.into_iter().filter(|one| !held(one)).collect(),
        overbooked: index.overbooked,
    })
}

/// What one statement adds.
const TERMS: usize = 50;

/// The statements that add terms: type, parameter, value and row of a resource.
pub(super) fn adding<'a>(
    terms: &'a [(&'a str, &'a str, &'a str, i64)],
) -> impl Iterator<Item = (String, Vec<Value<'a>>)> {
    terms.chunks(TERMS).map(|terms| {
        let row = |(kind, param, value, n): &(&'a str, &'a str, &'a str, i64)| {
            [Value::Text(kind), Value::Text(param), Value::Text(value), Value::Int(*n)]
        };
        let marks = vec!["(?, ?, ?, ?)"; terms.len()].join(", ");
        let statement = format!("insert into term (kind, param, value, resource) values {marks}");
        (statement, terms.iter().flat_map(row).collect())
    })
}
