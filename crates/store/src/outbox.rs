//! Changes the host has not accepted. One entry is one transaction Bundle, acknowledged exactly as it was sent.
//!
//! Entries for one resource stay in order: an entry waits while an earlier one that shares a resource is queued, set
//! aside or not. Others pass.

mod acknowledge;
mod amend;
mod aside;
mod commit;
mod forks;
mod next;
mod undo;
mod waiting;
mod withdraw;

use practice::resource::ResourceKey;
use rusqlite::{Connection, OptionalExtension, params};

pub use acknowledge::Accepted;
pub use commit::{NewText, Write};
pub use forks::{Fork, Rebase};
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
struct Beside {
    base: Option<HostText>,
    remote: Option<HostText>,
}

/// What the host said of a resource.
struct HostText {
    version: String,
    updated: i64,
    /// Absent when it was deleted.
    body: Option<Body>,
}

fn beside(connection: &Connection, key: &ResourceKey) -> Result<Beside, StoreError> {
    let sql = "SELECT base_version, base_updated, base_dict, base_body, remote_version, remote_updated, remote_dict, remote_body
        FROM unsent WHERE type = ?1 AND id = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let text = |row: &rusqlite::Row<'_>, from: usize| -> rusqlite::Result<Option<HostText>> {
        let (version, updated): (Option<String>, Option<i64>) = (row.get(from)?, row.get(from + 1)?);
        let (dict, bytes): (Option<i64>, Option<Vec<u8>>) = (row.get(from + 2)?, row.get(from + 3)?);
        let body = dict.zip(bytes).map(|(dict, bytes)| Body { dict, bytes });
        Ok(version.zip(updated).map(|(version, updated)| HostText { version, updated, body }))
    };
    let read = |row: &rusqlite::Row<'_>| Ok(Beside { base: text(row, 0)?, remote: text(row, 4)? });
    Ok(statement.query_row([key.kind.as_str(), key.id.as_str()], read)?)
}

fn forget_beside(connection: &Connection, key: &ResourceKey) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached("DELETE FROM unsent WHERE type = ?1 AND id = ?2")?;
    statement.execute([key.kind.as_str(), key.id.as_str()])?;
    Ok(())
}

/// The row of `key`, which the queue says is here.
fn queued_head(connection: &Connection, key: &ResourceKey) -> Result<Head, StoreError> {
    head::find(connection, key)?.ok_or(StoreError::Damaged)
}
