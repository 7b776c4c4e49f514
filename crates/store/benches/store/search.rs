//! Keystrokes among 100,000 patients, and the look for who may be the one that is being written down; each with its audit row.

use std::time::{Duration, Instant};

use practice::{
    audit::{AuditAction, AuditRecord},
    patient::{PatientForm, likely::Sought},
    views::PatientView,
};
use store::Store;

use crate::{
    Outcome, demo, office,
    table::{Table, percentile},
};

const PATIENTS: u64 = 100_000;
const SOUGHT: u64 = 60;
const LIMIT: u32 = 20;

pub fn run(table: &mut Table) -> Outcome {
    let spec = office::spec(PATIENTS, 12);
    let texts = office::stamped((0..PATIENTS).map(|index| demo::patient(&spec, index)));
    let dir = tempfile::tempdir()?;
    let store = office::open(&dir.path().join("ours.db"))?;
    office::fill(&store, &texts)?;
    let audit = office::audit(AuditAction::Search).ok_or("no audit record")?;
    let (mut times, mut worst) = (Vec::new(), (Duration::ZERO, String::new()));
    for nth in 0..SOUGHT {
        let text = &texts[(nth * 1_637 % PATIENTS) as usize];
        for typed in typed(&PatientView::read(text)) {
            for end in typed.char_indices().map(|(at, letter)| at + letter.len_utf8()) {
                let start = Instant::now();
                let found = store.find_patients(&typed[..end], LIMIT, &audit)?;
                let time = start.elapsed();
                times.push(time);
                worst = worst.max((time, format!("{} letters, {} found", end, found.hits.len())));
            }
        }
    }
    let count = times.len();
    table.at_most(
        &format!("search, 100,000 patients, {count} keystrokes, p95"),
        percentile(&mut times, 95),
        Duration::from_millis(10),
    );
    table.note("slowest keystroke", format!("{:.2?} ({})", worst.0, worst.1));
    likely(table, &store, &texts, &audit)
}

/// Each is looked for as the desk comes to know them: by name, with the date of birth, with the phone.
fn likely(table: &mut Table, store: &Store, texts: &[String], audit: &AuditRecord) -> Outcome {
    let mut times = Vec::new();
    for nth in 0..SOUGHT {
        let patient = PatientView::read(&texts[(nth * 1_637 % PATIENTS) as usize]);
        let name = patient.display_name().unwrap_or_default();
        let (family, given) = name.split_once(", ").unwrap_or((&name, ""));
        let mut form = PatientForm { family: family.to_owned(), given: given.to_owned(), ..PatientForm::default() };
        for known in 0..3 {
            match known {
                1 => form.birth_date = patient.birth_date.as_deref().unwrap_or_default().to_owned(),
                2 => form.mobile = patient.phones().next().unwrap_or_default().to_owned(),
                _ => {}
            }
            let Some(sought) = Sought::of(&form) else { continue };
            let start = Instant::now();
            store.alike(&sought, LIMIT as usize, audit)?;
            times.push(start.elapsed());
        }
    }
    table.at_most(
        "likely duplicates among 100,000 patients, p95",
        percentile(&mut times, 95),
        Duration::from_millis(50),
    );
    Ok(())
}

/// What a desk types for one patient, letter by letter.
fn typed(patient: &PatientView<'_>) -> Vec<String> {
    let name = patient.display_name().unwrap_or_default();
    let (family, given) = name.split_once(", ").unwrap_or((&name, ""));
    let birth = patient.birth_date.as_deref().unwrap_or_default();
    let phone: String = patient.phones().next().unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
    let (initial, start) = (given.chars().take(1).collect::<String>(), family.chars().take(3).collect::<String>());
    let slip: String = family.char_indices().filter(|(at, _)| *at != 2).map(|(_, letter)| letter).collect();
    vec![
        family.to_owned(),
        slip.clone(),
        format!("{given} {slip}"),
        format!("{given} {family}"),
        format!("{initial} {start}"),
        birth.to_owned(),
        format!("{start} {birth}"),
        phone.get(phone.len().saturating_sub(4)..).unwrap_or_default().to_owned(),
        format!("{start} {phone}"),
        patient.record_number().unwrap_or_default().to_owned(),
    ]
}
