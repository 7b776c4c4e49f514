//! Trains the dictionary that bodies are compressed with, from synthetic resources only: never from anybody's data.
//!
//! `cargo run --release -p store --example train_dictionary -- crates/practice/dict/NNNN.zdict`. A dictionary that has
//! shipped is never replaced; a better one gets the next number and a place in `practice::dictionary`.

use std::{error::Error, fs, path::PathBuf};

use jiff::{civil::date, tz::TimeZone};
use practice::{
    audit::{AuditAction, AuditRecord},
    ids::{ChangeId, MemberId, PatientId, WorkstationId},
    provenance::ChangeNote,
    resource::ResourceKey,
    text,
    time::Stamp,
};
use uuid::Uuid;

// Read as source, so that the store's tests need not build the host.
#[expect(dead_code, unused_imports, reason = "only a part of the demo is used here")]
#[path = "../../../hosted/src/demo/mod.rs"]
mod demo;
mod shapes;

/// Bytes. Twice as much gains one part in fifty.
const SIZE: usize = 112 * 1024;
const PATIENTS: u64 = 120;

fn main() -> Result<(), Box<dyn Error>> {
    let path: PathBuf = std::env::args_os().nth(1).ok_or("name the file to write")?.into();
    let mut samples = stamped(demo_resources())?;
    samples.extend(stamped(shapes::resources(PATIENTS / 2))?);
    samples.extend((0..400).flat_map(|n| [audit_event(n), provenance(n)]));
    fs::write(path, zstd::dict::from_samples(&samples, SIZE)?)?;
    Ok(())
}

fn demo_resources() -> Vec<String> {
    let zone = TimeZone::fixed(jiff::tz::offset(-5));
    let spec = demo::DemoSpec {
        patients: PATIENTS,
        providers: 6,
        seed: 20_261_122,
        today: date(2026, 11, 23),
        now: 600,
        zone,
    };
    demo::plan(&spec).collect()
}

/// As the host stores them.
fn stamped(texts: Vec<String>) -> Result<Vec<String>, Box<dyn Error>> {
    let stamp = |(n, text): (usize, String)| {
        let at = Stamp::from_millis(1_795_000_000_000 + n as i64 * 977).ok_or("the calendar ends")?;
        Ok(text::stamp_meta(&text, "1", &at.to_string())?)
    };
    texts.into_iter().enumerate().map(stamp).collect()
}

fn uuid(kind: &str, n: i64) -> String {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{kind}{n}").as_bytes()).hyphenated().to_string()
}

fn audit_event(n: i64) -> String {
    let action = AuditAction::ALL[n as usize % AuditAction::ALL.len()];
    let at = Stamp::from_millis(1_795_000_000_000 + n * 61_007);
    let record = at.zip(WorkstationId::parse(&uuid("workstation", n % 5))).map(|(at, workstation)| AuditRecord {
        patient: (n % 2 == 0).then(|| PatientId::parse(&uuid("patient", n))).flatten(),
        resource: (n % 3 == 0)
            .then(|| ResourceKey::parse(&format!("Appointment/{}", uuid("appointment", n))))
            .flatten(),
        query: (n % 4 == 0).then(|| "2026-11-23".to_owned()),
        ..AuditRecord::new(at, action, MemberId::parse(&uuid("member", n % 9)), workstation)
    });
    record.map(|record| record.to_fhir(&uuid("event", n))).unwrap_or_default()
}

fn provenance(n: i64) -> String {
    let note = || {
        Some(ChangeNote {
            id: ChangeId::parse(&uuid("change", n))?,
            at: Stamp::from_millis(1_795_000_000_000 + n * 61_007)?,
            member: MemberId::parse(&uuid("member", n % 9))?,
            member_name: ["Front Desk One", "Provider Two, MD", "Nurse Three"][n as usize % 3].to_owned(),
            workstation: WorkstationId::parse(&uuid("workstation", n % 5))?,
            workstation_name: String::new(),
            targets: vec![ResourceKey::parse(&format!("Appointment/{}", uuid("appointment", n)))?],
            activity: ["booked", "arrived", "moved from 9:15", "cancelled"][n as usize % 4].to_owned(),
            comment: (n % 3 == 0).then(|| "asked on the phone".to_owned()),
        })
    };
    note().map(|note| note.to_fhir()).unwrap_or_default()
}
