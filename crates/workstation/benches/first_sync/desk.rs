//! The workstation: enrolled and signed in as at an office, but for a keychain in memory.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use practice::policy::Zone;
use tempfile::TempDir;
use vault::keychain::MemoryKeychain;
use workstation::{Credentials, EnrolWish, Notice, Password, Workstation, clock::SystemClock};

use crate::host::Host;

/// How a sync went on whose host died.
pub struct Broken {
    /// Rows that were there then.
    pub before: usize,
    /// Rows that came after the host's new start.
    pub after: usize,
    all: usize,
}

impl Broken {
    /// The part of what was there that had not to be fetched again.
    pub fn kept(&self) -> f64 {
        (self.all.saturating_sub(self.after) as f64 / self.before as f64).min(1.0)
    }
}

/// How long a new workstation takes to have all of the practice.
pub async fn first_sync(host: &Host, all: usize) -> Duration {
    let folder = TempDir::new().unwrap();
    let workstation = signed_in(host, &folder).await;
    let began = Instant::now();
    let report = workstation.sync_once().await.unwrap_or_else(|refused| panic!("{}", refused.say));
    let took = began.elapsed();
    assert_eq!(report.pulled, all, "the sync brings everything");
    workstation.sign_out();
    took
}

/// Kills the host when the first of it is there and more is on its way, starts it again, and syncs the rest.
pub async fn broken_sync(host: &mut Host, all: usize) -> Broken {
    let folder = TempDir::new().unwrap();
    let workstation = signed_in(host, &folder).await;
    let mut notices = workstation.notices();
    let syncing = tokio::spawn({
        let workstation = Arc::clone(&workstation);
        async move { workstation.sync_once().await }
    });
    while progress(&workstation) == 0 {
        assert!(!syncing.is_finished(), "the sync was over before any of it was seen");
        while !matches!(notices.recv().await.unwrap(), Notice::Data(_)) {}
    }
    host.kill();
    assert!(syncing.await.unwrap().is_err(), "a sync can't end well without its host");
    let before = progress(&workstation);
    assert!(before > 0, "the host died when all was there");
    host.start();
    let report = workstation.sync_once().await.unwrap_or_else(|refused| panic!("{}", refused.say));
    workstation.sign_out();
    Broken { before, after: report.pulled, all }
}

fn progress(workstation: &Workstation) -> usize {
    workstation.state().sync.first_sync.map_or(0, |progress| progress.done as usize)
}

async fn signed_in(host: &Host, folder: &TempDir) -> Arc<Workstation> {
    let keychain = Arc::new(MemoryKeychain::default());
    let workstation = Workstation::open(folder.path(), keychain, Arc::new(SystemClock)).unwrap();
    let wish = EnrolWish {
        host: host.url(),
        ca_pem: host.ca_pem.clone(),
        code: host.enrol_code(),
        name: "Front desk".to_owned(),
        zone: Zone::FrontCounter,
    };
    workstation.enrol(wish).await.unwrap_or_else(|refused| panic!("{}", refused.say));
    let (email, password) = host.member.clone();
    let password = Password::new(password).unwrap_or_else(|_| panic!("the demo's passwords are good"));
    let signed_in = workstation.sign_in(Credentials { email, password }).await;
    signed_in.unwrap_or_else(|refused| panic!("{}", refused.say));
    workstation
}
