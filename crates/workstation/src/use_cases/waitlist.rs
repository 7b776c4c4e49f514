//! The waitlist: who would come sooner, whom freed time would suit, and how a place on the list becomes a booking.

use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
    ids::{AppointmentId, PatientId},
    permission::{ChangeAppointment, ReadSchedule},
    resource::{ResourceKey, ResourceType},
    schedule::{
        Span,
        waitlist::{Entry, booked, is_urgent, to_fhir, wish_of},
        wish::Wish,
        written,
    },
    text::{quote, set},
    time::Stamp,
    views::{AppointmentStatus, AppointmentView},
};
use store::{Stored, WaitingRow};

use super::{
    book::ends,
    change::{Edit, appointment, clean, found, free_time, moment, practitioner},
    move_appointment::odd,
    openings::{FreedDay, said},
    undo::take_back,
};
use crate::{
    desk::Desk,
    refused::{Outcome, refuse},
    screen::{Changed, Offer, Offers, OpeningWish, WaitlistChanged, WaitlistLine, WaitlistRequest},
    session::Workstation,
};

/// Those to whom freed time is offered.
const MOST_OFFERS: usize = 20;

impl Workstation {
    /// The waitlist, who goes before others first, then who waits longest.
    ///
    /// # Errors
    /// When locked or not allowed.
    pub fn waitlist(&self) -> Outcome<Vec<WaitlistLine>> {
        self.at_desk(|desk| {
            desk.may::<ReadSchedule>()?;
            let now = self.clock.now();
            let record = AuditRecord { query: Some("waitlist".into()), ..desk.tells(now, AuditAction::ReadSchedule) };
            Ok(waiting(desk, now, &record)?.into_iter().map(|one| one.line).collect())
        })
    }

    /// Puts somebody on it.
    ///
    /// # Errors
    /// When locked or not allowed, for a patient not known here, and for a wish that makes no sense.
    pub fn join_waitlist(&self, request: WaitlistRequest) -> Outcome<WaitlistChanged> {
        self.at_desk(|desk| {
            desk.may::<ChangeAppointment>()?;
            let (now, zone) = (self.clock.now(), &desk.enrolled.zone);
            let today = zone.today(now);
            let id = PatientId::parse(&request.patient);
            let Some((patient, _)) = id.clone().zip(found(desk, id.map(|id| ResourceKey::patient(&id)))?) else {
                return refuse(Code::NotFound, "That patient is not in this practice's chart here.");
            };
            let wish = request.wish.understood(desk, today)?;
            let (reason, note) = (clean(request.reason)?, clean(request.note)?);
            let entry = Entry {
                patient: &patient,
                wish: &wish,
                reason: reason.as_deref(),
                note: note.as_deref(),
                urgent: request.urgent,
            };
            let id = AppointmentId::from_uuid(uuid::Uuid::new_v4());
            let after = to_fhir(id.as_str(), &entry, zone, now);
            let key = ResourceKey::new(ResourceType::APPOINTMENT, id.as_str());
            let activity = format!("put on the waitlist: {}", said(desk, &wish, today)?);
            self.commit_waiting(desk, Edit { key, base: None, after, activity, comment: None })
        })
    }

    /// Takes somebody off it, with the reason.
    ///
    /// # Errors
    /// When locked or not allowed, for who is not on it, and without a reason.
    pub fn leave_waitlist(&self, id: &str, reason: &str) -> Outcome<WaitlistChanged> {
        self.at_desk(|desk| {
            desk.may::<ChangeAppointment>()?;
            let (key, stored) = on_it(desk, id)?;
            let Some(reason) = clean(Some(reason.to_owned()))? else {
                return refuse(Code::Invalid, "Say why. The reason is kept with the entry.");
            };
            let status = quote(AppointmentStatus::Cancelled.as_str());
            let after = set(&stored.text, "/status", &status)
                .and_then(|text| set(&text, "/cancelationReason", &format!("{{\"text\":{}}}", quote(&reason))))
                .map_err(|_| odd())?;
            let activity = format!("taken off the waitlist: {reason}");
            self.commit_waiting(desk, Edit { key, base: Some(stored.version), after, activity, comment: None })
        })
    }

    /// Books for somebody on it: their place becomes the visit at `start`, a wall-clock time like 2026-11-23T09:45.
    ///
    /// # Errors
    /// When locked or not allowed, for who is not on it, and for time that is taken or makes no sense.
    pub fn book_waiting(&self, id: &str, start: &str, with: &str) -> Outcome<Changed> {
        self.at_desk(|desk| {
            desk.may::<ChangeAppointment>()?;
            let (key, stored) = on_it(desk, id)?;
            let (zone, with, start) = (&desk.enrolled.zone, practitioner(desk, with)?, moment(desk, start)?);
            let wish = wish_of(&AppointmentView::read(&stored.text), zone, zone.today(self.clock.now()));
            let end = ends(start, wish.minutes)?;
            free_time(desk, &with, (start, end), Some(&key), None)?;
            let after = booked(&stored.text, zone, (start, end), &with).map_err(|_| odd())?;
            let activity = format!("booked from the waitlist for {}", crate::show::day_and_time(zone, start));
            self.commit_edit(desk, Edit { key, base: Some(stored.version), after, activity, comment: None })
        })
    }

