//! Visits that repeat: what a wish comes to, booking it, changing several at once, and taking that back.
//!
//! Each visit is a change of its own. The host takes or refuses a change as a whole: were they one, a single race lost would
//! turn away a year of visits. So the one that lost its time becomes one item of attention, with its openings, and the rest
//! stands. Booking looks at all before the first is written, and taking back takes back each.

use std::collections::BTreeSet;

use jiff::{Span, ToSpan, civil::Date};
use practice::{
    Code, Refusal,
    audit::{AuditAction, AuditRecord},
    ids::{PatientId, PractitionerId},
    permission::{ChangeAppointment, Permitted, ReadSchedule},
    resource::ResourceKey,
    schedule::{
        may_move,
        series::{APART, Rule, is_apart, members, series_of},
    },
    time::Stamp,
    views::{AppointmentStatus, AppointmentView, DayOfWeek},
};
use store::Stored;

use super::{
    book,
    change::{Edit, appointment, free_places, free_time, moment, practitioner},
    day::date_of,
    holds::drop_extension,
    move_appointment,
    openings::near,
    set_status,
    undo::take_back,
};
use crate::{
    desk::Desk,
    refused::{Outcome, refuse},
    screen::{
        BookRequest, Changed, MoveRequest, Refused, Scope, SeriesAct, SeriesBooking, SeriesChange, SeriesChanged,
        SeriesPlan, SeriesRule, SeriesVisit, SeriesWish, StatusRequest,
    },
    session::Workstation,
};

/// The most openings that are named in the place of a time that is taken.
const NEAREST: usize = 3;

impl Workstation {
    /// What `wish` comes to: a visit a day, and where one can't be, why not and what is free near it.
    ///
    /// # Errors
    /// When locked or not allowed, for what is not known here, and for a wish that makes no sense.
    pub fn plan_series(&self, wish: &SeriesWish) -> Outcome<SeriesPlan> {
        self.at_desk(|desk| {
            desk.may::<ReadSchedule>()?;
            let rule = wish.rule.understood()?;
            let visit = &wish.visit;
            let first = date_of(visit.start.get(..10).unwrap_or_default())?;
            let with = practitioner(desk, &visit.practitioner)?;
            let days = rule.dates(first);
            if days.len() < 2 {
                return refuse(Code::Invalid, "That is one visit or none. Choose a later end, or more of them.");
            }
            let query = Some(format!("{} from {first}", rule.said()));
            let record = AuditRecord { query, ..desk.tells(self.clock.now(), AuditAction::ReadSchedule) };
            desk.store.record(&record).map_err(|e| e.refusal())?;
            let visits = days.into_iter().map(|day| self.planned(desk, visit, &with, day)).collect::<Outcome<_>>()?;
            Ok(SeriesPlan { say: rule.said(), visits })
        })
    }

    /// Books the visits at `starts`.
    ///
    /// # Errors
    /// As [`Self::book`] for any of them: then none is booked.
    pub fn book_series(&self, booking: SeriesBooking) -> Outcome<SeriesChanged> {
        self.at_desk(|desk| {
            let may = desk.may::<ChangeAppointment>()?;
            let rule = booking.wish.rule.understood()?;
            let id = uuid::Uuid::new_v4().hyphenated().to_string();
            let starts: BTreeSet<String> = booking.starts.into_iter().collect();
            let mut edits = Vec::new();
            for start in starts {
                let wish = BookRequest { start, ..booking.wish.visit.clone() };
                let edit = book::plan_with(desk, &may, wish, &members(&id, &rule))?;
                edits.push(Edit { activity: format!("{}, {}", edit.activity, rule.said()), ..edit });
            }
            let done = edits.into_iter().map(|edit| self.commit_edit(desk, edit)).collect::<Outcome<_>>()?;
            told(done, None, None, |many| format!("booked {many}, {}", rule.said()))
        })
    }

