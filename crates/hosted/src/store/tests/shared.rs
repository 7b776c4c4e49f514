//! What holds of PostgreSQL alone: practices lie beside one another there, and several hosts write at once.

use std::{collections::BTreeSet, thread};

use practice::{ids::PracticeId, resource::ResourceKey};
use sha2::{Digest, Sha256};

use super::{super::stream::tests::fill, at, office_in_a_file, office_on, postgres::Server, resource};
use crate::{
    data_dir::DataDir,
    store::{Db, NewPractice, PracticeStore, StoreError, db::values},
};

fn columns(db: &Db, tables: &str, columns: &str) -> BTreeSet<(String, String)> {
    let tables = db.all(tables, &[], |row| row.get::<String>("name")).unwrap();
    tables
        .into_iter()
        .flat_map(|table| {
            let names = db.all(columns, values![table], |row| row.get::<String>("name")).unwrap();
            names.into_iter().map(move |name| (table.clone(), name))
        })
        .collect()
}

#[test]
fn both_databases_have_the_same_tables_and_columns_and_postgresql_shuts_each() {
    let server = Server::start();
    let (file, shared) = (office_in_a_file(), office_on(Some(server.database())));
    let in_files = columns(
        &file.store.db,
        "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'",
        "select name from pragma_table_info(?)",
    );
    let in_postgres = columns(
        &shared.store.db,
        "select tablename as name from pg_tables where schemaname = 'public'
         and tablename not in ('practice', 'refinery_schema_history')",
        "select column_name as name from information_schema.columns where table_name = ? and column_name <> 'practice'",
    );
    assert_eq!(
        in_files, in_postgres,
        "each step in migrations/hosted/sqlite has its twin in migrations/hosted/postgres"
    );
    let open = "select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
        and not (relrowsecurity and relforcerowsecurity) order by relname";
    let open: Vec<String> = shared.store.db.all(open, &[], |row| row.get("name")).unwrap();
    assert_eq!(open, ["practice", "refinery_schema_history"]);
}

