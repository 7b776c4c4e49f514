//! Before the first page of a first sync: what the office needs at once. Today's schedule comes first, then who is on it,
//! then their charts. The pages bring it all again in their order; what is here already is passed over then.

use std::{collections::BTreeSet, sync::Arc};

use practice::schedule::day_bounds;
use sync::Event;

use super::{Round, Trouble, found};
use crate::{host::HostError, session::Workstation};

/// Patients asked for at once: their ids make the address.
const PATIENTS: usize = 40;

/// Most pages of one search.
const MOST_PAGES: usize = 50;

/// What a chart is drawn from.
const CHART: [&str; 9] = [
    "AllergyIntolerance",
    "Condition",
    "MedicationRequest",
    "Immunization",
    "Observation",
    "Encounter",
    "DiagnosticReport",
    "DocumentReference",
    "MedicationStatement",
];

impl Workstation {
    pub(super) async fn pull_today(self: &Arc<Self>, round: &mut Round) -> Result<Event, Trouble> {
        let begun = self
            .in_background(round.generation, |desk| {
                // A restored host is read again in order: only the pages say which life a row is from.
                let giving_back = desk.store.is_giving_back().map_err(|e| e.refusal())?;
                Ok(giving_back || desk.store.cursor().map_err(|e| e.refusal())?.is_some())
            })
            .await?;
        if begun {
            return Ok(Event::TodayTaken);
        }
        let (zone, asked) = (&round.enrolled.zone, self.clock.now());
        let day = zone.today(asked);
        let span = day_bounds(zone, day);
        let today = format!("date=ge{}&date=lt{}&_count=1000", span.start, span.end);
        let mut patients = BTreeSet::new();
        for query in ["Practitioner?_count=1000".to_owned(), "Schedule?_count=1000".to_owned()] {
            self.take_found(round, query).await?;
        }
        for kind in ["Slot", "Appointment"] {
            patients.append(&mut self.take_found(round, format!("{kind}?{today}")).await?);
        }
        self.in_background(round.generation, move |desk| desk.day_is_whole(day, asked)).await?;
        let patients: Vec<String> = patients.into_iter().collect();
        for some in patients.chunks(PATIENTS) {
            self.take_found(round, format!("Patient?_id={}&_count=1000", some.join(","))).await?;
        }
        for some in patients.chunks(PATIENTS) {
            for kind in CHART {
                self.take_found(round, format!("{kind}?patient={}&_count=1000", some.join(","))).await?;
            }
        }
        Ok(Event::TodayTaken)
    }

    /// Takes in all that a search finds; gives the patients of the appointments among it.
    async fn take_found(self: &Arc<Self>, round: &Round, query: String) -> Result<BTreeSet<String>, Trouble> {
        let (mut next, mut patients) = (Some(query), BTreeSet::new());
        for _ in 0..MOST_PAGES {
            let Some(query) = next.take() else { return Ok(patients) };
            let practice = &round.enrolled.as_written.practice.id;
            let answer = round.enrolled.line.search(round.bearer(), practice, &query).await?;
            let Ok(read) = tokio::task::spawn_blocking(move || found::read(&answer)).await else {
                return Err(HostError::Confused.into());
            };
            let (page, mut of_visits, follows) = read?;
            patients.append(&mut of_visits);
            next = follows;
            let kinds = self
                .in_background(round.generation, move |desk| {
                    if desk.store.epoch().map_err(|e| e.refusal())?.is_none() {
                        desk.store.set_epoch(page.epoch()).map_err(|e| e.refusal())?;
                    }
                    Ok(desk.store.take_ahead(page).map_err(|e| e.refusal())?.kinds)
                })
                .await?;
            self.changed(kinds.iter().map(|kind| kind.as_str().to_owned()).collect());
        }
        Err(HostError::Confused.into())
    }
}
