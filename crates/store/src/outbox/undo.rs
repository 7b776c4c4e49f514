//! What a recent change replaced.

use practice::{ids::ChangeId, resource::ResourceKey};

use crate::{Store, StoreError, body::Body, head};

impl Store {
    /// The texts that `change` replaced here, absent for what it made; empty when it is too long ago or was taken back.
    /// Works also after the host has accepted the change. For the rules only: hands nothing to a screen.
    ///
    /// # Errors
    /// As every statement.
    pub fn replaced_by(&self, change: &ChangeId) -> Result<Vec<(ResourceKey, Option<String>)>, StoreError> {
        self.read_only(|reader| {
            let sql =
                "SELECT type, id, dict, body FROM undo WHERE change = ?1 AND type <> 'Provenance' ORDER BY type, id";
            let mut statement = reader.prepare_cached(sql)?;
            let read = |row: &rusqlite::Row<'_>| {
                let (dict, bytes): (Option<i64>, Option<Vec<u8>>) = (row.get("dict")?, row.get("body")?);
                Ok((head::key(row)?, dict.zip(bytes).map(|(dict, bytes)| Body { dict, bytes })))
            };
            let replaced: Vec<_> = statement.query_map([change.as_str()], read)?.collect::<Result<_, _>>()?;
            let mut unpacker = self.codec.unpacker();
            let unpack = |(key, body): (ResourceKey, Option<Body>)| {
                let text = body.map(|body| unpacker.unpack(body.dict, &body.bytes)).transpose()?;
                Ok((key, text))
            };
            replaced.into_iter().map(unpack).collect()
        })
    }
}
