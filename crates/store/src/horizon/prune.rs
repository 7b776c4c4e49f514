//! Letting go of what lies outside of the horizon, a little at a time.
//!
//! Never of what somebody entered and the host has not accepted, what it started from, what a recent change would put
//! back, or what a restored host may lack. The audit chain and the cursor are not touched. Pages of the file that become
//! free are filled again by what comes next.

use practice::{
    horizon::{LIMITED, Window, lasts},
    resource::ResourceKey,
};
use rusqlite::{Connection, params};

use super::in_force;
use crate::{Store, StoreError, body::Unpacker, compartment, head, meta, packed_id::PackedId, projection};

/// Rows looked at in one go; nobody waits for the reading.
const LOOKED_AT: usize = 4_000;

/// Rows let go of in one transaction: a person who works meanwhile waits for one of them at most, some milliseconds.
const AT_ONCE: usize = 250;

/// What one go did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pruned {
    /// Rows that went.
    pub rows: usize,
    /// Whether there is more to look at.
    pub more: bool,
}

/// A row that lies outside.
struct Outside {
    key: ResourceKey,
    version: String,
}

/// How far the file was looked through: the row looked at last, as the file sorts them.
struct Place {
    compartment: i64,
    key: ResourceKey,
}

impl Store {
    /// Lets go of some of what lies outside of the horizon, and notes how far it came; does nothing when the file was
    /// looked through since the horizon last moved. Stops when the store is interrupted, and goes on there another time.
    ///
    /// # Errors
    /// As every statement; [`StoreError::Damaged`] when a text can't be read.
    pub fn prune(&self) -> Result<Pruned, StoreError> {
        const NOTHING: Pruned = Pruned { rows: 0, more: false };
        let looked = self.read_only(|reader| {
            let horizon = in_force(reader)?;
            if horizon.is_everything() || meta::get(reader, meta::PRUNED)?.is_some() {
                return Ok(None);
            }
            self.outside(reader, horizon).map(Some)
        })?;
        let Some((horizon, outside, place)) = looked else { return Ok(NOTHING) };
        let mut rows = 0;
        for some in outside.chunks(AT_ONCE) {
            let gone = self.write(|writer| {
                if in_force(writer)? != horizon {
                    return Ok(None);
                }
                let mut unpacker = self.codec.unpacker();
                let mut gone = 0;
                for one in some {
                    gone += usize::from(let_go(writer, &mut unpacker, one)?);
                }
                Ok(Some(gone))
            })?;
            let Some(gone) = gone else { return Ok(Pruned { rows, more: true }) };
            rows += gone;
        }
        let more = place.is_some();
        self.write(|writer| {
            if in_force(writer)? != horizon {
                return Ok(());
            }
            match &place {
                Some(place) => meta::set(writer, meta::PRUNING, &place.to_string()),
                None => {
                    meta::forget(writer, meta::PRUNING)?;
                    meta::set(writer, meta::PRUNED, "1")
                }
            }
        })?;
        Ok(Pruned { rows, more })
    }

    /// The next rows that lie outside of `horizon`, and where to go on.
    fn outside(
        &self,
        reader: &Connection,
        horizon: Window,
    ) -> Result<(Window, Vec<Outside>, Option<Place>), StoreError> {
        let kinds = LIMITED.map(|kind| format!("'{kind}'")).join(", ");
        let sql = format!(
            "SELECT compartment, type, id, version, unsent, epoch, dict, body FROM resource
            WHERE (compartment, type, id) > (?1, ?2, ?3) AND type IN ({kinds}) ORDER BY compartment, type, id"
        );
        let from = meta::get(reader, meta::PRUNING)?.as_deref().and_then(Place::parse);
        let from = from.as_ref().map(|place| (place.compartment, place.key.kind.as_str(), place.key.id.as_str()));
        let (compartment, kind, id) = from.unwrap_or((compartment::BEFORE_ALL, "", ""));
        let life = meta::number(reader, meta::EPOCH_NUMBER)?;
        let mut statement = reader.prepare_cached(&sql)?;
        let mut rows = statement.query(params![compartment, kind, PackedId::of(id)])?;
        let (mut unpacker, mut outside, mut looked_at) = (self.codec.unpacker(), Vec::new(), 0);
        while let Some(row) = rows.next()? {
            let key = head::key(row)?;
            // What was last seen in an earlier life of the host may be what a restore took from it.
            if !row.get::<_, bool>("unsent")? && row.get::<_, i64>("epoch")? == life {
                let bytes = row.get_ref("body")?.as_blob().map_err(|_| StoreError::Damaged)?;
                let text = unpacker.unpack(row.get("dict")?, bytes)?;
                if lasts(key.kind, &text).is_some_and(|lasts| !horizon.holds(lasts)) {
                    outside.push(Outside { key: key.clone(), version: row.get("version")? });
                }
            }
            looked_at += 1;
            if looked_at == LOOKED_AT {
                let place = Place { compartment: row.get("compartment")?, key };
                return Ok((horizon, outside, Some(place)));
            }
        }
        Ok((horizon, outside, None))
    }
}

/// Takes `one` out of the file, unless it is another by now or something holds it; whether it did.
fn let_go(writer: &Connection, unpacker: &mut Unpacker, one: &Outside) -> Result<bool, StoreError> {
    let Some(head) = head::find(writer, &one.key)? else { return Ok(false) };
    if head.unsent || head.version != one.version || is_held(writer, &one.key)? {
        return Ok(false);
    }
    projection::forget(writer, unpacker, &one.key)?;
    head::remove(writer, &one.key, head.compartment)?;
    Ok(true)
}

/// Whether a change that waits, a base, news for one of them, or a change that may be undone names `key`.
fn is_held(writer: &Connection, key: &ResourceKey) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM unsent WHERE type = ?1 AND id = ?2)
        OR EXISTS (SELECT 1 FROM outbox_item WHERE type = ?1 AND id = ?2)
        OR EXISTS (SELECT 1 FROM parted WHERE type = ?1 AND id = ?2)
        OR EXISTS (SELECT 1 FROM undo WHERE type = ?1 AND id = ?2)";
    let mut statement = writer.prepare_cached(sql)?;
    Ok(statement.query_row([key.kind.as_str(), key.id.as_str()], |row| row.get(0))?)
}

impl Place {
    fn parse(text: &str) -> Option<Self> {
        let (compartment, key) = text.split_once(' ')?;
        Some(Self { compartment: compartment.parse().ok()?, key: ResourceKey::parse(key)? })
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.compartment, self.key)
    }
}
