//! Move an appointment to another time, length, provider or room.

use practice::{
    Code,
    ids::PractitionerId,
    permission::{ChangeAppointment, Permitted},
    resource::{ResourceKey, ResourceType},
    schedule::{
        may_move,
        series::{APART, series_of},
        steps::unconfirmed,
        written,
    },
    text::{each_element, quote, raw, set, string},
    time::Stamp,
    views::{AppointmentView, OVERBOOK},
};
use store::RoomRow;

use super::{
    book::ends,
    change::{Edit, appointment, clean, free_places, free_time, moment},
};
use crate::{
    desk::Desk,
    refused::{Outcome, refuse},
    screen::{Changed, MoveRequest, ToRoom},
    session::Workstation,
};

impl Workstation {
    /// Moves.
    ///
    /// # Errors
    /// As [`Self::book`], and for an appointment that is over, cancelled or not known here.
    pub fn move_appointment(&self, wish: MoveRequest) -> Outcome<Changed> {
        self.at_desk(|desk| {
            let may = desk.may::<ChangeAppointment>()?;
            let mut edit = plan(desk, &may, wish)?;
            if series_of(&AppointmentView::read(&edit.after)).is_some() {
                let extension = format!("{{\"url\":{},\"valueBoolean\":true}}", quote(APART));
                put_extension(&mut edit.after, APART, &extension)?;
            }
            self.commit_edit(desk, edit)
        })
    }
}

pub(super) fn plan(desk: &Desk, _: &Permitted<ChangeAppointment>, wish: MoveRequest) -> Outcome<Edit> {
    let (key, stored) = appointment(desk, &wish.appointment)?;
    let view = AppointmentView::read(&stored.text);
    let (Some(status), Some(old_start), Some(old_end)) = (view.status(), view.start(), view.end()) else {
        return refuse(Code::NotNow, "This appointment has no time of its own yet, so it can't be moved.");
    };
    if !may_move(status) {
        return refuse(Code::NotNow, "This visit is over or cancelled, so it can't be moved. Book a new one.");
    }
    let old_minutes = u32::try_from(old_end.since(old_start).as_secs() / 60).unwrap_or(30);
    let minutes =
        wish.minutes.unwrap_or_else(|| old_minutes.clamp(*super::book::MINUTES.start(), *super::book::MINUTES.end()));
    let start = moment(desk, &wish.start)?;
    let end = ends(start, minutes)?;
    let old_practitioner = view.practitioners().next().and_then(PractitionerId::parse);
    let practitioner = match wish.practitioner.as_deref() {
        Some(id) => Some(super::change::practitioner(desk, id)?),
        None => old_practitioner.clone(),
    };
    let (old_room, room) = rooms_of(desk, &view, wish.room)?;
    let overbook = clean(wish.overbook)?;
    if let Some(practitioner) = &practitioner {
        free_time(desk, practitioner, (start, end), Some(&key), overbook.as_deref())?;
    }
    let places = places(&view, old_room.as_ref(), room.as_ref());
    free_places(desk, places, (start, end), Some(&key), overbook.as_deref())?;
    let zone = &desk.enrolled.zone;
    let mut after = stored.text.clone();
    let mut splice = |pointer: &str, value: &str| -> Outcome<()> {
        after = set(&after, pointer, value).map_err(|_| odd())?;
        Ok(())
    };
    splice("/start", &quote(&written(zone, start)))?;
    splice("/end", &quote(&written(zone, end)))?;
    if raw(&stored.text, "/minutesDuration").is_some() {
        splice("/minutesDuration", &minutes.to_string())?;
    }
    if start != old_start {
        after = unconfirmed(&after).map_err(|_| odd())?;
    }
    if let Some(to) = practitioner.as_ref().filter(|to| Some(*to) != old_practitioner.as_ref()) {
        put_practitioner(&mut after, to)?;
    }
    if room != old_room {
        put_room(&mut after, old_room.as_ref(), room.as_ref())?;
    }
    if let Some(reason) = overbook {
        put_overbook(&mut after, &reason)?;
    }
    Ok(Edit {
        activity: moved(
            desk,
            ((old_start, old_end), (start, end)),
            (old_practitioner, practitioner),
            (old_room.as_ref(), room.as_ref()),
        )?,
        key,
        base: Some(stored.version),
        after,
        comment: wish.comment,
    })
}

/// The room of a visit, and the one that it is to have.
pub(super) fn rooms_of(
    desk: &Desk,
    view: &AppointmentView<'_>,
    to: Option<ToRoom>,
) -> Outcome<(Option<RoomRow>, Option<RoomRow>)> {
    let rooms = desk.store.rooms().map_err(|e| e.refusal())?;
    let old = rooms.into_iter().find(|room| view.locations().any(|id| id == room.id.as_str()));
    let new = match to {
        None => old.clone(),
        Some(ToRoom::None) => None,
        Some(ToRoom::Room(id)) => Some(super::change::room(desk, &id)?),
    };
    Ok((old, new))
}

/// The places of a visit once it is in `new` instead of `old`.
pub(super) fn places<'a>(
    view: &'a AppointmentView<'_>,
    old: Option<&'a RoomRow>,
    new: Option<&'a RoomRow>,
) -> impl Iterator<Item = &'a str> {
    let stays = view.locations().filter(move |id| old.is_none_or(|old| *id != old.id.as_str()));
    stays.chain(new.map(|room| room.id.as_str()))
}

