//! The story of a resource, from the Provenance of each change.

use practice::{
    audit::AuditRecord,
    provenance::ChangeNote,
    resource::{ResourceKey, ResourceType},
};

use crate::{Store, StoreError, head};

/// One change of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryNote {
    /// Who, when, what and why.
    pub note: ChangeNote,
    /// Whether it waits for the host.
    pub unsent: bool,
}

impl Store {
    /// The changes of `key` that are known here, newest first.
    ///
    /// # Errors
    /// As every statement; [`StoreError::Damaged`] when a text can't be read.
    pub fn history_of(&self, key: &ResourceKey, audit: &AuditRecord) -> Result<Vec<HistoryNote>, StoreError> {
        self.told(audit, |reader| {
            let sql = "SELECT provenance FROM touched WHERE target = ?1 ORDER BY recorded DESC, provenance DESC";
            let mut statement = reader.prepare_cached(sql)?;
            let ids: Vec<String> =
                statement.query_map([key.to_string()], |row| row.get(0))?.collect::<Result<_, _>>()?;
            let mut unpacker = self.codec.unpacker();
            let mut notes = Vec::with_capacity(ids.len());
            for id in ids {
                let provenance = ResourceKey::new(ResourceType::PROVENANCE, &id);
                let head = head::find(reader, &provenance)?.ok_or(StoreError::Damaged)?;
                let text = unpacker.unpack(head.body.dict, &head.body.bytes)?;
                let note = ChangeNote::read(&text).ok_or(StoreError::Damaged)?;
                notes.push(HistoryNote { note, unsent: head.unsent });
            }
            Ok(notes)
        })
    }

    /// The newest change of `key` that the host has, as far as it has come here. For the rules and for words beside what
    /// is told already.
    ///
    /// # Errors
    /// As every statement.
    pub fn last_accepted(&self, key: &ResourceKey) -> Result<Option<ChangeNote>, StoreError> {
        self.read_only(|reader| {
            let sql = "SELECT provenance FROM touched WHERE target = ?1 ORDER BY recorded DESC, provenance DESC";
            let mut statement = reader.prepare_cached(sql)?;
            let mut ids = statement.query([key.to_string()])?;
            while let Some(row) = ids.next()? {
                let provenance = ResourceKey::new(ResourceType::PROVENANCE, &row.get::<_, String>(0)?);
                let head = head::find(reader, &provenance)?.ok_or(StoreError::Damaged)?;
                if !head.unsent {
                    return Ok(ChangeNote::read(&self.codec.unpacker().unpack(head.body.dict, &head.body.bytes)?));
                }
            }
            Ok(None)
        })
    }
}
