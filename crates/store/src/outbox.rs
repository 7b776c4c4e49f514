//! Changes the host has not accepted. One entry is one transaction Bundle, acknowledged exactly as it was sent.
//!
//! Entries for one resource stay in order: an entry waits while an earlier one that shares a resource is queued, set
//! aside or not. Others pass.

mod acknowledge;
mod amend;
mod aside;
mod commit;
mod forks;
mod given_up;
mod next;
mod undo;
mod waiting;
mod withdraw;

use practice::resource::ResourceKey;
use rusqlite::{Connection, OptionalExtension, params};

pub(crate) use acknowledge::show_host_text;
pub(crate) use commit::enter_again;

pub use acknowledge::Accepted;
pub use commit::{NewText, Write};
pub use forks::{Fork, Rebase, Retold, Settlement};
pub use given_up::{GiveUp, GivenUp};
pub use next::Entry;
pub use waiting::Waiting;

use crate::{
    StoreError,
    body::Body,
    head::{self, Head},
};

/// The name of a text that only this workstation has.
fn local_tag(change: &str) -> String {
    format!("local-{change}")
}

/// The number of a queued change.
fn number(connection: &Connection, change: &str) -> Result<Option<i64>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT seq FROM outbox WHERE change = ?1")?;
    Ok(statement.query_row([change], |row| row.get(0)).optional()?)
}

/// The resources of a queued change.
fn keys(connection: &Connection, seq: i64) -> Result<Vec<ResourceKey>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT type, id FROM outbox_item WHERE seq = ?1 ORDER BY type, id")?;
    Ok(statement.query_map([seq], head::key)?.collect::<Result<_, _>>()?)
}

/// The nearest queued change of `key` on one side of `seq`.
fn neighbour(connection: &Connection, key: &ResourceKey, seq: i64, later: bool) -> Result<Option<i64>, StoreError> {
    let sql = if later {
        "SELECT min(seq) FROM outbox_item WHERE type = ?1 AND id = ?2 AND seq > ?3"
    } else {
        "SELECT max(seq) FROM outbox_item WHERE type = ?1 AND id = ?2 AND seq < ?3"
    };
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row(params![key.kind.as_str(), key.id.as_str(), seq], |row| row.get(0))?)
}

/// The host's side of a resource with an unsent change.
pub(crate) struct Beside {
    pub base: Option<HostText>,
    pub remote: Option<HostText>,
}

/// What the host said of a resource.
pub(crate) struct HostText {
    pub version: String,
    pub updated: i64,
    /// Absent when it was deleted.
    pub body: Option<Body>,
}

impl HostText {
    /// From four columns of a row, the first being `from`: version, time, dictionary, body.
    pub fn read(row: &rusqlite::Row<'_>, from: usize) -> rusqlite::Result<Option<Self>> {
        let (version, updated): (Option<String>, Option<i64>) = (row.get(from)?, row.get(from + 1)?);
        let (dict, bytes): (Option<i64>, Option<Vec<u8>>) = (row.get(from + 2)?, row.get(from + 3)?);
        let body = dict.zip(bytes).map(|(dict, bytes)| Body { dict, bytes });
        Ok(version.zip(updated).map(|(version, updated)| Self { version, updated, body }))
    }

    /// Dictionary and bytes, as they lie in a row.
    fn columns(&self) -> (Option<i64>, Option<&[u8]>) {
        (self.body.as_ref().map(|body| body.dict), self.body.as_ref().map(|body| body.bytes.as_slice()))
    }
}

pub(crate) fn beside(connection: &Connection, key: &ResourceKey) -> Result<Beside, StoreError> {
    let sql = "SELECT base_version, base_updated, base_dict, base_body, remote_version, remote_updated, remote_dict, remote_body
        FROM unsent WHERE type = ?1 AND id = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let read = |row: &rusqlite::Row<'_>| Ok(Beside { base: HostText::read(row, 0)?, remote: HostText::read(row, 4)? });
    Ok(statement.query_row([key.kind.as_str(), key.id.as_str()], read)?)
}

/// The first change of `key` that waits starts from `base` (nothing, when absent), and so do those on top of it.
pub(crate) fn start_from(writer: &Connection, key: &ResourceKey, base: Option<&HostText>) -> Result<(), StoreError> {
    let (kind, id) = (key.kind.as_str(), key.id.as_str());
    let version = base.map(|base| base.version.as_str());
    let (dict, bytes) = base.map_or((None, None), HostText::columns);
    let sql = "UPDATE unsent SET base_version = ?3, base_updated = ?4, base_dict = ?5, base_body = ?6 WHERE type = ?1 AND id = ?2";
    writer.prepare_cached(sql)?.execute(params![kind, id, version, base.map(|base| base.updated), dict, bytes])?;
    let sql = "UPDATE outbox_item SET base = ?3 WHERE type = ?1 AND id = ?2";
    writer.prepare_cached(sql)?.execute(params![kind, id, version])?;
    Ok(())
}

/// The host has `remote` of a resource with unsent changes.
pub(crate) fn set_remote(writer: &Connection, key: &ResourceKey, remote: &HostText) -> Result<(), StoreError> {
    let sql = "UPDATE unsent SET remote_version = ?3, remote_updated = ?4, remote_dict = ?5, remote_body = ?6
        WHERE type = ?1 AND id = ?2";
    let (dict, bytes) = remote.columns();
    let key = (key.kind.as_str(), key.id.as_str());
    writer.prepare_cached(sql)?.execute(params![key.0, key.1, remote.version, remote.updated, dict, bytes])?;
    Ok(())
}

fn forget_beside(connection: &Connection, key: &ResourceKey) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached("DELETE FROM unsent WHERE type = ?1 AND id = ?2")?;
    statement.execute([key.kind.as_str(), key.id.as_str()])?;
    Ok(())
}

/// The row of `key`, which the queue says is here.
pub(crate) fn queued_head(connection: &Connection, key: &ResourceKey) -> Result<Head, StoreError> {
    head::find(connection, key)?.ok_or(StoreError::Damaged)
}
