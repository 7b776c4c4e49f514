//! Taking in a page of the host's history: rows, projections and cursor in one transaction.

use std::collections::BTreeSet;

use practice::{
    ids::PatientId,
    resource::{ResourceKey, ResourceType},
    time::Stamp,
};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    Store, StoreError,
    body::{Body, Codec, Unpacker},
    compartment::Numbers,
    head::{self, Head, follows},
    meta, projection,
};

/// A page of the host's history, oldest change first.
pub struct Page<'a> {
    /// The changes.
    pub rows: &'a [Incoming<'a>],
    /// Where the next page begins.
    pub cursor: &'a str,
    /// Which of the host's lives this is.
    pub epoch: &'a str,
}

/// One change as the host tells it.
pub struct Incoming<'a> {
    /// Which resource.
    pub key: ResourceKey,
    /// The host's version.
    pub version: &'a str,
    /// When the host changed it.
    pub updated: Stamp,
    /// Its text, word for word; absent when it was deleted.
    pub text: Option<&'a str>,
}

/// What a page changed here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Patients.
    pub patients: u32,
    /// Appointments.
    pub appointments: u32,
    /// Everything else.
    pub others: u32,
    /// The types that changed.
    pub kinds: BTreeSet<ResourceType>,
}

impl Taken {
    fn count(&mut self, kind: ResourceType) {
        self.kinds.insert(kind);
        match kind {
            ResourceType::PATIENT => self.patients += 1,
            ResourceType::APPOINTMENT => self.appointments += 1,
            _ => self.others += 1,
        }
    }
}

/// A row that is ready to be written: checked and packed before the writer is held.
struct Ready<'a> {
    row: &'a Incoming<'a>,
    patient: Option<PatientId>,
    body: Option<Body>,
}

impl Store {
    /// Takes in `page`: all of it with its cursor, or nothing. What is already here is passed over, so a page may come
    /// twice. A resource with an unsent local change keeps the local text; the host's is kept beside it.
    ///
    /// # Errors
    /// [`StoreError::BadResource`] when a text is not what its row says, [`StoreError::OtherEpoch`] when
    /// [`Store::set_epoch`] was not told of the page's epoch first; as every statement.
    pub fn take_page(&self, page: &Page<'_>) -> Result<Taken, StoreError> {
        let ready = make_ready(&self.codec, page.rows)?;
        self.write(|writer| {
            if meta::get(writer, meta::EPOCH)?.as_deref() != Some(page.epoch) {
                return Err(StoreError::OtherEpoch);
            }
            let taken = take(writer, &self.codec, ready)?;
            meta::set(writer, meta::CURSOR, page.cursor)?;
            Ok(taken)
        })
    }
}

fn make_ready<'a>(codec: &Codec, rows: &'a [Incoming<'a>]) -> Result<Vec<Ready<'a>>, StoreError> {
    let mut packer = codec.packer()?;
    let mut ready = |row: &'a Incoming<'a>| -> Result<Ready<'a>, StoreError> {
        let Some(text) = row.text else { return Ok(Ready { row, patient: None, body: None }) };
        Ok(Ready { row, patient: head::patient(&row.key, text)?, body: Some(packer.pack(text)?) })
    };
    rows.iter().map(&mut ready).collect()
}

fn take(writer: &Connection, codec: &Codec, ready: Vec<Ready<'_>>) -> Result<Taken, StoreError> {
    let epoch = meta::number(writer, meta::EPOCH_NUMBER)?;
    let (mut numbers, mut unpacker, mut taken) = (Numbers::default(), codec.unpacker(), Taken::default());
    let mut rows = Vec::with_capacity(ready.len());
    for ready in ready {
        rows.push((numbers.of(writer, ready.patient.as_ref())?, ready));
    }
    // In the order of the file. The sort is stable: two versions of one resource stay oldest first.
    rows.sort_by(|(a, left), (b, right)| (a, &left.row.key).cmp(&(b, &right.row.key)));
    for (compartment, ready) in rows {
        let kind = ready.row.key.kind;
        if take_row(writer, &mut unpacker, epoch, compartment, ready)? {
            taken.count(kind);
        }
    }
    Ok(taken)
}

/// What a page must know of a row that is already here.
struct Held {
    compartment: i64,
    version: String,
    updated: i64,
    unsent: bool,
    epoch: i64,
}

fn held(writer: &Connection, key: &ResourceKey) -> Result<Option<Held>, StoreError> {
    let sql = "SELECT compartment, version, updated, unsent, epoch FROM resource WHERE type = ?1 AND id = ?2";
    let mut statement = writer.prepare_cached(sql)?;
    let read = |row: &rusqlite::Row<'_>| {
        Ok(Held {
            compartment: row.get("compartment")?,
            version: row.get("version")?,
            updated: row.get("updated")?,
            unsent: row.get("unsent")?,
            epoch: row.get("epoch")?,
        })
    };
    Ok(statement.query_row([key.kind.as_str(), key.id.as_str()], read).optional()?)
}

/// Takes one row in; whether anything that is shown changed.
fn take_row(
    writer: &Connection,
    unpacker: &mut Unpacker<'_>,
    epoch: i64,
    compartment: i64,
    ready: Ready<'_>,
) -> Result<bool, StoreError> {
    let Ready { row, body, .. } = ready;
    let held = held(writer, &row.key)?;
    if let Some(held) = &held {
        if held.unsent {
            keep_beside(writer, row, body.as_ref())?;
            return Ok(true);
        }
        if held.epoch == epoch && !follows((row.version, row.updated.millis()), (&held.version, held.updated)) {
            return Ok(false);
        }
        projection::forget(writer, unpacker, &row.key)?;
    }
    let old = held.map(|held| held.compartment);
    let (Some(text), Some(body)) = (row.text, body) else {
        if let Some(old) = old {
            head::remove(writer, &row.key, old)?;
        }
        return Ok(old.is_some());
    };
    let (version, updated) = (row.version.to_owned(), row.updated.millis());
    let new = Head { compartment, version, tag: None, updated, unsent: false, epoch, body };
    head::put(writer, &row.key, &new, old)?;
    projection::add(writer, &row.key, compartment, text, false)?;
    Ok(true)
}

/// The host's news of a resource that has an unsent local change: kept beside, unless it is what the change started
/// from or older than what is beside already.
fn keep_beside(writer: &Connection, row: &Incoming<'_>, body: Option<&Body>) -> Result<(), StoreError> {
    let sql = "SELECT coalesce(remote_version, base_version), coalesce(remote_updated, base_updated) FROM unsent
        WHERE type = ?1 AND id = ?2";
    let key = [row.key.kind.as_str(), row.key.id.as_str()];
    let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, Option<String>>(0)?, row.get::<_, Option<i64>>(1)?));
    let (version, updated) = writer.prepare_cached(sql)?.query_row(key, read)?;
    let updates = row.updated.millis();
    if version.zip(updated).is_some_and(|(version, updated)| !follows((row.version, updates), (&version, updated))) {
        return Ok(());
    }
    let sql = "UPDATE unsent SET remote_version = ?3, remote_updated = ?4, remote_dict = ?5, remote_body = ?6
        WHERE type = ?1 AND id = ?2";
    let (dict, bytes) = (body.map(|body| body.dict), body.map(|body| &body.bytes));
    writer.prepare_cached(sql)?.execute(params![key[0], key[1], row.version, updates, dict, bytes])?;
    Ok(())
}
