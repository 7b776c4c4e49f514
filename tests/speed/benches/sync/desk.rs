//! A workstation in this process: enrolled and signed in as at an office.

use std::{future::Future, sync::Arc, time::Duration};

use practice::policy::Zone;
use tempfile::TempDir;
use tests::host::Host;
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    task::JoinHandle,
    time::timeout,
};
use workstation::{
    Credentials, EnrolWish, Notice, Outcome, Password, SyncReport, Workstation, clock::SystemClock, os_keychain,
};

/// What takes longer does not come.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Desk {
    pub ws: Arc<Workstation>,
    _folder: TempDir,
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.ws.sign_out();
    }
}

impl Desk {
    pub async fn signed_in(host: &Host) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ws = Workstation::open(folder.path(), os_keychain(), Arc::new(SystemClock)).unwrap();
        let wish = EnrolWish {
            host: host.url(),
            ca_pem: host.ca_pem().unwrap(),
            code: host.enrol_code().unwrap(),
            name: "Front desk".to_owned(),
            zone: Zone::FrontCounter,
        };
        done(ws.enrol(wish)).await;
        let member = host.demo.member("front_desk").unwrap();
        let password =
            Password::new(member.password.clone()).unwrap_or_else(|_| panic!("the demo's passwords are good"));
        done(ws.sign_in(Credentials { email: member.email.clone(), password })).await;
        Self { ws, _folder: folder }
    }

    pub async fn sync(&self) -> SyncReport {
        done(self.ws.sync_once()).await
    }

    /// A sync of its own, to be watched.
    pub fn syncing(&self) -> JoinHandle<Outcome<SyncReport>> {
        let ws = Arc::clone(&self.ws);
        tokio::spawn(async move { ws.sync_once().await })
    }

    /// Rows that the first sync has stored so far.
    pub fn progress(&self) -> usize {
        self.ws.state().sync.first_sync.map_or(0, |progress| progress.done as usize)
    }

    /// Goes on by itself, as behind a window; from when it has its line to the host.
    pub async fn in_step(&self) -> InStep {
        let mut notices = self.ws.notices();
        let task = tokio::spawn(Arc::clone(&self.ws).keep_in_step());
        until(&mut notices, || self.ws.state().sync.reachable.then_some(())).await;
        InStep(task)
    }
}

/// Ends with it.
pub struct InStep(JoinHandle<()>);

impl Drop for InStep {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Waits for news until there is an answer.
pub async fn until<T>(notices: &mut Receiver<Notice>, look: impl Fn() -> Option<T>) -> T {
    let wait = async {
        loop {
            if let Some(found) = look() {
                return found;
            }
            if let Err(RecvError::Closed) = notices.recv().await {
                panic!("the workstation is gone");
            }
        }
    };
    timeout(PATIENCE, wait).await.expect("the news comes")
}

async fn done<T>(act: impl Future<Output = Outcome<T>>) -> T {
    act.await.unwrap_or_else(|refused| panic!("{}", refused.say))
}
