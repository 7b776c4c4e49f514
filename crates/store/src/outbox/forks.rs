//! Resources of which the host has news while changes of them wait: what each side made, and putting the changes onto
//! what the host has. What they become together is decided by the caller.

use practice::{
    Code,
    audit::AuditRecord,
    ids::ChangeId,
    resource::{ResourceKey, ResourceType},
    time::Stamp,
};
use rusqlite::{Connection, OptionalExtension, params};

use super::{GiveUp, HostText, amend::replace_text, beside, given_up, number, withdraw::show_entry};
use crate::{
    Store, StoreError, audit,
    body::{Body, Codec, Unpacker},
    compartment::Numbers,
    head,
};

/// A resource of which the host has news while changes of it wait here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fork {
    /// Which.
    pub key: ResourceKey,
    /// What the first of the changes began from; absent when it made the resource.
    pub base: Option<String>,
    /// The host's version now.
    pub version: String,
    /// Its text; absent when it was deleted there.
    pub theirs: Option<String>,
    /// The changes, oldest first, each with the text it makes.
    pub mine: Vec<(ChangeId, String)>,
}

/// Waiting changes of one resource, put onto what the host has.
pub struct Rebase<'a> {
    /// The resource.
    pub key: &'a ResourceKey,
    /// The host's version that they now begin from.
    pub onto: &'a str,
    /// Each change, oldest first, with the text that it now makes.
    pub texts: Vec<(&'a ChangeId, &'a str)>,
    /// What was done to each, in the caller's words; read again by [`Store::merged`].
    pub notes: Vec<String>,
}

/// A waiting change, told anew.
pub struct Retold<'a> {
    /// Which.
    pub change: &'a ChangeId,
    /// Its Provenance.
    pub provenance: &'a str,
    /// What it does, in a plain sentence for the outbox.
    pub what: &'a str,
}

/// What a person decided, beside the texts that come of it.
#[derive(Default)]
pub struct Settlement<'a> {
    /// The change that tells of it.
    pub retold: Option<Retold<'a>>,
    /// What they gave up.
    pub given_up: Vec<GiveUp<'a>>,
}

impl Store {
    /// Every fork whose changes may be written anew. A change that was sent and not answered may not: the host may have
    /// it as it was sent.
    ///
    /// # Errors
    /// As every statement.
    pub fn forks(&self) -> Result<Vec<Fork>, StoreError> {
        self.read_only(|reader| {
            let sql = "SELECT type, id FROM unsent WHERE remote_version IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM outbox_item AS item JOIN outbox USING (seq)
                WHERE item.type = unsent.type AND item.id = unsent.id AND sent) ORDER BY type, id";
            let keys: Vec<ResourceKey> =
                reader.prepare_cached(sql)?.query_map([], head::key)?.collect::<Result<_, _>>()?;
            let mut unpacker = self.codec.unpacker();
            keys.into_iter().map(|key| fork(reader, &mut unpacker, key)).collect()
        })
    }

    /// Puts waiting changes onto what the host has: all of `rebases`, or none. `false`, and nothing is changed, when one
    /// of them is not as it was when it was planned. A conflict that this ends is sent again.
    ///
    /// # Errors
    /// [`StoreError::BadResource`] when a text is not its resource; as every statement.
    pub fn rebase(&self, rebases: &[Rebase<'_>], at: Stamp, records: &[AuditRecord]) -> Result<bool, StoreError> {
        self.settle(rebases, &Settlement::default(), at, records)
    }

    /// As [`Self::rebase`], with what a person decided about it.
    ///
    /// # Errors
    /// As there.
    pub fn settle(
        &self,
        rebases: &[Rebase<'_>],
        settlement: &Settlement<'_>,
        at: Stamp,
        records: &[AuditRecord],
    ) -> Result<bool, StoreError> {
        self.write(|writer| {
            let mut unpacker = self.codec.unpacker();
            for rebase in rebases {
                let as_planned = fork(writer, &mut unpacker, rebase.key.clone()).is_ok_and(|now| {
                    now.version == rebase.onto
                        && now.mine.iter().map(|(id, _)| id).eq(rebase.texts.iter().map(|(id, _)| *id))
                });
                if !as_planned {
                    return Ok(false);
                }
            }
            for given in &settlement.given_up {
                given_up::keep(writer, &self.codec, given, at)?;
            }
            for rebase in rebases {
                put(writer, &self.codec, rebase, at)?;
            }
            if let Some(retold) = &settlement.retold {
                tell_anew(writer, &self.codec, retold)?;
            }
            audit::append(writer, &self.codec, records)?;
            Ok(true)
        })
    }

    /// What was last done to `change` by a merge, as the caller noted it for `key`; `None` when nothing was, or too long
    /// ago. For words beside a history that is told already.
    ///
    /// # Errors
    /// As every statement.
    pub fn merged(&self, change: &ChangeId, key: &ResourceKey) -> Result<Option<String>, StoreError> {
        self.read_only(|reader| {
            let sql = "SELECT dict, body FROM merged WHERE change = ?1 AND type = ?2 AND id = ?3";
            let read = |row: &rusqlite::Row<'_>| Ok(Body { dict: row.get("dict")?, bytes: row.get("body")? });
            let of = [change.as_str(), key.kind.as_str(), key.id.as_str()];
            let note = reader.prepare_cached(sql)?.query_row(of, read).optional()?;
            note.map(|body| self.codec.unpacker().unpack(body.dict, &body.bytes)).transpose()
        })
    }
}

fn fork(reader: &Connection, unpacker: &mut Unpacker, key: ResourceKey) -> Result<Fork, StoreError> {
    let beside = beside(reader, &key)?;
    let mut unpack = |body: Body| unpacker.unpack(body.dict, &body.bytes);
    let HostText { version, body, .. } = beside.remote.ok_or(StoreError::Damaged)?;
    let theirs = body.map(&mut unpack).transpose()?;
    let base = beside.base.and_then(|base| base.body).map(&mut unpack).transpose()?;
    let sql =
        "SELECT change, dict, body FROM outbox_item JOIN outbox USING (seq) WHERE type = ?1 AND id = ?2 ORDER BY seq";
    let mut statement = reader.prepare_cached(sql)?;
    let read = |row: &rusqlite::Row<'_>| {
        Ok((row.get::<_, String>("change")?, Body { dict: row.get("dict")?, bytes: row.get("body")? }))
    };
    let rows: Vec<_> = statement.query_map([key.kind.as_str(), key.id.as_str()], read)?.collect::<Result<_, _>>()?;
    let mine = rows
        .into_iter()
        .map(|(change, body)| Ok((ChangeId::parse(&change).ok_or(StoreError::Damaged)?, unpack(body)?)))
        .collect::<Result<_, StoreError>>()?;
    Ok(Fork { key, base, version, theirs, mine })
}

