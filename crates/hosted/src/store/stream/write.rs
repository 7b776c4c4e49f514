//! Writing the stream, in one read transaction, a row at a time: a large practice takes no more memory than a small one.

use std::{collections::BTreeMap, io::Write, ops::ControlFlow};

use base64::{Engine, engine::general_purpose::STANDARD};
use practice::ids::PracticeId;

use super::{
    End, FORMAT, Head, Lines, Meter, Streamed, json,
    tables::{As, TABLES, Table},
};
use crate::store::{
    PracticeStore, StoreError, body,
    db::{Db, Row, Value},
    lives,
};

/// Rows that one statement reads: a database on another machine sends them all before the first is seen.
const ROWS: usize = 200;

impl PracticeStore {
    /// Writes the whole practice to `out`, as it is at this moment.
    ///
    /// # Errors
    /// When the store cannot be read or `out` does not take it. What was written until then has no last line.
    pub fn stream(&self, out: &mut dyn Write) -> Result<Streamed, StoreError> {
        self.db.at_one_moment(|| write(&self.db, &self.practice, out))?
    }
}

/// Writes what `db` has of `practice`.
pub(in crate::store) fn write(db: &Db, practice: &PracticeId, out: &mut dyn Write) -> Result<Streamed, StoreError> {
    let mut lines = Lines { out, meter: Meter::default(), line: Vec::new() };
    let mut counts = BTreeMap::new();
    for table in TABLES {
        let sql = format!("select count(*) as rows from {}", table.name);
        let count: i64 = db.the(&sql, &[], |row| row.get("rows"))?;
        counts.insert(table.name.to_owned(), count.unsigned_abs());
    }
    let (practice, life) = (practice.as_str().to_owned(), lives::present(db)?);
    let head = Head { shadowchart: FORMAT, practice, life, counts };
    json(&head, &mut lines.line)?;
    lines.send()?;
    for table in TABLES {
        rows(db, table, &mut lines)?;
    }
    let total = lines.meter.total();
    let sha256 = total.sha256.clone();
    json(&End { end: total }, &mut lines.line)?;
    lines.send()?;
    lines.out.flush()?;
    Ok(Streamed { life: head.life, counts: head.counts, bytes: lines.meter.bytes, sha256 })
}

/// The key of a row, where the next page begins.
enum Key {
    Number(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl Key {
    fn of(row: &Row<'_>, (name, kind): (&str, As)) -> Result<Self, StoreError> {
        Ok(match kind {
            As::Number => Self::Number(row.get(name)?),
            As::Text => Self::Text(row.get(name)?),
            As::Bytes | As::Packed => Self::Bytes(row.get(name)?),
        })
    }

    fn value(&self) -> Value<'_> {
        match self {
            Self::Number(number) => Value::Int(*number),
            Self::Text(text) => Value::Text(text),
            Self::Bytes(bytes) => Value::Blob(bytes),
        }
    }
}

/// Every row of `table`, page by page: each begins behind the key that the page before ended with.
fn rows(db: &Db, table: &Table, lines: &mut Lines<'_>) -> Result<(), StoreError> {
    let names = |columns: &[(&str, As)]| columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let parts = &table.columns[..table.key];
    let (all, key, marks) = (names(table.columns), names(parts), vec!["?"; table.key].join(", "));
    let first = format!("select {all} from {} order by {key} limit {ROWS}", table.name);
    let next = format!("select {all} from {} where ({key}) > ({marks}) order by {key} limit {ROWS}", table.name);
    let (mut behind, mut unpacked): (Vec<Key>, Vec<u8>) = (Vec::new(), Vec::new());
    loop {
        let (mut read, mut last) = (0, None);
        let values: Vec<Value<'_>> = behind.iter().map(Key::value).collect();
        db.each(if behind.is_empty() { &first } else { &next }, &values, |row| {
            read += 1;
            if read == ROWS {
                last = Some(parts.iter().map(|part| Key::of(row, *part)).collect::<Result<_, _>>()?);
            }
            line(table, row, &mut unpacked, &mut lines.line)?;
            lines.send()?;
            Ok(ControlFlow::Continue(()))
        })?;
        drop(values);
        let Some(last) = last else { return Ok(()) };
        behind = last;
    }
}

fn line(table: &Table, row: &Row<'_>, unpacked: &mut Vec<u8>, out: &mut Vec<u8>) -> Result<(), StoreError> {
    out.extend_from_slice(b"{\"");
    out.extend_from_slice(table.name.as_bytes());
    out.extend_from_slice(b"\":{");
    let mut told = 0;
    for (name, kind) in table.columns {
        let before = out.len();
        if told > 0 {
            out.push(b',');
        }
        out.push(b'"');
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b"\":");
        // Nothing is told of what is not there, so that a column that a later version adds changes no old row.
        if value(row, name, *kind, unpacked, out)? { told += 1 } else { out.truncate(before) }
    }
    out.extend_from_slice(b"}}");
    Ok(())
}

/// Whether there is a value.
fn value(row: &Row<'_>, name: &str, kind: As, unpacked: &mut Vec<u8>, out: &mut Vec<u8>) -> Result<bool, StoreError> {
    match kind {
        As::Number => row.get::<Option<i64>>(name)?.map(|number| json(&number, out)),
        As::Text => row.get::<Option<&str>>(name)?.map(|text| json(&text, out)),
        As::Bytes => row.get::<Option<&[u8]>>(name)?.map(|bytes| json(&STANDARD.encode(bytes), out)),
        As::Packed => row.get::<Option<&[u8]>>(name)?.map(|bytes| {
            unpacked.clear();
            body::unpack_onto(bytes, unpacked)?;
            json(&std::str::from_utf8(unpacked).map_err(|_| StoreError::Damaged("a body that is not text"))?, out)
        }),
    }
    .transpose()
    .map(|told| told.is_some())
}
