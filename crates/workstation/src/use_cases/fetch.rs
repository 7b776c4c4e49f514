//! What lies outside of this computer's horizon, asked of the host when somebody looks at it.

use std::{sync::Arc, time::Duration};

use jiff::civil::Date;
use practice::{
    Code,
    ids::PatientId,
    permission::{ReadChart, ReadSchedule},
    schedule::{day_bounds, written},
    time::Stamp,
};
use tokio::time::timeout;

use crate::{
    desk::Desk,
    driver::found_asked,
    host::{Bearer, HostError},
    refused::{Outcome, refuse},
    screen::{Beyond, Chart, Day},
    session::Workstation,
};

/// How long a person waits for a round of the sync to end.
const PATIENCE: Duration = Duration::from_secs(10);

/// Most pages of one question.
const MOST_PAGES: usize = 50;

/// What of a chart goes with the years.
const OF_CHART: [&str; 5] = ["Appointment", "DiagnosticReport", "DocumentReference", "Encounter", "Observation"];

impl Workstation {
    /// The schedule of `date`, with all that the host has of it.
    ///
    /// # Errors
    /// When locked, for a date that is none, and when the host can't be reached.
    pub async fn fetch_day(self: &Arc<Self>, date: &str) -> Outcome<Day> {
        let span = self.at_desk(|desk| {
            desk.may::<ReadSchedule>()?;
            Ok(day_bounds(&desk.enrolled.zone, super::day::date_of(date)?))
        })?;
        let of = |kind| format!("{kind}?date=ge{}&date=lt{}&_count=1000", span.start, span.end);
        self.fetch(&["Slot", "Appointment"].map(of), of_day(date)).await?;
        self.day(Some(date))
    }

    /// The chart of `patient`, with all that the host has of it.
    ///
    /// # Errors
    /// When locked or not allowed, when there is no such patient here, and when the host can't be reached.
    pub async fn fetch_chart(self: &Arc<Self>, patient: &str) -> Outcome<Chart> {
        self.at_desk(|desk| desk.may::<ReadChart>().map(drop))?;
        // An id that is none must not become part of an address.
        let Some(id) = PatientId::parse(patient) else { return self.chart(patient) };
        let of = |kind| format!("{kind}?patient={id}&_count=1000");
        self.fetch(&OF_CHART.map(of), of_chart(&id)).await?;
        self.chart(patient)
    }

    /// One after the other with the sync: what the host deletes meanwhile must not come to life again here.
    async fn fetch(self: &Arc<Self>, questions: &[String], what: String) -> Outcome<()> {
        let (enrolled, generation) = self.at_desk(|desk| Ok((Arc::clone(&desk.enrolled), self.generation())))?;
        let busy = || refuse(Code::NotNow, "This computer is just taking in what is new. Try again in a moment.");
        let Ok(_alone) = timeout(PATIENCE, self.one_sync.lock()).await else { return busy() };
        let device = self.device_token(&enrolled).await?;
        for question in questions {
            let (mut next, mut pages) = (Some(question.clone()), 0);
            while let Some(query) = next.take() {
                pages += 1;
                if pages > MOST_PAGES {
                    return Err(HostError::Confused.into());
                }
                let practice = &enrolled.as_written.practice.id;
                let answer = enrolled.line.search(Bearer(device.for_header()), practice, &query).await?;
                let (page, follows) = crate::blocking(move || Ok(found_asked(&answer)?)).await?;
                next = follows;
                let take = |desk: &Desk| Ok(desk.store.take_asked(page).map_err(|e| e.refusal())?);
                if !self.in_background(generation, take).await? {
                    return busy();
                }
            }
        }
        let now = self.clock.now();
        self.desk_of(generation, |desk| {
            desk.note_fetched(what, now);
            Ok(())
        })
    }
}

fn of_day(date: &str) -> String {
    format!("day/{date}")
}

fn of_chart(patient: &PatientId) -> String {
    format!("chart/{patient}")
}

/// What a look at the day `date` must say; nothing when all of it is here by itself.
pub(super) fn beyond_of_day(desk: &Desk, date: Date, now: Stamp) -> Outcome<Option<Beyond>> {
    let whole = desk.store.whole().map_err(|e| e.refusal())?;
    let span = day_bounds(&desk.enrolled.zone, date);
    if whole.covers(span.start, span.end) {
        return Ok(None);
    }
    beyond(desk, &of_day(&date.to_string()), now)
}

/// What a look at a chart must say; nothing when all of it is here by itself.
pub(super) fn beyond_of_chart(desk: &Desk, patient: &PatientId, now: Stamp) -> Outcome<Option<Beyond>> {
    beyond(desk, &of_chart(patient), now)
}

fn beyond(desk: &Desk, what: &str, now: Stamp) -> Outcome<Option<Beyond>> {
    let (whole, zone) = (desk.store.whole().map_err(|e| e.refusal())?, &desk.enrolled.zone);
    if whole.is_everything() {
        return Ok(None);
    }
    let today = zone.today(now);
    let days = |from: Date, to: Date| u32::try_from((to - from).get_days()).unwrap_or(0);
    let last = |to: Stamp| zone.today(to).yesterday().unwrap_or(today);
    Ok(Some(Beyond {
        days_back: whole.from.map(|from| days(zone.today(from), today)),
        days_ahead: whole.to.map(|to| days(today, last(to))),
        fetched: desk.fetched(what).map(|at| written(zone, at)),
    }))
}
