//! One resource.

use practice::{audit::AuditRecord, resource::ResourceKey, time::Stamp};
use rusqlite::Connection;

use crate::{Store, StoreError, body::Codec, head};

/// A resource as it stands here.
#[derive(Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its text.
    pub text: String,
    /// What an edit says it started from. The host's version, or a local name while unsent.
    pub version: String,
    /// When it was last changed.
    pub updated: Stamp,
    /// Whether a local change waits for the host.
    pub unsent: bool,
}

impl Store {
    /// The resource `key`, for a screen.
    ///
    /// # Errors
    /// As every statement; [`StoreError::Damaged`] when its text can't be read.
    pub fn read(&self, key: &ResourceKey, audit: &AuditRecord) -> Result<Option<Stored>, StoreError> {
        self.told(audit, |reader| stored(reader, &self.codec, key))
    }

    /// The resource `key`, for the rules only: what it says reaches no screen by this way.
    ///
    /// # Errors
    /// As [`Store::read`].
    pub fn peek(&self, key: &ResourceKey) -> Result<Option<Stored>, StoreError> {
        self.read_only(|reader| stored(reader, &self.codec, key))
    }
}

pub(super) fn stored(reader: &Connection, codec: &Codec, key: &ResourceKey) -> Result<Option<Stored>, StoreError> {
    let Some(head) = head::find(reader, key)? else { return Ok(None) };
    let text = codec.unpacker().unpack(head.body.dict, &head.body.bytes)?;
    Ok(Some(Stored { text, version: head.version, updated: head::stamp(head.updated)?, unsent: head.unsent }))
}
