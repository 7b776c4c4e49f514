//! A host, the line before it, and two workstations at work on that line: rounds of trouble, after each of which
//! everything must be there once, and the same at all three.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use serde_json::json;
use tests::host::Host;
use tokio::try_join;

use crate::{
    desk::Desk,
    dice::Dice,
    person::{Field, Person, Practice},
    proxy::{Fault, Plan, Proxy, Way},
    truth::Truth,
};

/// Who is killed.
#[derive(Clone, Copy)]
struct Victims {
    desks: [bool; 2],
    host: bool,
}

impl Victims {
    fn any(self) -> bool {
        self.host || self.desks != [false; 2]
    }

    fn said(self) -> &'static str {
        match (self.desks, self.host) {
            ([false, false], false) => "killed nobody",
            ([false, false], true) => "killed the host",
            ([true, true], false) => "killed both workstations",
            ([true, true], true) => "killed all three",
            (_, false) => "killed one workstation",
            (_, true) => "killed the host and one workstation",
        }
    }
}

/// How often what the rounds are there for has come about.
pub type Seen = BTreeMap<String, usize>;

pub struct Office {
    pub host: Host,
    pub proxy: Proxy,
    people: [Person; 2],
    practice: Practice,
    truth: Truth,
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
        let practice = Practice::new(first("Patient/")?, first("Practitioner/")?);
        let (mut one, mut other) = (Desk::enrolled(&host, proxy.port)?, Desk::enrolled(&host, proxy.port)?);
        for desk in [&mut one, &mut other] {
            desk.start().await?;
            desk.come_into_step().await?;
        }
        let patient = truth.text(&format!("Patient/{}", practice.patient))?;
        let people = [Person::at(one, Field::Born, &patient)?, Person::at(other, Field::City, &patient)?];
        Ok(Self { host, proxy, people, practice, truth, start, seen: Seen::new() })
    }

    /// One round.
    pub async fn round(&mut self, dice: &mut Dice) -> Result<()> {
        let faults = [Fault::Cut, Fault::Cut, Fault::Stall, Fault::Corrupt, Fault::Replay, Fault::Slow, Fault::Down];
        let fault = (!dice.chance(15)).then(|| faults[dice.below(faults.len())]);
        let way = if dice.chance(50) { Way::Up } else { Way::Down };
        let victims = Victims { desks: [dice.chance(45), dice.chance(45)], host: dice.chance(40) };
        // A request is some hundreds of bytes, and a line begins with some thousands.
        let soon = [300, 2_000, 6_000][dice.below(3)];
        let (strikes, kills) = (dice.below(soon) as u64, dice.below(12_000) as u64);
        if let Some(fault) = fault {
            self.proxy.plan(Plan { fault, way, after: strikes });
        }
        let struck = self.proxy.struck();
        self.trouble(dice, kills, victims).await?;
        if let Some(fault) = fault.filter(|_| self.proxy.struck() > struck) {
            self.saw(format!("{fault:?}"));
        }
        self.saw(victims.said().to_owned());
        self.mend(victims).await?;
        // Whatever was said before is said once more.
        if dice.chance(10) && self.proxy.replay(dice.below(8)).await? {
            self.saw("replayed a line".to_owned());
        }
        self.laws().await
    }

    /// Both enter something and want it at the host, until `kills` bytes have passed: then the victims are killed, in
    /// the middle of whatever they do.
    async fn trouble(&mut self, dice: &mut Dice, kills: u64, victims: Victims) -> Result<()> {
        let [one, other] = &mut self.people;
        let mut acts = |person: &mut Person| -> Vec<_> {
            (0..1 + dice.below(3)).map(|_| person.an_act(&mut self.practice, dice)).collect()
        };
        let acts = (acts(one), acts(other));
        tokio::select! {
            done = async { try_join!(one.work(acts.0), other.work(acts.1)) } => drop(done?),
            () = self.proxy.passed(kills), if victims.any() => {}
        }
        for (person, _) in self.people.iter_mut().zip(victims.desks).filter(|(_, killed)| *killed) {
            person.desk.kill().await?;
        }
        if victims.host {
            self.host.kill();
        }
        let [one, other] = &mut self.people;
        for what in one.account()?.into_iter().chain(other.account()?) {
            self.saw(what);
        }
        Ok(())
    }

    /// Nobody is in the way any more, and who was killed works again, until both are in step with the host.
    async fn mend(&mut self, victims: Victims) -> Result<()> {
        self.proxy.mend();
        if victims.host {
            self.host.start().await?;
        }
        let [one, other] = &mut self.people;
        let come_into_step = async |person: &mut Person, killed| {
            if killed {
                person.desk.start().await?;
            }
            person.desk.come_into_step().await
        };
        try_join!(come_into_step(one, victims.desks[0]), come_into_step(other, victims.desks[1])).map(drop)
    }

    /// Everything that was entered is at the host once, nothing waits any more, and all three show the same.
    async fn laws(&mut self) -> Result<()> {
        let [one, other] = &mut self.people;
        let taken = self.truth.since(self.start)?;
        ensure!(taken.changes.values().all(|times| *times == 1), "a change is there twice");
        let (told, unheard) = (one.told.len() + other.told.len(), one.unheard + other.unheard);
        let strange = taken.changes.len().saturating_sub(told);
        ensure!(strange <= unheard, "{strange} changes more than {unheard} that nobody heard of");
        let patient = format!("Patient/{}", self.practice.patient);
        let looked_at: Vec<_> = [one.newest(), other.newest(), Some(patient)].into_iter().flatten().collect();
        for person in &mut self.people {
            person.laws(&self.practice, &taken, &self.truth).await?;
            // What the other one sent last may have come after this one's round.
            if !person.shows(&looked_at, &self.truth).await? {
                person.desk.come_into_step().await?;
                ensure!(person.shows(&looked_at, &self.truth).await?, "{looked_at:?} are not the same here and there");
            }
        }
        Ok(())
    }

    /// The files are whole, by the product's own diagnosis, and every visit is at each computer as at the host.
    pub async fn diagnose(&mut self) -> Result<()> {
        let all: Vec<_> = self.people.iter().flat_map(Person::visits).collect();
        for person in &mut self.people {
            // What the other one sent may have come after this one's round, and not be the newest of it.
            if !person.shows(&all, &self.truth).await? {
                person.desk.come_into_step().await?;
                ensure!(person.shows(&all, &self.truth).await?, "a visit is not the same here and there");
            }
            person.desk.kill().await?;
            person.desk.diagnose()?;
            person.desk.start().await?;
        }
        Ok(())
    }

    /// How many changes of the patient were merged with the other one's, at either computer.
    pub async fn merges(&mut self) -> Result<u64> {
        let reference = format!("Patient/{}", self.practice.patient);
        let mut merges = 0;
        for person in &mut self.people {
            let merged = person.desk.do_(json!({"act": "merged", "reference": reference})).await?;
            merges += merged.as_u64().context("a number")?;
        }
        Ok(merges)
    }

    fn saw(&mut self, what: String) {
        *self.seen.entry(what).or_default() += 1;
    }
}

/// Where the host listens.
pub fn port(host: &Host) -> Result<u16> {
    Ok(host.url().rsplit(':').next().context("a port")?.parse()?)
}