    /// Changes the one chosen and others of its series.
    ///
    /// # Errors
    /// When locked or not allowed, for a visit that is of no series, and when none of them can be changed so.
    pub fn change_series(&self, change: SeriesChange) -> Outcome<SeriesChanged> {
        self.at_desk(|desk| {
            let may = desk.may::<ChangeAppointment>()?;
            let now = self.clock.now();
            let visits = scoped(desk, &change, now)?;
            let act = match &change.act {
                SeriesAct::Cancel(reason) => Act::Cancel(reason),
                SeriesAct::Move(wish) => Act::Move(wish, shift(desk, &change.appointment, wish)?),
            };
            let (mut done, mut last) = (Vec::new(), None);
            // Each as soon as it is looked at: its new time may be one that the visit before it has just left.
            for (key, stored) in &visits {
                let edit = match act {
                    Act::Cancel(reason) => cancelled(desk, &may, key, reason, now),
                    Act::Move(wish, by) => moved(desk, &may, (key, stored), wish, by),
                };
                match edit {
                    Ok(edit) => done.push(self.commit_edit(desk, edit)?),
                    Err(refused) => last = Some(refused),
                }
            }
            let stays = match visits.len() - done.len() {
                0 => String::new(),
                1 => ". 1 stays as it is, and can't be changed so".to_owned(),
                more => format!(". {more} stay as they are, and can't be changed so"),
            };
            let what = match act {
                Act::Cancel(_) => "cancelled",
                Act::Move(..) => "moved",
            };
            told(done, last, Some(&change.appointment), |many| format!("{what} {many}{stays}"))
        })
    }

    /// Takes back each of `changes` that nothing was changed on top of.
    ///
    /// # Errors
    /// When locked or not allowed, and when none of them can be taken back.
    pub fn undo_series(&self, changes: &[String]) -> Outcome<SeriesChanged> {
        self.at_desk(|desk| {
            desk.may::<ChangeAppointment>()?;
            let now = self.clock.now();
            let (mut done, mut last) = (Vec::new(), None);
            // The last first, so that each finds its old time free.
            for change in changes.iter().rev() {
                match take_back(desk, change, now) {
                    Ok(edit) => done.push(self.commit_edit(desk, edit)?),
                    Err(refused) => last = Some(refused),
                }
            }
            let rest = match changes.len() - done.len() {
                0 => String::new(),
                stay => format!(". {stay} changed meanwhile and stay"),
            };
            told(done, last, None, |many| format!("took back {many}{rest}"))
        })
    }

    fn planned(&self, desk: &Desk, visit: &BookRequest, with: &PractitionerId, day: Date) -> Outcome<SeriesVisit> {
        let wall = format!("{day}{}", visit.start.get(10..).unwrap_or_default());
        let start_minute = minute_in(&wall)?;
        let trouble = match when(desk, visit, with, &wall) {
            Ok(()) => None,
            Err(refused) if [Code::Overlap, Code::Invalid].contains(&refused.code) => Some(refused.say),
            Err(refused) => return Err(refused),
        };
        let near = match trouble {
            None => Vec::new(),
            Some(_) => near(desk, with, day, (start_minute, visit.minutes), NEAREST, self.clock.now())?,
        };
        Ok(SeriesVisit { date: day.to_string(), start: wall, start_minute, trouble, near })
    }
}