    /// Whom the time from `start` to `end` of the practitioner `with` would suit, both wall-clock: the best first. It may
    /// join what is free beside it. Nobody while it is taken, or past.
    ///
    /// # Errors
    /// When locked or not allowed, and for time that makes no sense.
    pub fn offers(&self, with: &str, start: &str, end: &str) -> Outcome<Offers> {
        self.at_desk(|desk| {
            desk.may::<ReadSchedule>()?;
            let (now, zone) = (self.clock.now(), &desk.enrolled.zone);
            let (with, freed) =
                (practitioner(desk, with)?, Span { start: moment(desk, start)?, end: moment(desk, end)? });
            let when = crate::show::day_and_time(zone, freed.start);
            let query = Some(format!("waitlist for {when}"));
            let record = AuditRecord { query, ..desk.tells(now, AuditAction::ReadSchedule) };
            let day = FreedDay::read(desk, &with, freed, now, &record)?;
            let mut offers = Vec::new();
            for one in waiting(desk, now, &record)? {
                let named = one.wish.practitioners.contains(&with);
                let wants = one.wish.wants_day(day.date) && (named || one.wish.practitioners.is_empty());
                if let Some(at) = day.suits(&one.wish).filter(|_| wants) {
                    let (start, practitioner) = (written(zone, at), with.to_string());
                    offers.push((named, Offer { line: one.line, start, practitioner }));
                }
            }
            // Who asked for this provider before who takes anyone; else as on the list.
            offers.sort_by_key(|(named, offer)| (!offer.line.urgent, !named));
            offers.truncate(MOST_OFFERS);
            let names = desk.store.practitioners().map_err(|e| e.refusal())?;
            let name = names.into_iter().find(|row| row.id == with).map(|row| row.name).unwrap_or_default();
            Ok(Offers { say: format!("{when}, {name}"), offers: offers.into_iter().map(|(_, offer)| offer).collect() })
        })
    }

    /// Takes back a change of the waitlist, while nothing was changed on top of it.
    ///
    /// # Errors
    /// As [`Self::undo`].
    pub fn undo_waitlist(&self, change: &str) -> Outcome<WaitlistChanged> {
        self.at_desk(|desk| {
            desk.may::<ChangeAppointment>()?;
            let edit = take_back(desk, change, self.clock.now())?;
            self.commit_waiting(desk, edit)
        })
    }

    /// Commits the edit of an Appointment that has no time.
    fn commit_waiting(&self, desk: &Desk, edit: Edit) -> Outcome<WaitlistChanged> {
        let view = AppointmentView::read(&edit.after);
        let who = desk.patient_name(view.patient())?.unwrap_or_else(|| "Waitlist".to_owned());
        let patient = view.patient().and_then(PatientId::parse);
        let (change, say, _) = self.commit(desk, edit, &who, patient)?;
        self.keep_rescue(desk);
        self.poked.notify_one();
        self.changed(vec![ResourceType::APPOINTMENT.as_str().to_owned()]);
        self.notify(crate::Notice::Shell);
        Ok(WaitlistChanged { say, change: change.to_string() })
    }
}

struct Waiting {
    wish: Wish,
    line: WaitlistLine,
}

fn waiting(desk: &Desk, now: Stamp, record: &AuditRecord) -> Outcome<Vec<Waiting>> {
    let rows = desk.store.waitlist(record).map_err(|e| e.refusal())?;
    let mut all = rows.into_iter().map(|row| line(desk, row, now)).collect::<Outcome<Vec<_>>>()?;
    all.sort_by(|a, b| {
        let key = |one: &Waiting| (one.line.over, !one.line.urgent, one.line.since.clone(), one.line.id.clone());
        key(a).cmp(&key(b))
    });
    Ok(all)
}

fn line(desk: &Desk, row: WaitingRow, now: Stamp) -> Outcome<Waiting> {
    let zone = &desk.enrolled.zone;
    let today = zone.today(now);
    let view = AppointmentView::read(&row.text);
    let wish = wish_of(&view, zone, today);
    let since = view.created.as_deref().and_then(Stamp::parse);
    let line = WaitlistLine {
        id: row.id.to_string(),
        patient: row.patient.map(|hit| crate::show::patient(hit, today)),
        say: said(desk, &wish, today)?,
        wish: OpeningWish::of(&wish),
        reason: view.reason().map(str::to_owned),
        note: view.note().map(str::to_owned),
        urgent: is_urgent(&view),
        since: since.map(|at| written(zone, at)),
        over: wish.until.is_some_and(|until| until < today),
        provisional: row.unsent,
    };
    Ok(Waiting { wish, line })
}

/// The Appointment of that id, which must be on the waitlist.
fn on_it(desk: &Desk, id: &str) -> Outcome<(ResourceKey, Stored)> {
    let (key, stored) = appointment(desk, id)?;
    if AppointmentView::read(&stored.text).status() != Some(AppointmentStatus::Waitlist) {
        return refuse(Code::NotNow, "They are not on the waitlist any more. Look at it again.");
    }
    Ok((key, stored))
}
