//! Who is due for a visit, and what becomes of it.

use jiff::ToSpan;
use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
    ids::{PatientId, ResourceId},
    permission::{ChangeAppointment, ReadSchedule},
    resource::{ResourceKey, ResourceType},
    schedule::{
        recall::{Recall, due, to_fhir},
        written,
    },
    text::{quote, set},
    views::TaskView,
};
use store::{PractitionerRow, RecallRow};

use super::{
    calls::last_call,
    change::{Edit, clean, found, practitioner},
    day::date_of,
    move_appointment::odd,
};
use crate::{
    desk::Desk,
    refused::{Outcome, refuse},
    screen::{ListChanged, RecallLine, RecallRequest},
    session::Workstation,
};

/// Days looked ahead, at most.
const MOST_DAYS: u32 = 3650;

impl Workstation {
    /// Who is due within the next `days` days or was before, by day.
    ///
    /// # Errors
    /// When locked or not allowed.
    pub fn recalls(&self, days: u32) -> Outcome<Vec<RecallLine>> {
        self.at_desk(|desk| {
            desk.may::<ReadSchedule>()?;
            let (now, zone) = (self.clock.now(), &desk.enrolled.zone);
            let until = zone.today(now).saturating_add(i64::from(days.min(MOST_DAYS)).days()).to_string();
            let query = Some(format!("recalls until {until}"));
            let record = AuditRecord { query, ..desk.tells(now, AuditAction::ReadSchedule) };
            let rows = desk.store.recalls(&until, now, &record).map_err(|e| e.refusal())?;
            let names = desk.store.practitioners().map_err(|e| e.refusal())?;
            let today = zone.today(now);
            Ok(rows.into_iter().map(|row| line(desk, row, &names, today)).collect())
        })
    }

    /// Writes down that somebody is due.
    ///
    /// # Errors
    /// When locked or not allowed, for a patient or practitioner not known here, and for a day that is none or lies before
    /// today.
    pub fn add_recall(&self, request: RecallRequest) -> Outcome<ListChanged> {
        self.at_desk(|desk| {
            desk.may::<ChangeAppointment>()?;
            let (now, zone) = (self.clock.now(), &desk.enrolled.zone);
            let id = PatientId::parse(&request.patient);
            let Some((patient, _)) = id.clone().zip(found(desk, id.map(|id| ResourceKey::patient(&id)))?) else {
                return refuse(Code::NotFound, "That patient is not in this practice's chart here.");
            };
            let day = date_of(&request.due)?;
            if day < zone.today(now) {
                return refuse(Code::Invalid, "That day has passed. Choose one to come.");
            }
            let with = request.practitioner.as_deref().map(|id| practitioner(desk, id)).transpose()?;
            let (reason, note) = (clean(request.reason)?, clean(request.note)?);
            let recall = Recall {
                patient: &patient,
                due: day,
                practitioner: with.as_ref(),
                reason: reason.as_deref(),
                note: note.as_deref(),
            };
            let id = uuid::Uuid::new_v4().hyphenated().to_string();
            let after = to_fhir(&id, &recall, zone, now);
            let key = ResourceKey::new(ResourceType::TASK, &id);
            let activity = format!("due for a visit by {}", day.strftime("%-d %b %Y"));
            self.commit_list(desk, Edit { key, base: None, after, activity, comment: None }, &[], Some(patient))
        })
    }

    /// Ends a recall: it is seen to, or, with the reason, there is to be none.
    ///
    /// # Errors
    /// When locked or not allowed, and for one that is over already.
    pub fn end_recall(&self, id: &str, why_not: Option<String>) -> Outcome<ListChanged> {
        self.at_desk(|desk| {
            desk.may::<ChangeAppointment>()?;
            let key = ResourceId::parse(id).map(|id| ResourceKey { kind: ResourceType::TASK, id });
            let here = found(desk, key)?.filter(|(_, stored)| due(&TaskView::read(&stored.text)).is_some());
            let Some((key, stored)) = here else {
                return refuse(Code::NotNow, "They are not on the recall list any more. Look at it again.");
            };
            let patient = practice::resource::Envelope::read(&stored.text).ok().and_then(|envelope| envelope.patient);
            let why_not = clean(why_not)?;
            let status = if why_not.is_some() { "cancelled" } else { "completed" };
            let mut after = set(&stored.text, "/status", &quote(status)).map_err(|_| odd())?;
            if let Some(why) = &why_not {
                let reason = format!("{{\"text\":{}}}", quote(why));
                after = set(&after, "/statusReason", &reason).map_err(|_| odd())?;
            }
            let activity = match why_not {
                None => "recall done".to_owned(),
                Some(why) => format!("taken off the recall list: {why}"),
            };
            let edit = Edit { key, base: Some(stored.version), after, activity, comment: None };
            self.commit_list(desk, edit, &[], patient)
        })
    }
}

fn line(desk: &Desk, row: RecallRow, names: &[PractitionerRow], today: jiff::civil::Date) -> RecallLine {
    let zone = &desk.enrolled.zone;
    let view = TaskView::read(&row.text);
    let with = view.owner();
    RecallLine {
        id: row.key.id.as_str().to_owned(),
        patient: row.patient.map(|hit| crate::show::patient(hit, today)),
        over: due(&view).is_some_and(|due| due < today),
        due: row.due,
        provider: names.iter().find(|name| Some(name.id.as_str()) == with).map(|name| name.name.clone()),
        practitioner: with.map(str::to_owned),
        reason: view.reason().map(str::to_owned),
        note: view.note().map(str::to_owned),
        next: row.next.map(|at| written(zone, at)),
        last: row.last.map(|last| last_call(desk, last)),
        provisional: row.unsent,
    }
}
