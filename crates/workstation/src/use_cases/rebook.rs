//! The loser of a race for a slot finds another: three openings nearest to what was wanted, and one act that takes one.

use jiff::{ToSpan, civil::Date};
use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
    ids::{ChangeId, PatientId, PractitionerId},
    permission::ChangeAppointment,
    provenance::ChangeNote,
    resource::{ResourceKey, ResourceType},
    schedule::{free_starts, holds_time, minute_of, steps::unconfirmed, written},
    text::{quote, set},
    time::Stamp,
    views::{AppointmentView, PatientView},
};

use super::{
    change::{free_places, free_time, moment},
    move_appointment::{odd, put_practitioner},
};
use crate::{
    desk::Desk,
    refused::{Outcome, refuse},
    screen::{Block, Changed, Column, Day, Kept, Opening, Openings},
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
    /// The openings nearest to what the refused `change` wanted, of the same provider and of the others on that day, and
    /// how to reach the patient.
    ///
    /// # Errors
    /// When locked or not allowed, or when the change was not refused for its time.
    pub fn openings(&self, change: &str) -> Outcome<Openings> {
        self.at_desk(|desk| {
            desk.may::<ChangeAppointment>()?;
            let lost = lost(desk, change)?;
            let zone = &desk.enrolled.zone;
            let wanted = zone.wall(lost.start).date();
            let near = Near { desk, now: self.clock.now(), lost: &lost, minute: minute_of(zone, wanted, lost.start) };
            let (mut openings, mut others) = (Vec::new(), Vec::new());
            for ahead in 0..DAYS {
                let Ok(date) = wanted.checked_add(ahead.days()) else { break };
                let day = self.tell_day(desk, Some(&date.to_string()), AuditAction::ReadSchedule)?;
                // What of a day is not here may be what takes the time.
                if day.beyond.as_ref().is_some_and(|beyond| beyond.fetched.is_none()) {
                    break;
                }
                let theirs = |column: &&Column| column.practitioner == lost.practitioner.as_str();
                openings.extend(day.columns.iter().filter(theirs).flat_map(|column| near.of(&day, date, column)));
                if ahead == 0 {
                    others = day.columns.iter().filter(|c| !theirs(c)).flat_map(|c| near.of(&day, date, c)).collect();
                }
                if openings.len() >= OFFERED {
                    break;
                }
            }
            let offer = |mut found: Vec<(u32, Opening)>| {
                found.truncate(OFFERED);
                found.into_iter().map(|(_, opening)| opening).collect()
            };
            others.sort_by_key(|(away, _)| *away);
            Ok(Openings { phone: phone(desk, &lost)?, openings: offer(openings), others: offer(others) })
        })
    }

    /// Gives the refused `change` the start `start`, a wall-clock time like 2026-11-23T09:45, with `practitioner` where
    /// that is another, and sends it again.
    ///
    /// # Errors
    /// As [`Self::openings`], and for time that is taken.
    pub fn rebook(&self, change: &str, start: &str, practitioner: Option<&str>) -> Outcome<Changed> {
        self.at_desk(|desk| {
            desk.may::<ChangeAppointment>()?;
            let lost = lost(desk, change)?;
            let zone = &desk.enrolled.zone;
            let start = moment(desk, start)?;
            let end = super::book::ends(start, lost.minutes.unsigned_abs())?;
            let practitioner = match practitioner {
                Some(id) => super::change::practitioner(desk, id)?,
                None => lost.practitioner.clone(),
            };
            free_time(desk, &practitioner, (start, end), Some(&lost.key), None)?;
            let places = AppointmentView::read(&lost.text);
            free_places(desk, places.locations(), (start, end), Some(&lost.key), None)?;
            let put = |text: &str, at: &str, moment| set(text, at, &quote(&written(zone, moment))).map_err(|_| odd());
            let text = put(&put(&lost.text, "/start", start)?, "/end", end)?;
            let mut text = unconfirmed(&text).map_err(|_| odd())?;
            if practitioner != lost.practitioner {
                put_practitioner(&mut text, &practitioner)?;
            }

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

/// Looks for time near to what was wanted.
struct Near<'a> {
    desk: &'a Desk,
    now: Stamp,
    lost: &'a Lost,
    /// The minute of the day that was wanted.
    minute: i32,
}

impl Near<'_> {
    /// The openings in `column`, the nearest first, each with how many minutes it lies from the time of day wanted.
    fn of(&self, day: &Day, date: Date, column: &Column) -> Vec<(u32, Opening)> {
        let is_ours = |block: &&Block| block.hold.as_ref().is_some_and(|hold| hold.kept == Kept::Here);
        let span = |block: &Block| (block.start_minute, block.end_minute);
        let hours: Vec<_> = column.hours.iter().map(|stretch| (stretch.start_minute, stretch.end_minute)).collect();
        let held = day.appointments.iter().filter(|card| {
            card.practitioner.as_deref() == Some(column.practitioner.as_str())
                && holds_time(card.status)
                && card.id != self.lost.key.id.as_str()
        });
        let blocked = column.blocks.iter().filter(|block| !is_ours(block)).map(span);
        let taken: Vec<_> = held.map(|card| (card.start_minute, card.end_minute)).chain(blocked).collect();
        let zone = &self.desk.enrolled.zone;
        let later = free_starts(&hours, &taken, self.lost.minutes, self.minute).into_iter().filter_map(|minute| {
            let time = format!("{date}T{:02}:{:02}", minute / 60, minute % 60);
            let at = zone.moment(&time).ok().filter(|at| *at > self.now)?;
            let end = minute + self.lost.minutes;
            let sure = column.blocks.iter().filter(is_ours).map(span).any(|(from, to)| from <= minute && end <= to);
            let (practitioner, name) = (column.practitioner.clone(), column.name.clone());
            Some((minute.abs_diff(self.minute), Opening { start: written(zone, at), practitioner, name, sure }))
        });
        later.take(OFFERED).collect()
    }
}

fn phone(desk: &Desk, lost: &Lost) -> Outcome<Option<String>> {
    let view = AppointmentView::read(&lost.text);
    let Some(patient) = view.patient().and_then(PatientId::parse) else { return Ok(None) };
    let stored = desk.store.peek(&ResourceKey::patient(&patient)).map_err(|e| e.refusal())?;
    Ok(stored.and_then(|stored| PatientView::read(&stored.text).phones().next().map(str::to_owned)))
}
