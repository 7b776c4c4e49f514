//! A host, the line before it, and one workstation at work: rounds of trouble, after each of which everything must be
//! there once.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tests::host::Host;
use tokio::time::timeout;

use crate::{
    desk::Desk,
    dice::Dice,
    proxy::{Fault, Plan, Proxy, Way},
    truth::Truth,
};

/// How long a person goes on trying to sync on a line that is in trouble, before somebody mends it.
const TRYING: Duration = Duration::from_millis(400);

/// Who is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Victim {
    Nobody,
    Desk,
    Host,
    Both,
}

/// How often what the rounds are there for has come about.
pub type Seen = BTreeMap<String, usize>;

pub struct Office {
    pub host: Host,
    pub proxy: Proxy,
    desk: Desk,
    truth: Truth,
    /// Changes that somebody was told of as entered.
    told: BTreeSet<String>,
    /// Acts whose answer nobody heard, because the process was killed first.
    unheard: usize,
    /// Appointments, with how many changes somebody was told of.
    visits: BTreeMap<String, usize>,
    patient: String,
    practitioner: String,
    slot: usize,
    /// Numbers of the host's from before the rounds.
    start: i64,
    pub seen: Seen,
}

impl Office {
    pub async fn open() -> Result<Self> {
        let host = Host::with_demo(&["--patients", "10", "--providers", "2"]).await?;
        let proxy = Proxy::before(port(&host)?).await?;
        let truth = Truth::of(&host)?;
        let (names, start) = truth.all()?;
        let first = |kind: &str| {
            let name = names.iter().find_map(|name| name.strip_prefix(kind));
            name.map(str::to_owned).with_context(|| format!("the demo has no {kind}"))
        };
        let (patient, practitioner) = (first("Patient/")?, first("Practitioner/")?);
        let mut desk = Desk::enrolled(&host, proxy.port)?;
        desk.start().await?;
        desk.come_into_step().await?;
        let (told, visits, seen) = (BTreeSet::new(), BTreeMap::new(), Seen::new());
        Ok(Self { host, proxy, desk, truth, told, unheard: 0, visits, patient, practitioner, slot: 0, start, seen })
    }

    /// One round.
    pub async fn round(&mut self, dice: &mut Dice) -> Result<()> {
        let faults = [Fault::Cut, Fault::Cut, Fault::Stall, Fault::Corrupt, Fault::Replay, Fault::Slow, Fault::Down];
        let fault = (!dice.chance(15)).then(|| faults[dice.below(faults.len())]);
        let way = if dice.chance(50) { Way::Up } else { Way::Down };
        let victims = [Victim::Nobody, Victim::Desk, Victim::Desk, Victim::Host, Victim::Both];
        let victim = victims[dice.below(victims.len())];
        // A request is some hundreds of bytes, and a line begins with some thousands.
        let soon = [300, 2_000, 6_000][dice.below(3)];
        let (strikes, kills) = (dice.below(soon) as u64, dice.below(9_000) as u64);
        let acts: Vec<Value> = (0..1 + dice.below(3)).map(|_| self.an_act(dice)).collect();
        if let Some(fault) = fault {
            self.proxy.plan(Plan { fault, way, after: strikes });
        }
        let struck = self.proxy.struck();
        self.trouble(acts, kills, victim).await?;
        if let Some(fault) = fault.filter(|_| self.proxy.struck() > struck) {
            self.saw(format!("{fault:?}"));
        }
        self.saw(format!("killed {victim:?}"));
        self.mend(victim).await?;
        if dice.chance(10) && self.proxy.replay(dice.below(8)).await? {
            self.saw("replayed a line".to_owned());
        }
        self.desk.come_into_step().await?;
        self.laws().await
    }

    /// What somebody enters: a booking, or a change of one that is there.
    fn an_act(&mut self, dice: &mut Dice) -> Value {
        let known: Vec<&String> = self.visits.keys().rev().take(5).collect();
        if known.is_empty() || dice.chance(60) {
            let start = self.next_slot();
            return json!({"act": "book", "patient": self.patient, "practitioner": self.practitioner, "start": start});
        }
        let appointment = known[dice.below(known.len())].clone();
        if dice.chance(50) {
            let start = self.next_slot();
            return json!({"act": "move", "appointment": appointment, "start": start});
        }
        let status = if dice.chance(50) { "arrived" } else { "booked" };
        json!({"act": "status", "appointment": appointment, "status": status})
    }

