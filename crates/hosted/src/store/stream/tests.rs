use std::io::BufReader;

use jiff::civil::date;
use practice::{
    Role,
    audit::{AuditAction, AuditRecord, ChainEntry, FIRST, link},
    ids::{MemberId, PracticeId},
    policy::Zone,
    resource::Envelope,
    wire::{BackupRun, PolicyWish, RunKind},
};

use super::{
    Streamed,
    tables::{LEFT_OUT, TABLES},
};
use crate::{
    data_dir::DataDir,
    demo::{self, DemoSpec},
    store::{
        Asking, NewMember, NewResource, Password, PracticeStore, Run, StoreError,
        db::values,
        tests::{Office, at, office, office_in_a_file, resource},
        time_zone,
    },
};

/// A practice in which every table of the stream has something.
fn busy() -> Office {
    fill(office())
}

/// The same, of `office`.
pub(in crate::store) fn fill(mut office: Office) -> Office {
    let store = &mut office.store;
    let spec = DemoSpec {
        patients: 4,
        providers: 2,
        seed: 7,
        today: date(2026, 11, 23),
        now: 600,
        zone: time_zone("America/New_York").unwrap(),
    };
    let texts: Vec<_> =
        demo::plan(&spec).map(|text| NewResource { key: Envelope::read(&text).unwrap().key, text }).collect();
    store.accept(&texts, at(1)).unwrap();
    store.accept(&texts[..20], at(2)).unwrap();
    store.accept(&[resource("Basic/odd", ",\n \"n\": 1.10, \"s\":\"é\u{1F600}\\u0000\\/\"")], at(3)).unwrap();
    let member = MemberId::parse("m1").unwrap();
    let password = Some(Password::chosen("a long password".into()).unwrap().hash());
    let new = NewMember {
        id: member.clone(),
        email: "a@elm.test",
        name: "Ana",
        role: Role::Admin,
        practitioner: None,
        password,
    };
    store.add_member(new, at(4)).unwrap();
    let code = store.new_enrol_code(at(5)).unwrap();
    let desk = store.enrol(&code.code, "Front", Zone::FrontCounter, at(5)).unwrap().workstation;
    let event = "an event";
    let entry = ChainEntry { seq: 1, prev: FIRST.into(), event: event.into(), hash: link(&desk, 1, FIRST, event) };
    store.take_audit(&desk, &[entry], at(6)).unwrap();
    // A try that nobody ended counts as wrong.
    store.open_try("b@elm.test", "127.0.0.1", &desk, at(8)).unwrap();
    let record = AuditRecord::new(at(9), AuditAction::PolicyChange, None, desk.clone());
    store.change_policy(&PolicyWish { lease_hours: Some(24), ..PolicyWish::from_version(1) }, "Ana", &record).unwrap();
    store.keep_run(&run()).unwrap();
    let asking = Asking { member: member.clone(), workstation: desk.clone(), comment: None, at: at(10) };
    store.ask_deletion(&asking).unwrap();
    let second = "insert into second_factor (member, secret, confirmed, last_step) values ('m1', ?, 5, 6)";
    store.db.execute(second, values![[1u8, 2]]).unwrap();
    store.db.execute("insert into recovery_code (code, member) values (?, 'm1')", values![[3u8]]).unwrap();
    let (life, beside) = (store.epoch().unwrap(), "lost");
    store.live_anew(&record).unwrap();
    let given =
        r#"{"resourceType":"Provenance","id":"c1","meta":{"versionId":"1","lastUpdated":"2026-09-01T00:00:00.000Z"}}"#;
    store.take_back(&format!("{life}.{beside}"), &[given], None, &record).unwrap();
    office
}

fn run() -> Run {
    let told = BackupRun {
        kind: RunKind::Backup,
        at: at(10),
        took_ms: 5,
        kept: "/srv".into(),
        elsewhere: true,
        snapshot: Some("s".into()),
        snapshot_at: Some(at(10)),
        versions: Some(1),
        bytes: Some(2),
        problem: None,
        say: None,
    };
    Run { told, sha256: Some("h".into()) }
}

fn told(store: &PracticeStore) -> (Vec<u8>, Streamed) {
    let mut out = Vec::new();
    let streamed = store.stream(&mut out).unwrap();
    (out, streamed)
}

fn taken(root: &std::path::Path, stream: &[u8]) -> Result<(PracticeStore, Streamed), StoreError> {
    let dir = DataDir::open_or_create(root).unwrap();
    PracticeStore::take_in(&dir, &PracticeId::parse("practice-1").unwrap(), &mut BufReader::new(stream))
}

