//! A demo practice in a temporary folder, and a host that serves it.

use std::{
    error::Error,
    time::{Duration, Instant},
};

use hosted::{
    data_dir::DataDir,
    demo::{self, DemoSpec},
    serve::{self, Server, now},
    store::{NewMember, NewPractice, NewResource, PracticeStore, time_zone},
};
use jiff::civil::date;
use practice::{
    Role,
    ids::{MemberId, PracticeId, WorkstationId},
    policy::Zone,
    resource::Envelope,
    wire::MemberInfo,
};

/// Computers that are connected.
pub const LINES: usize = 1_000;

pub struct Office {
    root: tempfile::TempDir,
    store: PracticeStore,
    pub json_bytes: usize,
    in_a_file: bool,
}

/// Where the host is, and a workstation's credential.
pub struct Serving {
    pub url: String,
    pub ca: Vec<u8>,
    pub token: String,
    /// Of the computers that are connected besides.
    pub others: Vec<String>,
    pub member: MemberInfo,
    pub workstation: WorkstationId,
}

impl Office {
    /// A practice of so many patients, in `database` or a file; also how many resources it has and how long they took to store.
    pub fn make(patients: u64, database: Option<&str>) -> Result<(Self, usize, Duration), Box<dyn Error>> {
        let root = tempfile::tempdir()?;
        let mut dir = DataDir::open_or_create(root.path())?;
        if let Some(database) = database {
            dir = dir.on(database)?;
        }
        let zone = "America/New_York";
        let id = PracticeId::parse("bench").ok_or("an id")?;
        let mut store = PracticeStore::create(&dir, &NewPractice { id, name: "Bench", time_zone: zone, at: now() })?;
        let spec =
            DemoSpec { patients, providers: 12, seed: 1, today: date(2026, 11, 23), now: 600, zone: time_zone(zone)? };
        let all = demo::plan(&spec)
            .map(|text| Ok(NewResource { key: Envelope::read(&text)?.key, text }))
            .collect::<Result<Vec<_>, practice::text::TextError>>()?;
        let json_bytes = all.iter().map(|new| new.text.len()).sum();
        let begun = Instant::now();
        for batch in all.chunks(5000) {
            store.accept(batch, now())?;
        }
        let took = begun.elapsed();
        Ok((Self { root, store, json_bytes, in_a_file: database.is_none() }, all.len(), took))
    }

    pub fn dir(&self) -> Result<DataDir, Box<dyn Error>> {
        Ok(DataDir::open(self.root.path())?)
    }

    pub fn store(&self) -> &PracticeStore {
        &self.store
    }

    /// The size of the practice's file, where it has one.
    pub fn megabytes(&self) -> Result<Option<f64>, Box<dyn Error>> {
        let file = self.root.path().join("practices/bench.db");
        Ok(if self.in_a_file { Some(std::fs::metadata(file)?.len() as f64 / 1e6) } else { None })
    }

    /// Serves the practice until the runtime ends.
    pub async fn serve(mut self) -> Result<Serving, Box<dyn Error>> {
        let code = self.store.new_enrol_code(now())?.code;
        let joined = self.store.enrol(&code, "Bench", Zone::BackOffice, now())?;
        let mut others = Vec::new();
        for _ in 0..LINES {
            let code = self.store.new_enrol_code(now())?.code;
            others.push(self.store.enrol(&code, "Another", Zone::BackOffice, now())?.device_token);
        }
        let new = NewMember {
            id: MemberId::parse("bench-desk").ok_or("an id")?,
            email: "desk@bench.test",
            name: "Desk",
            role: Role::FrontDesk,
            practitioner: None,
            password: None,
        };
        let member = self.store.add_member(new, now())?;
        let server =
            Server::prepare(DataDir::open(self.root.path())?, "127.0.0.1:0".parse()?, &serve::Serving::default(), now)?;
        let (url, ca) = (format!("https://{}", server.address), std::fs::read(&server.ca)?);
        let serving = Serving { url, ca, token: joined.device_token, others, member, workstation: joined.workstation };
        tokio::spawn(async move {
            // The folder has to outlive the host.
            let _folder = self.root;
            server.run().await
        });
        Ok(serving)
    }
}