    /// A quarter of an hour that nobody has, in the winter after next, when no clock is changed.
    fn next_slot(&mut self) -> String {
        let (day, quarter) = (self.slot / 96, self.slot % 96);
        self.slot += 1;
        format!("2028-{:02}-{:02}T{:02}:{:02}", 1 + day / 28, 1 + day % 28, quarter / 4, quarter % 4 * 15)
    }

    /// Somebody enters `acts` and wants them at the host, until `kills` bytes have passed: then the victim is killed, in
    /// the middle of whatever it does.
    async fn trouble(&mut self, acts: Vec<Value>, kills: u64, victim: Victim) -> Result<()> {
        let (proxy, desk) = (&self.proxy, &mut self.desk);
        let mut answers = Vec::new();
        let mut asked = 0;
        let work = async {
            for act in acts {
                asked += 1;
                answers.push((act.clone(), desk.ask(act).await?));
            }
            // On a line that stalls nobody waits for ever.
            let _ = timeout(TRYING, desk.ask(json!({"act": "sync"}))).await;
            anyhow::Ok(())
        };
        tokio::select! {
            done = work => done?,
            () = proxy.passed(kills), if victim != Victim::Nobody => {}
        }
        self.unheard += asked - answers.len();
        if matches!(victim, Victim::Desk | Victim::Both) {
            self.desk.kill().await?;
        }
        if matches!(victim, Victim::Host | Victim::Both) {
            self.host.kill();
        }
        for (act, answer) in answers {
            let Some(answer) = answer else {
                self.unheard += 1;
                continue;
            };
            let done = &answer["done"];
            if answer["refused"]["code"] == "not_now" {
                self.saw("refused as the visit stands".to_owned());
                continue;
            }
            ensure!(!done.is_null(), "{act} was refused: {}", answer["refused"]);
            let text = |name: &str| Ok::<_, anyhow::Error>(done[name].as_str().context("an id")?.to_owned());
            self.told.insert(text("change")?);
            *self.visits.entry(text("appointment")?).or_default() += 1;
            self.saw(format!("did {}", act["act"].as_str().unwrap_or_default()));
        }
        Ok(())
    }

    async fn mend(&mut self, victim: Victim) -> Result<()> {
        self.proxy.mend();
        if matches!(victim, Victim::Host | Victim::Both) {
            self.host.start().await?;
        }
        if matches!(victim, Victim::Desk | Victim::Both) {
            self.desk.start().await?;
        }
        Ok(())
    }

    /// Everything that was entered is at the host once, nothing waits any more, and both show the same text.
    async fn laws(&mut self) -> Result<()> {
        let state = self.desk.do_(json!({"act": "state"})).await?;
        ensure!((&state["pending"], &state["attention"]) == (&json!(0), &json!(0)), "something is left: {state}");
        let taken = self.truth.since(self.start)?;
        for change in &self.told {
            let times = taken.changes.get(change).copied().unwrap_or(0);
            ensure!(times == 1, "change {change} is at the host {times} times");
        }
        ensure!(taken.changes.values().all(|times| *times == 1), "a change that nobody heard of is there twice");
        let strange = taken.changes.len() - self.told.len();
        ensure!(strange <= self.unheard, "{strange} changes more than {} that nobody heard of", self.unheard);
        for (visit, told) in &self.visits {
            let made = taken.versions.get(visit).copied().unwrap_or(0);
            ensure!((*told..=told + self.unheard).contains(&made), "{visit} has {made} versions, {told} were entered");
        }
        if let Some(visit) = self.visits.keys().next_back().cloned() {
            let reference = format!("Appointment/{visit}");
            let here = self.desk.do_(json!({"act": "show", "reference": reference})).await?;
            ensure!(here == self.truth.text(&reference)?, "{reference} is not the same here and there");
        }
        Ok(())
    }

    /// The file is whole, by the product's own diagnosis.
    pub async fn diagnose(&mut self) -> Result<()> {
        self.desk.kill().await?;
        self.desk.diagnose()?;
        self.desk.start().await.map(drop)
    }

    fn saw(&mut self, what: String) {
        *self.seen.entry(what).or_default() += 1;
    }
}

/// Where the host listens.
pub fn port(host: &Host) -> Result<u16> {
    Ok(host.url().rsplit(':').next().context("a port")?.parse()?)
}
