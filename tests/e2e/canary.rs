//! A computer left alone gives nothing away: after a lock, an end and a kill, no word of a chart and no password is in the
//! memory of any process of the app, or in any file that it may have left. The same search finds them while unlocked.
//!
//! The window is opened as in an office, without a driver, and worked by keyboard alone.

use std::{
    env, fs,
    path::PathBuf,
    time::{Duration, SystemTime},
};

use anyhow::{Result, bail, ensure};
use rustix::process::Signal;
use serde_json::json;
use tests::{
    demo::Member,
    hands::ENTER,
    host::Host,
    process::Running,
    screen::Screen,
    seat::Seat,
    wait::{PATIENCE, until},
    workstation::Workstation,
};

use memory::{Canaries, family};

mod memory;

/// Words that no program and no other patient has.
struct Chart {
    name: String,
    phone: String,
    reason: String,
    problem: String,
}

#[tokio::test]
async fn nothing_of_a_chart_outlives_a_lock_an_end_or_a_kill() -> Result<()> {
    let host = Host::with_demo(&["--patients", "8", "--providers", "1"]).await?;
    let chart = Chart::new();
    let file = host.folder().join("canaries.json");
    fs::write(&file, chart.bundle())?;
    host.import(&file)?;
    let desk = Workstation::enrolled(&host)?;
    let member = host.demo.member("clinical")?;
    let began = fs::metadata(&file)?.modified()?;
    let office = Office { desk: &desk, member, seat: Seat::taken(&desk, member)?, began };

    let mut app = office.at_work(&chart).await?;
    office.seat.hands.control('l')?;
    office.is_clean(&app, &chart).await?;
    office.unlock(&app, &chart).await?;
    office.seat.hands.control('l')?;
    office.is_clean(&app, &chart).await?;
    office.unlock(&app, &chart).await?;
    office.print(&app).await?;
    Screen::start_saver()?;
    office.is_clean(&app, &chart).await?;
    let shown = office.seat.screen.windows(app.id())?.len();
    ensure!(shown == 1, "{shown} windows: the printer's dialog outlives the lock");
    app.signal(Signal::TERM)?;
    app.wait(PATIENCE)?;
    office.left_no_file(&chart)?;

    let mut app = office.at_work(&chart).await?;
    app.kill();
    office.left_no_file(&chart)?;
    let found = Canaries::of(chart.words()).in_files(host.folder(), began);
    ensure!(found.len() >= chart.words().len(), "the search does not find what there is: {found:?}");
    Ok(())
}

impl Chart {
    fn new() -> Self {
        let word = || {
            let mut seed = std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), 0_u8);
            let mut letters = String::from("Zq");
            for _ in 0..12 {
                letters.push(char::from(b'a' + (seed % 26) as u8));
                seed /= 26;
            }
            letters
        };
        let digits = std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), 1_u8);
        Self { name: word(), phone: format!("{digits:020}"), reason: word(), problem: word() }
    }

    /// A patient with a problem, who comes in today.
    fn bundle(&self) -> String {
        let now = jiff::Timestamp::now();
        let patient = json!({
            "resourceType": "Patient", "id": "canary",
            "name": [{"family": self.name, "given": ["Canary"]}],
            "telecom": [{"system": "phone", "value": self.phone}],
        });
        let problem = json!({
            "resourceType": "Condition", "id": "canary-problem",
            "subject": {"reference": "Patient/canary"},
            "clinicalStatus": {"coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active",
            }]},
            "code": {"text": self.problem},
        });
        let visit = json!({
            "resourceType": "Appointment", "id": "canary-visit", "status": "booked",
            "description": self.reason,
            "start": now, "end": now + jiff::SignedDuration::from_mins(30),
            "participant": [{"actor": {"reference": "Patient/canary"}, "status": "accepted"}],
        });
        let entries: Vec<_> = [patient, problem, visit].map(|resource| json!({"resource": resource})).into();
        json!({"resourceType": "Bundle", "type": "collection", "entry": entries}).to_string()
    }

    fn words(&self) -> [&str; 4] {
        [&self.name, &self.phone, &self.reason, &self.problem]
    }
}

/// A desk in an office, and who sits at it.
struct Office<'a> {
    desk: &'a Workstation,
    member: &'a Member,
    seat: Seat<'a>,
    began: SystemTime,
}

impl Office<'_> {
    /// Starts the app, signs in, and opens the chart, until each of its words is in memory.
    async fn at_work(&self, chart: &Chart) -> Result<Running> {
        let app = self.seat.sign_in().await?;
        self.open_chart(&app, chart).await?;
        Ok(app)
    }

    async fn open_chart(&self, app: &Running, chart: &Chart) -> Result<()> {
        self.found(app, &chart.name).await?;
        self.seat.settled().await?;
        self.seat.hands.control('k')?;
        self.seat.settled().await?;
        self.seat.hands.type_text(&chart.name.to_lowercase())?;
        self.seat.settled().await?;
        self.seat.hands.key(ENTER)?;
        self.found(app, &chart.problem).await?;
        self.found(app, &chart.reason).await
    }

    async fn unlock(&self, app: &Running, chart: &Chart) -> Result<()> {
        self.seat.unlock().await?;
        // It comes back to the same chart.
        self.found(app, &chart.problem).await
    }

    /// Asks for the day on paper, until the system's dialog stands before the page.
    async fn print(&self, app: &Running) -> Result<()> {
        self.seat.hands.type_text("1")?;
        self.seat.settled().await?;
        self.seat.hands.control('p')?;
        until("the printer's dialog", PATIENCE, || async {
            let shown = self.seat.screen.windows(app.id())?.len();
            ensure!(shown == 2, "{shown} windows");
            Ok(())
        })
        .await
    }

    /// Waits until a word is in the memory of the page's process: what is shown, or about to be.
    async fn found(&self, app: &Running, word: &str) -> Result<()> {
        let canary = Canaries::of([word]);
        until(&format!("{word} in the page's memory"), PATIENCE, || async {
            let pages = family(app.id()).into_iter().filter(|(_, name)| name.starts_with("WebKitWebProces"));
            for (id, _) in pages {
                if !canary.in_process(id)?.is_empty() {
                    return Ok(());
                }
            }
            bail!("not there")
        })
        .await
    }

    /// Waits until nothing is left in any process, which must be soon, and looks at the files then.
    async fn is_clean(&self, app: &Running, chart: &Chart) -> Result<()> {
        let canaries = Canaries::of(chart.words().into_iter().chain([self.member.password.as_str()]));
        until("no word in memory", Duration::from_secs(10), || async {
            let hits =
                family(app.id()).into_iter().map(|(id, _)| canaries.in_process(id)).collect::<Result<Vec<_>>>()?;
            let hits = hits.concat();
            ensure!(hits.is_empty(), "{} left:\n{}", hits.len(), hits.join("\n"));
            Ok(())
        })
        .await?;
        self.left_no_file(chart)
    }

    /// No file that is newer than this test and may be the app's has a word.
    fn left_no_file(&self, chart: &Chart) -> Result<()> {
        let canaries = Canaries::of(chart.words().into_iter().chain([self.member.password.as_str()]));
        let places = ["HOME", "XDG_RUNTIME_DIR"].iter().filter_map(|name| env::var_os(name).map(PathBuf::from));
        let folders = places.chain(self.desk.home().parent().map(PathBuf::from)).chain([PathBuf::from("/dev/shm")]);
        let hits: Vec<String> = folders.flat_map(|folder| canaries.in_files(&folder, self.began)).collect();
        ensure!(hits.is_empty(), "{}", hits.join("\n"));
        Ok(())
    }
}
