//! Finds an opening: what is free for a wish over the days to come, by provider and day, and how sure that is.

use jiff::{ToSpan, civil::Date};
use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
    ids::PractitionerId,
    permission::ReadSchedule,
    schedule::{
        Span, Zoned, day_bounds, holds_time, minute_of,
        wish::{self, Ground, Start, Wish},
        written,
    },
    time::Stamp,
    views::DayOfWeek,
};
use store::{PractitionerRow, TimeRows};

use super::{
    book::{MINUTES, ends},
    change::practitioner,
    day::{date_of, stretches},
    fetch::beyond_of_day,
};
use crate::{
    desk::Desk,
    freshness::SAID,
    refused::{Outcome, refuse},
    screen::{FoundDay, FoundOpenings, FoundStart, OpeningWish, Sure, WishRead},
    session::Workstation,
};

/// Days looked at where no last day is wished for.
const DAYS: i32 = 60;
/// Days looked at, whatever is wished for.
const MOST_DAYS: i32 = 180;
/// Provider's days that are answered.
const MOST_FOUND: usize = 60;

impl Workstation {
    /// How the typed `text` is understood as a wish.
    ///
    /// # Errors
    /// When locked or not allowed.
    pub fn read_wish(&self, text: &str) -> Outcome<WishRead> {
        self.at_desk(|desk| {
            desk.may::<ReadSchedule>()?;
            let providers = desk.store.practitioners().map_err(|e| e.refusal())?;
            let working = providers.into_iter().filter(|row| row.active).map(|row| (row.id, row.name));
            let today = desk.enrolled.zone.today(self.clock.now());
            let read = wish::read(text, today, &working.collect::<Vec<_>>());
            let say = said(desk, &read.wish, today)?;
            Ok(WishRead { wish: OpeningWish::of(&read.wish), say, unread: read.unread })
        })
    }

    /// The openings for `wish`.
    ///
    /// # Errors
    /// When locked or not allowed, for a wish that makes no sense, and for a provider who is not known here.
    pub fn find_openings(&self, wish: &OpeningWish) -> Outcome<FoundOpenings> {
        self.at_desk(|desk| {
            desk.may::<ReadSchedule>()?;
            let now = self.clock.now();
            let today = desk.enrolled.zone.today(now);
            let wish = wish.understood(desk, today)?;
            let ahead = |days: i32| wish.from.saturating_add(days.days());
            let last = wish.until.unwrap_or(ahead(DAYS)).min(ahead(MOST_DAYS));
            let say = said(desk, &wish, today)?;
            let record = AuditRecord { query: Some(say.clone()), ..desk.tells(now, AuditAction::ReadSchedule) };
            let zone = &desk.enrolled.zone;
            let (from, to) = (day_bounds(zone, wish.from).start, day_bounds(zone, last).end);
            let rows = desk.store.time(from, to.max(from), &record).map_err(|e| e.refusal())?;
            let search = Search { desk, now, wish: &wish, calendars: calendars(desk, &wish, rows) };
            let (mut days, until) = search.days(last)?;
            let found = days.len();
            days.truncate(MOST_FOUND);
            let names = desk.store.practitioners().map_err(|e| e.refusal())?;
            let unlisted =
                wish.practitioners.iter().filter(|id| !search.calendars.iter().any(|who| who.row.id == **id));
            let note = if until < last {
                Some(
                    "Later days are not kept on this computer. Open one in the schedule to get it from the host."
                        .into(),
                )
            } else if found > days.len() {
                Some("There is more. Say more of what is wanted to see the rest.".into())
            } else {
                let unlisted: Vec<_> = unlisted.map(|id| name_of(&names, id)).collect();
                (!unlisted.is_empty()).then(|| format!("Without hours in the schedule: {}.", unlisted.join(", ")))
            };
            Ok(FoundOpenings { say, days, until: until.to_string(), note })
        })
    }
}

/// `wish` in words.
pub(super) fn said(desk: &Desk, wish: &Wish, today: Date) -> Outcome<String> {
    let names = desk.store.practitioners().map_err(|e| e.refusal())?;
    Ok(wish.said(today, |id| name_of(&names, id)))
}

fn name_of(names: &[PractitionerRow], id: &PractitionerId) -> String {
    names.iter().find(|row| row.id == *id).map(|row| row.name.clone()).unwrap_or_default()
}

