//! A demo practice in a temporary folder, and a host that serves it.

use std::{
    error::Error,
    time::{Duration, Instant},
};

use hosted::{
    data_dir::DataDir,
    demo::{self, DemoSpec},
    serve::{self, Server, now},
    store::{NewPractice, NewResource, PracticeStore, time_zone},
};
use jiff::civil::date;
use practice::{ids::PracticeId, policy::Zone, resource::Envelope};

pub struct Office {
    root: tempfile::TempDir,
    store: PracticeStore,
    pub json_bytes: usize,
}

/// Where the host is, and a workstation's credential.
pub struct Serving {
    pub url: String,
    pub ca: Vec<u8>,
    pub token: String,
}

impl Office {
    /// A practice of so many patients; also how many resources it has and how long they took to store.
    pub fn make(patients: u64) -> Result<(Self, usize, Duration), Box<dyn Error>> {
        let root = tempfile::tempdir()?;
        let dir = DataDir::open_or_create(root.path())?;
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
        Ok((Self { root, store, json_bytes }, all.len(), took))
    }

    pub fn dir(&self) -> Result<DataDir, Box<dyn Error>> {
        Ok(DataDir::open(self.root.path())?)
    }

    pub fn store(&self) -> &PracticeStore {
        &self.store
    }

    pub fn megabytes(&self) -> Result<f64, Box<dyn Error>> {
        Ok(std::fs::metadata(self.root.path().join("practices/bench.db"))?.len() as f64 / 1e6)
    }

    /// Serves the practice until the runtime ends.
    pub async fn serve(mut self) -> Result<Serving, Box<dyn Error>> {
        let code = self.store.new_enrol_code(now())?.code;
        let token = self.store.enrol(&code, "Bench", Zone::BackOffice, now())?.device_token;
        let server =
            Server::prepare(DataDir::open(self.root.path())?, "127.0.0.1:0".parse()?, &serve::Serving::default(), now)?;
        let serving = Serving { url: format!("https://{}", server.address), ca: std::fs::read(&server.ca)?, token };
        tokio::spawn(async move {
            // The folder has to outlive the host.
            let _folder = self.root;
            server.run().await
        });
        Ok(serving)
    }
}
