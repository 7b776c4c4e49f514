//! Resources as they stand here: one row each, clustered by patient.

use practice::{
    ids::{PatientId, ResourceId},
    resource::{Envelope, ResourceKey, ResourceType},
    time::Stamp,
};
use rusqlite::{CachedStatement, Connection, OptionalExtension, Row, RowIndex, params};

use crate::{
    StoreError,
    body::{Body, Unpacker},
    compartment,
    packed_id::PackedId,
};

/// A row without its text.
pub struct Head {
    /// The number of its patient.
    pub compartment: i64,
    /// The host's version, or the local tag while unsent.
    pub version: String,
    /// The local tag whose text the host has accepted unchanged.
    pub tag: Option<String>,
    /// Milliseconds since 1970.
    pub updated: i64,
    /// Whether a local change waits.
    pub unsent: bool,
    /// Which of the host's lives it was last seen in.
    pub epoch: i64,
    /// Its text, packed.
    pub body: Body,
}

/// How a row is written; what follows says what to do when it is there.
macro_rules! insert {
    () => {
        "INSERT INTO resource (compartment, type, id, version, tag, updated, unsent, epoch, dict, body)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) "
    };
}

/// Every column of `resource` that a [`Head`] is read from.
macro_rules! columns {
    () => {
        "compartment, version, tag, updated, unsent, epoch, dict, body"
    };
}

impl Head {
    /// From a row that has those columns.
    pub fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            compartment: compartment::of(row)?,
            version: row.get("version")?,
            tag: row.get("tag")?,
            updated: row.get("updated")?,
            unsent: row.get("unsent")?,
            epoch: row.get("epoch")?,
            body: Body { dict: row.get("dict")?, bytes: row.get("body")? },
        })
    }

    /// Whether an edit that started from `base` started from this text.
    pub fn is(&self, base: &str) -> bool {
        self.version == base || self.tag.as_deref() == Some(base)
    }
}

/// The row of `key`.
pub fn find(connection: &Connection, key: &ResourceKey) -> Result<Option<Head>, StoreError> {
    let sql = concat!("SELECT ", columns!(), " FROM resource WHERE type = ?1 AND id = ?2");
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row(params![key.kind.as_str(), PackedId::of(key.id.as_str())], Head::read).optional()?)
}

/// The text of `key`.
pub fn text(connection: &Connection, unpacker: &mut Unpacker, key: &ResourceKey) -> Result<Option<String>, StoreError> {
    find(connection, key)?.map(|head| unpacker.unpack(head.body.dict, &head.body.bytes)).transpose()
}

/// Writes the row of `key`. `old` is where it lay before: a resource whose patient changed moves.
pub fn put(connection: &Connection, key: &ResourceKey, head: &Head, old: Option<i64>) -> Result<(), StoreError> {
    if let Some(old) = old.filter(|old| *old != head.compartment) {
        remove(connection, key, old)?;
    }
    let sql = concat!(
        insert!(),
        "ON CONFLICT (compartment, type, id) DO UPDATE SET version = excluded.version, tag = excluded.tag,
            updated = excluded.updated, unsent = excluded.unsent, epoch = excluded.epoch, dict = excluded.dict,
            body = excluded.body"
    );
    write(&mut connection.prepare_cached(sql)?, key, head)?;
    Ok(())
}

/// Writes rows of resources that are not there yet.
pub struct Inserter<'a>(CachedStatement<'a>);

impl<'a> Inserter<'a> {
    /// For many rows.
    pub fn on(connection: &'a Connection) -> Result<Self, StoreError> {
        Ok(Self(connection.prepare_cached(concat!(insert!(), "ON CONFLICT DO NOTHING"))?))
    }

    /// Whether the row was written; not when `key` has one, with whatever patient.
    pub fn insert(&mut self, key: &ResourceKey, head: &Head) -> Result<bool, StoreError> {
        Ok(write(&mut self.0, key, head)? == 1)
    }
}

fn write(statement: &mut CachedStatement<'_>, key: &ResourceKey, head: &Head) -> rusqlite::Result<usize> {
    statement.execute(params![
        compartment::place(head.compartment, key.kind),
        key.kind.as_str(),
        PackedId::of(key.id.as_str()),
        head.version,
        head.tag,
        head.updated,
        head.unsent,
        head.epoch,
        head.body.dict,
        head.body.bytes,
    ])
}

/// Takes the row of `key` away.
pub fn remove(connection: &Connection, key: &ResourceKey, compartment: i64) -> Result<(), StoreError> {
    let sql = "DELETE FROM resource WHERE compartment = ?1 AND type = ?2 AND id = ?3";
    let place = compartment::place(compartment, key.kind);
    connection.prepare_cached(sql)?.execute(params![place, key.kind.as_str(), PackedId::of(key.id.as_str())])?;
    Ok(())
}

/// The patient that `text` belongs to; refuses a text that is not the resource `key`.
pub fn patient(key: &ResourceKey, text: &str) -> Result<Option<PatientId>, StoreError> {
    patient_beside(key, text, |_, _| {})
}

/// As [`patient`], with every member given to `take` on the way.
pub fn patient_beside<'a>(
    key: &ResourceKey,
    text: &'a str,
    take: impl FnMut(&str, &'a str),
) -> Result<Option<PatientId>, StoreError> {
    let (named, patient) = Envelope::filed(text, take).map_err(|_| StoreError::BadResource)?;
    if named != *key {
        return Err(StoreError::BadResource);
    }
    Ok(patient)
}

/// The key in columns `type` and `id`.
pub fn key(row: &Row<'_>) -> rusqlite::Result<ResourceKey> {
    key_in(row, "type", "id")
}

/// The key in the columns `kind` and `id`.
pub fn key_in(row: &Row<'_>, kind: impl RowIndex, id: impl RowIndex) -> rusqlite::Result<ResourceKey> {
    let kind = row.get_ref(kind)?.as_str().ok().and_then(ResourceType::parse).ok_or(rusqlite::Error::InvalidQuery)?;
    Ok(ResourceKey { kind, id: PackedId::read(row, id, ResourceId::parse)? })
}

/// A moment in a column; those that were stored are always on the calendar.
pub fn stamp(millis: i64) -> Result<Stamp, StoreError> {
    Stamp::from_millis(millis).ok_or(StoreError::Damaged)
}

/// Whether the host's `candidate` comes after its `held`: by version where both are numbers, else by the host's own
/// time of change. Our clock has no say.
pub fn follows(candidate: (&str, i64), held: (&str, i64)) -> bool {
    match (candidate.0.parse::<u64>(), held.0.parse::<u64>()) {
        (Ok(candidate), Ok(held)) => candidate > held,
        _ => candidate.0 != held.0 && candidate.1 >= held.1,
    }
}
