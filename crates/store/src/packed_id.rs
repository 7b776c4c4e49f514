//! Ids as they lie in the file: a UUID in its usual form takes 16 bytes, any other id is text. Half of a small row, and
//! of an index on ids, is the id.

use rusqlite::{
    Row, RowIndex, ToSql,
    types::{ToSqlOutput, ValueRef},
};
use uuid::Uuid;

/// An id to be written or looked for.
pub enum PackedId<'a> {
    /// Lower case with four hyphens, and so made again from its bytes letter by letter.
    Uuid([u8; 16]),
    /// As it is.
    Text(&'a str),
}

impl<'a> PackedId<'a> {
    /// How `id` lies in the file.
    pub fn of(id: &'a str) -> Self {
        let mut again = Uuid::encode_buffer();
        match Uuid::try_parse(id) {
            Ok(uuid) if uuid.hyphenated().encode_lower(&mut again) == id => Self::Uuid(uuid.into_bytes()),
            _ => Self::Text(id),
        }
    }

    /// Reads the id in `column` with `parse`, which gets it as it was written.
    pub fn read<T>(row: &Row<'_>, column: impl RowIndex, parse: impl FnOnce(&str) -> Option<T>) -> rusqlite::Result<T> {
        let parsed = match row.get_ref(column)? {
            ValueRef::Blob(bytes) => Uuid::from_slice(bytes)
                .ok()
                .and_then(|uuid| parse(uuid.hyphenated().encode_lower(&mut Uuid::encode_buffer()))),
            value => value.as_str().ok().and_then(parse),
        };
        parsed.ok_or(rusqlite::Error::InvalidQuery)
    }
}

impl ToSql for PackedId<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Uuid(bytes) => ValueRef::Blob(bytes),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    #[test]
    fn every_id_comes_back_letter_for_letter_and_only_a_usual_uuid_is_bytes() {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch("CREATE TABLE t (id ANY NOT NULL PRIMARY KEY) STRICT").unwrap();
        let ids = [
            ("8b2c6c0e-0000-4000-8000-00000000000a", "blob"),
            ("8B2C6C0E-0000-4000-8000-00000000000A", "text"),
            ("8b2c6c0e00004000800000000000000a", "text"),
            ("smith-1", "text"),
            ("1234567890123456", "text"),
            ("1", "text"),
        ];
        for (id, kind) in ids {
            db.execute("INSERT INTO t VALUES (?1)", [PackedId::of(id)]).unwrap();
            let read = |row: &Row<'_>| Ok((PackedId::read(row, "id", |id| Some(id.to_owned()))?, row.get("kind")?));
            let sql = "SELECT id, typeof(id) AS kind FROM t WHERE id = ?1";
            let found: (String, String) = db.query_row(sql, [PackedId::of(id)], read).unwrap();
            assert_eq!(found, (id.to_owned(), kind.to_owned()));
        }
    }
}
