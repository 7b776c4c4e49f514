//! Change what a booked visit is: its type, its room, what it is for and, when asked to, its length.

use practice::{
    Code,
    ids::PractitionerId,
    permission::{ChangeAppointment, Permitted},
    schedule::{
        what::{Became, may_change, meant_for, of_type},
        written,
    },
    text::{quote, raw, set},
    views::AppointmentView,
};

use super::{
    book::ends,
    change::{Edit, appointment, clean, free_places, free_time},
    move_appointment::{odd, places, put_overbook, put_room, rooms_of},
};
use crate::{
    desk::Desk,
    refused::{Outcome, refuse},
    screen::{Changed, VisitChange},
    session::Workstation,
};

impl Workstation {
    /// Changes it. Another type leaves it as long as it is.
    ///
    /// # Errors
    /// As [`Self::move_appointment`], and for a type that is not offered and a wish that changes nothing.
    pub fn change_visit(&self, wish: VisitChange) -> Outcome<Changed> {
        self.at_desk(|desk| {
            let may = desk.may::<ChangeAppointment>()?;
            let edit = plan(desk, &may, wish)?;
            self.commit_edit(desk, edit)
        })
    }
}

fn plan(desk: &Desk, _: &Permitted<ChangeAppointment>, wish: VisitChange) -> Outcome<Edit> {
    let (key, stored) = appointment(desk, &wish.appointment)?;
    let view = AppointmentView::read(&stored.text);
    let (Some(status), Some(start), Some(old_end)) = (view.status(), view.start(), view.end()) else {
        return refuse(Code::NotNow, "This appointment has no time of its own yet, so it can't be changed here.");
    };
    if !may_change(status) {
        return refuse(Code::NotNow, "This visit is over or cancelled, so it can't be changed. Book a new one.");
    }
    let end = wish.minutes.map_or(Ok(old_end), |minutes| ends(start, minutes))?;
    let (old_room, room) = rooms_of(desk, &view, wish.room)?;
    let overbook = clean(wish.overbook)?;
    // Only what it did not have before can be somebody else's.
    if end > old_end {
        if let Some(practitioner) = view.practitioners().next().and_then(PractitionerId::parse) {
            free_time(desk, &practitioner, (start, end), Some(&key), overbook.as_deref())?;
        }
        let places = places(&view, old_room.as_ref(), room.as_ref());
        free_places(desk, places, (start, end), Some(&key), overbook.as_deref())?;
    } else if room != old_room {
        let place = room.iter().map(|room| room.id.as_str());
        free_places(desk, place, (start, end), Some(&key), overbook.as_deref())?;
    }

    let (mut after, mut became) = (stored.text.clone(), Became::default());
    let code = wish.visit_type.as_deref().filter(|code| *code != view.visit_type().unwrap_or_default());
    let kind = code.filter(|code| !code.is_empty()).map(|code| desk.appointment_type(code)).transpose()?;
    if code.is_some() {
        became.kind = Some(kind.as_ref().and_then(|kind| kind["text"].as_str()));
        after = of_type(&after, kind.as_ref().map(ToString::to_string).as_deref()).map_err(|_| odd())?;
    }
    if end != old_end {
        became.minutes = wish.minutes;
        after = set(&after, "/end", &quote(&written(&desk.enrolled.zone, end))).map_err(|_| odd())?;
        if let Some(minutes) = wish.minutes.filter(|_| raw(&after, "/minutesDuration").is_some()) {
            after = set(&after, "/minutesDuration", &minutes.to_string()).map_err(|_| odd())?;
        }
    }
    if room != old_room {
        became.room = Some(room.as_ref().map(|room| room.name.as_str()));
        put_room(&mut after, old_room.as_ref(), room.as_ref())?;
    }
    let said = wish.reason.is_some();
    let reason = clean(wish.reason)?;
    if said && reason.as_deref() != view.said_reason() {
        became.reason = Some(reason.as_deref());
        after = meant_for(&after, reason.as_deref()).map_err(|_| odd())?;
    }
    let Some(activity) = became.activity() else {
        return refuse(Code::Invalid, "That is how this visit stands already.");
    };
    if let Some(reason) = overbook {
        put_overbook(&mut after, &reason)?;
    }
    Ok(Edit { key, base: Some(stored.version), after, activity, comment: wish.comment })
}
