//! A patient's shadow chart.

use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
    ids::PatientId,
    patient::photo::Photo,
    permission::ReadChart,
    schedule::written,
    views::PatientView,
};

use super::fetch::beyond_of_chart;
use crate::{
    refused::{Outcome, refuse},
    screen::Chart,
    session::Workstation,
    show,
};

impl Workstation {
    /// The chart of `patient`.
    ///
    /// # Errors
    /// When locked or not allowed, or when there is no such patient here.
    pub fn chart(&self, patient: &str) -> Outcome<Chart> {
        self.at_desk(|desk| {
            desk.may::<ReadChart>()?;
            let now = self.clock.now();
            let unknown =
                || refuse(Code::NotFound, "There is no such patient here. The chart may not have arrived yet.");
            let Some(id) = PatientId::parse(patient) else { return unknown() };
            let id = desk.store.survivor_of(&id).map_err(|e| e.refusal())?;
            let record = AuditRecord { patient: Some(id.clone()), ..desk.tells(now, AuditAction::ReadChart) };
            let Some(rows) = desk.store.chart(&id, &record).map_err(|e| e.refusal())? else { return unknown() };
            let beyond = beyond_of_chart(desk, &id, now)?;
            let zone = &desk.enrolled.zone;
            let today = zone.today(now);
            let alerts = rows.chart.alerts().map(show::alert).collect();
            let view = PatientView::read(&rows.text);
            let upcoming = rows.appointments.into_iter().filter(|row| row.end >= now);
            Ok(Chart {
                photo: Photo::of(&rows.text).map(|photo| photo.url()),
                address: view.address_line(),
                language: view.language().map(str::to_owned),
                patient: show::patient(rows.patient, today),
                as_of: desk.whole_at()?.map(|at| written(zone, at)),
                alerts,
                upcoming: upcoming.map(|row| show::card(zone, zone.today(row.start), row, today)).collect(),
                problems: show::chart_lines(rows.chart.problems),
                allergies: show::chart_lines(rows.chart.allergies),
                medications: show::chart_lines(rows.chart.medications),
                immunizations: show::chart_lines(rows.chart.immunizations),
                vitals: show::series(rows.chart.vitals),
                labs: show::series(rows.chart.labs),
                visits: show::chart_lines(rows.chart.visits),
                notes: show::chart_lines(rows.chart.notes),
                documents: show::chart_lines(rows.chart.documents),
                beyond,
                merged: rows.merged.into_iter().map(|hit| show::patient(hit, today)).collect(),
            })
        })
    }
}
