//! Committing a local change: texts, outbox entry, projections and audit together, or none.

use practice::{
    audit::AuditRecord,
    ids::{ChangeId, MemberId, PatientId},
    resource::{ResourceKey, ResourceType},
    time::Stamp,
};
use rusqlite::{Connection, params};

use super::{beside, local_tag, number};
use crate::{
    Store, StoreError, audit,
    body::{Body, Codec, Lent, Packer, Unpacker},
    compartment::Numbers,
    head::{self, Head},
    meta, projection,
};

/// A change to be kept here and sent to the host.
pub struct Write<'a> {
    /// Its id, which is the id of its Provenance.
    pub change: &'a ChangeId,
    /// When it was entered.
    pub at: Stamp,
    /// Who entered it.
    pub member: &'a MemberId,
    /// The texts it makes.
    pub resources: &'a [NewText<'a>],
    /// Its Provenance.
    pub provenance: &'a str,
    /// What it does, in a plain sentence for the outbox.
    pub what: &'a str,
    /// What tells of it.
    pub audit: &'a [AuditRecord],
}

/// A new text of a resource.
pub struct NewText<'a> {
    /// Which.
    pub key: ResourceKey,
    /// The whole text.
    pub text: &'a str,
    /// [`crate::Stored::version`] that the edit started from; absent for a new resource.
    pub base: Option<&'a str>,
}

impl Store {
    /// Commits `write`. The same change committed twice is kept once.
    ///
    /// # Errors
    /// [`StoreError::Changed`] when a resource is not as the editor saw it, [`StoreError::BadResource`] when a text is
    /// not what its key says or nothing is changed; as every statement.
    pub fn commit(&self, write: &Write<'_>) -> Result<(), StoreError> {
        let note = ResourceKey::new(ResourceType::PROVENANCE, write.change.as_str());
        let provenance = NewText { key: note, text: write.provenance, base: None };
        let texts: Vec<&NewText<'_>> = write.resources.iter().chain([&provenance]).collect();
        if write.resources.is_empty() {
            return Err(StoreError::BadResource);
        }
        let ready = make_ready(&self.codec, &texts)?;
        self.write(|writer| {
            if number(writer, write.change.as_str())?.is_some() {
                return Ok(());
            }
            enter(writer, &self.codec, write, &texts, ready)
        })
    }
}

/// Enters `text` of `key` as a change by `write`, in the caller's transaction.
pub(crate) fn enter_again(
    writer: &Connection,
    codec: &Codec,
    write: &Write<'_>,
    key: &ResourceKey,
    text: &str,
    base: Option<&str>,
) -> Result<(), StoreError> {
    let note = ResourceKey::new(ResourceType::PROVENANCE, write.change.as_str());
    let provenance = NewText { key: note, text: write.provenance, base: None };
    let texts = [&NewText { key: key.clone(), text, base }, &provenance];
    enter(writer, codec, write, &texts, make_ready(codec, &texts)?)
}

fn enter(
    writer: &Connection,
    codec: &Codec,
    write: &Write<'_>,
    texts: &[&NewText<'_>],
    ready: Vec<Ready>,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO outbox (change, at, member, what) VALUES (?1, ?2, ?3, ?4)";
    let values = params![write.change.as_str(), write.at.millis(), write.member.as_str(), write.what];
    writer.prepare_cached(sql)?.execute(values)?;
    let mut tx = Committing {
        writer,
        seq: writer.last_insert_rowid(),
        change: write.change.as_str(),
        at: write.at.millis(),
        epoch: meta::number(writer, meta::EPOCH_NUMBER)?,
        numbers: Numbers::default(),
        unpacker: codec.unpacker(),
    };
    for (new, ready) in texts.iter().zip(ready) {
        tx.put(new, ready)?;
    }
    tx.prune_undo()?;
    audit::append(writer, codec, write.audit)
}

/// A text that was checked and packed before the writer is held. It lies in two rows.
struct Ready {
    patient: Option<PatientId>,
    head: Body,
    sent: Body,
}

fn make_ready(codec: &Codec, texts: &[&NewText<'_>]) -> Result<Vec<Ready>, StoreError> {
    let mut packer = codec.packer()?;
    let ready = |packer: &mut Packer, new: &NewText<'_>| {
        let patient = head::patient(&new.key, new.text)?;
        Ok(Ready { patient, head: packer.pack(new.text)?, sent: packer.pack(new.text)? })
    };
    texts.iter().map(|new| ready(&mut packer, new)).collect()
}

struct Committing<'a> {
    writer: &'a Connection,
    seq: i64,
    change: &'a str,
    at: i64,
    epoch: i64,
    numbers: Numbers,
    unpacker: Lent<'a, Unpacker>,
}

