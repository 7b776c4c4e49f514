//! Throwing projections away and making them again from `resource`.

use rusqlite::Connection;

use super::{GENERATION, MADE_OF, TABLES, add};
use crate::{Store, StoreError, body::Codec, compartment, head, meta};

impl Store {
    /// Makes every projection again, in one transaction.
    ///
    /// # Errors
    /// As every statement; [`StoreError::Damaged`] when a text can't be read.
    pub fn rebuild_projections(&self) -> Result<(), StoreError> {
        self.write(|writer| rebuild(writer, &self.codec))
    }
}

fn rebuild(writer: &Connection, codec: &Codec) -> Result<(), StoreError> {
    for table in TABLES {
        writer.execute(&format!("DELETE FROM {table}"), [])?;
    }
    let kinds = MADE_OF.map(|kind| format!("'{kind}'")).join(", ");
    let sql = format!("SELECT compartment, type, id, unsent, dict, body FROM resource WHERE type IN ({kinds})");
    let mut statement = writer.prepare(&sql)?;
    let mut rows = statement.query([])?;
    let mut unpacker = codec.unpacker();
    while let Some(row) = rows.next()? {
        let bytes = row.get_ref("body")?.as_blob().map_err(|_| StoreError::Damaged)?;
        let text = unpacker.unpack(row.get("dict")?, bytes)?;
        add(writer, &head::key(row)?, compartment::of(row)?, &text, row.get("unsent")?)?;
    }
    meta::set(writer, meta::PROJECTIONS, &GENERATION.to_string())
}
