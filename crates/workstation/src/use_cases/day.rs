//! The schedule of one day: a column a provider, hours and block-outs as ground, appointments on it.

use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::civil::Date;
use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
    ids::PractitionerId,
    permission::{PrintSchedule, ReadSchedule},
    policy::NameFormat,
    schedule::{day_bounds, free_half_hours, holds_time, minute_of, written},
    time::Stamp,
    views::{AppointmentStatus, DayOfWeek, WorkStretch},
};
use sha2::{Digest, Sha256};
use store::{DayRows, HoursRow, PractitionerRow};

use super::fetch::beyond_of_day;
use crate::{
    desk::Desk,
    refused::{Outcome, refuse},
    screen::{Block, Card, Column, Day, DayRead, Hold, Kept, Stretch},
    session::Workstation,
    show::NAMELESS,
};

impl Workstation {
    /// The schedule of `date` (ISO), today when absent.
    ///
    /// # Errors
    /// When locked, or for a date that is none.
    pub fn day(&self, date: Option<&str>) -> Outcome<Day> {
        self.at_desk(|desk| {
            desk.may::<ReadSchedule>()?;
            self.tell_day(desk, date, AuditAction::ReadSchedule)
        })
    }

    /// As [`Self::day`], for who has read that day before: what has the `known` digest is not told once more.
    ///
    /// # Errors
    /// As [`Self::day`].
    pub fn day_again(&self, date: Option<&str>, known: Option<&str>) -> Outcome<DayRead> {
        let mut day = self.day(date)?;
        let digest = digest(&day)?;
        let same = known == Some(digest.as_str());
        if same {
            (day.columns, day.appointments, day.types) = Default::default();
        }
        Ok(DayRead { day, digest, same })
    }

    /// The schedule of `date`, to be drawn out of sight before it is asked for. Whoever shows it asks [`Self::day_again`]
    /// first, so that what is seen is never older than the asking, and is told as seen.
    ///
    /// # Errors
    /// As [`Self::day`].
    pub fn day_ahead(&self, date: &str) -> Outcome<DayRead> {
        let day = self.at_desk(|desk| {
            desk.may::<ReadSchedule>()?;
            self.tell_day(desk, Some(date), AuditAction::ReadAhead)
        })?;
        Ok(DayRead { digest: digest(&day)?, day, same: false })
    }

    /// The schedule of `date`, to be printed.
    ///
    /// # Errors
    /// As [`Self::day`].
    pub fn print_day(&self, date: &str) -> Outcome<Day> {
        self.at_desk(|desk| {
            desk.may::<PrintSchedule>()?;
            self.tell_day(desk, Some(date), AuditAction::Print)
        })
    }

    pub(super) fn tell_day(&self, desk: &Desk, date: Option<&str>, action: AuditAction) -> Outcome<Day> {
        let (zone, now) = (&desk.enrolled.zone, self.clock.now());
        let today = zone.today(now);
        let date = date.map_or(Ok(today), date_of)?;
        let span = day_bounds(zone, date);
        let record = AuditRecord { query: Some(date.to_string()), ..desk.tells(now, action) };
        let rows = desk.store.day(span.start, span.end, &record).map_err(|e| e.refusal())?;
        let beyond = beyond_of_day(desk, date, now)?;
        let as_of = desk.day_whole_at(date)?.map(|at| written(zone, at));
        let DayRows { practitioners, hours, blocks, appointments } = rows;
        let rooms = desk.rooms_of(&appointments)?;
        let names = self.policy(&desk.enrolled).map_or(NameFormat::Initials, |policy| policy.names);
        let mut cards: Vec<Card> =
            appointments.into_iter().map(|row| crate::show::card(zone, date, row, today)).collect();
        for (card, room) in cards.iter_mut().zip(rooms) {
            card.room = room;
            let named = card.patient.as_ref().filter(|patient| patient.name != NAMELESS);
            card.called = named.and_then(|patient| names.called(&patient.name));
        }
        desk.mark_lost(&mut cards)?;
        let block = |block: store::BlockRow| {
            let kept = match &block.kept_for {
                None => Kept::Nobody,
                Some(kept) if *kept == desk.enrolled.as_written.workstation => Kept::Here,
                Some(_) => Kept::Elsewhere,
            };
            let hold = Hold { slot: block.id.to_string(), kept, provisional: block.unsent };
            let shown = Block {
                start_minute: minute_of(zone, date, block.start),
                end_minute: minute_of(zone, date, block.end),
                label: block.label.unwrap_or_else(|| if block.hold { "Held".into() } else { "Blocked".into() }),
                hold: block.hold.then_some(hold),
            };
            (block.practitioner, shown)
        };
        let blocks: Vec<_> = blocks.into_iter().map(block).collect();
        let columns = practitioners
            .into_iter()
            .filter_map(|who| {
                let of_them = |(id, _): &&(PractitionerId, Block)| *id == who.id;
                let blocks = blocks.iter().filter(of_them).map(|(_, block)| block.clone()).collect();
                column(who, &hours, blocks, &cards, date, as_of.clone())
            })
            .collect();
        let (waiting, longest_wait) = if date == today { waiting(&cards, now) } else { (0, None) };
        Ok(Day {
            date: date.to_string(),
            today: today.to_string(),
            now_minute: (date == today).then(|| minute_of(zone, date, now)),
            as_of,
            columns,
            appointments: cards,
            types: desk.visit_types()?,
            waiting,
            longest_wait,
            beyond,
        })
    }
}

