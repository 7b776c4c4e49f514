//! This workstation's audit chain: every entry commits with what it tells of, or the thing is not done.

use practice::{
    audit::{self, AuditRecord, Break, ChainEntry},
    ids::WorkstationId,
};
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

use crate::{
    Store, StoreError,
    body::{Codec, Unpacker},
    meta,
};

/// Event ids are made from workstation and number, so that an event sent twice has one id.
const EVENTS: Uuid = Uuid::from_u128(0x7c1d_8a3e_52b4_4f0e_9a66_1d3c_5be2_90f7);
const WORKSTATION: &str = "_workstation";
const APPEND: &str = "INSERT INTO audit (seq, prev, hash, dict, body) VALUES (?1, ?2, ?3, ?4, ?5)";
const END: &str = "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1";
/// What every use case needs of the writer, prepared when the store opens.
pub(crate) const READY: &[&str] = &[meta::GET, END, APPEND];
/// Entries held in memory at a time while the chain is walked.
const STEP: u64 = 1_000;

/// Appends `records` to the chain, inside the caller's transaction.
pub(crate) fn append(connection: &Connection, codec: &Codec, records: &[AuditRecord]) -> Result<(), StoreError> {
    let Some(first) = records.first() else { return Ok(()) };
    let here = own(connection, &first.workstation)?;
    let (mut seq, mut prev) = end(connection)?;
    let mut packer = codec.packer()?;
    for record in records {
        if record.workstation != here {
            return Err(StoreError::OtherWorkstation);
        }
        seq += 1;
        let id = Uuid::new_v5(&EVENTS, format!("{here}/{seq}").as_bytes());
        let event = record.to_fhir(&id.hyphenated().to_string());
        let hash = audit::link(&here, seq, &prev, &event);
        let body = packer.pack(&event)?;
        connection.prepare_cached(APPEND)?.execute(params![
            seq.cast_signed(),
            to_bytes(&prev),
            to_bytes(&hash),
            body.dict,
            body.bytes
        ])?;
        prev = hash;
    }
    Ok(())
}

/// The workstation whose chain this is: the first that wrote here.
fn own(connection: &Connection, writing: &WorkstationId) -> Result<WorkstationId, StoreError> {
    match meta::get(connection, WORKSTATION)? {
        Some(own) if own == writing.as_str() => Ok(writing.clone()),
        Some(_) => Err(StoreError::OtherWorkstation),
        None => meta::set(connection, WORKSTATION, writing.as_str()).map(|()| writing.clone()),
    }
}

fn end(connection: &Connection) -> Result<(u64, String), StoreError> {
    let mut statement = connection.prepare_cached(END)?;
    let last =
        statement.query_row([], |row| Ok((row.get::<_, i64>("seq")?, row.get::<_, Vec<u8>>("hash")?))).optional()?;
    Ok(last.map_or((0, audit::FIRST.to_owned()), |(seq, hash)| (seq.cast_unsigned(), to_hex(&hash))))
}

/// A page of the chain, as the audit page shows it.
pub type AuditLine = ChainEntry;

impl Store {
    /// Notes something that has no other row here: a sign-in, a lock, a print.
    ///
    /// # Errors
    /// As every statement; [`StoreError::OtherWorkstation`] for a file that was cloned.
    pub fn record(&self, record: &AuditRecord) -> Result<(), StoreError> {
        self.write(|writer| append(writer, &self.codec, std::slice::from_ref(record)))
    }

    /// Entries the host has not yet taken, oldest first.
    ///
    /// # Errors
    /// As every statement.
    pub fn audit_unsent(&self, limit: u32) -> Result<Vec<ChainEntry>, StoreError> {
        self.read_only(|reader| {
            let sent = meta::number(reader, meta::AUDIT_SENT)?.cast_unsigned();
            after(reader, &mut self.codec.unpacker(), sent, u64::from(limit))
        })
    }

    /// The host has taken everything up to number `through`.
    ///
    /// # Errors
    /// As every statement; [`StoreError::BadAnswer`] when there is no such entry yet.
    pub fn audit_sent(&self, through: u64) -> Result<(), StoreError> {
        self.write(|writer| {
            if through > end(writer)?.0 {
                return Err(StoreError::BadAnswer);
            }
            let sent = meta::number(writer, meta::AUDIT_SENT)?.cast_unsigned();
            meta::set(writer, meta::AUDIT_SENT, &through.max(sent).to_string())
        })
    }

