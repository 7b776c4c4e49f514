//! Taking back a change that the host has not accepted.

use practice::{audit::AuditRecord, ids::ChangeId, resource::ResourceKey};
use rusqlite::{Connection, params};

use super::{acknowledge::show_host_text, beside, forget_beside, keys, local_tag, neighbour, number, queued_head};
use crate::{
    Store, StoreError, audit,
    body::{Body, Codec},
    compartment::Numbers,
    head::{self, Head},
    projection,
};

impl Store {
    /// Takes `change` back: each of its resources is again what the change before it made, else what the host has, else
    /// gone. When the host had accepted it after all, the next pull brings it.
    ///
    /// # Errors
    /// [`StoreError::NoSuchChange`], [`StoreError::LaterChange`] when another local change builds on it; as every statement.
    pub fn withdraw(&self, change: &ChangeId, audit: &AuditRecord) -> Result<(), StoreError> {
        self.write(|writer| {
            let seq = number(writer, change.as_str())?.ok_or(StoreError::NoSuchChange)?;
            let mut numbers = Numbers::default();
            for key in keys(writer, seq)? {
                if neighbour(writer, &key, seq, true)?.is_some() {
                    return Err(StoreError::LaterChange);
                }
                match neighbour(writer, &key, seq, false)? {
                    Some(earlier) => show_entry(writer, &self.codec, &mut numbers, &key, earlier)?,
                    None => {
                        let beside = beside(writer, &key)?;
                        forget_beside(writer, &key)?;
                        show_host_text(writer, &self.codec, &mut numbers, &key, beside.remote.or(beside.base), None)?;
                    }
                }
            }
            writer.prepare_cached("DELETE FROM outbox WHERE seq = ?1")?.execute([seq])?;
            writer.prepare_cached("DELETE FROM undo WHERE seq = ?1")?.execute([seq])?;
            audit::append(writer, &self.codec, std::slice::from_ref(audit))
        })
    }
}

/// Shows `key` as the queued change `seq` made it.
pub(super) fn show_entry(
    writer: &Connection,
    codec: &Codec,
    numbers: &mut Numbers,
    key: &ResourceKey,
    seq: i64,
) -> Result<(), StoreError> {
    let mut unpacker = codec.unpacker();
    let old = queued_head(writer, key)?;
    let sql = "SELECT outbox.change, outbox.at, item.dict, item.body FROM outbox_item AS item JOIN outbox USING (seq)
        WHERE item.seq = ?1 AND item.type = ?2 AND item.id = ?3";
    let read = |row: &rusqlite::Row<'_>| {
        let body = Body { dict: row.get("dict")?, bytes: row.get("body")? };
        Ok((row.get::<_, String>("change")?, row.get::<_, i64>("at")?, body))
    };
    let values = params![seq, key.kind.as_str(), key.id.as_str()];
    let (change, at, body) = writer.prepare_cached(sql)?.query_row(values, read)?;
    let text = unpacker.unpack(body.dict, &body.bytes)?;
    let compartment = numbers.of(writer, head::patient(key, &text)?.as_ref())?;
    projection::forget(writer, &mut unpacker, key)?;
    let head =
        Head { compartment, version: local_tag(&change), tag: None, updated: at, unsent: true, epoch: old.epoch, body };
    head::put(writer, key, &head, Some(old.compartment))?;
    projection::add(writer, key, compartment, &text, true)
}