/// Of what is drawn of a day, and not of when it was read.
fn digest(day: &Day) -> Outcome<String> {
    let columns: Vec<Column> = day.columns.iter().map(|column| Column { as_of: None, ..column.clone() }).collect();
    let Ok(drawn) = serde_json::to_vec(&(&day.date, columns, &day.appointments, &day.types)) else {
        return refuse(Code::Unexpected, "This day can't be shown. Nothing of it is lost.");
    };
    Ok(BASE64_STANDARD.encode(Sha256::digest(&drawn)))
}

/// Reads a date of ours: neighbouring days must exist too, so the ends of the calendar are none.
pub(super) fn date_of(text: &str) -> Outcome<Date> {
    match text.parse::<Date>() {
        Ok(date) if (1900..=2200).contains(&date.year()) => Ok(date),
        _ => refuse(Code::Invalid, "A date looks like 2026-11-23."),
    }
}

/// When `who` works on `date`.
pub(super) fn stretches<'a>(
    hours: &'a [HoursRow],
    who: &'a PractitionerId,
    date: Date,
) -> impl Iterator<Item = &'a WorkStretch> {
    let weekday = DayOfWeek::of(date.weekday());
    let iso = date.to_string();
    let within = move |row: &&HoursRow| {
        let (from, to) = &row.horizon;
        from.as_deref().is_none_or(|from| from.get(..10).unwrap_or(from) <= iso.as_str())
            && to.as_deref().is_none_or(|to| iso.as_str() <= to.get(..10).unwrap_or(to))
    };
    let theirs = hours.iter().filter(move |row| row.practitioner == *who).filter(within);
    theirs.flat_map(|row| &row.week).filter(move |stretch| stretch.day == weekday)
}

/// A provider's column; none for someone who no longer works here and has nothing that day.
fn column(
    who: PractitionerRow,
    hours: &[HoursRow],
    blocks: Vec<Block>,
    cards: &[Card],
    date: Date,
    as_of: Option<String>,
) -> Option<Column> {
    let hours: Vec<Stretch> = stretches(hours, &who.id, date)
        .map(|stretch| Stretch { start_minute: stretch.start_minute.into(), end_minute: stretch.end_minute.into() })
        .collect();
    let theirs: Vec<&Card> =
        cards.iter().filter(|card| card.practitioner.as_deref() == Some(who.id.as_str())).collect();
    if !who.active && theirs.is_empty() {
        return None;
    }
    let held: Vec<&&Card> = theirs.iter().filter(|card| holds_time(card.status)).collect();
    let span = |stretch: &Stretch| (stretch.start_minute, stretch.end_minute);
    let blocked = blocks.iter().map(|block| (block.start_minute, block.end_minute));
    let taken: Vec<(i32, i32)> = held.iter().map(|card| (card.start_minute, card.end_minute)).chain(blocked).collect();
    Some(Column {
        practitioner: who.id.into(),
        name: who.name,
        booked: u32::try_from(held.len()).unwrap_or(u32::MAX),
        open: free_half_hours(&hours.iter().map(span).collect::<Vec<_>>(), &taken),
        hours,
        blocks,
        as_of,
    })
}

/// How many have arrived and wait, and for how many minutes the longest.
fn waiting(cards: &[Card], now: Stamp) -> (u32, Option<u32>) {
    let arrived: Vec<&Card> = cards.iter().filter(|card| card.status == AppointmentStatus::Arrived).collect();
    let minutes = |card: &&Card| {
        let since = Stamp::parse(card.arrived_at.as_deref()?)?;
        u32::try_from(now.since(since).as_secs() / 60).ok()
    };
    (u32::try_from(arrived.len()).unwrap_or(u32::MAX), arrived.iter().filter_map(minutes).max())
}
