//! Taking a stream into a store that has nothing yet.

use std::{
    collections::BTreeMap,
    io::{BufRead, Read},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use practice::ids::PracticeId;
use serde_json::{Map, Value as Json};

use super::{
    End, FORMAT, Head, Meter, Streamed, damaged,
    rebuild::rebuild,
    tables::{As, TABLES, Table, VERSION},
};
use crate::store::{
    StoreError, body,
    db::{Db, Dialect, Transaction, Value},
    lives, settings,
};

/// The longest line, in bytes: a resource of the largest size with every character escaped is not as long.
const LONGEST: u64 = 64 * 1024 * 1024;

/// Rows that one transaction takes. Nobody opens the store before all of them are in.
const ROWS: u64 = 20_000;

/// Fills `db`, which has its tables and nothing in them, from `input`; says what came.
///
/// # Errors
/// In words, when the stream was cut or altered, is another practice's, or is of a later version. What was taken until
/// then is of no use.
pub(in crate::store) fn take_in(
    db: &mut Transaction<'_>,
    practice: &PracticeId,
    input: &mut dyn BufRead,
) -> Result<Streamed, StoreError> {
    let mut lines = Input { input, meter: Meter::default(), line: Vec::new() };
    let head = lines.next()?.and_then(|line| serde_json::from_slice::<Head>(line).ok());
    let head = head.ok_or(damaged("This is not the backup of a practice."))?;
    if head.shadowchart > FORMAT {
        return Err(StoreError::TooNew);
    }
    if head.practice != practice.as_str() {
        return Err(damaged("This backup is another practice's."));
    }
    let mut counts: BTreeMap<String, u64> = TABLES.iter().map(|table| (table.name.to_owned(), 0)).collect();
    let sha256 = loop {
        let end = rows(db, &mut lines, &mut counts).map_err(unfit)?;
        db.next_batch().map_err(unfit)?;
        if let Some(sha256) = end {
            break sha256;
        }
    };
    // A table that came later is not in an older stream.
    counts.retain(|name, count| *count > 0 || head.counts.contains_key(name));
    if counts != head.counts {
        return Err(altered());
    }
    if lives::present(db)? != head.life {
        return Err(altered());
    }
    let zone = settings::time_zone(&settings::get(db, settings::TIME_ZONE)?)?;
    db.grown()?;
    rebuild(db, &zone)?;
    db.grown()?;
    Ok(Streamed { life: head.life, counts, bytes: lines.meter.bytes, sha256 })
}

fn altered() -> StoreError {
    damaged("The backup was altered, or cut short.")
}

/// Takes up to [`ROWS`] rows; gives the hash when the last line was reached and is right.
fn rows(db: &Db, lines: &mut Input<'_>, counts: &mut BTreeMap<String, u64>) -> Result<Option<String>, StoreError> {
    for _ in 0..ROWS {
        let before = lines.meter.clone();
        let line = lines.next()?.ok_or_else(altered)?;
        if line.starts_with(b"{\"end\"") {
            let End { end } = serde_json::from_slice(line).map_err(|_| altered())?;
            let total = before.total();
            let right = end.lines == total.lines && end.sha256 == total.sha256 && lines.next()?.is_none();
            return if right { Ok(Some(total.sha256)) } else { Err(altered()) };
        }
        let row: Map<String, Json> = serde_json::from_slice(line).map_err(|_| altered())?;
        let (name, fields) = row.into_iter().next().ok_or_else(altered)?;
        let table = TABLES.iter().find(|table| table.name == name).ok_or(StoreError::TooNew)?;
        let Json::Object(fields) = fields else { return Err(altered()) };
        if let Some(count) = counts.get_mut(table.name) {
            *count += 1;
        }
        take(db, table, &fields)?;
    }
    Ok(None)
}

fn take(db: &Db, table: &Table, fields: &Map<String, Json>) -> Result<(), StoreError> {
    let known = |name: &String| table.columns.iter().any(|(column, _)| column == name);
    if !fields.keys().all(known) {
        return Err(StoreError::TooNew);
    }
    let mut told = Vec::with_capacity(table.columns.len());
    for (name, kind) in table.columns {
        if let Some(value) = fields.get(*name) {
            told.push((*name, Told::read(value, *kind)?));
        }
    }
    let names = told.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let marks = vec!["?"; told.len()].join(", ");
    let mut values: Vec<Value<'_>> = told.iter().map(|(_, value)| value.value()).collect();
    if table.name != VERSION {
        return db.queue(&format!("insert into {} ({names}) values ({marks})", table.name), &values);
    }
    // The last version that comes of each resource is the present one.
    let (key, put) = resource(fields)?;
    match db.dialect() {
        Dialect::Sqlite => {
            db.queue(&format!("{put} on conflict (kind, id) {NEWER}"), &key)?;
            values.extend([key[3], key[4]]);
            let row = "(select n from resource where kind = ? and id = ?)";
            db.queue(&format!("insert into version ({names}, resource) values ({marks}, {row})"), &values)
        }
        // Both at once: how it would look a row up is decided while the tables are empty, and is wrong from then on.
        Dialect::Postgres => {
            let row = format!("with row as ({put} on conflict (practice, kind, id) {NEWER} returning n)");
            let all: Vec<_> = key.into_iter().chain(values).collect();
            db.queue(&format!("{row} insert into version ({names}, resource) select {marks}, n from row"), &all)
        }
    }
}

const NEWER: &str = "do update set version = excluded.version, seq = excluded.seq, updated = excluded.updated";

/// A row that is there already, or lacks what it must have, was never in a practice.
fn unfit(error: StoreError) -> StoreError {
    match &error {
        StoreError::Sql(sql) if sql.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation) => altered(),
        // Class 23: a constraint.
        StoreError::Postgres(Some(state)) if state.starts_with("23") => altered(),
        _ => error,
    }
}

