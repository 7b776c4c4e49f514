//! Demo practices in a temporary folder, and a host that serves them.

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

/// Where all of them are.
const ZONE: &str = "America/New_York";

pub struct Office {
    root: tempfile::TempDir,
    stores: Vec<PracticeStore>,
    database: Option<String>,
}

/// How much is made.
pub struct Size {
    pub practices: usize,
    /// Of each practice.
    pub patients: u64,
    pub providers: u32,
}

/// What was stored, and how long that took.
pub struct Made {
    pub resources: usize,
    pub json_bytes: usize,
    pub took: Duration,
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
    /// Practices in `database` or files of their own.
    pub fn make(size: &Size, database: Option<&str>) -> Result<(Self, Made), Box<dyn Error>> {
        let root = tempfile::tempdir()?;
        let mut dir = DataDir::open_or_create(root.path())?;
        if let Some(database) = database {
            dir = dir.on(database)?;
        }
        let Size { practices, patients, providers } = *size;
        let today = date(2026, 11, 23);
        let spec = DemoSpec { patients, providers, seed: 1, today, now: 600, zone: time_zone(ZONE)? };
        let all = demo::plan(&spec)
            .map(|text| Ok(NewResource { key: Envelope::read(&text)?.key, text }))
            .collect::<Result<Vec<_>, practice::text::TextError>>()?;
        let mut stores = Vec::new();
        let mut took = Duration::ZERO;
        for n in 0..practices {
            let id = PracticeId::parse(&format!("bench-{n}")).ok_or("an id")?;
            let new = NewPractice { id, name: "Bench", time_zone: ZONE, at: now() };
            let mut store = PracticeStore::create(&dir, &new)?;
            let begun = Instant::now();
            for batch in all.chunks(5000) {
                store.accept(batch, now())?;
            }
            took += begun.elapsed();
            stores.push(store);
        }
        let json_bytes = all.iter().map(|new| new.text.len()).sum();
        let made = Made { resources: all.len(), json_bytes, took };
        Ok((Self { root, stores, database: database.map(str::to_owned) }, made))
    }

    /// A practice that was put back into the folder `root`.
    pub fn restored(root: tempfile::TempDir, store: PracticeStore, database: Option<String>) -> Self {
        Self { root, stores: vec![store], database }
    }

    pub fn dir(&self) -> Result<DataDir, Box<dyn Error>> {
        let dir = DataDir::open(self.root.path())?;
        Ok(match &self.database {
            Some(database) => dir.on(database)?,
            None => dir,
        })
    }

    /// The first practice.
    pub fn store(&self) -> Result<&PracticeStore, Box<dyn Error>> {
        Ok(self.stores.first().ok_or("no practice")?)
    }

    /// The size of the first practice's file.
    pub fn megabytes(&self) -> Result<f64, Box<dyn Error>> {
        let file = self.dir()?.database(self.store()?.practice());
        Ok(std::fs::metadata(file)?.len() as f64 / 1e6)
    }

    /// Serves the practices until the runtime ends; each has so many computers that are connected besides.
    pub async fn serve(mut self, lines: usize) -> Result<Vec<Serving>, Box<dyn Error>> {
        let (address, root) = ("127.0.0.1:0".parse()?, DataDir::open(self.root.path())?);
        let mut joined = Vec::new();
        for store in &mut self.stores {
            joined.push(join(store, lines)?);
        }
        let server = Server::prepare(root, address, &serve::Serving::default(), now)?;
        let (url, ca) = (format!("https://{}", server.address), std::fs::read(&server.ca)?);
        let serving = joined
            .into_iter()
            .map(|(token, others, member, workstation)| {
                let (url, ca) = (url.clone(), ca.clone());
                Serving { url, ca, token, others, member, workstation }
            })
            .collect();
        tokio::spawn(async move {
            // The folder has to outlive the host.
            let _folder = self.root;
            server.run().await
        });
        Ok(serving)
    }
}

type Joined = (String, Vec<String>, MemberInfo, WorkstationId);

/// One computer that works, so many others, and a member.
fn join(store: &mut PracticeStore, lines: usize) -> Result<Joined, Box<dyn Error>> {
    let code = store.new_enrol_code(now())?.code;
    let first = store.enrol(&code, "Bench", Zone::BackOffice, now())?;
    let mut others = Vec::new();
    for _ in 0..lines {
        let code = store.new_enrol_code(now())?.code;
        others.push(store.enrol(&code, "Another", Zone::BackOffice, now())?.device_token);
    }
    let new = NewMember {
        id: MemberId::parse("bench-desk").ok_or("an id")?,
        email: "desk@bench.test",
        name: "Desk",
        role: Role::FrontDesk,
        practitioner: None,
        password: None,
    };
    Ok((first.device_token, others, store.add_member(new, now())?, first.workstation))
}
