//! What a person gave up for what the host had, kept so that it can be brought back.

use practice::{ids::ChangeId, resource::ResourceKey, time::Stamp};
use rusqlite::{Connection, params};

use super::number;
use crate::{
    Store, StoreError,
    body::{Body, Codec},
    head,
};

/// What is given up of a resource.
pub struct GiveUp<'a> {
    /// The change that was in conflict.
    pub change: &'a ChangeId,
    /// The resource.
    pub key: &'a ResourceKey,
    /// What the host has.
    pub onto: &'a str,
    /// What it would become, if what was entered here were kept.
    pub text: &'a str,
}

/// What was given up of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenUp {
    /// The change that was in conflict.
    pub change: ChangeId,
    /// The resource.
    pub key: ResourceKey,
    /// When.
    pub at: Stamp,
    /// What the change did, in words.
    pub what: String,
    /// What the host had then.
    pub onto: String,
    /// What it would have become.
    pub text: String,
}

impl Store {
    /// Everything that was given up lately and not brought back, newest first. For the rules only: hands nothing to a screen.
    ///
    /// # Errors
    /// As every statement.
    pub fn given_up(&self) -> Result<Vec<GivenUp>, StoreError> {
        self.read_only(|reader| {
            let sql = "SELECT change, type, id, at, what, onto_dict, onto_body, dict, body FROM given_up
                ORDER BY at DESC, change, type, id";
            let mut statement = reader.prepare_cached(sql)?;
            let mut rows = statement.query([])?;
            let mut unpacker = self.codec.unpacker();
            let mut given = Vec::new();
            while let Some(row) = rows.next()? {
                let onto: Vec<u8> = row.get("onto_body")?;
                let body: Vec<u8> = row.get("body")?;
                given.push(GivenUp {
                    change: ChangeId::parse(&row.get::<_, String>("change")?).ok_or(StoreError::Damaged)?,
                    key: head::key(row)?,
                    at: head::stamp(row.get("at")?)?,
                    what: row.get("what")?,
                    onto: unpacker.unpack(row.get("onto_dict")?, &onto)?,
                    text: unpacker.unpack(row.get("dict")?, &body)?,
                });
            }
            Ok(given)
        })
    }

    /// What was given up of `change` is back, or not wanted any more.
    ///
    /// # Errors
    /// As every statement.
    pub fn forget_given_up(&self, change: &ChangeId) -> Result<(), StoreError> {
        self.write(|writer| {
            writer.prepare_cached("DELETE FROM given_up WHERE change = ?1")?.execute([change.as_str()])?;
            Ok(())
        })
    }
}

/// Keeps what is given up, in the caller's transaction.
pub(super) fn keep(writer: &Connection, codec: &Codec, given: &GiveUp<'_>, at: Stamp) -> Result<(), StoreError> {
    let Some(seq) = number(writer, given.change.as_str())? else { return Err(StoreError::NoSuchChange) };
    let what: String =
        writer.prepare_cached("SELECT what FROM outbox WHERE seq = ?1")?.query_row([seq], |row| row.get(0))?;
    let mut packer = codec.packer()?;
    let [onto, body]: [Body; 2] = [packer.pack(given.onto)?, packer.pack(given.text)?];
    let sql = "INSERT OR REPLACE INTO given_up (change, type, id, at, what, onto_dict, onto_body, dict, body)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    writer.prepare_cached(sql)?.execute(params![
        given.change.as_str(),
        given.key.kind.as_str(),
        given.key.id.as_str(),
        at.millis(),
        what,
        onto.dict,
        onto.bytes,
        body.dict,
        body.bytes
    ])?;
    prune(writer)
}

fn prune(writer: &Connection) -> Result<(), StoreError> {
    const KEPT: u32 = 64;
    let sql = "DELETE FROM given_up WHERE (change, type, id) IN
        (SELECT change, type, id FROM given_up ORDER BY at DESC, change, type, id LIMIT -1 OFFSET ?1)";
    writer.prepare_cached(sql)?.execute([KEPT])?;
    Ok(())
}
