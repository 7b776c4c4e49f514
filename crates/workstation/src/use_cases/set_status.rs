//! Set an appointment's status: confirmed, arrived, roomed, done, no-show, cancelled with a reason.

use practice::{
    Code,
    ids::PractitionerId,
    permission::{ChangeAppointment, Permitted},
    schedule::{activity, holds_time, next_statuses, steps::reached},
    text::{quote, remove, set},
    time::Stamp,
    views::{AppointmentStatus, AppointmentView},
};

use super::{
    change::{Edit, appointment, clean, free_places, free_time},
    move_appointment::odd,
};
use crate::{
    desk::Desk,
    refused::{Outcome, refuse},
    screen::{Changed, StatusRequest},
    session::Workstation,
};

impl Workstation {
    /// Sets the status.
    ///
    /// # Errors
    /// When locked or not allowed, for an appointment not known here, a status that can't follow, or a cancellation
    /// without its reason.
    pub fn set_status(&self, wish: StatusRequest) -> Outcome<Changed> {
        self.at_desk(|desk| {
            let may = desk.may::<ChangeAppointment>()?;
            let edit = plan(desk, &may, wish, self.clock.now())?;
            self.commit_edit(desk, edit)
        })
    }
}

pub(super) fn plan(desk: &Desk, _: &Permitted<ChangeAppointment>, wish: StatusRequest, now: Stamp) -> Outcome<Edit> {
    let (key, stored) = appointment(desk, &wish.appointment)?;
    let view = AppointmentView::read(&stored.text);
    let Some(before) = view.status() else {
        return refuse(Code::NotNow, "This appointment's status can't be read here, so it can't be changed.");
    };
    if !next_statuses(before).contains(&wish.status) {
        return refuse(Code::NotNow, "That can't follow where this visit stands now. Look at it again.");
    }
    let reason = clean(wish.reason)?;
    let takes_time = wish.status == AppointmentStatus::Booked && !holds_time(before);
    if takes_time
        && let Some(practitioner) = view.practitioners().next().and_then(PractitionerId::parse)
        && let Some(span) = view.start().zip(view.end())
    {
        free_time(desk, &practitioner, span, Some(&key), view.overbook())?;
        free_places(desk, view.locations(), span, Some(&key), view.overbook())?;
    }
    // Time that is taken anew is theirs once the host says so.
    let status = if takes_time { AppointmentStatus::Pending } else { wish.status };
    let mut after = set(&stored.text, "/status", &quote(status.as_str())).map_err(|_| odd())?;
    let mut said = activity(before, wish.status).to_owned();
    after = reached(&after, status, now).map_err(|_| odd())?;
    if wish.status == AppointmentStatus::Cancelled {
        let Some(reason) = reason else {
            return refuse(Code::Invalid, "Say why it is cancelled. The reason is kept with the appointment.");
        };
        after = set(&after, "/cancelationReason", &format!("{{\"text\":{}}}", quote(&reason))).map_err(|_| odd())?;
        said = format!("cancelled: {reason}");
    } else if before == AppointmentStatus::Cancelled {
        after = remove(&after, "/cancelationReason").map_err(|_| odd())?;
    }
    Ok(Edit { key, base: Some(stored.version), after, activity: said, comment: wish.comment })
}
