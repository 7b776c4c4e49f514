//! A cold chart against plain SQLite with raw JSON in the order it came, doing the same work.

use std::{
    error::Error,
    path::Path,
    time::{Duration, Instant},
};

use practice::{
    audit::AuditAction,
    chart::{Chart, Source},
    ids::PatientId,
    resource::{Envelope, ResourceKey, ResourceType},
    views::{AppointmentView, PatientView},
};
use rusqlite::{Connection, params};

use crate::{
    Outcome, office,
    table::{Table, percentile},
};

const CHARTS: usize = 200;

pub fn run(table: &mut Table, texts: &[String]) -> Outcome {
    let dir = tempfile::tempdir()?;
    let (ours, plain) = (dir.path().join("ours.db"), dir.path().join("plain.db"));
    office::fill(&office::open(&ours)?, texts)?;
    fill_plain(&plain, texts)?;
    let patients: Vec<PatientId> = texts
        .iter()
        .filter_map(|text| Envelope::read(text).ok())
        .filter(|envelope| envelope.key.kind == ResourceType::PATIENT)
        .filter_map(|envelope| envelope.patient)
        .take(CHARTS)
        .collect();
    // By turns, so that what else the machine does weighs on both.
    let (mut cold, mut raw) = (Vec::new(), Vec::new());
    for patient in &patients {
        cold.push(one(&ours, patient)?);
        raw.push(one_plain(&plain, patient)?);
    }
    table.at_most("cold chart, 1,000 patients, p95", percentile(&mut cold, 95), Duration::from_millis(10));
    table.note("plain SQLite raw JSON unclustered, the same work, p50", format!("{:?}", percentile(&mut raw, 50)));
    let ratio = percentile(&mut cold, 50).as_secs_f64() / percentile(&mut raw, 50).as_secs_f64();
    table.ratio_at_most("cold chart against plain SQLite unclustered, p50", ratio, 1.0);
    Ok(())
}

/// On connections that have read nothing yet.
fn one(path: &Path, patient: &PatientId) -> Result<Duration, Box<dyn Error>> {
    let store = office::open(path)?;
    let audit = office::audit(AuditAction::ReadChart).ok_or("no audit record")?;
    let start = Instant::now();
    let chart = store.chart(patient, &audit)?.ok_or("no such chart")?;
    let time = start.elapsed();
    drop(chart);
    Ok(time)
}

fn fill_plain(path: &Path, texts: &[String]) -> Outcome {
    let mut connection = Connection::open(path)?;
    office::durable(&connection)?;
    connection.execute_batch(
        "CREATE TABLE resource (patient TEXT, type TEXT, id TEXT, body TEXT, PRIMARY KEY (type, id));
         CREATE INDEX by_patient ON resource (patient); CREATE TABLE audit (seq INTEGER PRIMARY KEY, event TEXT)",
    )?;
    let transaction = connection.transaction()?;
    for text in texts {
        let Ok(Envelope { key, patient, .. }) = Envelope::read(text) else { continue };
        let values = params![patient.as_ref().map(PatientId::as_str), key.kind.as_str(), key.id.as_str(), text];
        transaction.prepare_cached("INSERT INTO resource VALUES (?1, ?2, ?3, ?4)")?.execute(values)?;
    }
    transaction.commit()?;
    Ok(())
}

fn one_plain(path: &Path, patient: &PatientId) -> Result<Duration, Box<dyn Error>> {
    let connection = Connection::open(path)?;
    office::durable(&connection)?;
    let audit = office::audit(AuditAction::ReadChart).ok_or("no audit record")?;
    let start = Instant::now();
    let mut statement = connection.prepare("SELECT type, id, body FROM resource WHERE patient = ?1")?;
    let read = |row: &rusqlite::Row<'_>| {
        let (kind, id): (String, String) = (row.get(0)?, row.get(1)?);
        Ok((ResourceKey::parse(&format!("{kind}/{id}")), row.get::<_, String>(2)?))
    };
    let texts: Vec<(Option<ResourceKey>, String)> =
        statement.query_map([patient.as_str()], read)?.collect::<Result<_, _>>()?;
    let of_kind =
        |kind: ResourceType| texts.iter().filter(move |(key, _)| key.as_ref().is_some_and(|key| key.kind == kind));
    let booked = |text: &str| {
        let view = AppointmentView::read(text);
        Some((view.start()?, view.end()?, view.status()?, view.reason().map(str::to_owned), view.arrived_at()))
    };
    let appointments: Vec<_> = of_kind(ResourceType::APPOINTMENT).filter_map(|(_, text)| booked(text)).collect();
    let name = of_kind(ResourceType::PATIENT).find_map(|(_, text)| PatientView::read(text).display_name());
    let sources = texts.iter().filter_map(|(key, text)| Some(Source { key: key.clone()?, text, unsent: false }));
    let chart = Chart::lay_out(sources);
    connection.execute("INSERT INTO audit (event) VALUES (?1)", [audit.to_fhir("e")])?;
    let time = start.elapsed();
    drop((name, appointments, chart));
    Ok(time)
}