/// What the row in `resource` of a version that comes has, and the statement that puts it there.
fn resource<'a>(fields: &'a Map<String, Json>) -> Result<([Value<'a>; 5], &'static str), StoreError> {
    let text = |name| fields.get(name).and_then(Json::as_str).map(Value::Text).ok_or_else(altered);
    let number = |name| fields.get(name).and_then(Json::as_i64).map(Value::Int).ok_or_else(altered);
    let row = [number("version")?, number("seq")?, number("updated")?, text("kind")?, text("id")?];
    Ok((row, "insert into resource (version, seq, updated, kind, id) values (?, ?, ?, ?, ?)"))
}

/// A value as it goes into a row.
enum Told<'a> {
    Number(i64),
    Text(&'a str),
    Bytes(Vec<u8>),
}

impl<'a> Told<'a> {
    fn read(told: &'a Json, kind: As) -> Result<Self, StoreError> {
        let text = || told.as_str().ok_or_else(altered);
        Ok(match kind {
            As::Number => Self::Number(told.as_i64().ok_or_else(altered)?),
            As::Text => Self::Text(text()?),
            As::Bytes => Self::Bytes(STANDARD.decode(text()?).map_err(|_| altered())?),
            As::Packed => Self::Bytes(body::pack(text()?)?),
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

struct Input<'a> {
    input: &'a mut dyn BufRead,
    meter: Meter,
    line: Vec<u8>,
}

impl Input<'_> {
    /// The next line, whole; none at the end.
    fn next(&mut self) -> Result<Option<&[u8]>, StoreError> {
        self.line.clear();
        self.input.take(LONGEST).read_until(b'\n', &mut self.line)?;
        if self.line.is_empty() {
            return Ok(None);
        }
        if !self.line.ends_with(b"\n") {
            return Err(altered());
        }
        self.meter.line(&self.line);
        Ok(Some(&self.line))
    }
}
