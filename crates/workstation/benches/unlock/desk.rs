//! The workstation, and ways into its files that no workstation has.

use std::{
    fs,
    sync::Arc,
    time::{Duration, Instant},
};

use practice::{ids::MemberId, policy::Zone};
use rusqlite::Connection;
use tempfile::TempDir;
use vault::{Vault, WorkstationKeyName, keychain::MemoryKeychain};
use workstation::{Credentials, EnrolWish, Enrolment, Password, Workstation, clock::SystemClock, screen::LockReason};

use crate::{host::Host, timed};

/// Resources of one patient, about.
const A_CHART: u32 = 50;
/// The numbers of the patients that were filled in begin here.
const FILLED: u32 = 1_000_000;

pub struct Desk {
    ws: Arc<Workstation>,
    vault: Vault,
    member: MemberId,
    pub password: String,
    folder: TempDir,
}

fn password(text: &str) -> Password {
    Password::new(text.to_owned()).ok().unwrap()
}

impl Desk {
    /// Enrolled, synced and locked.
    pub async fn at_work(host: &Host) -> Self {
        let (folder, keychain) = (TempDir::new().unwrap(), Arc::new(MemoryKeychain::default()));
        let ws = Workstation::open(folder.path(), keychain.clone(), Arc::new(SystemClock)).unwrap();
        let wish = EnrolWish {
            host: host.url(),
            ca_pem: host.ca_pem.clone(),
            code: host.enrol_code(),
            name: "Front desk".to_owned(),
            zone: Zone::FrontCounter,
        };
        ws.enrol(wish).await.unwrap_or_else(|refused| panic!("{}", refused.say));
        let (email, word) = host.member.clone();
        let signed_in = ws.sign_in(Credentials { email, password: password(&word) }).await;
        signed_in.unwrap_or_else(|refused| panic!("{}", refused.say));
        ws.sync_once().await.unwrap_or_else(|refused| panic!("{}", refused.say));
        let member = MemberId::parse(&ws.state().me.unwrap().tile.id).unwrap();
        ws.lock(LockReason::Asked);

        let settled = fs::read(folder.path().join("workstation.json")).unwrap();
        let enrolment: Enrolment = serde_json::from_slice(&settled).unwrap();
        let settled = serde_json::to_vec(&enrolment).unwrap();
        let name = WorkstationKeyName::new(enrolment.practice.id, enrolment.workstation, &settled);
        let vault = Vault::at(&folder.path().join("vault"), keychain, &name);
        Self { ws, vault, member, password: word, folder }
    }

    fn connect(&self) -> Connection {
        self.vault.unlock(&self.member, &password(&self.password)).ok().unwrap().connect().unwrap()
    }

    /// Fills the chart with copies of what is there, under other ids; how many resources there are then, and bytes.
    pub fn fill(&self, resources: u32) -> (u32, u64) {
        let connection = self.connect();
        let here: u32 = connection.query_row("SELECT count(*) FROM resource", [], |row| row.get(0)).unwrap();
        let charts = resources.saturating_sub(here) / A_CHART;
        connection
            .execute_batch(&format!(
                "PRAGMA cache_size = -600000;
                 BEGIN;
                 CREATE TEMP TABLE sample AS
                     SELECT type, version, updated, epoch, dict, body FROM resource ORDER BY random() LIMIT {A_CHART};
                 WITH RECURSIVE chart (no) AS (SELECT {FILLED} UNION ALL SELECT no + 1 FROM chart LIMIT {charts})
                 INSERT INTO resource (compartment, type, id, version, tag, updated, unsent, epoch, dict, body)
                     SELECT no, type, randomblob(16), version, NULL, updated, 0, epoch, dict, body
                     FROM chart CROSS JOIN sample;
                 COMMIT;
                 PRAGMA wal_checkpoint(TRUNCATE);"
            ))
            .unwrap();
        let rows = connection.query_row("SELECT count(*) FROM resource", [], |row| row.get(0)).unwrap();
        (rows, fs::metadata(self.folder.path().join("vault/vault.db")).unwrap().len())
    }

    /// How long it takes from the password to the desk.
    pub async fn unlock(&self) -> Duration {
        let typed = password(&self.password);
        let began = Instant::now();
        self.ws.unlock(self.member.as_str(), typed).await.unwrap_or_else(|refused| panic!("{}", refused.say));
        began.elapsed()
    }

    /// How long it takes until every handle is closed.
    pub fn lock(&self) -> Duration {
        timed(|| self.ws.lock(LockReason::Asked)).1
    }

    /// As [`Self::lock`], when a sync of everything has gone on for `after`.
    pub async fn lock_while_syncing(&self, after: Duration) -> Duration {
        self.connect()
            .execute_batch(&format!(
                "DELETE FROM meta WHERE key = '_cursor'; DELETE FROM resource WHERE compartment < {FILLED};"
            ))
            .unwrap();
        self.unlock().await;
        let mut notices = self.ws.notices();
        let sync = tokio::spawn({
            let ws = Arc::clone(&self.ws);
            async move { ws.sync_once().await }
        });
        while !self.ws.state().sync.running {
            let _ = notices.recv().await;
        }
        tokio::time::sleep(after).await;
        let took = self.lock();
        assert!(sync.await.unwrap().is_err(), "the sync was over before the lock");
        took
    }

    /// How long it takes to read the whole file.
    pub async fn read_whole(&self) -> Duration {
        self.unlock().await;
        let began = Instant::now();
        assert!(self.ws.examine().await.unwrap().is_empty(), "what was filled in is no damage");
        let took = began.elapsed();
        self.lock();
        took
    }

    /// As [`Self::lock`], while the whole file is being read.
    pub async fn lock_while_reading(&self) -> Duration {
        self.unlock().await;
        let reading = tokio::spawn({
            let ws = Arc::clone(&self.ws);
            async move { ws.examine().await }
        });
        tokio::time::sleep(Duration::from_millis(150)).await;
        let took = self.lock();
        assert!(reading.await.unwrap().is_err(), "the reading was over before the lock");
        took
    }

    /// How long the vault takes to say yes or no.
    pub fn try_password(&self, typed: &str) -> Duration {
        let typed = password(typed);
        timed(|| self.vault.unlock(&self.member, &typed).is_ok()).1
    }
}