fn put(writer: &Connection, codec: &Codec, rebase: &Rebase<'_>, at: Stamp) -> Result<(), StoreError> {
    let key = rebase.key;
    let (kind, id) = (key.kind.as_str(), key.id.as_str());
    let mut before = beside(writer, key)?.remote.and_then(|remote| remote.body);
    let mut newest = None;
    for ((change, text), note) in rebase.texts.iter().zip(&rebase.notes) {
        head::patient(key, text)?;
        let seq = number(writer, change.as_str())?.ok_or(StoreError::NoSuchChange)?;
        let body = codec.packer()?.pack(text)?;
        let sql = "UPDATE outbox_item SET base = ?4, dict = ?5, body = ?6 WHERE seq = ?1 AND type = ?2 AND id = ?3";
        writer.prepare_cached(sql)?.execute(params![seq, kind, id, rebase.onto, body.dict, body.bytes])?;
        // Taken back, it leaves what the others did.
        let sql = "UPDATE undo SET dict = ?4, body = ?5 WHERE seq = ?1 AND type = ?2 AND id = ?3";
        let (dict, bytes) = (before.as_ref().map(|b| b.dict), before.as_ref().map(|b| &b.bytes));
        writer.prepare_cached(sql)?.execute(params![seq, kind, id, dict, bytes])?;
        let sql = "UPDATE outbox SET tries = 0, due = 0, aside_code = NULL, aside_say = NULL, aside_at = NULL
            WHERE seq = ?1 AND (aside_code IS NULL OR aside_code = ?2)";
        writer.prepare_cached(sql)?.execute(params![seq, Code::Conflict.as_str()])?;
        let note = codec.packer()?.pack(note)?;
        let sql = "INSERT OR REPLACE INTO merged (change, type, id, at, dict, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        writer.prepare_cached(sql)?.execute(params![change.as_str(), kind, id, at.millis(), note.dict, note.bytes])?;
        (before, newest) = (Some(body), Some(seq));
    }
    let sql = "UPDATE unsent SET base_version = remote_version, base_updated = remote_updated, base_dict = remote_dict,
        base_body = remote_body, remote_version = NULL, remote_updated = NULL, remote_dict = NULL, remote_body = NULL
        WHERE type = ?1 AND id = ?2";
    writer.prepare_cached(sql)?.execute([kind, id])?;
    show_entry(writer, codec, &mut Numbers::default(), key, newest.ok_or(StoreError::NoSuchChange)?)?;
    prune(writer)
}

fn tell_anew(writer: &Connection, codec: &Codec, retold: &Retold<'_>) -> Result<(), StoreError> {
    let seq = number(writer, retold.change.as_str())?.ok_or(StoreError::NoSuchChange)?;
    writer.prepare_cached("UPDATE outbox SET what = ?2 WHERE seq = ?1")?.execute(params![seq, retold.what])?;
    let note = ResourceKey::new(ResourceType::PROVENANCE, retold.change.as_str());
    replace_text(writer, codec, &mut Numbers::default(), seq, &note, retold.provenance)
}

/// Only the newest merges are told.
fn prune(writer: &Connection) -> Result<(), StoreError> {
    const KEPT: u32 = 64;
    let sql = "DELETE FROM merged WHERE (change, type, id) IN
        (SELECT change, type, id FROM merged ORDER BY at DESC, change, type, id LIMIT -1 OFFSET ?1)";
    writer.prepare_cached(sql)?.execute([KEPT])?;
    Ok(())
}