/// What is made again, without the numbers of its rows.
fn derived(store: &PracticeStore) -> Vec<String> {
    let sql = "select 'r' || kind || id || version || seq || updated || coalesce(patient, '-') || coalesce(status, '-')
               || coalesce(low, 0) || ' ' || coalesce(high, 0) as name from resource
         union all select 't' || t.kind || param || value || r.id from term t join resource r on r.n = t.resource
         union all select 'h' || actor || h.low || h.high || r.id from holding h join resource r on r.n = h.resource
         union all select 'v' || v.seq || r.id from version v join resource r on r.n = v.resource";
    store.db.all(&format!("select name from ({sql}) as rows order by name"), &[], |row| row.get("name")).unwrap()
}

#[test]
fn every_table_and_column_has_a_part_in_the_stream_or_is_left_out_for_a_reason() {
    let store = office_in_a_file().store;
    let sql = "select m.name || '.' || p.name as name from sqlite_master m join pragma_table_info(m.name) p
               where m.type = 'table' and m.name not like 'sqlite_%' order by 1";
    let there: Vec<String> = store.db.all(sql, &[], |row| row.get("name")).unwrap();
    let out = |name: &str| LEFT_OUT.iter().any(|(left, _)| *left == name || name.split('.').next() == Some(left));
    let mut told: Vec<String> = TABLES
        .iter()
        .flat_map(|table| table.columns.iter().map(|(column, _)| format!("{}.{column}", table.name)))
        .collect();
    told.sort();
    let missing: Vec<_> = there.iter().filter(|name| !out(name)).collect();
    assert_eq!(missing, told.iter().collect::<Vec<_>>(), "name it in TABLES, or in LEFT_OUT with the reason");
}

#[test]
fn a_stream_taken_in_gives_the_same_stream_and_what_is_worked_out_is_there_again() {
    let office = busy();
    let (stream, streamed) = told(&office.store);
    let empty: Vec<_> = streamed.counts.iter().filter(|(_, count)| **count == 0).collect();
    assert!(empty.is_empty(), "nothing is shown of {empty:?}");
    let root = tempfile::tempdir().unwrap();
    let (copy, taken) = taken(&root.path().join("copy"), &stream).unwrap();
    assert_eq!(taken, streamed);
    assert!(told(&copy).0 == stream, "byte for byte");
    assert_eq!(derived(&copy), derived(&office.store));
    assert!(derived(&copy).iter().any(|row| row.starts_with('h')), "somebody's time is taken");
    assert!(copy.integrity().unwrap().is_empty());
    assert!(copy.check_audit().unwrap().iter().all(|chain| chain.broken.is_none()));
}

#[test]
fn the_numbers_of_the_feed_go_on_where_they_stood() {
    let mut office = busy();
    let (stream, _) = told(&office.store);
    let root = tempfile::tempdir().unwrap();
    let (mut copy, _) = taken(&root.path().join("copy"), &stream).unwrap();
    let new = [resource("Patient/new", "")];
    let [there, here] = [&mut office.store, &mut copy].map(|store| store.accept(&new, at(20)).unwrap()[0].seq);
    assert_eq!(there, here);
}

#[test]
fn a_stream_that_was_cut_altered_or_put_together_is_refused_and_leaves_nothing() {
    let office = busy();
    let (stream, _) = told(&office.store);
    let lines: Vec<&[u8]> = stream.split_inclusive(|byte| *byte == b'\n').collect();
    let middle = lines.len() / 2;
    let without = [&lines[..middle], &lines[middle + 1..]].concat().concat();
    let twice = [&lines[..middle], &lines[middle - 1..]].concat().concat();
    for (what, bad) in [
        ("no end", lines[..lines.len() - 1].concat()),
        ("half a line", stream[..stream.len() - 5].to_vec()),
        ("a line less", without),
        ("a line twice", twice),
        ("more behind the end", [&stream[..], lines[1]].concat()),
        ("another number in a text", stream.replacen("1.10", "1.11")),
        ("nothing", Vec::new()),
        ("no stream", b"{}\n".to_vec()),
        ("another practice", stream.replacen("practice-1", "practice-2")),
    ] {
        let root = tempfile::tempdir().unwrap();
        let error = taken(&root.path().join("copy"), &bad).err().expect(what).refusal();
        assert_eq!(error.code, practice::Code::BackupDamaged, "{what}: {}", error.say);
        assert_eq!(std::fs::read_dir(root.path().join("copy/practices")).unwrap().count(), 0, "{what}");
    }
    let later = stream.replacen("{\"shadowchart\":1", "{\"shadowchart\":2");
    let root = tempfile::tempdir().unwrap();
    assert!(matches!(taken(&root.path().join("copy"), &later), Err(StoreError::TooNew)));
}

trait Replaced {
    fn replacen(&self, from: &str, to: &str) -> Vec<u8>;
}

impl Replaced for Vec<u8> {
    fn replacen(&self, from: &str, to: &str) -> Vec<u8> {
        String::from_utf8(self.clone()).unwrap().replacen(from, to, 1).into_bytes()
    }
}