/// What becomes of each visit.
#[derive(Clone, Copy)]
enum Act<'a> {
    Cancel(&'a str),
    /// To this time, by so many days.
    Move(&'a MoveRequest, Span),
}

/// What was `done`, as `said` tells of so many visits, with the one chosen or the first; when nothing was, why not.
fn told(
    done: Vec<Changed>,
    last: Option<Refused>,
    chosen: Option<&str>,
    said: impl FnOnce(String) -> String,
) -> Outcome<SeriesChanged> {
    let many = if done.len() == 1 { "1 visit".to_owned() } else { format!("{} visits", done.len()) };
    let changes = done.iter().map(|changed| changed.change.clone()).collect();
    let mut cards: Vec<_> = done.into_iter().map(|changed| changed.card).collect();
    let at = cards.iter().position(|card| Some(card.id.as_str()) == chosen).unwrap_or(0);
    if cards.is_empty() {
        let gone = || Refusal::new(Code::NotNow, "There is no such visit left to change. Look at it again.");
        return Err(last.unwrap_or_else(|| gone().into()));
    }
    let card = cards.swap_remove(at);
    let who = card.patient.as_ref().map_or("Appointment", |patient| patient.name.as_str());
    Ok(SeriesChanged { say: format!("{who}: {}", said(many)), changes, card })
}

/// Whether the visit can be at `wall`.
fn when(desk: &Desk, visit: &BookRequest, with: &PractitionerId, wall: &str) -> Outcome<()> {
    let start = moment(desk, wall)?;
    let end = book::ends(start, visit.minutes)?;
    free_time(desk, with, (start, end), None, None)?;
    free_places(desk, visit.room.as_deref(), (start, end), None, None)
}

/// Minutes after midnight of a wall-clock time.
fn minute_in(wall: &str) -> Outcome<i32> {
    let part = |range: std::ops::Range<usize>| wall.get(range)?.parse::<i32>().ok();
    match part(11..13).zip(part(14..16)) {
        Some((hour, minute)) => Ok(hour * 60 + minute),
        None => refuse(Code::Invalid, "The start is a date and time like 2026-11-23T09:45."),
    }
}

/// The visits that `change` is of, by time: those to come, without those that were moved apart when the others move.
fn scoped(desk: &Desk, change: &SeriesChange, now: Stamp) -> Outcome<Vec<(ResourceKey, Stored)>> {
    let (own, stored) = appointment(desk, &change.appointment)?;
    let view = AppointmentView::read(&stored.text);
    let (Some(series), Some(patient)) = (series_of(&view), view.patient().and_then(PatientId::parse)) else {
        return refuse(Code::NotNow, "This visit does not repeat. Change it by itself.");
    };
    let from = match change.scope {
        Scope::Later => view.start(),
        Scope::All => None,
    };
    let moves = matches!(change.act, SeriesAct::Move(_));
    let wanted = |(key, stored): &(ResourceKey, Stored)| {
        let view = AppointmentView::read(&stored.text);
        let open = view.status().is_some_and(|status| may_move(status) && status != AppointmentStatus::Waitlist);
        let to_come = view.start().is_some_and(|start| start > now && from.is_none_or(|from| start >= from));
        let apart = moves && is_apart(&view);
        *key == own || (series_of(&view) == Some(series) && open && to_come && !apart)
    };
    let all = desk.store.visits_of(&patient).map_err(|e| e.refusal())?;
    let mut visits: Vec<_> = all.into_iter().filter(wanted).collect();
    visits.sort_by_key(|(key, stored)| (AppointmentView::read(&stored.text).start(), key.clone()));
    // Later ones make way for those that come after them, here and at the host.
    if let SeriesAct::Move(wish) = &change.act
        && view.start().is_some_and(|start| moment(desk, &wish.start).is_ok_and(|to| to > start))
    {
        visits.reverse();
    }
    Ok(visits)
}

fn cancelled(
    desk: &Desk,
    may: &Permitted<ChangeAppointment>,
    key: &ResourceKey,
    reason: &str,
    now: Stamp,
) -> Outcome<Edit> {
    let wish = StatusRequest {
        appointment: key.id.as_str().to_owned(),
        status: AppointmentStatus::Cancelled,
        reason: Some(reason.to_owned()),
        comment: None,
    };
    set_status::plan(desk, may, wish, now)
}

/// By how many days the visit `chosen` moves.
fn shift(desk: &Desk, chosen: &str, wish: &MoveRequest) -> Outcome<Span> {
    let to = date_of(wish.start.get(..10).unwrap_or_default())?;
    let (_, stored) = appointment(desk, chosen)?;
    Ok((to - day_of(desk, &stored)?).get_days().days())
}

/// The visit moved by so many days, to the time that is wished for. What moves with its series is not apart from it.
fn moved(
    desk: &Desk,
    may: &Permitted<ChangeAppointment>,
    (key, stored): (&ResourceKey, &Stored),
    wish: &MoveRequest,
    by: Span,
) -> Outcome<Edit> {
    let date = day_of(desk, stored)?.saturating_add(by);
    let start = format!("{date}{}", wish.start.get(10..).unwrap_or_default());
    let wish = MoveRequest { appointment: key.id.as_str().to_owned(), start, ..wish.clone() };
    let mut edit = move_appointment::plan(desk, may, wish)?;
    drop_extension(&mut edit.after, APART)?;
    Ok(edit)
}

/// The day on the wall of a visit.
fn day_of(desk: &Desk, stored: &Stored) -> Outcome<Date> {
    match AppointmentView::read(&stored.text).start() {
        Some(start) => Ok(desk.enrolled.zone.today(start)),
        None => refuse(Code::NotNow, "This appointment has no time of its own yet, so it can't be moved."),
    }
}

impl SeriesRule {
    fn understood(&self) -> Outcome<Rule> {
        let days: Option<Vec<_>> = self.days.iter().map(|day| DayOfWeek::parse(day)).collect();
        let until = self.until.as_deref().map(date_of).transpose()?;
        let Some(mut days) = days.filter(|_| (1..=366).contains(&self.every)) else {
            return refuse(Code::Invalid, "Say how often: every so many days, weeks or months.");
        };
        days.sort_unstable();
        Ok(Rule { unit: self.unit, every: self.every, days, until, times: self.times })
    }
}
