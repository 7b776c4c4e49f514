//! A host process, a gate in front of it that a test may bend, and workstations whose clock moves only when told.

mod certificate;
mod clock;
mod desk;
mod folder;
mod gate;
mod host;

use std::time::Duration;

use practice::text::{quote, set};
use tokio::sync::broadcast::{Receiver, error::RecvError};
use workstation::Notice;

pub use certificate::{Authority, Fault};
pub use clock::TestClock;
pub use desk::{Desk, password};
pub use gate::{Act, Gate};
pub use host::{Account, Host};

/// Waits for news that `wanted` knows. What does not come within a minute does not come.
pub async fn heard<T>(notices: &mut Receiver<Notice>, wanted: impl Fn(Notice) -> Option<T>) -> T {
    let wait = async {
        loop {
            match notices.recv().await {
                Ok(notice) => {
                    if let Some(found) = wanted(notice) {
                        return found;
                    }
                }
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => panic!("the workstation is gone"),
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(60), wait).await.expect("the news does not come")
}

/// Waits until the session closes.
pub async fn closed(notices: &mut Receiver<Notice>) {
    heard(notices, |notice| (notice == Notice::Closed).then_some(())).await;
}

/// A host, the gate before it, and one workstation enrolled through the gate.
pub struct World {
    pub host: Host,
    pub gate: Gate,
    pub desk: Desk,
}

impl World {
    pub async fn enrolled() -> Self {
        Self::at(Host::start()).await
    }

    /// With a desk of the practice that `host` serves.
    pub async fn at(host: Host) -> Self {
        let gate = Gate::before(&host).await;
        let desk = Desk::enrolled(&gate.url, &gate.ca_pem, &host.code()).await;
        Self { host, gate, desk }
    }

    /// With `who` (the part before the @) at work, and everything synced.
    pub async fn at_work(who: &str) -> Self {
        let world = Self::enrolled().await;
        world.desk.sign_in(world.host.account(who)).await.unwrap();
        world.desk.ws.sync_once().await.unwrap();
        world
    }

    /// Another computer of the same practice, with `who` at work on it.
    pub async fn another(&self, who: &str) -> Desk {
        let desk = Desk::enrolled(&self.gate.url, &self.gate.ca_pem, &self.host.code()).await;
        desk.sign_in(self.host.account(who)).await.unwrap();
        desk.ws.sync_once().await.unwrap();
        desk
    }

    /// Another system of the practice sets one value of an appointment, as it is known here.
    pub fn set_elsewhere(&self, appointment: &str, pointer: &str, value: &str) {
        let (text, _) = self.desk.ws.show(&format!("Appointment/{appointment}")).unwrap();
        let text = set(&text, pointer, &quote(value)).unwrap();
        let bundle = format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{{"resource":{text}}}]}}"#);
        let file = tempfile::NamedTempFile::with_suffix(".json").unwrap();
        std::fs::write(file.path(), bundle).unwrap();
        self.host.tell(&["import", file.path().to_str().unwrap()], "");
    }
}
