//! Somebody at a workstation: what they enter, what they were told of, and what must be true of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::{
    desk::Desk,
    dice::Dice,
    truth::{Taken, Truth},
};

/// How long a person goes on trying to sync on a line that is in trouble, before somebody mends it.
const TRYING: Duration = Duration::from_millis(400);

/// A field of the patient that one of them alone changes.
#[derive(Clone, Copy)]
pub enum Field {
    Born,
    City,
}

impl Field {
    fn pointer(self) -> &'static str {
        match self {
            Self::Born => "/birthDate",
            Self::City => "/address/0/city",
        }
    }

    /// As `patient` has it.
    fn of(self, patient: &str) -> Result<String> {
        let patient: Value = serde_json::from_str(patient)?;
        Ok(patient.pointer(self.pointer()).and_then(Value::as_str).context("the field")?.to_owned())
    }

    /// The `n`th value, which it never had before.
    fn value(self, n: usize) -> String {
        match self {
            Self::Born => format!("{}-{:02}-{:02}", 1930 + n / 336, 1 + n / 28 % 12, 1 + n % 28),
            Self::City => format!("Sampleton {n}"),
        }
    }
}

/// What the two have in common.
pub struct Practice {
    pub patient: String,
    pub practitioner: String,
    slot: usize,
}

impl Practice {
    pub fn new(patient: String, practitioner: String) -> Self {
        Self { patient, practitioner, slot: 0 }
    }

    /// A quarter of an hour that nobody has, in the winter after next, when no clock is changed.
    fn next_slot(&mut self) -> String {
        let (day, quarter) = (self.slot / 96, self.slot % 96);
        self.slot += 1;
        format!("2028-{:02}-{:02}T{:02}:{:02}", 1 + day / 28, 1 + day % 28, quarter / 4, quarter % 4 * 15)
    }
}

pub struct Person {
    pub desk: Desk,
    field: Field,
    /// Values that their field may have: the last they were told of, and those that they heard nothing about since.
    values: BTreeSet<String>,
    entered: usize,
    /// Changes that they were told of as entered.
    pub told: BTreeSet<String>,
    /// Acts whose answer nobody heard, because the process was killed first.
    pub unheard: usize,
    /// Appointments, with how many changes they were told of.
    visits: BTreeMap<String, usize>,
    /// What they asked for since the last account, with the answers that came.
    asked: Vec<(Value, Option<Value>)>,
}

impl Person {
    pub fn at(desk: Desk, field: Field, patient: &str) -> Result<Self> {
        let values = BTreeSet::from([field.of(patient)?]);
        let (told, visits) = (BTreeSet::new(), BTreeMap::new());
        Ok(Self { desk, field, values, entered: 0, told, unheard: 0, visits, asked: Vec::new() })
    }

    /// What they enter next: a booking, a change of one that they made, or their field of the patient.
    pub fn an_act(&mut self, practice: &mut Practice, dice: &mut Dice) -> Value {
        if dice.chance(35) {
            self.entered += 1;
            let (reference, value) = (format!("Patient/{}", practice.patient), self.field.value(self.entered));
            return json!({"act": "put", "reference": reference, "pointer": self.field.pointer(), "value": value});
        }
        let known: Vec<&String> = self.visits.keys().rev().take(5).collect();
        if known.is_empty() || dice.chance(55) {
            let (start, Practice { patient, practitioner, .. }) = (practice.next_slot(), practice);
            return json!({"act": "book", "patient": patient, "practitioner": practitioner, "start": start});
        }
        let appointment = known[dice.below(known.len())];
        if dice.chance(60) {
            return json!({"act": "move", "appointment": appointment, "start": practice.next_slot()});
        }
        let status = if dice.chance(50) { "arrived" } else { "booked" };
        json!({"act": "status", "appointment": appointment, "status": status})
    }

    /// Enters `acts` and wants them at the host.
    pub async fn work(&mut self, acts: Vec<Value>) -> Result<()> {
        for act in acts {
            self.asked.push((act.clone(), None));
            let answer = self.desk.ask(act).await?;
            self.asked.last_mut().context("it was asked")?.1 = answer;
        }
        // On a line that stalls nobody waits for ever.
        let _ = timeout(TRYING, self.desk.ask(json!({"act": "sync"}))).await;
        Ok(())
    }

    /// Keeps in mind what came of what they entered; gives it in a word each.
    pub fn account(&mut self) -> Result<Vec<String>> {
        let mut seen = Vec::new();
        for (act, answer) in std::mem::take(&mut self.asked) {
            let kind = act["act"].as_str().context("an act")?;
            let value = || Ok::<_, anyhow::Error>(act["value"].as_str().context("a value")?.to_owned());
            let Some(answer) = answer else {
                self.unheard += 1;
                if kind == "put" {
                    self.values.insert(value()?);
                }
                continue;
            };
            let done = &answer["done"];
            match answer["refused"]["code"].as_str() {
                Some("not_now") => {
                    seen.push("refused as the visit stands".to_owned());
                    continue;
                }
                Some("conflict") => {
                    seen.push("refused since the sync was first".to_owned());
                    continue;
                }
                _ => ensure!(!done.is_null(), "{act} was refused: {}", answer["refused"]),
            }
            self.told.insert(done["change"].as_str().context("a change")?.to_owned());
            if kind == "put" {
                self.values = BTreeSet::from([value()?]);
            } else {
                let visit = done["appointment"].as_str().context("an appointment")?;
                *self.visits.entry(visit.to_owned()).or_default() += 1;
            }
            seen.push(format!("did {kind}"));
        }
        Ok(seen)
    }

    /// Nothing waits here any more, and what they entered is at the host, once.
    pub async fn laws(&mut self, practice: &Practice, taken: &Taken, truth: &Truth) -> Result<()> {
        let state = self.desk.do_(json!({"act": "state"})).await?;
        ensure!((&state["pending"], &state["attention"]) == (&json!(0), &json!(0)), "something is left: {state}");
        for change in &self.told {
            let times = taken.changes.get(change).copied().unwrap_or(0);
            ensure!(times == 1, "change {change} is at the host {times} times");
        }
        for (visit, told) in &self.visits {
            let made = taken.versions.get(&format!("Appointment/{visit}")).copied().unwrap_or(0);
            ensure!((*told..=told + self.unheard).contains(&made), "{visit} has {made} versions, {told} were entered");
        }
        let value = self.field.of(&truth.text(&format!("Patient/{}", practice.patient))?)?;
        ensure!(self.values.contains(&value), "the host has {value}, entered was {:?}", self.values);
        Ok(())
    }

    /// The visit that they would look at.
    pub fn newest(&self) -> Option<String> {
        self.visits.keys().next_back().map(|visit| format!("Appointment/{visit}"))
    }

    /// All visits that they know they made.
    pub fn visits(&self) -> impl Iterator<Item = String> {
        self.visits.keys().map(|visit| format!("Appointment/{visit}"))
    }

    /// Whether this computer shows `references` as the host has them.
    pub async fn shows(&mut self, references: &[String], truth: &Truth) -> Result<bool> {
        for reference in references {
            let here = self.desk.ask(json!({"act": "show", "reference": reference})).await?.context("it ended")?;
            if here["done"] != json!(truth.text(reference)?) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
