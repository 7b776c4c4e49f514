//! A first sync against a bare insert of the same rows, and the size of the file against the JSON.

use std::{
    error::Error,
    path::Path,
    time::{Duration, Instant},
};

use practice::resource::Envelope;
use rusqlite::params;
use store::{Incoming, Page};

use crate::{Outcome, office, table::Table};

const ROWS: usize = 50_000;
const ROUNDS: usize = 3;

pub fn run(table: &mut Table, texts: &[String]) -> Outcome {
    let texts = &texts[..texts.len().min(ROWS)];
    let json: u64 = texts.iter().map(|text| text.len() as u64).sum();
    let (mut bare, mut ours, mut size) = (Duration::MAX, Duration::MAX, 0);
    for _ in 0..ROUNDS {
        let dir = tempfile::tempdir()?;
        bare = bare.min(bare_insert(&dir.path().join("bare.db"), texts)?);
        let path = dir.path().join("ours.db");
        ours = ours.min(take_in(&path, texts)?);
        // Closing folds the log into the file.
        size = std::fs::metadata(&path)?.len();
    }
    let rate = |time: Duration| format!("{:.0} resources/s", texts.len() as f64 / time.as_secs_f64());
    table.note("bare SQLCipher insert", rate(bare));
    table.note("take_page", rate(ours));
    table.note(
        "take_page against a bare insert, on one core",
        format!("{:.2}", bare.as_secs_f64() / ours.as_secs_f64()),
    );
    table.ratio_at_most("file size against JSON", size as f64 / json as f64, 0.4);
    Ok(())
}

fn bare_insert(path: &Path, texts: &[String]) -> Result<Duration, Box<dyn Error>> {
    let mut connection = office::encrypted(path)?;
    connection
        .execute_batch("CREATE TABLE resource (type TEXT, id TEXT, version TEXT, body TEXT, PRIMARY KEY (type, id))")?;
    let envelopes: Vec<Envelope> = texts.iter().filter_map(|text| Envelope::read(text).ok()).collect();
    let start = Instant::now();
    let transaction = connection.transaction()?;
    {
        let mut statement = transaction.prepare("INSERT INTO resource VALUES (?1, ?2, '1', ?3)")?;
        for (envelope, text) in envelopes.iter().zip(texts) {
            statement.execute(params![envelope.key.kind.as_str(), envelope.key.id.as_str(), text])?;
        }
    }
    transaction.commit()?;
    Ok(start.elapsed())
}

fn take_in(path: &Path, texts: &[String]) -> Result<Duration, Box<dyn Error>> {
    let store = office::open(path)?;
    store.set_epoch("e")?;
    let pages: Vec<Vec<Incoming<'_>>> = texts.chunks(office::PAGE).map(office::rows).collect::<Result<_, _>>()?;
    let start = Instant::now();
    for rows in &pages {
        store.take_page(&Page { rows, cursor: "c", epoch: "e" })?;
    }
    Ok(start.elapsed())
}