#[test]
fn one_practices_rows_are_not_there_for_another_whatever_the_statement() {
    let server = Server::start();
    let mut elm = office_on(Some(server.database()));
    elm.store.accept(&[resource("Patient/p", r#","active":true"#)], at(1)).unwrap();
    let new = NewPractice { id: PracticeId::parse("oak").unwrap(), name: "Oak", time_zone: "UTC", at: at(0) };
    let mut oak = PracticeStore::create(&elm.dir, &new).unwrap();
    let rows = |store: &PracticeStore| -> i64 {
        store.db.the("select count(*) as number from version", &[], |row| row.get("number")).unwrap()
    };
    assert_eq!((rows(&elm.store), rows(&oak)), (1, 0));
    let key = ResourceKey::parse("Patient/p").unwrap();
    assert!(elm.store.read(&key).unwrap().is_some());
    assert!(oak.read(&key).unwrap().is_none());
    let elms = "practice-1";
    for statement in [
        "select * from resource where practice = ?",
        "update resource set patient = null where practice = ? returning n",
        "delete from setting where practice = ? returning name",
        "update version set practice = the_practice() where practice = ? returning seq",
    ] {
        let db = oak.db.begin().unwrap();
        assert!(!db.exists(statement, values![elms]).unwrap(), "{statement}");
    }
    let db = oak.db.begin().unwrap();
    let forged = db.execute("insert into setting (practice, name, value) values (?, 'x', 'y')", values![elms]);
    assert!(matches!(forged, Err(StoreError::Postgres(Some(state))) if state == "42501"));
    drop(db);
    // Both count their rows from one.
    assert_eq!(oak.accept(&[resource("Patient/q", "")], at(2)).unwrap()[0].seq, 1);
    assert_eq!((rows(&elm.store), rows(&oak)), (1, 1));
}

#[test]
fn a_stream_moves_a_practice_from_a_file_into_postgresql_and_back_byte_for_byte() {
    let server = Server::start();
    let there = fill(office_in_a_file());
    let told = |store: &PracticeStore| {
        let mut out = Vec::new();
        store.stream(&mut out).unwrap();
        out
    };
    let before = told(&there.store);
    let root = tempfile::tempdir().unwrap();
    let folder = |name: &str| DataDir::open_or_create(&root.path().join(name)).unwrap();
    let id = there.store.practice();
    let database = folder("database").on(&server.database()).unwrap();
    let (shared, _) = PracticeStore::take_in(&database, id, &mut &before[..]).unwrap();
    let between = told(&shared);
    assert!(between == before, "in PostgreSQL");
    let (back, _) = PracticeStore::take_in(&folder("file"), id, &mut &between[..]).unwrap();
    assert!(told(&back) == before, "back in a file");
}

/// `stream` with another life in its head, and an end that fits.
fn of_another_life(stream: &[u8]) -> Vec<u8> {
    let mut lines: Vec<String> =
        String::from_utf8(stream.to_vec()).unwrap().lines().map(|l| format!("{l}\n")).collect();
    lines.pop();
    let head = lines[0].split_once("\"life\":\"").unwrap();
    lines[0] = format!("{}\"life\":\"x{}", head.0, head.1);
    let sha256: String = Sha256::digest(lines.concat()).iter().map(|byte| format!("{byte:02x}")).collect();
    lines.push(format!("{{\"end\":{{\"lines\":{},\"sha256\":\"{sha256}\"}}}}\n", lines.len()));
    lines.concat().into_bytes()
}

#[test]
fn a_restore_into_postgresql_begins_a_life_and_one_that_is_not_whole_changes_nothing() {
    let server = Server::start();
    let mut office = fill(office_on(Some(server.database())));
    let mut stream = Vec::new();
    office.store.stream(&mut stream).unwrap();
    office.store.accept(&[resource("Patient/later", "")], at(30)).unwrap();
    let (id, life) = (office.store.practice().clone(), office.store.epoch().unwrap());
    let later = ResourceKey::parse("Patient/later").unwrap();
    // One that ends too soon, and one that is found to be wrong when all of its rows are in.
    for bad in [stream[..stream.len() - 10].to_vec(), of_another_life(&stream)] {
        assert!(PracticeStore::put_back(&office.dir, &id, &mut &bad[..], at(40), "then").is_err());
        assert!(office.store.read(&later).unwrap().is_some());
        assert_eq!(office.store.epoch().unwrap(), life);
    }
    // Somebody is signed in.
    let desk: String = office.store.db.the("select id from workstation limit 1", &[], |row| row.get("id")).unwrap();
    let family = "insert into token_family (id, member, workstation, key, expires) values ('f', 'm1', ?, 'k', 1)";
    office.store.db.execute(family, values![desk]).unwrap();
    office.store.db.execute("insert into refresh_token (token, family) values (?, 'f')", values![[1u8]]).unwrap();
    let back = PracticeStore::put_back(&office.dir, &id, &mut &stream[..], at(40), "then").unwrap();
    assert_eq!(office.store.epoch().unwrap(), back.life);
    assert!(practice::life::comes_from(&back.life, &life) && life != back.life);
    assert!(office.store.read(&later).unwrap().is_none());
}

#[test]
fn whichever_host_writes_numbers_come_in_the_order_in_which_they_can_be_seen() {
    const EACH: usize = 40;
    let server = Server::start();
    let office = office_on(Some(server.database()));
    let practice = office.store.practice().clone();
    let reader = PracticeStore::reader(&office.dir, &practice).unwrap();
    let seen = thread::scope(|scope| {
        let writers: Vec<_> = (0..3)
            .map(|writer| {
                let mut store = PracticeStore::open(&office.dir, &practice).unwrap();
                scope.spawn(move || {
                    for number in 0..EACH {
                        store.accept(&[resource(&format!("Patient/w{writer}-{number}"), "")], at(1)).unwrap();
                    }
                })
            })
            .collect();
        let (mut last, mut seen, mut done) = (0, Vec::new(), false);
        while !done {
            done = writers.iter().all(|writer| writer.is_finished());
            reader
                .feed(last, 1000, |row| {
                    last = row.seq;
                    seen.push(row.seq);
                    Ok(std::ops::ControlFlow::Continue(()))
                })
                .unwrap();
        }
        seen
    });
    assert_eq!(seen, (1..=3 * EACH as i64).collect::<Vec<_>>(), "none appears behind one that was seen");
}

#[test]
fn a_folder_that_is_closed_leaves_no_connection_behind() {
    let server = Server::start();
    let office = office_on(Some(server.database()));
    let connections = || -> i64 {
        let sql = "select count(*) as number from pg_stat_activity where datname = current_database()";
        office.store.db.the(sql, &[], |row| row.get("number")).unwrap()
    };
    // Its own connection and its listener's.
    while connections() != 2 {
        thread::yield_now();
    }
    for _ in 0..5 {
        drop(DataDir::open(&office.root.path().join("data")).unwrap());
    }
    while connections() != 2 {
        thread::yield_now();
    }
}

#[test]
fn each_host_hears_of_each_commit() {
    let server = Server::start();
    let mut office = office_on(Some(server.database()));
    let elsewhere = DataDir::open(&office.root.path().join("data")).unwrap();
    let there = PracticeStore::reader(&elsewhere, office.store.practice()).unwrap();
    // The first could be news because listening began.
    for _ in 0..5 {
        let before = there.data_version().unwrap();
        office.store.accept(&[resource("Patient/p", "")], at(1)).unwrap();
        while there.data_version().unwrap() == before {
            thread::yield_now();
        }
    }
}
