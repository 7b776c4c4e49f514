//! What to send next.

use practice::{ids::ChangeId, text, time::Stamp};
use rusqlite::{Connection, OptionalExtension};

use super::number;
use crate::{Store, StoreError, body::Unpacker};

/// An entry that may be sent now.
pub struct Entry {
    /// The change; the host answers the same to the same change.
    pub change: ChangeId,
    /// The transaction Bundle (<https://hl7.org/fhir/R4/http.html#transaction>).
    pub bundle: String,
    /// How often it was tried.
    pub tries: u32,
    /// How often the host itself failed at it.
    pub failures: u32,
}

impl Store {
    /// The oldest entry that is due, is not set aside, and shares no resource with an earlier queued entry. From now on it
    /// counts as sent, until the host has answered: whatever becomes of the line or the program, its text stays.
    ///
    /// # Errors
    /// As every statement.
    pub fn outbox_next(&self, now: Stamp) -> Result<Option<Entry>, StoreError> {
        if self.read_only(|reader| due(reader, now))?.is_none() {
            return Ok(None);
        }
        self.write(|writer| {
            let Some(Due { seq, change, tries, failures }) = due(writer, now)? else { return Ok(None) };
            writer.prepare_cached("UPDATE outbox SET sent = 1 WHERE seq = ?1")?.execute([seq])?;
            let bundle = bundle(writer, &mut self.codec.unpacker(), seq)?;
            Ok(Some(Entry { change: ChangeId::parse(&change).ok_or(StoreError::Damaged)?, bundle, tries, failures }))
        })
    }

    /// Whether [`Self::outbox_next`] would give one.
    pub fn outbox_waits(&self, now: Stamp) -> Result<bool, StoreError> {
        Ok(self.read_only(|reader| due(reader, now))?.is_some())
    }
}

struct Due {
    seq: i64,
    change: String,
    tries: u32,
    failures: u32,
}

fn due(reader: &Connection, now: Stamp) -> Result<Option<Due>, StoreError> {
    // An earlier entry blocks, whatever its state: this one was written on top of it.
    let sql = "SELECT seq, change, tries, failures FROM outbox AS mine
        WHERE aside_code IS NULL AND due <= ?1 AND NOT EXISTS (
            SELECT 1 FROM outbox_item AS item JOIN outbox_item AS earlier
                ON earlier.type = item.type AND earlier.id = item.id AND earlier.seq < item.seq
            WHERE item.seq = mine.seq)
        ORDER BY seq LIMIT 1";
    let mut statement = reader.prepare_cached(sql)?;
    let read = |row: &rusqlite::Row<'_>| {
        let (seq, change) = (row.get("seq")?, row.get("change")?);
        Ok(Due { seq, change, tries: row.get("tries")?, failures: row.get("failures")? })
    };
    Ok(statement.query_row([now.millis()], read).optional()?)
}

impl Store {
    /// What `change` sends, whether or not it is due; `None` when it does not wait any more.
    ///
    /// # Errors
    /// As every statement.
    pub fn outbox_bundle(&self, change: &str) -> Result<Option<String>, StoreError> {
        self.read_only(|reader| match number(reader, change)? {
            Some(seq) => bundle(reader, &mut self.codec.unpacker(), seq).map(Some),
            None => Ok(None),
        })
    }
}

/// The texts word for word, each with the version it replaces.
fn bundle(reader: &Connection, unpacker: &mut Unpacker, seq: i64) -> Result<String, StoreError> {
    let sql =
        "SELECT type, id, base, dict, body FROM outbox_item WHERE seq = ?1 ORDER BY type = 'Provenance', type, id";
    let mut statement = reader.prepare_cached(sql)?;
    let mut rows = statement.query([seq])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        let (kind, id): (String, String) = (row.get("type")?, row.get("id")?);
        let base: Option<String> = row.get("base")?;
        let bytes = row.get_ref("body")?.as_blob().map_err(|_| StoreError::Damaged)?;
        let resource = unpacker.unpack(row.get("dict")?, bytes)?;
        let url = text::quote(&format!("{kind}/{id}"));
        let condition = match base {
            Some(version) => format!("\"ifMatch\":{}", text::quote(&format!("W/\"{version}\""))),
            None => "\"ifNoneMatch\":\"*\"".to_owned(),
        };
        entries
            .push(format!("{{\"resource\":{resource},\"request\":{{\"method\":\"PUT\",\"url\":{url},{condition}}}}}"));
    }
    Ok(format!("{{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[{}]}}", entries.join(",")))
}
