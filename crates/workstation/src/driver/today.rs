//! Before the first page of a first sync: what the office needs at once. Today's schedule comes first, then who is on it,
//! then their charts. The pages bring it all again in their order; what is here already is passed over then.

use std::{
    collections::{BTreeSet, VecDeque},
    sync::Arc,
};

use practice::schedule::day_bounds;
use store::PreparedPage;
use sync::Event;
use tokio::task::JoinSet;
use vault::DeviceToken;

use super::{Round, Trouble, found};
use crate::{
    host::{Bearer, HostError},
    session::{Enrolled, Workstation},
};

/// Patients asked for at once: their ids make the address.
const PATIENTS: usize = 40;

/// Searches on their way at once: while what one found is stored, the next is read, and the one after that made.
const AT_ONCE: usize = 3;

/// Rows stored at once, about.
const BATCH: usize = 4_000;

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
        let ground = ["Practitioner?_count=1000".to_owned(), "Schedule?_count=1000".to_owned()];
        let visits = ["Slot", "Appointment"].map(|kind| format!("{kind}?{today}"));
        let patients = self.take_found(round, ground.into_iter().chain(visits).collect()).await?;
        self.in_background(round.generation, move |desk| desk.day_is_whole(day, asked)).await?;
        let patients: Vec<String> = patients.into_iter().collect();
        let some: Vec<String> = patients.chunks(PATIENTS).map(|some| some.join(",")).collect();
        let who = some.iter().map(|some| format!("Patient?_id={some}&_count=1000"));
        self.take_found(round, who.collect()).await?;
        // From here on the pages may come beside the charts.
        round.ahead = Some(self.pages_after(None, round));
        let charts = some.iter().flat_map(|some| CHART.map(|kind| format!("{kind}?patient={some}&_count=1000")));
        self.take_found(round, charts.collect()).await?;
        Ok(Event::TodayTaken)
    }

    /// Takes in all that the searches find; gives the patients of the appointments among it.
    async fn take_found(self: &Arc<Self>, round: &Round, queries: Vec<String>) -> Result<BTreeSet<String>, Trouble> {
        let mut searches: VecDeque<Search> = queries.into_iter().map(|query| Search { query, pages: 0 }).collect();
        let (mut asked, mut patients, mut ready) = (JoinSet::new(), BTreeSet::new(), None::<PreparedPage>);
        loop {
            while asked.len() < AT_ONCE
                && let Some(search) = searches.pop_front()
            {
                asked.spawn(search.ask(Arc::clone(&round.enrolled), Arc::clone(&round.device)));
            }
            let Some(answer) = asked.join_next().await else { break };
            let (page, mut of_visits, next) = answer.map_err(|_| HostError::Confused)??;
            patients.append(&mut of_visits);
            searches.extend(next);
            // What one life has told is not stored with what the next has.
            if let Some(other) = ready.take_if(|ready| ready.epoch() != page.epoch() || ready.len() >= BATCH) {
                self.take_ready(round, other).await?;
            }
            ready = Some(match ready {
                Some(ready) => ready.and(page),
                None => page,
            });
        }
        if let Some(ready) = ready {
            self.take_ready(round, ready).await?;
        }
        Ok(patients)
    }

    async fn take_ready(self: &Arc<Self>, round: &Round, page: PreparedPage) -> Result<(), Trouble> {
        let _core = round.core().await;
        let versions = page.versions();
        let kinds = self
            .in_background(round.generation, move |desk| {
                if desk.store.epoch().map_err(|e| e.refusal())?.is_none() {
                    desk.store.set_epoch(page.epoch()).map_err(|e| e.refusal())?;
                }
                Ok(desk.store.take_ahead(page).map_err(|e| e.refusal())?.kinds)
            })
            .await?;
        if let Some(ahead) = &round.ahead {
            ahead.known.add(versions);
        }
        self.changed(kinds.iter().map(|kind| kind.as_str().to_owned()).collect());
        Ok(())
    }
}

/// A search, and how many pages of it have come.
struct Search {
    query: String,
    pages: usize,
}

impl Search {
    /// A page of what it finds, the patients of the appointments in it, and what is left of it.
    async fn ask(
        self,
        enrolled: Arc<Enrolled>,
        device: Arc<DeviceToken>,
    ) -> Result<(PreparedPage, BTreeSet<String>, Option<Self>), HostError> {
        // A host that has always more would be asked for ever.
        if self.pages == MOST_PAGES {
            return Err(HostError::Confused);
        }
        let (page, patients, next) = found::search(&enrolled, Bearer(device.for_header()), &self.query).await?;
        Ok((page, patients, next.map(|query| Self { query, pages: self.pages + 1 })))
    }
}