/// Says why it may lie over others.
pub(super) fn put_overbook(text: &mut String, reason: &str) -> Outcome<()> {
    let extension = format!("{{\"url\":{},\"valueString\":{}}}", quote(OVERBOOK), quote(reason));
    put_extension(text, OVERBOOK, &extension)
}

/// Puts `to` in the place of the first practitioner.
pub(super) fn put_practitioner(text: &mut String, to: &PractitionerId) -> Outcome<()> {
    let actor = format!("{{\"reference\":{}}}", quote(&format!("Practitioner/{to}")));
    let (pointer, value) = match participant_of(text, "Practitioner") {
        Some(index) => (format!("/participant/{index}/actor"), actor),
        None => ("/participant/-".to_owned(), format!("{{\"actor\":{actor},\"status\":\"accepted\"}}")),
    };
    *text = set(text, &pointer, &value).map_err(|_| odd())?;
    Ok(())
}

/// Puts `to` in the place of the room `from`.
pub(super) fn put_room(text: &mut String, from: Option<&RoomRow>, to: Option<&RoomRow>) -> Outcome<()> {
    let is_from = |key: &ResourceKey| {
        from.is_some_and(|room| key.kind == ResourceType::LOCATION && key.id.as_str() == room.id.as_str())
    };
    let actor = |room: &RoomRow| format!("{{\"reference\":{}}}", quote(&format!("Location/{}", room.id)));
    let (pointer, value) = match (participant(text, is_from), to) {
        (Some(index), Some(to)) => (format!("/participant/{index}/actor"), actor(to)),
        (None, Some(to)) => {
            ("/participant/-".to_owned(), format!("{{\"actor\":{},\"status\":\"accepted\"}}", actor(to)))
        }
        (Some(index), None) => {
            let mut others = Vec::new();
            let list = raw(text, "/participant").ok_or_else(odd)?;
            each_element(list, |one| others.push(one)).map_err(|_| odd())?;
            others.remove(index);
            ("/participant".to_owned(), format!("[{}]", others.join(",")))
        }
        (None, None) => return Ok(()),
    };
    *text = set(text, &pointer, &value).map_err(|_| odd())?;
    Ok(())
}

/// The index of the participant that is a `kind`.
pub(crate) fn participant_of(text: &str, kind: &str) -> Option<usize> {
    participant(text, |key| key.kind.as_str() == kind)
}

fn participant(text: &str, is: impl Fn(&ResourceKey) -> bool) -> Option<usize> {
    (0..64).take_while(|i| raw(text, &format!("/participant/{i}")).is_some()).find(|i| {
        string(text, &format!("/participant/{i}/actor/reference"))
            .and_then(|r| ResourceKey::parse(&r))
            .is_some_and(|key| is(&key))
    })
}

/// Puts one extension in, in the place of an older one of the same URL.
pub(crate) fn put_extension(text: &mut String, url: &str, extension: &str) -> Outcome<()> {
    let at = (0..256)
        .take_while(|i| raw(text, &format!("/extension/{i}")).is_some())
        .find(|i| string(text, &format!("/extension/{i}/url")).is_some_and(|u| u == url));
    let (pointer, value) = match at {
        Some(index) => (format!("/extension/{index}"), extension.to_owned()),
        None if raw(text, "/extension").is_some() => ("/extension/-".to_owned(), extension.to_owned()),
        None => ("/extension".to_owned(), format!("[{extension}]")),
    };
    *text = set(text, &pointer, &value).map_err(|_| odd())?;
    Ok(())
}

pub(crate) fn odd() -> crate::screen::Refused {
    practice::Refusal::new(Code::Invalid, "This appointment is written in a way that can't be changed here.").into()
}

/// What changed, from and to: the time, the provider, the room, or how long it takes.
fn moved(
    desk: &Desk,
    ((old_start, old_end), (start, end)): ((Stamp, Stamp), (Stamp, Stamp)),
    (old, new): (Option<PractitionerId>, Option<PractitionerId>),
    (old_room, room): (Option<&RoomRow>, Option<&RoomRow>),
) -> Outcome<String> {
    let moment = |at| crate::show::day_and_time(&desk.enrolled.zone, at);
    let times = (start != old_start).then(|| format!("from {} to {}", moment(old_start), moment(start)));
    let people = if old == new {
        None
    } else {
        let all = desk.store.practitioners().map_err(|e| e.refusal())?;
        let name = |id: &Option<PractitionerId>| {
            let known = id.as_ref().and_then(|id| all.iter().find(|row| row.id == *id));
            known.map_or("nobody", |row| row.name.as_str())
        };
        Some(format!("from {} to {}", name(&old), name(&new)))
    };
    let name = |room: Option<&RoomRow>| room.map_or_else(|| "no room".to_owned(), |room| room.name.clone());
    let rooms = (old_room != room).then(|| format!("from {} to {}", name(old_room), name(room)));
    let changed: Vec<String> = times.into_iter().chain(people).chain(rooms).collect();
    if changed.is_empty() && end != old_end {
        return Ok(format!("made {} minutes long", end.since(start).as_secs() / 60));
    }
    Ok(if changed.is_empty() { "left where it was".to_owned() } else { format!("moved {}", changed.join(", ")) })
}