/// The openings of `with` on `date` that are nearest to a visit at minute `wanted`, by time; at most `most`.
pub(super) fn near(
    desk: &Desk,
    with: &PractitionerId,
    date: Date,
    (wanted, minutes): (i32, u32),
    most: usize,
    now: Stamp,
) -> Outcome<Vec<FoundStart>> {
    let zone = &desk.enrolled.zone;
    let wish = Wish { minutes, practitioners: vec![with.clone()], ..Wish::any(date) };
    let bounds = day_bounds(zone, date);
    let record = AuditRecord { query: Some(date.to_string()), ..desk.tells(now, AuditAction::ReadSchedule) };
    let rows = desk.store.time(bounds.start, bounds.end, &record).map_err(|e| e.refusal())?;
    let sure = sure_at(desk.day_whole_at(date)?, now);
    let calendars = calendars(desk, &wish, rows);
    let starts = calendars.iter().flat_map(|who| who.starts(zone, &wish, date, now));
    let mut found = starts.map(|start| shown(zone, date, minutes, start, sure)).collect::<Outcome<Vec<_>>>()?;
    found.sort_by_key(|start| (start.start_minute.abs_diff(wanted), start.start_minute));
    found.truncate(most);
    found.sort_by_key(|start| start.start_minute);
    Ok(found)
}

/// How sure what of a day is that was whole at `as_of`.
fn sure_at(as_of: Option<Stamp>, now: Stamp) -> Sure {
    match as_of {
        None => Sure::Unknown,
        Some(at) if now.since(at) >= SAID => Sure::Stale,
        Some(_) => Sure::Fresh,
    }
}

fn shown(zone: &Zoned, date: Date, minutes: u32, start: Start, sure: Sure) -> Outcome<FoundStart> {
    Ok(FoundStart {
        start: written(zone, start.at),
        end: written(zone, ends(start.at, minutes)?),
        start_minute: minute_of(zone, date, start.at),
        sure: if start.kept { Sure::Yours } else { sure },
    })
}

/// What is known of one provider's time.
struct Calendar {
    row: PractitionerRow,
    hours: Vec<store::HoursRow>,
    taken: Vec<Span>,
    kept: Vec<Span>,
}

fn calendars(desk: &Desk, wish: &Wish, rows: TimeRows) -> Vec<Calendar> {
    let TimeRows { practitioners, hours, blocks, busy } = rows;
    let here = &desk.enrolled.as_written.workstation;
    let wanted = |row: &PractitionerRow| wish.practitioners.is_empty() || wish.practitioners.contains(&row.id);
    let of = |row: PractitionerRow| {
        let theirs = blocks.iter().filter(|block| block.practitioner == row.id);
        let (kept, blocked): (Vec<_>, Vec<_>) = theirs.partition(|block| block.kept_for.as_ref() == Some(here));
        let span = |block: &store::BlockRow| Span { start: block.start, end: block.end };
        let visits = busy.iter().filter(|(id, _)| *id == row.id).flat_map(|(_, visits)| visits);
        let visits = visits.filter(|visit| holds_time(visit.status));
        let visits = visits.map(|visit| Span { start: visit.start, end: visit.end });
        Calendar {
            hours: hours.iter().filter(|hours| hours.practitioner == row.id).cloned().collect(),
            taken: visits.chain(blocked.into_iter().map(span)).collect(),
            kept: kept.into_iter().map(span).collect(),
            row,
        }
    };
    practitioners.into_iter().filter(wanted).map(of).collect()
}

impl Calendar {
    /// Where a visit as wished for would lie free on `date`, by time.
    fn starts(&self, zone: &Zoned, wish: &Wish, date: Date, now: Stamp) -> Vec<Start> {
        let whole = day_bounds(zone, date);
        let of_day = |spans: &[Span]| spans.iter().copied().filter(|span| span.overlaps(whole)).collect::<Vec<_>>();
        let hours: Vec<_> = stretches(&self.hours, &self.row.id, date)
            .map(|stretch| [stretch.start_minute, stretch.end_minute].map(|minute| zone.at_minute(date, minute.into())))
            .map(|[start, end]| Span { start, end })
            .collect();
        let (taken, kept) = (of_day(&self.taken), of_day(&self.kept));
        let ground = Ground { hours: &hours, taken: &taken, kept: &kept };
        wish::starts(wish, &ground, zone, date, now)
    }
}

/// The day of one provider on which time became free.
pub(super) struct FreedDay<'a> {
    pub(super) desk: &'a Desk,
    pub(super) date: Date,
    pub(super) freed: Span,
    pub(super) now: Stamp,
    calendars: Vec<Calendar>,
}

impl<'a> FreedDay<'a> {
    /// Reads it; `record` tells of that.
    pub(super) fn read(
        desk: &'a Desk,
        with: &PractitionerId,
        freed: Span,
        now: Stamp,
        record: &AuditRecord,
    ) -> Outcome<Self> {
        let zone = &desk.enrolled.zone;
        let date = zone.today(freed.start);
        let bounds = day_bounds(zone, date);
        let rows = desk.store.time(bounds.start, bounds.end, record).map_err(|e| e.refusal())?;
        let theirs = Wish { practitioners: vec![with.clone()], ..Wish::any(date) };
        Ok(Self { desk, date, freed, now, calendars: calendars(desk, &theirs, rows) })
    }

