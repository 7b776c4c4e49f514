//! A workstation for tests: a folder, a keychain in memory, a clock to move.

use std::{path::PathBuf, sync::Arc};

use jiff::ToSpan;
use practice::{policy::Zone, views::AppointmentStatus};
use tempfile::TempDir;
use vault::keychain::MemoryKeychain;
use workstation::{
    Credentials, EnrolWish, Outcome, Password, Workstation,
    screen::{BookRequest, Changed, Kept, ShellState, StatusRequest},
};

use super::{Account, TestClock};

pub struct Desk {
    pub ws: Arc<Workstation>,
    pub clock: Arc<TestClock>,
    pub keychain: Arc<MemoryKeychain>,
    pub home: TempDir,
}

/// Time that is held for walk-ins.
pub struct Held {
    pub slot: String,
    pub kept: Kept,
    pub practitioner: String,
    /// Wall clock.
    pub start: String,
}

pub fn password(text: &str) -> Password {
    Password::new(text.to_owned()).ok().unwrap()
}

impl Desk {
    /// A computer that belongs to no practice yet.
    pub fn new() -> Self {
        let (home, clock, keychain) =
            (tempfile::tempdir().unwrap(), Arc::new(TestClock::default()), Arc::new(MemoryKeychain::default()));
        let ws = Workstation::open(home.path(), keychain.clone(), clock.clone()).unwrap();
        Self { ws, clock, keychain, home }
    }

    pub async fn enrolled(url: &str, ca_pem: &str, code: &str) -> Self {
        let desk = Self::new();
        desk.enrol(url, ca_pem, code).await.unwrap();
        desk
    }

    pub async fn enrol(&self, url: &str, ca_pem: &str, code: &str) -> Outcome<ShellState> {
        let wish = EnrolWish {
            host: url.into(),
            ca_pem: ca_pem.into(),
            code: code.into(),
            name: "Test".into(),
            zone: Zone::FrontCounter,
        };
        self.ws.enrol(wish).await
    }

    /// The program ends, and starts again on the same folder.
    pub fn restart(&mut self) {
        self.ws.sign_out();
        self.ws = Workstation::open(self.home.path(), self.keychain.clone(), self.clock.clone()).unwrap();
    }

    pub async fn sign_in(&self, who: Account) -> Outcome<ShellState> {
        self.sign_in_with(&who, &who.password).await
    }

    pub async fn sign_in_with(&self, who: &Account, typed: &str) -> Outcome<ShellState> {
        self.ws.sign_in(Credentials { email: who.email.clone(), password: password(typed) }).await
    }

    pub async fn unlock(&self, who: &Account, typed: &str) -> Outcome<ShellState> {
        let tiles = self.ws.state().members;
        let tile = tiles.iter().find(|tile| tile.email == who.email).expect("signed in here before");
        self.ws.unlock(&tile.id, password(typed)).await
    }

    /// Some patient.
    pub fn patient(&self) -> String {
        self.ws.find("a").unwrap().patients.remove(0).id
    }

    /// Books half an hour in the night of Christmas 2027, when the demo has nothing.
    pub fn book(&self, practitioner: &str, start: &str, comment: Option<&str>) -> Outcome<Changed> {
        self.ws.book(BookRequest {
            patient: self.patient(),
            practitioner: practitioner.into(),
            start: format!("2027-12-24T{start}"),
            minutes: 30,
            reason: None,
            comment: comment.map(str::to_owned),
            overbook: None,
            room: None,
            visit_type: None,
        })
    }

    /// A hold on one of the days ahead.
    pub fn hold(&self) -> Held {
        let today: jiff::civil::Date = self.ws.day(None).unwrap().today.parse().unwrap();
        for ahead in 1..21 {
            let day = self.ws.day(Some(&(today + ahead.days()).to_string())).unwrap();
            for column in day.columns {
                for block in column.blocks {
                    if let Some(hold) = block.hold {
                        let start =
                            format!("{}T{:02}:{:02}", day.date, block.start_minute / 60, block.start_minute % 60);
                        return Held { slot: hold.slot, kept: hold.kept, practitioner: column.practitioner, start };
                    }
                }
            }
        }
        panic!("the demo holds time for walk-ins")
    }

    pub fn set_status(&self, appointment: &str, status: AppointmentStatus, reason: Option<&str>) -> Outcome<Changed> {
        self.ws.set_status(StatusRequest {
            appointment: appointment.into(),
            status,
            reason: reason.map(str::to_owned),
            comment: None,
        })
    }

    /// The files of this folder that this process holds open.
    pub fn open_files(&self) -> Vec<PathBuf> {
        let links = std::fs::read_dir("/proc/self/fd").unwrap();
        let targets = links.filter_map(|link| std::fs::read_link(link.unwrap().path()).ok());
        targets.filter(|target| target.starts_with(self.home.path())).collect()
    }

    /// Every file below the folder with its bytes, to see that nothing was written.
    pub fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut folders = vec![self.home.path().to_owned()];
        let mut files = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path)
                } else {
                    files.push((path.clone(), std::fs::read(path).unwrap()))
                }
            }
        }
        files.sort();
        files
    }
}
