//! What no host can be faster than: two rows written and committed, one pair after the other, without anything else.

use std::{
    error::Error,
    time::{Duration, Instant},
};

use rusqlite::Connection;
use tokio_postgres::NoTls;

/// A resource's text, more or less.
const ROW: [u8; 700] = [b'x'; 700];

/// How long it is tried.
const LONG: Duration = Duration::from_secs(2);

const TABLE: &str = "create table bare (n integer primary key, body varchar not null)";

fn file(folder: &std::path::Path) -> Result<Connection, Box<dyn Error>> {
    let db = Connection::open(folder.join("bare.db"))?;
    db.execute_batch("pragma key = 'bare'; pragma journal_mode = wal; pragma synchronous = full;")?;
    db.execute_batch(TABLE)?;
    Ok(db)
}

/// How long so many rows take in one table of such a file, with one commit.
pub fn insert(rows: u64) -> Result<Duration, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let (mut db, text) = (file(folder.path())?, std::str::from_utf8(&ROW)?);
    let begun = Instant::now();
    let all = db.transaction()?;
    for n in 0..i64::try_from(rows)? {
        all.prepare_cached("insert into bare values (?, ?)")?.execute((n, text))?;
    }
    all.commit()?;
    Ok(begun.elapsed())
}

/// Commits a second in a file as the host's are.
pub fn in_a_file() -> Result<f64, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let (db, text) = (file(folder.path())?, std::str::from_utf8(&ROW)?);
    let (begun, mut done) = (Instant::now(), 0);
    while begun.elapsed() < LONG {
        db.execute_batch("begin immediate")?;
        for n in [2 * done, 2 * done + 1] {
            db.prepare_cached("insert into bare values (?, ?)")?.execute((n, text))?;
        }
        db.execute_batch("commit")?;
        done += 1;
    }
    Ok(done as f64 / begun.elapsed().as_secs_f64())
}

/// Commits a second in PostgreSQL, as its owner: the host's role makes no tables.
pub fn in_a_database(database: &str) -> Result<f64, Box<dyn Error>> {
    let database = database.replace("user=host", "user=owner");
    tokio::runtime::Runtime::new()?.block_on(async {
        let (client, connection) = tokio_postgres::connect(&database, NoTls).await?;
        let connection = tokio::spawn(connection);
        client.batch_execute(TABLE).await?;
        let insert = client.prepare("insert into bare values ($1, $2)").await?;
        let text = std::str::from_utf8(&ROW)?;
        let (begun, mut done) = (Instant::now(), 0_i32);
        while begun.elapsed() < LONG {
            client.batch_execute("begin").await?;
            for n in [2 * done, 2 * done + 1] {
                client.execute(&insert, &[&n, &text]).await?;
            }
            client.batch_execute("commit").await?;
            done += 1;
        }
        let took = begun.elapsed();
        drop(client);
        connection.await??;
        Ok(f64::from(done) / took.as_secs_f64())
    })
}