    /// Where the visit that `wish` wants would lie in the freed time, perhaps together with what is free beside it: where
    /// that time begins, if it can be.
    pub(super) fn suits(&self, wish: &Wish) -> Option<Stamp> {
        let zone = &self.desk.enrolled.zone;
        let from = minute_of(zone, self.date, self.freed.start);
        let exact = Wish { clock: (wish.clock.0.max(from), wish.clock.1), ..wish.clone() };
        let wishes = [exact, wish.clone()].into_iter().filter(|wish| wish.clock.0 < wish.clock.1);
        let starts = wishes.flat_map(|wish| {
            self.calendars.iter().flat_map(move |who| who.starts(zone, &wish, self.date, self.now)).collect::<Vec<_>>()
        });
        let meets = |start: &Start| {
            let end = ends(start.at, wish.minutes).map(|end| Span { start: start.at, end });
            end.is_ok_and(|visit| visit.overlaps(self.freed))
        };
        starts.filter(meets).map(|start| start.at).next()
    }
}

struct Search<'a> {
    desk: &'a Desk,
    now: Stamp,
    wish: &'a Wish,
    calendars: Vec<Calendar>,
}

impl Search<'_> {
    /// What is found up to `last`, and the last day that could be looked at.
    fn days(&self, last: Date) -> Outcome<(Vec<FoundDay>, Date)> {
        let (mut found, mut until) = (Vec::new(), last);
        for date in self.wish.from.series(1.day()).take_while(|date| *date <= last) {
            if !self.wish.wants_day(date) {
                continue;
            }
            // What of a day is not here may be what takes the time.
            if beyond_of_day(self.desk, date, self.now)?.is_some_and(|beyond| beyond.fetched.is_none()) {
                until = date.yesterday().unwrap_or(date);
                break;
            }
            let as_of = self.desk.day_whole_at(date)?;
            let sure = sure_at(as_of, self.now);
            let mut of_day = Vec::new();
            for who in &self.calendars {
                of_day.extend(self.day(who, date, as_of, sure)?);
            }
            of_day.sort_by_key(|day| (day.starts[0].sure != Sure::Yours, day.starts[0].start_minute));
            found.append(&mut of_day);
        }
        let synced = self.desk.last_synced();
        if synced.is_none_or(|synced| self.now.since(synced) >= SAID) {
            found.sort_by_key(|day| day.starts[0].sure != Sure::Yours);
        }
        Ok((found, until))
    }

    /// One provider's day; none without an opening.
    fn day(&self, who: &Calendar, date: Date, as_of: Option<Stamp>, sure: Sure) -> Outcome<Option<FoundDay>> {
        let zone = &self.desk.enrolled.zone;
        let mut starts = who.starts(zone, self.wish, date, self.now);
        starts.sort_by_key(|start| !start.kept);
        let shown = |start| shown(zone, date, self.wish.minutes, start, sure);
        let starts = starts.into_iter().map(shown).collect::<Outcome<Vec<_>>>()?;
        Ok((!starts.is_empty()).then(|| FoundDay {
            date: date.to_string(),
            practitioner: who.row.id.to_string(),
            name: who.row.name.clone(),
            as_of: as_of.map(|at| written(zone, at)),
            sure,
            starts,
        }))
    }
}

impl OpeningWish {
    pub(super) fn of(wish: &Wish) -> Self {
        Self {
            minutes: wish.minutes,
            practitioners: wish.practitioners.iter().map(ToString::to_string).collect(),
            days: wish.days.iter().map(|day| day.as_str().to_owned()).collect(),
            from_minute: wish.clock.0,
            until_minute: wish.clock.1,
            from: wish.from.to_string(),
            until: wish.until.map(|date| date.to_string()),
        }
    }

    pub(super) fn understood(&self, desk: &Desk, today: Date) -> Outcome<Wish> {
        let practitioners = self.practitioners.iter().map(|id| practitioner(desk, id)).collect::<Outcome<_>>()?;
        let days: Option<Vec<_>> = self.days.iter().map(|day| DayOfWeek::parse(day)).collect();
        let clock = (self.from_minute.max(0), self.until_minute.min(1440));
        if !MINUTES.contains(&self.minutes) {
            return refuse(Code::Invalid, "A visit lasts between 5 minutes and 8 hours.");
        }
        let (Some(mut days), true) = (days, clock.0 < clock.1) else {
            return refuse(Code::Invalid, "The time of day ends before it begins, or a day of the week is none.");
        };
        days.sort_unstable();
        let from = date_of(&self.from)?.max(today);
        let until = self.until.as_deref().map(date_of).transpose()?;
        if until.is_some_and(|until| until < from) {
            return refuse(Code::Invalid, "The last day lies before the first. Choose a later one.");
        }
        Ok(Wish { minutes: self.minutes, practitioners, days, clock, from, until })
    }
}
