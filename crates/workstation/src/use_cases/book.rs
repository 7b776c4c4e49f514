//! Book: a new appointment, provisional until the host confirms it.

use practice::{
    Code,
    ids::{AppointmentId, PatientId},
    permission::{ChangeAppointment, Permitted, ReadSchedule},
    resource::{ResourceKey, ResourceType},
    schedule::written,
    time::Stamp,
    views::OVERBOOK,
};
use serde_json::{Value, json};

use super::change::{Edit, clean, found, free_places, free_time, moment, practitioner};
use crate::{
    desk::Desk,
    refused::{Outcome, refuse},
    screen::{BookRequest, Changed, Room},
    session::Workstation,
};

/// Shortest and longest appointment, in minutes.
pub(crate) const MINUTES: std::ops::RangeInclusive<u32> = 5..=480;

impl Workstation {
    /// Books.
    ///
    /// # Errors
    /// When locked or not allowed, for a patient or practitioner not known here, time that is taken or makes no sense.
    pub fn book(&self, wish: BookRequest) -> Outcome<Changed> {
        self.at_desk(|desk| {
            let may = desk.may::<ChangeAppointment>()?;
            let edit = plan(desk, &may, wish)?;
            self.commit_edit(desk, edit)
        })
    }

    /// The practice's rooms, to book into.
    ///
    /// # Errors
    /// When locked or not allowed.
    pub fn rooms(&self) -> Outcome<Vec<Room>> {
        self.at_desk(|desk| {
            desk.may::<ReadSchedule>()?;
            let rooms = desk.store.rooms().map_err(|e| e.refusal())?;
            Ok(rooms.into_iter().map(|room| Room { id: room.id.into(), name: room.name }).collect())
        })
    }
}

fn plan(desk: &Desk, may: &Permitted<ChangeAppointment>, wish: BookRequest) -> Outcome<Edit> {
    plan_with(desk, may, wish, &[])
}

/// A booking with `more` members, none of which is one of its own but extensions.
pub(super) fn plan_with(
    desk: &Desk,
    _: &Permitted<ChangeAppointment>,
    wish: BookRequest,
    more: &[(&str, Value)],
) -> Outcome<Edit> {
    let patient = PatientId::parse(&wish.patient).map(|id| ResourceKey::patient(&id));
    if found(desk, patient)?.is_none() {
        return refuse(Code::NotFound, "That patient is not in this practice's chart here.");
    }
    let practitioner = practitioner(desk, &wish.practitioner)?;
    let start = moment(desk, &wish.start)?;
    let end = ends(start, wish.minutes)?;
    let overbook = clean(wish.overbook)?;
    free_time(desk, &practitioner, (start, end), None, overbook.as_deref())?;
    let room = wish.room.as_deref().map(|id| super::change::room(desk, id)).transpose()?;
    free_places(desk, room.iter().map(|room| room.id.as_str()), (start, end), None, overbook.as_deref())?;

    let id = AppointmentId::from_uuid(uuid::Uuid::new_v4());
    let zone = &desk.enrolled.zone;
    let mut text = json!({
        "resourceType": "Appointment",
        "id": id.as_str(),
        "status": "pending",
        "start": written(zone, start),
        "end": written(zone, end),
        "minutesDuration": wish.minutes,
        "participant": [
            {"actor": {"reference": format!("Patient/{}", wish.patient)}, "status": "needs-action"},
            {"actor": {"reference": format!("Practitioner/{practitioner}")}, "status": "accepted"},
        ],
    });
    if let (Some(room), Some(participants)) = (room, text["participant"].as_array_mut()) {
        participants.push(json!({"actor": {"reference": format!("Location/{}", room.id)}, "status": "accepted"}));
    }
    if let Some(code) = wish.visit_type.as_deref() {
        text["appointmentType"] = desk.appointment_type(code)?;
    }
    if let Some(reason) = clean(wish.reason)? {
        text["description"] = reason.into();
    }
    for (name, value) in more {
        text[*name] = value.clone();
    }
    if let Some(reason) = overbook {
        let reason = json!({"url": OVERBOOK, "valueString": reason});
        match text["extension"].as_array_mut() {
            Some(others) => others.push(reason),
            None => text["extension"] = json!([reason]),
        }
    }
    Ok(Edit {
        key: ResourceKey::new(ResourceType::APPOINTMENT, id.as_str()),
        base: None,
        after: text.to_string(),
        activity: format!("booked for {}", crate::show::day_and_time(zone, start)),
        comment: wish.comment,
    })
}

/// The end of a visit of `minutes`.
pub(crate) fn ends(start: Stamp, minutes: u32) -> Outcome<Stamp> {
    let end = Stamp::from_millis(start.millis() + i64::from(minutes) * 60_000);
    match end.filter(|_| MINUTES.contains(&minutes)) {
        Some(end) => Ok(end),
        None => refuse(Code::Invalid, "A visit lasts between 5 minutes and 8 hours."),
    }
}
