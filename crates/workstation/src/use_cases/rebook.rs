//! The loser of a race for a slot finds another: three openings nearest to what was wanted, and one act that takes one.

use jiff::{ToSpan, civil::Date};
use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
    ids::{ChangeId, PatientId, PractitionerId},
    permission::ChangeAppointment,
    provenance::ChangeNote,
    resource::{ResourceKey, ResourceType},
    schedule::{free_starts, holds_time, minute_of, written},
    text::{quote, set},
    time::Stamp,
    views::{AppointmentView, PatientView},
};

use super::{
    change::{free_time, moment},
    move_appointment::odd,
};
use crate::{
    desk::Desk,
    refused::{Outcome, refuse},
    screen::{Changed, Column, Day, Opening, Openings, Stretch},
    session::Workstation,
};

/// Openings offered.
const OFFERED: usize = 3;
/// Days looked at for them.
const DAYS: i32 = 14;

/// A visit whose time the host has given to another.
struct Lost {
    change: ChangeId,
    key: ResourceKey,
    text: String,
    practitioner: PractitionerId,
    start: Stamp,
    minutes: i32,
}

fn lost(desk: &Desk, change: &str) -> Outcome<Lost> {
    let gone = || refuse(Code::NotFound, "That visit needs no other time any more. Look at the schedule.");
    let Some(change) = ChangeId::parse(change) else { return gone() };
    let Some((Code::Overlap, keys)) = desk.store.refused(&change).map_err(|e| e.refusal())? else { return gone() };
    let Some(key) = keys.into_iter().find(|key| key.kind == ResourceType::APPOINTMENT) else { return gone() };
    let Some(stored) = desk.store.peek(&key).map_err(|e| e.refusal())? else { return gone() };
    let view = AppointmentView::read(&stored.text);
    let practitioner = view.practitioners().next().and_then(PractitionerId::parse);
    let (Some(practitioner), Some(start), Some(end)) = (practitioner, view.start(), view.end()) else {
        return Err(odd());
    };
    let minutes = i32::try_from(end.since(start).as_secs() / 60).unwrap_or(30);
    Ok(Lost { change, key, practitioner, start, minutes, text: stored.text })
}

impl Workstation {
    /// The openings of the same provider nearest to what the refused `change` wanted, and how to reach the patient.
    ///
    /// # Errors
    /// When locked or not allowed, or when the change was not refused for its time.
    pub fn openings(&self, change: &str) -> Outcome<Openings> {
        self.at_desk(|desk| {
            desk.may::<ChangeAppointment>()?;
            let lost = lost(desk, change)?;
            let zone = &desk.enrolled.zone;
            let (wanted, now) = (zone.wall(lost.start).date(), self.clock.now());
            let mut openings = Vec::new();
            for ahead in 0..DAYS {
                let Ok(date) = wanted.checked_add(ahead.days()) else { break };
                let day = self.tell_day(desk, Some(&date.to_string()), AuditAction::ReadSchedule)?;
                let starts = starts(&day, &lost, minute_of(zone, wanted, lost.start));
                let moments = starts.into_iter().filter_map(|minute| at_minute(desk, date, minute));
                let later = moments.filter(|at| *at > now).map(|at| Opening { start: written(zone, at) });
                openings.extend(later.take(OFFERED - openings.len()));
                if openings.len() == OFFERED {
                    break;
                }
            }
            Ok(Openings { phone: phone(desk, &lost)?, openings })
        })
    }

    /// Gives the refused `change` the start `start`, a wall-clock time like 2026-11-23T09:45, and sends it again.
    ///
    /// # Errors
    /// As [`Self::openings`], and for time that is taken.
    pub fn rebook(&self, change: &str, start: &str) -> Outcome<Changed> {
        self.at_desk(|desk| {
            desk.may::<ChangeAppointment>()?;
            let lost = lost(desk, change)?;
            let zone = &desk.enrolled.zone;
            let start = moment(desk, start)?;
            let end = super::book::ends(start, lost.minutes.unsigned_abs())?;
            free_time(desk, &lost.practitioner, (start, end), Some(&lost.key), None)?;
            let put = |text: &str, at: &str, moment| set(text, at, &quote(&written(zone, moment))).map_err(|_| odd());
            let text = put(&put(&lost.text, "/start", start)?, "/end", end)?;

            let note = ResourceKey::new(ResourceType::PROVENANCE, lost.change.as_str());
            let told = desk.store.peek(&note).map_err(|e| e.refusal())?;
            let mut told = told.and_then(|told| ChangeNote::read(&told.text)).ok_or_else(odd)?;
            let to = crate::show::day_and_time(zone, start);
            told.activity = format!("booked for {to}, since the time wanted was taken");
            let at = self.clock.now();
            let view = AppointmentView::read(&text);
            let record = AuditRecord {
                patient: view.patient().and_then(PatientId::parse),
                resource: Some(lost.key.clone()),
                ..desk.tells(at, AuditAction::Update)
            };
            let who = desk.patient_name(view.patient())?.unwrap_or_else(|| "Appointment".to_owned());
            let what = format!("{who}: {}", told.activity);
            let texts = [(lost.key.clone(), text.as_str()), (note, &told.to_fhir())];
            desk.store.amend(&lost.change, &texts, &what, &record).map_err(|e| e.refusal())?;
            self.keep_rescue_after(desk, std::iter::once(&lost.key));
            self.entered(desk, &lost.change, &lost.key, what, at)
        })
    }
}

fn starts(day: &Day, lost: &Lost, wanted: i32) -> Vec<i32> {
    let theirs = |column: &&Column| column.practitioner == lost.practitioner.as_str();
    let Some(column) = day.columns.iter().find(theirs) else { return Vec::new() };
    let span = |stretch: &Stretch| (stretch.start_minute, stretch.end_minute);
    let hours: Vec<_> = column.hours.iter().map(span).collect();
    let held = day.appointments.iter().filter(|card| {
        card.practitioner.as_deref() == Some(lost.practitioner.as_str())
            && holds_time(card.status)
            && card.id != lost.key.id.as_str()
    });
    let taken: Vec<_> =
        held.map(|card| (card.start_minute, card.end_minute)).chain(column.blocks.iter().map(span)).collect();
    free_starts(&hours, &taken, lost.minutes, wanted)
}

fn at_minute(desk: &Desk, date: Date, minute: i32) -> Option<Stamp> {
    let time = format!("{date}T{:02}:{:02}", minute / 60, minute % 60);
    desk.enrolled.zone.moment(&time).ok()
}

fn phone(desk: &Desk, lost: &Lost) -> Outcome<Option<String>> {
    let view = AppointmentView::read(&lost.text);
    let Some(patient) = view.patient().and_then(PatientId::parse) else { return Ok(None) };
    let stored = desk.store.peek(&ResourceKey::patient(&patient)).map_err(|e| e.refusal())?;
    Ok(stored.and_then(|stored| PatientView::read(&stored.text).phones().next().map(str::to_owned)))
}