impl Committing<'_> {
    fn put(&mut self, new: &NewText<'_>, ready: Ready) -> Result<(), StoreError> {
        let old = head::find(self.writer, &new.key)?;
        match (&old, new.base) {
            (None, None) => {}
            (Some(old), Some(base)) if old.is(base) => {}
            _ => return Err(StoreError::Changed),
        }
        let base = self.keep_base(&new.key, old.as_ref())?;
        self.keep_undo(&new.key, old.as_ref())?;
        let sql = "INSERT INTO outbox_item (seq, type, id, base, dict, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let (kind, id) = (new.key.kind.as_str(), new.key.id.as_str());
        self.writer.prepare_cached(sql)?.execute(params![
            self.seq,
            kind,
            id,
            base,
            ready.sent.dict,
            ready.sent.bytes
        ])?;
        projection::forget(self.writer, &mut self.unpacker, &new.key)?;
        let compartment = self.numbers.of(self.writer, ready.patient.as_ref())?;
        let version = local_tag(self.change);
        let head = Head {
            compartment,
            version,
            tag: None,
            updated: self.at,
            unsent: true,
            // What the first edit started from may be of a life that a restore has ended.
            epoch: old.as_ref().map_or(self.epoch, |old| old.epoch),
            body: ready.head,
        };
        head::put(self.writer, &new.key, &head, old.map(|old| old.compartment))?;
        projection::add(self.writer, &new.key, compartment, new.text, true)
    }

    /// Keeps what the first unsent edit of a resource starts from; gives the host's version it replaces.
    fn keep_base(&self, key: &ResourceKey, old: Option<&Head>) -> Result<Option<String>, StoreError> {
        if old.is_some_and(|old| old.unsent) {
            // What an earlier entry makes of it is not known yet; its acknowledgement says so to this one.
            return Ok(beside(self.writer, key)?.base.map(|base| base.version));
        }
        let sql = "INSERT INTO unsent (type, id, base_version, base_updated, base_dict, base_body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let mut statement = self.writer.prepare_cached(sql)?;
        let (kind, id) = (key.kind.as_str(), key.id.as_str());
        match old {
            Some(old) => {
                statement.execute(params![kind, id, old.version, old.updated, old.body.dict, old.body.bytes])?
            }
            None => statement.execute(params![kind, id, None::<&str>, None::<i64>, None::<i64>, None::<&[u8]>])?,
        };
        Ok(old.map(|old| old.version.clone()))
    }

    fn keep_undo(&self, key: &ResourceKey, old: Option<&Head>) -> Result<(), StoreError> {
        let sql = "INSERT INTO undo (seq, type, id, change, dict, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let (dict, bytes) = (old.map(|old| old.body.dict), old.map(|old| &old.body.bytes));
        let values = params![self.seq, key.kind.as_str(), key.id.as_str(), self.change, dict, bytes];
        self.writer.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    /// Only the newest changes can be undone.
    fn prune_undo(&self) -> Result<(), StoreError> {
        const KEPT: i64 = 64;
        self.writer.prepare_cached("DELETE FROM undo WHERE seq <= ?1")?.execute([self.seq - KEPT])?;
        Ok(())
    }
}
