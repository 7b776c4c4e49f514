//! Calling people about their visits: whom, and what came of it.

use jiff::{ToSpan, civil::Date};
use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
    ids::{ChangeId, PatientId},
    permission::{ChangeAppointment, ReadSchedule},
    resource::{Envelope, ResourceKey, ResourceType},
    schedule::{
        calls::{Call, CallOutcome, confirm, may_confirm},
        day_bounds, written,
    },
    text::{quote, set},
    time::Stamp,
    views::{AppointmentStatus, AppointmentView},
};
use store::{CallRow, NewText, PractitionerRow, Stored, VisitRow};

use super::{
    change::{Edit, clean, found},
    day::stretches,
    fetch::beyond_of_day,
    move_appointment::odd,
    set_status,
    undo::newest_of,
};
use crate::{
    desk::Desk,
    refused::{Outcome, refuse},
    screen::{CallRequest, HistoryLine, LastCall, ListChanged, StatusRequest, VisitLine, VisitList},
    session::Workstation,
};

/// Days looked at, at most.
const MOST_DAYS: u32 = 31;
/// Days looked at for the next on which somebody works.
const LOOKED_AT: usize = 14;

impl Workstation {
    /// The visits of the next `days` days that nobody has confirmed; without a number, of the next day on which
    /// somebody works.
    ///
    /// # Errors
    /// When locked or not allowed.
    pub fn to_confirm(&self, days: Option<u32>) -> Outcome<VisitList> {
        self.at_desk(|desk| {
            desk.may::<ReadSchedule>()?;
            let today = desk.enrolled.zone.today(self.clock.now());
            let ahead = |days: i32| today.saturating_add(days.days());
            let (from, until) = match days {
                Some(days) => (ahead(1), ahead(within(days))),
                None => next_working(desk, today).map(|day| (day, day))?,
            };
            self.visits(desk, "to confirm", (from, until), |from, to, record| desk.store.unconfirmed(from, to, record))
        })
    }

    /// The visits of the last `days` days, today's among them, that were missed by somebody who has had none since and is
    /// to have none; the last first.
    ///
    /// # Errors
    /// When locked or not allowed.
    pub fn missed(&self, days: u32) -> Outcome<VisitList> {
        self.at_desk(|desk| {
            desk.may::<ReadSchedule>()?;
            let today = desk.enrolled.zone.today(self.clock.now());
            let from = today.saturating_sub(within(days).days());
            self.visits(desk, "missed", (from, today), |from, to, record| desk.store.missed(from, to, record))
        })
    }

    /// Writes down what came of a call. Who confirms is confirmed, and a visit that is called off is cancelled with the
    /// reason, in the same change.
    ///
    /// # Errors
    /// When locked or not allowed, for what is not here, for a visit that waits for no such word, and without a reason where
    /// one is needed.
    pub fn note_call(&self, request: CallRequest) -> Outcome<ListChanged> {
        self.at_desk(|desk| {
            let may = desk.may::<ChangeAppointment>()?;
            let (key, stored) = called_about(desk, &request.about)?;
            let note = clean(request.note)?;
            let (now, outcome) = (self.clock.now(), request.outcome);
            if outcome == CallOutcome::NoMore && note.is_none() {
                return refuse(Code::Invalid, "Say why. The reason is kept with the entry.");
            }
            let own = match outcome {
                CallOutcome::Confirmed => Some(confirmed(&key, &stored)?),
                CallOutcome::Cancelled => {
                    let wish = StatusRequest {
                        appointment: key.id.as_str().to_owned(),
                        status: AppointmentStatus::Cancelled,
                        reason: note.clone(),
                        comment: None,
                    };
                    Some(set_status::plan(desk, &may, wish, now)?)
                }
                CallOutcome::LeftMessage
                | CallOutcome::NoAnswer
                | CallOutcome::AskedToMove
                | CallOutcome::Spoke
                | CallOutcome::NoMore => None,
            };
            let patient = patient_of(&stored);
            let by = Some(desk.me.name.clone());
            let call = Call { about: key, outcome, at: now, by, note };
            let id = uuid::Uuid::new_v4().hyphenated().to_string();
            let text = call.to_fhir(&id, patient.as_ref(), &desk.me.id);
            let told = ResourceKey::new(ResourceType::COMMUNICATION, &id);
            let why = call.note.iter().filter(|_| outcome == CallOutcome::NoMore).map(|note| format!(": {note}"));
            let activity = format!("{}{}", outcome.words(), why.collect::<String>());
            match own {
                Some(edit) => {
                    let edit = Edit { activity, ..edit };
                    self.commit_list(desk, edit, &[NewText { key: told, text: &text, base: None }], patient)
                }
                None => {
                    let edit = Edit { key: told, base: None, after: text, activity, comment: None };
                    self.commit_list(desk, edit, &[], patient)
                }
            }
        })
    }

