//! Audit chains: the workstations' as they are uploaded, and the host's own.

use super::{
    PracticeStore, StoreError, body,
    db::{Db, values},
    settings,
};
use crate::random;
use practice::{
    Code,
    audit::{self, AuditAction, AuditRecord, ChainEntry},
    ids::WorkstationId,
    time::Stamp,
};
use serde::Deserialize;

/// The end of a chain: its last number and hash.
fn end_of(db: &Db, workstation: &WorkstationId) -> Result<(u64, String), StoreError> {
    let end = db.one(
        "select seq, hash from audit_entry where workstation = ? order by seq desc limit 1",
        values![workstation.as_str()],
        |row| Ok((row.get::<i64>("seq")?, row.get("hash")?)),
    )?;
    Ok(end.map_or((0, audit::FIRST.to_owned()), |(seq, hash)| (seq.unsigned_abs(), hash)))
}

fn keep(db: &Db, workstation: &WorkstationId, entry: &ChainEntry, at: Stamp) -> Result<(), StoreError> {
    let seq = i64::try_from(entry.seq).map_err(|_| StoreError::Damaged("an audit number"))?;
    db.execute(
        "insert into audit_entry (workstation, seq, prev, hash, event, taken) values (?, ?, ?, ?, ?, ?)",
        values![workstation.as_str(), seq, entry.prev, entry.hash, body::pack(&entry.event)?, at.millis()],
    )?;
    Ok(())
}

/// Appends `record` to the host's own chain, in the caller's transaction.
pub(super) fn append(db: &Db, record: &AuditRecord) -> Result<(), StoreError> {
    let host = host(db)?;
    let (last, prev) = end_of(db, &host)?;
    let event = record.to_fhir(&random::uuid().to_string());
    let hash = audit::link(&host, last + 1, &prev, &event);
    keep(db, &host, &ChainEntry { seq: last + 1, prev, event, hash }, record.at)
}

pub(super) fn host(db: &Db) -> Result<WorkstationId, StoreError> {
    WorkstationId::parse(&settings::get(db, settings::HOST)?).ok_or(StoreError::Damaged("the host's id"))
}

/// When the session locked, if that is what the entry tells.
fn locked_at(entry: &ChainEntry) -> Option<Stamp> {
    #[derive(Deserialize)]
    struct Event {
        subtype: Vec<Coding>,
        recorded: Stamp,
    }
    #[derive(Deserialize)]
    struct Coding {
        code: String,
    }
    let lock = AuditAction::Lock.as_str();
    // Most entries tell of something else: they are not read.
    entry.event.contains(lock).then_some(())?;
    let event: Event = serde_json::from_str(&entry.event).ok()?;
    event.subtype.iter().any(|subtype| subtype.code == lock).then_some(event.recorded)
}

impl PracticeStore {
    /// The host's name in its own chain, and in records of what was done at the host itself.
    pub fn host(&self) -> Result<WorkstationId, StoreError> {
        host(&self.db)
    }

    /// Writes `record` into the host's own chain.
    pub fn audit(&mut self, record: &AuditRecord) -> Result<(), StoreError> {
        let db = self.db.begin()?;
        append(&db, record)?;
        db.commit()
    }

    /// Takes the next links of a workstation's chain; those that are here already may be repeated.
    ///
    /// # Errors
    /// [`Code::AuditGap`] when they do not continue the chain that the host holds.
    pub fn take_audit(
        &mut self,
        workstation: &WorkstationId,
        entries: &[ChainEntry],
        at: Stamp,
    ) -> Result<u64, StoreError> {
        let db = self.db.begin()?;
        let (last, prev) = end_of(&db, workstation)?;
        let known = entries.iter().take_while(|entry| entry.seq <= last).count();
        let (known, new) = entries.split_at(known);
        let gap = || {
            StoreError::refused(
                Code::AuditGap,
                "This workstation's audit trail does not continue the one that the host holds. Tell your practice's admin.",
            )
        };
        for entry in known {
            let same = db.exists(
                "select 1 from audit_entry where workstation = ? and seq = ? and hash = ?",
                values![workstation.as_str(), i64::try_from(entry.seq).map_err(|_| gap())?, entry.hash],
            )?;
            if !same {
                return Err(gap());
            }
        }
        let (through, _) = audit::follow(workstation, last, &prev, new).map_err(|_| gap())?;
        for entry in new {
            keep(&db, workstation, entry, at)?;
        }
        // The last word of a session that locked.
        if let Some(locked) = new.iter().rev().find_map(locked_at) {
            db.execute(
                "update workstation set locked = ? where id = ?",
                values![locked.millis(), workstation.as_str()],
            )?;
        }
        db.commit()?;
        Ok(through)
    }

    /// A chain from its first entry, in order.
    pub fn audit_chain(&self, workstation: &WorkstationId) -> Result<Vec<ChainEntry>, StoreError> {
        let chain = "select seq, prev, hash, event from audit_entry where workstation = ? order by seq";
        self.db.all(chain, values![workstation.as_str()], |row| {
            Ok(ChainEntry {
                seq: row.get::<i64>("seq")?.unsigned_abs(),
                prev: row.get("prev")?,
                hash: row.get("hash")?,
                event: body::unpack(row.get("event")?)?,
            })
        })
    }
}
