//! A store in a folder of its own, and short words for what tests do with it.

use std::path::{Path, PathBuf};

use practice::{
    audit::{AuditAction, AuditRecord},
    ids::{ChangeId, MemberId, WorkstationId},
    provenance::ChangeNote,
    resource::ResourceKey,
    time::Stamp,
};
use rusqlite::{Connection, types::Value};
use store::{Accepted, Incoming, NewText, Page, Store, StoreError, Write};
use tempfile::TempDir;

pub struct World {
    pub store: Store,
    path: PathBuf,
    _dir: TempDir,
}

/// As the vault hands them out, with a key that guards nothing.
pub fn connect(path: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open(path)?;
    let key = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    connection.execute_batch(&format!(
        "PRAGMA key = \"x'{key}'\"; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
         PRAGMA busy_timeout = 5000;"
    ))?;
    Ok(connection)
}

pub fn open(path: &Path) -> Result<Store, StoreError> {
    Store::open(&|| connect(path))
}

/// The moment `minute` minutes into the tests' day.
pub fn at(minute: i64) -> Stamp {
    Stamp::from_millis(1_795_000_200_000 + minute * 60_000).unwrap()
}

pub fn key(reference: &str) -> ResourceKey {
    ResourceKey::parse(reference).unwrap()
}

pub fn change(id: &str) -> ChangeId {
    ChangeId::parse(id).unwrap()
}

pub fn record() -> AuditRecord {
    let workstation = WorkstationId::parse("w1").unwrap();
    AuditRecord::new(at(0), AuditAction::Read, MemberId::parse("m1"), workstation)
}

/// A resource of `reference` with `rest` behind its id.
pub fn text(reference: &str, rest: &str) -> String {
    let key = key(reference);
    let comma = if rest.is_empty() { "" } else { "," };
    format!(r#"{{"resourceType":"{}","id":"{}"{comma}{rest}}}"#, key.kind, key.id)
}

pub fn appointment(id: &str, start: i64, minutes: i64, status: &str) -> String {
    let rest = format!(
        r#""status":"{status}","start":"{}","end":"{}","description":"Check up",
        "participant":[{{"actor":{{"reference":"Patient/p1"}}}},{{"actor":{{"reference":"Practitioner/d1"}}}}]"#,
        at(start),
        at(start + minutes)
    );
    text(&format!("Appointment/{id}"), &rest)
}

pub fn patient(id: &str, family: &str, given: &str, more: &str) -> String {
    let comma = if more.is_empty() { "" } else { "," };
    text(&format!("Patient/{id}"), &format!(r#""name":[{{"family":"{family}","given":["{given}"]}}]{comma}{more}"#))
}

/// What came of a call about `about`, `minute` minutes into the tests' day.
pub fn call(id: &str, about: &str, minute: i64, outcome: &str) -> String {
    let rest = format!(
        r#""status":"completed","statusReason":{{"coding":[{{"system":"urn:shadowchart:call","code":"{outcome}"}}]}},
        "about":[{{"reference":"{about}"}}],"subject":{{"reference":"Patient/p1"}},"sent":"{}",
        "sender":{{"display":"Rosa Desk"}}"#,
        at(minute)
    );
    text(&format!("Communication/{id}"), &rest)
}

/// Patient p1, due on the day `due`.
pub fn recall(id: &str, status: &str, due: &str) -> String {
    let rest = format!(
        r#""status":"{status}","code":{{"coding":[{{"system":"urn:shadowchart:task","code":"recall"}}]}},
        "for":{{"reference":"Patient/p1"}},"restriction":{{"period":{{"end":"{due}"}}}}"#
    );
    text(&format!("Task/{id}"), &rest)
}

pub fn provenance(id: &str, target: &str) -> String {
    let note = ChangeNote {
        id: change(id),
        at: at(1),
        member: MemberId::parse("m1").unwrap(),
        member_name: "Front Desk One".into(),
        workstation: WorkstationId::parse("w1").unwrap(),
        workstation_name: String::new(),
        targets: vec![key(target)],
        activity: "changed".into(),
        comment: None,
    };
    note.to_fhir()
}

impl World {
    pub fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("vault.db");
        let store = open(&path).unwrap();
        store.set_epoch("e1").unwrap();
        Self { store, path, _dir: dir }
    }

    /// A connection past the store, to look and to do harm.
    pub fn sql(&self) -> Connection {
        connect(&self.path).unwrap()
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Takes in `(reference, version, text)`, an absent text being a deletion.
    pub fn pull(&self, rows: &[(&str, &str, Option<&str>)]) -> Result<store::Taken, StoreError> {
        let rows: Vec<Incoming<'_>> = rows
            .iter()
            .map(|(reference, version, text)| Incoming {
                key: key(reference),
                version,
                updated: at(version.parse().unwrap_or(0)),
                life: None,
                text: *text,
            })
            .collect();
        self.store.take_page(&Page { rows: &rows, cursor: "c", epoch: "e1" })
    }

    /// Commits a change of one resource.
    pub fn edit(&self, id: &str, reference: &str, text: &str, base: Option<&str>) -> Result<(), StoreError> {
        let resources = [NewText { key: key(reference), text, base }];
        self.store.commit(&Write {
            change: &change(id),
            at: at(1),
            member: &MemberId::parse("m1").unwrap(),
            resources: &resources,
            provenance: &provenance(id, reference),
            what: "Changed something",
            audit: &[record()],
        })
    }

    /// The host accepts change `id` of one resource as `version`.
    pub fn accept(&self, id: &str, reference: &str, version: &str, text: &str) -> Result<bool, StoreError> {
        let note = provenance(id, reference);
        let updated = at(version.parse().unwrap_or(0));
        let accepted = [
            Accepted { key: key(reference), version, updated, text },
            Accepted { key: key(&format!("Provenance/{id}")), version: "1", updated, text: &note },
        ];
        self.store.acknowledge(&change(id), &accepted)
    }

    pub fn text_of(&self, reference: &str) -> Option<String> {
        self.store.peek(&key(reference)).unwrap().map(|stored| stored.text)
    }

    pub fn version_of(&self, reference: &str) -> String {
        self.store.peek(&key(reference)).unwrap().unwrap().version
    }

    /// The change that would be sent next, and its bundle.
    pub fn next(&self) -> Option<(String, String)> {
        let entry = self.store.outbox_next(at(0)).unwrap()?;
        Some((entry.change.to_string(), entry.bundle))
    }

    /// Every row of `table`, as text, sorted.
    pub fn dump(&self, table: &str) -> Vec<String> {
        let sql = self.sql();
        let mut statement = sql.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = statement.column_count();
        let read = |row: &rusqlite::Row<'_>| {
            let values: rusqlite::Result<Vec<Value>> = (0..columns).map(|column| row.get(column)).collect();
            values.map(|values| format!("{values:?}"))
        };
        let mut rows: Vec<String> = statement.query_map([], read).unwrap().map(Result::unwrap).collect();
        rows.sort();
        rows
    }

    /// Every table of the store.
    pub fn tables(&self) -> Vec<String> {
        let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
        let connection = self.sql();
        let mut statement = connection.prepare(sql).unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    /// Everything in the file.
    pub fn dump_all(&self) -> Vec<(String, Vec<String>)> {
        self.tables().into_iter().map(|table| (table.clone(), self.dump(&table))).collect()
    }
}
