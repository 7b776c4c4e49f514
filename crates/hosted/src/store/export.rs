//! Everything that the practice owns, as FHIR: each record, who the members and computers are, and the audit trail. No
//! password, token or key is in it.

use std::{io::Write, ops::ControlFlow};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value as Json, json};

use super::{
    PracticeStore, StoreError, body,
    db::{Db, Row, Value, values},
};

/// Rows that one statement reads.
const ROWS: usize = 200;

/// What was given out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// Records: versions, if the history was wanted.
    pub resources: u64,
    /// Entries of the audit trail.
    pub audit_events: u64,
}

impl PracticeStore {
    /// Writes the practice to `out` as it is at this moment, a FHIR resource a line; with `history`, every version of each.
    ///
    /// # Errors
    /// When the store can't be read, or `out` does not take it.
    pub fn export(&self, history: bool, out: &mut dyn Write) -> Result<Exported, StoreError> {
        self.db.at_one_moment(|| {
            let mut done = Exported::default();
            people(&self.db, out)?;
            records(&self.db, history, out, &mut done)?;
            trail(&self.db, out, &mut done)?;
            out.flush()?;
            Ok(done)
        })?
    }
}

/// Whom records and audit trail name by an id alone. What the practice keeps itself under that id goes before.
fn people(db: &Db, out: &mut dyn Write) -> Result<(), StoreError> {
    let kept = |kind: &str, id: &str| db.exists("select 1 from resource where kind = ? and id = ?", values![kind, id]);
    let members = db.all("select id, name, email, stopped from member order by id", &[], |row| {
        let stopped: Option<i64> = row.get("stopped")?;
        Ok(json!({
            "resourceType": "Person", "id": row.get::<&str>("id")?, "active": stopped.is_none(),
            "identifier": [{"system": practice::MEMBER_SYSTEM, "value": row.get::<&str>("id")?}],
            "name": [{"text": row.get::<&str>("name")?}],
            "telecom": [{"system": "email", "value": row.get::<&str>("email")?}],
        }))
    })?;
    let computers = db.all("select id, name, stopped from workstation order by id", &[], |row| {
        let stopped: Option<i64> = row.get("stopped")?;
        Ok(json!({
            "resourceType": "Device", "id": row.get::<&str>("id")?,
            "identifier": [{"system": practice::WORKSTATION_SYSTEM, "value": row.get::<&str>("id")?}],
            "status": if stopped.is_none() { "active" } else { "inactive" },
            "deviceName": [{"name": row.get::<&str>("name")?, "type": "user-friendly-name"}],
        }))
    })?;
    for one in members.iter().chain(&computers) {
        let word = |name: &str| one.get(name).and_then(Json::as_str).unwrap_or_default();
        if !kept(word("resourceType"), word("id"))? {
            writeln!(out, "{one}")?;
        }
    }
    Ok(())
}

fn records(db: &Db, history: bool, out: &mut dyn Write, done: &mut Exported) -> Result<(), StoreError> {
    let present =
        if history { "" } else { "and exists (select 1 from resource r where r.n = v.resource and r.seq = v.seq)" };
    let sql = format!("select v.seq, v.body from version v where v.seq > ? {present} order by v.seq limit {ROWS}");
    let mut behind = 0_i64;
    let mut text = Vec::new();
    pages(|| {
        let (mut read, mut last) = (0, behind);
        db.each(&sql, values![behind], |row| {
            (last, read) = (row.get("seq")?, read + 1);
            text.clear();
            body::unpack_onto(row.get("body")?, &mut text)?;
            line(&mut text, out)?;
            Ok(ControlFlow::Continue(()))
        })?;
        behind = last;
        done.resources += read as u64;
        Ok(read)
    })
}

fn trail(db: &Db, out: &mut dyn Write, done: &mut Exported) -> Result<(), StoreError> {
    let sql = format!(
        "select workstation, seq, event from audit_entry where (workstation, seq) > (?, ?)
         order by workstation, seq limit {ROWS}"
    );
    let (mut of, mut behind) = (String::new(), 0_i64);
    pages(|| {
        let (mut read, mut last) = (0, None);
        db.each(&sql, &[Value::Text(&of), Value::Int(behind)], |row| {
            read += 1;
            last = Some((row.get::<String>("workstation")?, row.get::<i64>("seq")?));
            line(&mut event(row)?, out)?;
            Ok(ControlFlow::Continue(()))
        })?;
        if let Some(last) = last {
            (of, behind) = last;
        }
        done.audit_events += read as u64;
        Ok(read)
    })
}

/// The entry's event. A computer could have written something else: then that, as it is.
fn event(row: &Row<'_>) -> Result<Vec<u8>, StoreError> {
    let text = body::unpack(row.get("event")?)?;
    let is_event = serde_json::from_str::<Json>(&text).is_ok_and(|event| event["resourceType"] == "AuditEvent");
    Ok(if is_event {
        text.into_bytes()
    } else {
        let data = STANDARD.encode(text);
        json!({"resourceType": "Binary", "contentType": "text/plain", "data": data}).to_string().into_bytes()
    })
}

/// A line break between two words of JSON means no more than a blank.
fn line(text: &mut Vec<u8>, out: &mut dyn Write) -> Result<(), StoreError> {
    for byte in text.iter_mut().filter(|byte| matches!(byte, b'\n' | b'\r')) {
        *byte = b' ';
    }
    text.push(b'\n');
    Ok(out.write_all(text)?)
}

/// Asks for pages until one is not full.
fn pages(mut page: impl FnMut() -> Result<usize, StoreError>) -> Result<(), StoreError> {
    while page()? == ROWS {}
    Ok(())
}
