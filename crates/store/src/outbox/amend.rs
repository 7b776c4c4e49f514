//! A change that the host refused, written anew by whoever looks after it.

use practice::{Code, audit::AuditRecord, ids::ChangeId, resource::ResourceKey};
use rusqlite::{Connection, OptionalExtension, params};

use super::{keys, neighbour, number, withdraw::show_entry};
use crate::{Store, StoreError, audit, body::Codec, compartment::Numbers, head};

impl Store {
    /// Why the host refused `change`, and what it writes besides its Provenance; `None` when it was not refused.
    ///
    /// # Errors
    /// As every statement.
    pub fn refused(&self, change: &ChangeId) -> Result<Option<(Code, Vec<ResourceKey>)>, StoreError> {
        self.read_only(|reader| {
            let Some(seq) = number(reader, change.as_str())? else { return Ok(None) };
            let sql = "SELECT aside_code FROM outbox WHERE seq = ?1 AND aside_code IS NOT NULL";
            let code: Option<String> = reader.prepare_cached(sql)?.query_row([seq], |row| row.get(0)).optional()?;
            let Some(code) = code.as_deref().and_then(Code::parse) else { return Ok(None) };
            let note = change.as_str();
            Ok(Some((code, keys(reader, seq)?.into_iter().filter(|key| key.id.as_str() != note).collect())))
        })
    }

    /// Gives a refused change other `texts` for what it writes, and sends it again.
    ///
    /// # Errors
    /// [`StoreError::NoSuchChange`] when it was not refused, [`StoreError::LaterChange`] when another local change builds
    /// on it, [`StoreError::BadResource`] for a text of something that it does not write; as every statement.
    pub fn amend(
        &self,
        change: &ChangeId,
        texts: &[(ResourceKey, &str)],
        what: &str,
        record: &AuditRecord,
    ) -> Result<(), StoreError> {
        self.write(|writer| {
            let seq = number(writer, change.as_str())?.ok_or(StoreError::NoSuchChange)?;
            let sql =
                "UPDATE outbox SET what = ?2, tries = 0, due = 0, aside_code = NULL, aside_say = NULL, aside_at = NULL
                WHERE seq = ?1 AND aside_code IS NOT NULL";
            if writer.prepare_cached(sql)?.execute(params![seq, what])? == 0 {
                return Err(StoreError::NoSuchChange);
            }
            let mut numbers = Numbers::default();
            for (key, text) in texts {
                if neighbour(writer, key, seq, true)?.is_some() {
                    return Err(StoreError::LaterChange);
                }
                replace_text(writer, &self.codec, &mut numbers, seq, key, text)?;
            }
            audit::append(writer, &self.codec, std::slice::from_ref(record))
        })
    }
}

/// The queued change `seq` makes `text` of `key`, and that is shown.
pub(super) fn replace_text(
    writer: &Connection,
    codec: &Codec,
    numbers: &mut Numbers,
    seq: i64,
    key: &ResourceKey,
    text: &str,
) -> Result<(), StoreError> {
    head::patient(key, text)?;
    let body = codec.packer()?.pack(text)?;
    let sql = "UPDATE outbox_item SET dict = ?4, body = ?5 WHERE seq = ?1 AND type = ?2 AND id = ?3";
    let of = params![seq, key.kind.as_str(), key.id.as_str(), body.dict, body.bytes];
    if writer.prepare_cached(sql)?.execute(of)? == 0 {
        return Err(StoreError::BadResource);
    }
    show_entry(writer, codec, numbers, key, seq)
}
