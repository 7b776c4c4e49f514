//! The host's lives ([`practice::life`]). After a restore the pull starts anew, and what the host has lost is found by
//! what it does not tell of any more: each resource here still counts as of the life it was last seen in.

use practice::{Code, resource::ResourceKey};
use rusqlite::{Connection, OptionalExtension, params, types::Value};

use crate::{
    Store, StoreError, Write,
    body::Body,
    compartment::{self, Numbers},
    head, meta,
    outbox::{self, HostText},
    packed_id::PackedId,
};

/// A version that the host had in an earlier life and lost.
pub struct Lost {
    /// Which resource.
    pub key: ResourceKey,
    /// Its text, word for word as the host sent it.
    pub text: String,
    epoch: i64,
}

/// Lost versions of one life.
pub struct LostVersions {
    /// The life they were last seen in; the one before the present when there are none.
    pub life: String,
    /// Some of them; none when the file is looked through.
    pub lost: Vec<Lost>,
    /// Where to look for more.
    pub next: LookedThrough,
}

/// How far the file was looked through.
#[derive(Clone)]
pub struct LookedThrough {
    /// What tells of changes goes last: who has it back must have what was changed.
    is_provenance: bool,
    after: (i64, String, Value),
}

impl Default for LookedThrough {
    fn default() -> Self {
        Self { is_provenance: false, after: (compartment::BEFORE_ALL, String::new(), Value::Null) }
    }
}

/// Most bytes of text given back at once.
const MOST_BYTES: usize = 4 * 1024 * 1024;

impl Store {
    /// Whether the host was restored and may lack what is here.
    ///
    /// # Errors
    /// As every statement.
    pub fn is_giving_back(&self) -> Result<bool, StoreError> {
        self.read_only(|reader| Ok(meta::get(reader, meta::GIVING_BACK)?.is_some()))
    }

    /// The host has all that it lost and takes back.
    ///
    /// # Errors
    /// As every statement.
    pub fn gave_back(&self) -> Result<(), StoreError> {
        self.write(|writer| meta::forget(writer, meta::GIVING_BACK))
    }

    /// Up to `limit` versions that the host has not told of in its present life, once the pull has come to its end.
    ///
    /// # Errors
    /// As every statement; [`StoreError::Damaged`] when a text can't be read.
    pub fn lost(&self, mut from: LookedThrough, limit: usize) -> Result<LostVersions, StoreError> {
        self.read_only(|reader| {
            let now = meta::number(reader, meta::EPOCH_NUMBER)?;
            let mut lost = self.look(reader, now, &mut from, limit)?;
            if lost.is_empty() && !from.is_provenance {
                from = LookedThrough { is_provenance: true, ..LookedThrough::default() };
                lost = self.look(reader, now, &mut from, limit)?;
            }
            let life = name(reader, lost.first().map_or(now - 1, |one| one.epoch))?;
            Ok(LostVersions { life, lost, next: from })
        })
    }

    fn look(
        &self,
        reader: &Connection,
        now: i64,
        from: &mut LookedThrough,
        limit: usize,
    ) -> Result<Vec<Lost>, StoreError> {
        let sql = "SELECT compartment, type, id, epoch, unsent, dict, body FROM resource
            WHERE (compartment, type, id) > (?1, ?2, ?3) AND epoch < ?4 AND (type = 'Provenance') = ?5
            ORDER BY compartment, type, id";
        let (compartment, kind, id) = from.after.clone();
        let mut statement = reader.prepare_cached(sql)?;
        let mut rows = statement.query(params![compartment, kind, id, now, from.is_provenance])?;
        let mut unpacker = self.codec.unpacker();
        let (mut lost, mut bytes) = (Vec::<Lost>::new(), 0);
        while let Some(row) = rows.next()? {
            let epoch: i64 = row.get("epoch")?;
            let another_life = lost.first().is_some_and(|one| one.epoch != epoch);
            if lost.len() == limit || bytes > MOST_BYTES || another_life {
                break;
            }
            let key = head::key(row)?;
            from.after = (row.get("compartment")?, row.get("type")?, row.get("id")?);
            let body = if row.get("unsent")? {
                // What it began from here, or has become there since, is what the host had.
                let beside = outbox::beside(reader, &key)?;
                beside.remote.or(beside.base).and_then(|host| host.body)
            } else {
                Some(Body { dict: row.get("dict")?, bytes: row.get("body")? })
            };
            if let Some(body) = body {
                let text = unpacker.unpack(body.dict, &body.bytes)?;
                bytes += text.len();
                lost.push(Lost { key, text, epoch });
            }
        }
        Ok(lost)
    }

    /// The host has these again, or had them all along.
    ///
    /// # Errors
    /// As every statement.
    pub fn stands_again(&self, lost: &[&Lost]) -> Result<(), StoreError> {
        self.write(|writer| {
            let now = meta::number(writer, meta::EPOCH_NUMBER)?;
            for one in lost {
                if last_seen(writer, &one.key)? == Some(one.epoch) {
                    seen(writer, &one.key, now)?;
                    send_again(writer, &one.key)?;
                }
            }
            Ok(())
        })
    }