    /// The host, restored from a backup, has the chain only up to and with `through`: what comes after is sent again.
    ///
    /// # Errors
    /// As every statement.
    pub fn audit_lost_after(&self, through: u64) -> Result<(), StoreError> {
        self.write(|writer| {
            let sent = meta::number(writer, meta::AUDIT_SENT)?.cast_unsigned();
            meta::set(writer, meta::AUDIT_SENT, &through.min(sent).to_string())
        })
    }

    /// Up to `limit` entries with numbers below `before` (all when absent), newest first. This look is among them.
    ///
    /// # Errors
    /// As every statement.
    pub fn audit_entries(
        &self,
        limit: u32,
        before: Option<u64>,
        audit: &AuditRecord,
    ) -> Result<Vec<AuditLine>, StoreError> {
        self.record(audit)?;
        self.read_only(|reader| {
            let sql = "SELECT seq, prev, hash, dict, body FROM audit WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2";
            let before = before.map_or(i64::MAX, |before| i64::try_from(before).unwrap_or(i64::MAX));
            entries(reader, &mut self.codec.unpacker(), sql, before, i64::from(limit))
        })
    }

    /// Walks the whole chain: the number of its last entry and its hash, or where it breaks. A chain shorter than what
    /// the host has already taken was cut.
    ///
    /// # Errors
    /// As every statement.
    pub fn verify(&self, audit: &AuditRecord) -> Result<Result<(u64, String), Break>, StoreError> {
        let here = audit.workstation.clone();
        // As the chain was before this look, which may take long.
        let found = self.read_only(|reader| {
            let mut unpacker = self.codec.unpacker();
            let (mut seq, mut prev, mut limit) = (0, audit::FIRST.to_owned(), STEP);
            loop {
                let step = match after(reader, &mut unpacker, seq, limit) {
                    // One of many can't be read: go on singly to name it.
                    Err(StoreError::Damaged) if limit > 1 => {
                        limit = 1;
                        continue;
                    }
                    Err(StoreError::Damaged) => return Ok(Err(Break { seq: seq + 1, say: "An entry can't be read." })),
                    step => step?,
                };
                if step.is_empty() {
                    break;
                }
                match audit::follow(&here, seq, &prev, &step) {
                    Ok(end) => (seq, prev) = end,
                    Err(broken) => return Ok(Err(broken)),
                }
            }
            if seq < meta::number(reader, meta::AUDIT_SENT)?.cast_unsigned() {
                return Ok(Err(Break { seq: seq + 1, say: "Entries that the host has taken are missing here." }));
            }
            Ok(Ok((seq, prev)))
        });
        self.record(audit)?;
        found
    }
}

fn after(
    connection: &Connection,
    unpacker: &mut Unpacker,
    seq: u64,
    limit: u64,
) -> Result<Vec<ChainEntry>, StoreError> {
    let sql = "SELECT seq, prev, hash, dict, body FROM audit WHERE seq > ?1 ORDER BY seq LIMIT ?2";
    entries(connection, unpacker, sql, seq.cast_signed(), limit.cast_signed())
}

fn entries(
    connection: &Connection,
    unpacker: &mut Unpacker,
    sql: &str,
    bound: i64,
    limit: i64,
) -> Result<Vec<ChainEntry>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([bound, limit])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(entry(row, unpacker)?);
    }
    Ok(found)
}

fn entry(row: &Row<'_>, unpacker: &mut Unpacker) -> Result<ChainEntry, StoreError> {
    Ok(ChainEntry {
        seq: row.get::<_, i64>("seq")?.cast_unsigned(),
        prev: to_hex(row.get_ref("prev")?.as_blob().map_err(|_| StoreError::Damaged)?),
        event: unpacker.unpack(row.get("dict")?, row.get_ref("body")?.as_blob().map_err(|_| StoreError::Damaged)?)?,
        hash: to_hex(row.get_ref("hash")?.as_blob().map_err(|_| StoreError::Damaged)?),
    })
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn to_bytes(hex: &str) -> Vec<u8> {
    (0..hex.len() / 2).filter_map(|at| u8::from_str_radix(hex.get(2 * at..2 * at + 2)?, 16).ok()).collect()
}
