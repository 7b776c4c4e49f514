//! The queue in view.

use std::collections::BTreeMap;

use practice::{
    Code,
    audit::AuditRecord,
    ids::{AppointmentId, ChangeId, MemberId},
    provenance::ChangeNote,
    resource::{ResourceKey, ResourceType},
    time::Stamp,
};
use rusqlite::{Connection, Params};

use crate::{Store, StoreError, head};

/// A change that waits for the host, or that the host refused.
#[derive(Clone, PartialEq)]
pub struct Waiting {
    /// The change.
    pub change: ChangeId,
    /// When it was entered.
    pub at: Stamp,
    /// Who entered it.
    pub member: MemberId,
    /// Who looks after it when it was set aside: whoever entered it, until it is given to another.
    pub owner: MemberId,
    /// Who, when and why, from its Provenance.
    pub note: Option<ChangeNote>,
    /// What it does, in words.
    pub what: String,
    /// Tries so far.
    pub tries: u32,
    /// Why it was set aside, if it was.
    pub aside: Option<(Option<Code>, String)>,
}

impl Store {
    /// Everything that waits, oldest first.
    ///
    /// # Errors
    /// As every statement.
    pub fn outbox(&self, audit: &AuditRecord) -> Result<Vec<Waiting>, StoreError> {
        self.told(audit, |reader| {
            let sql = "SELECT change, at, member, coalesce(owner, member) AS owner, what, tries, aside_code, aside_say
                FROM outbox ORDER BY seq";
            let mut statement = reader.prepare_cached(sql)?;
            let mut rows = statement.query([])?;
            let mut unpacker = self.codec.unpacker();
            let mut waiting = Vec::new();
            while let Some(row) = rows.next()? {
                let change = ChangeId::parse(&row.get::<_, String>("change")?).ok_or(StoreError::Damaged)?;
                let key = ResourceKey::new(ResourceType::PROVENANCE, change.as_str());
                let provenance = head::text(reader, &mut unpacker, &key)?;
                let (code, say): (Option<String>, Option<String>) = (row.get("aside_code")?, row.get("aside_say")?);
                waiting.push(Waiting {
                    at: head::stamp(row.get("at")?)?,
                    member: MemberId::parse(&row.get::<_, String>("member")?).ok_or(StoreError::Damaged)?,
                    owner: MemberId::parse(&row.get::<_, String>("owner")?).ok_or(StoreError::Damaged)?,
                    note: provenance.as_deref().and_then(ChangeNote::read),
                    what: row.get("what")?,
                    tries: row.get("tries")?,
                    aside: say.map(|say| (code.as_deref().and_then(Code::parse), say)),
                    change,
                });
            }
            Ok(waiting)
        })
    }

    /// Every change that waits, oldest first.
    ///
    /// # Errors
    /// As every statement.
    pub fn outbox_changes(&self) -> Result<Vec<ChangeId>, StoreError> {
        self.read_only(|reader| changes(reader, "SELECT change FROM outbox ORDER BY seq", []))
    }

    /// Every change that waits and writes `key`, oldest first.
    ///
    /// # Errors
    /// As every statement.
    pub fn outbox_changes_of(&self, key: &ResourceKey) -> Result<Vec<ChangeId>, StoreError> {
        self.read_only(|reader| {
            let sql = "SELECT change FROM outbox_item JOIN outbox USING (seq) WHERE type = ?1 AND id = ?2 ORDER BY seq";
            changes(reader, sql, [key.kind.as_str(), key.id.as_str()])
        })
    }

    /// Changes that were refused since their time went to another, by the appointment that each writes.
    ///
    /// # Errors
    /// As every statement.
    pub fn lost_time(&self) -> Result<BTreeMap<AppointmentId, ChangeId>, StoreError> {
        self.read_only(|reader| {
            let sql = "SELECT id, change FROM outbox JOIN outbox_item USING (seq)
                WHERE aside_code = ?1 AND type = 'Appointment' ORDER BY seq";
            let mut statement = reader.prepare_cached(sql)?;
            let mut rows = statement.query([Code::Overlap.as_str()])?;
            let mut lost = BTreeMap::new();
            while let Some(row) = rows.next()? {
                let (id, change) = (row.get::<_, String>("id")?, row.get::<_, String>("change")?);
                let found = AppointmentId::parse(&id).zip(ChangeId::parse(&change)).ok_or(StoreError::Damaged)?;
                lost.entry(found.0).or_insert(found.1);
            }
            Ok(lost)
        })
    }

    /// How many changes wait, and how many of them were set aside.
    ///
    /// # Errors
    /// As every statement.
    pub fn outbox_count(&self) -> Result<(u32, u32), StoreError> {
        self.read_only(|reader| {
            let mut statement = reader.prepare_cached("SELECT count(*), count(aside_code) FROM outbox")?;
            Ok(statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?)
        })
    }
}

pub(super) fn changes(reader: &Connection, sql: &str, of: impl Params) -> Result<Vec<ChangeId>, StoreError> {
    let mut statement = reader.prepare_cached(sql)?;
    let mut rows = statement.query(of)?;
    let mut changes = Vec::new();
    while let Some(row) = rows.next()? {
        changes.push(ChangeId::parse(&row.get::<_, String>("change")?).ok_or(StoreError::Damaged)?);
    }
    Ok(changes)
}