    /// Takes back a change of the lists, while nothing was changed on top of it: all of it, or nothing.
    ///
    /// # Errors
    /// When locked or not allowed, or when it is too late.
    pub fn undo_list(&self, change: &str) -> Outcome<ListChanged> {
        self.at_desk(|desk| {
            desk.may::<ChangeAppointment>()?;
            let late = || refuse(Code::NotNow, "That can't be taken back any more. Change it by hand.");
            let Some(change) = ChangeId::parse(change) else { return late() };
            let replaced = desk.store.replaced_by(&change).map_err(|e| e.refusal())?;
            let mut made = Vec::new();
            for (key, before) in replaced {
                if ![ResourceType::APPOINTMENT, ResourceType::COMMUNICATION, ResourceType::TASK].contains(&key.kind) {
                    return late();
                }
                let present = newest_of(desk, &key, &change, self.clock.now())?;
                let mistake = || set(&present.text, "/status", &quote("entered-in-error")).map_err(|_| odd());
                let after = before.map_or_else(mistake, Ok)?;
                made.push((key, after, present));
            }
            let Some((key, after, present)) = made.first() else { return late() };
            let others: Vec<NewText<'_>> = made[1..]
                .iter()
                .map(|(key, text, present)| NewText { key: key.clone(), text, base: Some(&present.version) })
                .collect();
            let activity = "took the last change back".to_owned();
            let base = Some(present.version.clone());
            let edit = Edit { key: key.clone(), base, after: after.clone(), activity, comment: None };
            self.commit_list(desk, edit, &others, patient_of(present))
        })
    }

