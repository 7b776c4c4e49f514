//! `demo`: a practice full of invented people, to try everything on.

use std::path::PathBuf;

use clap::Args;
use jiff::civil::{Date, Time};
use practice::{
    ids::{MemberId, PracticeId, PractitionerId},
    resource::Envelope,
};
use serde_json::{Value, json};

use super::{Outcome, Report, StoredIn};
use crate::{
    certificate,
    data_dir::DataDir,
    demo::{self, DemoSpec},
    random,
    serve::now,
    store::{NewMember, NewPractice, NewResource, Password, PracticeStore, StoreError, time_zone},
};

/// Resources to a transaction: large enough that the disk's pause for each is not felt.
const BATCH: usize = 5000;

#[derive(Args)]
pub(super) struct Demo {
    /// The data folder: empty, missing, or one that `init` or `demo` has made.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    #[command(flatten)]
    stored_in: StoredIn,
    /// How many patients; each has about 45 resources.
    #[arg(long, value_name = "N", default_value_t = 250)]
    patients: u64,
    /// How many columns the schedule has.
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u32).range(0..=200))]
    providers: u32,
    /// The same seed makes the same practice.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// The day around which the practice lives; today unless given.
    #[arg(long, value_name = "DATE")]
    date: Option<Date>,
    /// What the clock says on that day, in the practice's zone.
    #[arg(long, value_name = "HH:MM", default_value = "10:00", value_parser = time)]
    time: Time,
    /// The practice's name.
    #[arg(long, value_name = "NAME", default_value = "Elm Street Family Practice (demo)")]
    practice: String,
    /// The practice's IANA time zone.
    #[arg(long, value_name = "ZONE", default_value = "America/New_York")]
    time_zone: String,
    /// Another name or address of this machine, for the certificate; may be repeated.
    #[arg(long, value_name = "HOST")]
    name: Vec<String>,
}

impl Demo {
    pub fn run(self) -> Outcome {
        let zone = time_zone(&self.time_zone)?;
        let spec = DemoSpec {
            patients: self.patients,
            providers: self.providers,
            seed: self.seed,
            today: self.date.unwrap_or_else(|| now().timestamp().to_zoned(zone.clone()).date()),
            now: i64::from(self.time.hour()) * 60 + i64::from(self.time.minute()),
            zone,
        };
        let id = PracticeId::from_uuid(random::uuid());
        let practice = NewPractice { id: id.clone(), name: &self.practice, time_zone: &self.time_zone, at: now() };
        practice.check()?;
        let dir = self.stored_in.of(DataDir::open_or_create(&self.data)?)?;
        let certificates = certificate::ensure(&dir.tls(), &self.name, now())?;
        let mut store = PracticeStore::create(&dir, &practice)?;
        let members = add_members(&mut store, &spec)?;
        let resources = fill(&mut store, &spec)?;
        let practitioners: Vec<Value> =
            demo::practitioners(&spec).into_iter().map(|p| json!({"id": p.id, "name": p.name})).collect();
        let accounts: String = members
            .iter()
            .map(|m| format!("  {:<28}{:<12}{}\n", text(m, "email"), text(m, "role"), text(m, "password")))
            .collect();
        Ok(Report::new(
            json!({
                "practice": id,
                "ca": certificates.ca,
                "members": members,
                "practitioners": practitioners,
                "resources": resources,
            }),
            format!(
                "The demo practice is ready: {id}\nWorkstations trust this certificate authority: {}\nDemo accounts:\n{accounts}",
                certificates.ca.display()
            ),
        ))
    }
}

fn time(text: &str) -> Result<Time, String> {
    Time::strptime("%H:%M", text).map_err(|_| "a time is written like 14:30".to_owned())
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

fn add_members(store: &mut PracticeStore, spec: &DemoSpec) -> Result<Vec<Value>, StoreError> {
    let mut added = Vec::new();
    for member in demo::members(spec) {
        store.add_member(
            NewMember {
                id: MemberId::from_uuid(random::uuid()),
                email: &member.email,
                name: &member.name,
                role: member.role,
                practitioner: member.practitioner.as_deref().and_then(PractitionerId::parse),
                password: Some(Password::chosen(member.password.clone())?.hash()),
            },
            now(),
        )?;
        added.push(json!({
            "email": member.email, "password": member.password, "role": member.role, "name": member.name,
        }));
    }
    Ok(added)
}

fn fill(store: &mut PracticeStore, spec: &DemoSpec) -> Result<usize, StoreError> {
    let mut all = demo::plan(spec);
    let mut count = 0;
    loop {
        let batch = all.by_ref().take(BATCH).map(new_resource).collect::<Result<Vec<_>, StoreError>>()?;
        if batch.is_empty() {
            return Ok(count);
        }
        count += store.accept(&batch, now())?.len();
    }
}

fn new_resource(text: String) -> Result<NewResource, StoreError> {
    Ok(NewResource { key: Envelope::read(&text)?.key, text })
}