    /// The host does not take `lost` back as it was, for this reason: it becomes a change like any other, put onto what
    /// the host has now, and told of by `remade` (which names no texts of its own). `false` when nothing was done, since
    /// it is not as it was when it was found, or what the host has instead has not come here yet.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub fn make_change_of(&self, lost: &Lost, reason: Code, remade: &Write<'_>) -> Result<bool, StoreError> {
        self.write(|writer| {
            if last_seen(writer, &lost.key)? != Some(lost.epoch) {
                return Ok(false);
            }
            let Parted { base, remote } = parted(writer, &lost.key)?;
            if reason == Code::Conflict && remote.is_none() {
                return Ok(false);
            }
            let head = outbox::queued_head(writer, &lost.key)?;
            if head.unsent {
                outbox::start_from(writer, &lost.key, base.as_ref())?;
                send_again(writer, &lost.key)?;
            } else {
                let version = base.as_ref().map(|base| base.version.clone());
                let mut numbers = Numbers::default();
                outbox::show_host_text(writer, &self.codec, &mut numbers, &lost.key, base, None)?;
                outbox::enter_again(writer, &self.codec, remade, &lost.key, &lost.text, version.as_deref())?;
            }
            if let Some(remote) = remote {
                outbox::set_remote(writer, &lost.key, &remote)?;
            }
            seen(writer, &lost.key, meta::number(writer, meta::EPOCH_NUMBER)?)?;
            Ok(true)
        })
    }
}

/// The name of a life.
pub(crate) fn name(connection: &Connection, number: i64) -> Result<String, StoreError> {
    let mut statement = connection.prepare_cached("SELECT name FROM life WHERE number = ?1")?;
    statement.query_row([number], |row| row.get(0)).optional()?.ok_or(StoreError::Damaged)
}

/// The life that `key` was last seen in.
fn last_seen(connection: &Connection, key: &ResourceKey) -> Result<Option<i64>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT epoch FROM resource WHERE type = ?1 AND id = ?2")?;
    let of = params![key.kind.as_str(), PackedId::of(key.id.as_str())];
    Ok(statement.query_row(of, |row| row.get(0)).optional()?)
}

/// `key` is the host's in its life `now`.
pub(crate) fn seen(writer: &Connection, key: &ResourceKey, now: i64) -> Result<(), StoreError> {
    let sql = "UPDATE resource SET epoch = ?3 WHERE type = ?1 AND id = ?2";
    writer.prepare_cached(sql)?.execute(params![key.kind.as_str(), PackedId::of(key.id.as_str()), now])?;
    let sql = "DELETE FROM parted WHERE type = ?1 AND id = ?2";
    writer.prepare_cached(sql)?.execute([key.kind.as_str(), key.id.as_str()])?;
    Ok(())
}

/// Changes of `key` that were refused since the host lacked what they began from are sent once more.
pub(crate) fn send_again(writer: &Connection, key: &ResourceKey) -> Result<(), StoreError> {
    let sql = "UPDATE outbox SET tries = 0, due = 0, aside_code = NULL, aside_say = NULL, aside_at = NULL
        WHERE aside_code = ?3 AND seq IN (SELECT seq FROM outbox_item WHERE type = ?1 AND id = ?2)";
    writer.prepare_cached(sql)?.execute([key.kind.as_str(), key.id.as_str(), Code::Conflict.as_str()])?;
    Ok(())
}

/// What a restored host has of a resource whose version here it has lost.
struct Parted {
    base: Option<HostText>,
    remote: Option<HostText>,
}

fn parted(connection: &Connection, key: &ResourceKey) -> Result<Parted, StoreError> {
    let sql = "SELECT base_version, base_updated, base_dict, base_body,
        remote_version, remote_updated, remote_dict, remote_body FROM parted WHERE type = ?1 AND id = ?2";
    let read = |row: &rusqlite::Row<'_>| Ok((HostText::read(row, 0)?, HostText::read(row, 4)?));
    let found = connection.prepare_cached(sql)?.query_row([key.kind.as_str(), key.id.as_str()], read).optional()?;
    let (base, remote) = found.unwrap_or_default();
    Ok(Parted { base, remote })
}

/// Keeps what came before ours, of a life that ours comes from.
pub(crate) fn keep_base(
    writer: &Connection,
    key: &ResourceKey,
    told: (&str, i64),
    body: Option<&Body>,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO parted (type, id, base_version, base_updated, base_dict, base_body)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (type, id) DO UPDATE SET base_version = excluded.base_version,
        base_updated = excluded.base_updated, base_dict = excluded.base_dict, base_body = excluded.base_body";
    keep(writer, sql, key, told, body)
}

/// Keeps what was made there of something that ours did not come from.
pub(crate) fn keep_remote(
    writer: &Connection,
    key: &ResourceKey,
    told: (&str, i64),
    body: Option<&Body>,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO parted (type, id, remote_version, remote_updated, remote_dict, remote_body)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (type, id) DO UPDATE SET remote_version = excluded.remote_version,
        remote_updated = excluded.remote_updated, remote_dict = excluded.remote_dict,
        remote_body = excluded.remote_body";
    keep(writer, sql, key, told, body)
}

fn keep(
    writer: &Connection,
    sql: &str,
    key: &ResourceKey,
    (version, updated): (&str, i64),
    body: Option<&Body>,
) -> Result<(), StoreError> {
    let (dict, bytes) = (body.map(|body| body.dict), body.map(|body| &body.bytes));
    writer.prepare_cached(sql)?.execute(params![key.kind.as_str(), key.id.as_str(), version, updated, dict, bytes])?;
    Ok(())
}