    /// Commits a change of the lists, and tells the windows of it.
    pub(super) fn commit_list(
        &self,
        desk: &Desk,
        edit: Edit,
        others: &[NewText<'_>],
        patient: Option<PatientId>,
    ) -> Outcome<ListChanged> {
        let who = desk.patient_name(patient.as_ref().map(PatientId::as_str))?.unwrap_or_else(|| "A call".to_owned());
        let kinds = std::iter::once(&edit.key).chain(others.iter().map(|new| &new.key));
        let kinds = kinds.map(|key| key.kind.as_str().to_owned()).collect();
        let (change, say, _) = self.commit_together(desk, edit, others, &who, patient)?;
        self.keep_rescue(desk);
        self.poked.notify_one();
        self.changed(kinds);
        self.notify(crate::Notice::Shell);
        Ok(ListChanged { say, change: change.to_string() })
    }

    fn visits(
        &self,
        desk: &Desk,
        what: &str,
        (from, until): (Date, Date),
        read: impl FnOnce(Stamp, Stamp, &AuditRecord) -> Result<Vec<VisitRow>, store::StoreError>,
    ) -> Outcome<VisitList> {
        let (now, zone) = (self.clock.now(), &desk.enrolled.zone);
        let query = Some(format!("{what}, {from} to {until}"));
        let record = AuditRecord { query, ..desk.tells(now, AuditAction::ReadSchedule) };
        let (start, end) = (day_bounds(zone, from).start, day_bounds(zone, until).end);
        let rows = read(start, end, &record).map_err(|e| e.refusal())?;
        let names = desk.store.practitioners().map_err(|e| e.refusal())?;
        let lines = rows.into_iter().map(|row| line(desk, row, &names, now)).collect();
        let mut whole = true;
        for day in from.series(1.day()).take_while(|day| *day <= until) {
            whole &= desk.day_whole_at(day)?.is_some() && beyond_of_day(desk, day, now)?.is_none();
        }
        Ok(VisitList { from: from.to_string(), until: until.to_string(), lines, whole })
    }
}

impl Desk {
    /// The `story` of a visit with the calls about it that changed nothing of it, by time, the newest first.
    pub(super) fn with_calls(
        &self,
        mut story: Vec<HistoryLine>,
        key: &ResourceKey,
        now: Stamp,
    ) -> Outcome<Vec<HistoryLine>> {
        let record = AuditRecord { resource: Some(key.clone()), ..self.tells(now, AuditAction::Read) };
        for call in self.store.calls_about(key, &record).map_err(|e| e.refusal())? {
            if [CallOutcome::Confirmed, CallOutcome::Cancelled].contains(&call.outcome) {
                continue;
            }
            let before = |line: &HistoryLine| Stamp::parse(&line.at).is_some_and(|at| at <= call.at);
            let place = story.iter().position(before).unwrap_or(story.len());
            let who = call.by.clone().unwrap_or_default();
            let line = HistoryLine {
                merged: Vec::new(),
                at: written(&self.enrolled.zone, call.at),
                say: self.called(&who, &call, now),
                who,
                what: call.outcome.words().to_owned(),
                comment: call.note,
                provisional: false,
            };
            story.insert(place, line);
        }
        Ok(story)
    }
}

fn line(desk: &Desk, row: VisitRow, names: &[PractitionerRow], now: Stamp) -> VisitLine {
    let (zone, visit) = (&desk.enrolled.zone, row.visit);
    let with = visit.practitioners.into_iter().next();
    VisitLine {
        id: visit.id.to_string(),
        patient: visit.patient.map(|hit| crate::show::patient(hit, zone.today(now))),
        start: written(zone, visit.start),
        end: written(zone, visit.end),
        minutes: u32::try_from(visit.end.since(visit.start).as_secs() / 60).unwrap_or(0),
        status: visit.status,
        provider: names.iter().find(|name| Some(&name.id) == with.as_ref()).map(|name| name.name.clone()),
        practitioner: with.map(String::from),
        reason: visit.reason,
        note: visit.note,
        last: row.last.map(|last| last_call(desk, last)),
        provisional: visit.unsent,
    }
}

/// The last call as a screen shows it.
pub(super) fn last_call(desk: &Desk, last: CallRow) -> LastCall {
    LastCall {
        outcome: last.outcome,
        say: last.outcome.words().to_owned(),
        at: written(&desk.enrolled.zone, last.at),
        by: last.by,
        note: last.note,
    }
}

/// The visit with the patient's word that they come.
fn confirmed(key: &ResourceKey, stored: &Stored) -> Outcome<Edit> {
    let status = AppointmentView::read(&stored.text).status();
    if key.kind != ResourceType::APPOINTMENT || !status.is_some_and(may_confirm) {
        return refuse(Code::NotNow, "That visit waits for no answer any more. Look at it again.");
    }
    let after = confirm(&stored.text).map_err(|_| odd())?;
    let base = Some(stored.version.clone());
    Ok(Edit { key: key.clone(), base, after, activity: String::new(), comment: None })
}

/// What a call is about, as it now stands here.
fn called_about(desk: &Desk, about: &str) -> Outcome<(ResourceKey, Stored)> {
    let key =
        ResourceKey::parse(about).filter(|key| [ResourceType::APPOINTMENT, ResourceType::TASK].contains(&key.kind));
    match found(desk, key)? {
        Some(found) => Ok(found),
        None => refuse(Code::NotFound, "That is not on a list here any more. Look at it again."),
    }
}

fn patient_of(stored: &Stored) -> Option<PatientId> {
    Envelope::read(&stored.text).ok()?.patient
}

/// The next day on which somebody works, tomorrow when nobody does for two weeks.
fn next_working(desk: &Desk, today: Date) -> Outcome<Date> {
    let schedules = desk.store.schedules().map_err(|e| e.refusal())?;
    let hours: Vec<_> = schedules.into_iter().map(|(_, hours)| hours).collect();
    let works = |day: &Date| hours.iter().any(|row| stretches(&hours, &row.practitioner, *day).next().is_some());
    let tomorrow = today.tomorrow().unwrap_or(today);
    let days = tomorrow.series(1.day()).take(LOOKED_AT);
    Ok({ days }.find(works).unwrap_or(tomorrow))
}

/// A number of days that makes sense.
fn within(days: u32) -> i32 {
    i32::try_from(days.clamp(1, MOST_DAYS)).unwrap_or(1)
}
