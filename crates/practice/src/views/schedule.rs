//! FHIR R4 Schedule and Slot (<https://hl7.org/fhir/R4/schedule.html>, <https://hl7.org/fhir/R4/slot.html>).
//!
//! A provider's hours are an extension of ours on their Schedule, one per stretch; block-outs and holds are Slots. A hold
//! may be kept for one computer: only what is booked there gets its time, so that it can't be lost to another desk.

use super::{
    datatypes::{Extension, Period, Reference, filled},
    tolerant::{Str, view},
};
use crate::{ids::WorkstationId, time::Stamp};

/// Extension: one stretch of working hours, with the parts `day`, `start` and `end`.
pub const HOURS: &str = "urn:shadowchart:hours";
/// Extension of a Schedule: how many visits may lie over another on purpose (`valueUnsignedInt`); as many as wanted
/// where it is absent.
pub const OVERBOOK_LIMIT: &str = "urn:shadowchart:overbook-limit";
/// Extension of a Slot that holds time: the computer that it is kept for (`valueReference` to its Device).
pub const KEPT_FOR: &str = "urn:shadowchart:kept-for";

/// A day of the week, by FHIR's code (<https://hl7.org/fhir/R4/valueset-days-of-week.html>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DayOfWeek {
    /// `mon`
    Monday,
    /// `tue`
    Tuesday,
    /// `wed`
    Wednesday,
    /// `thu`
    Thursday,
    /// `fri`
    Friday,
    /// `sat`
    Saturday,
    /// `sun`
    Sunday,
}

impl DayOfWeek {
    /// The week, from Monday.
    pub const ALL: [Self; 7] =
        [Self::Monday, Self::Tuesday, Self::Wednesday, Self::Thursday, Self::Friday, Self::Saturday, Self::Sunday];

    /// FHIR's code.
    pub fn as_str(self) -> &'static str {
        ["mon", "tue", "wed", "thu", "fri", "sat", "sun"][self as usize]
    }

    /// Reads FHIR's code.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|day| day.as_str() == text)
    }

    /// The day jiff means.
    pub fn of(day: jiff::civil::Weekday) -> Self {
        Self::ALL[day.to_monday_zero_offset() as usize]
    }
}

/// Working hours on one weekday, in minutes after midnight by the practice's wall clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WorkStretch {
    /// The day.
    pub day: DayOfWeek,
    /// From.
    pub start_minute: u16,
    /// To; always later than the start, 1440 at most.
    pub end_minute: u16,
}

view! {
    /// When someone works.
    struct ScheduleView {
        one {
            /// The time it covers.
            planning_horizon: Period<'a>,
            /// Words.
            comment: Str<'a>,
        }
        plain {
            /// Whether it is in use.
            active: bool,
        }
        many {
            /// Whose it is.
            actor: Reference<'a>,
            /// Ours: the hours.
            extension: Extension<'a>,
        }
    }

    /// A stretch of someone's time that is taken or held.
    struct SlotView {
        one {
            /// Whose.
            schedule: Reference<'a>,
            /// `busy-unavailable` is a block-out, `busy-tentative` a hold, `free` and `busy` are bookable time.
            status: Str<'a>,
            /// Instant with offset.
            start: Str<'a>,
            /// Instant with offset.
            end: Str<'a>,
            /// "Lunch", "Leave", "Held for walk-ins".
            comment: Str<'a>,
        }
        many {
            /// Ours: whom it is kept for.
            extension: Extension<'a>,
        }
    }
}

impl<'a> ScheduleView<'a> {
    /// Reads a Schedule's text.
    pub fn read(text: &'a str) -> Self {
        super::read(text)
    }

    /// The practitioner whose hours these are.
    pub fn practitioner(&self) -> Option<&str> {
        self.actor.iter().find_map(|actor| actor.id_of("Practitioner"))
    }

    /// How many visits may lie over another on purpose.
    pub fn overbook_limit(&self) -> Option<u32> {
        self.extension.iter().find(|one| one.url.as_deref() == Some(OVERBOOK_LIMIT))?.value_unsigned_int
    }

    /// The hours, by day and start. A stretch that makes no sense is left out.
    pub fn hours(&self) -> Vec<WorkStretch> {
        let ours = self.extension.iter().filter(|extension| extension.url.as_deref() == Some(HOURS));
        let mut hours: Vec<_> = ours.filter_map(stretch).collect();
        hours.sort();
        hours
    }
}

fn stretch(hours: &Extension) -> Option<WorkStretch> {
    let part = |url: &str| hours.extension.iter().find(|part| part.url.as_deref() == Some(url));
    let day = DayOfWeek::parse(part("day")?.value_code.as_deref()?)?;
    let start_minute = minute(part("start")?.value_time.as_deref()?)?;
    let end_minute = minute(part("end")?.value_time.as_deref()?)?;
    (start_minute < end_minute).then_some(WorkStretch { day, start_minute, end_minute })
}

/// Minutes after midnight; "24:00:00" is the end of the day.
fn minute(time: &str) -> Option<u16> {
    let mut parts = time.split(':').map(|part| part.parse::<u16>().ok());
    let (hour, minute) = (parts.next()??, parts.next()??);
    (hour <= 24 && minute < 60).then(|| hour * 60 + minute).filter(|minute| *minute <= 1440)
}

impl<'a> SlotView<'a> {
    /// Reads a Slot's text.
    pub fn read(text: &'a str) -> Self {
        super::read(text)
    }

    /// The Schedule's id.
    pub fn schedule(&self) -> Option<&str> {
        self.schedule.as_ref()?.id_of("Schedule")
    }

    /// When it starts.
    pub fn start(&self) -> Option<Stamp> {
        Stamp::parse(self.start.as_deref()?)
    }

    /// When it ends.
    pub fn end(&self) -> Option<Stamp> {
        Stamp::parse(self.end.as_deref()?)
    }

    /// What it is called.
    pub fn label(&self) -> Option<&str> {
        filled(self.comment.as_deref())
    }

    /// Whether the time is blocked out.
    pub fn is_block(&self) -> bool {
        self.status.as_deref() == Some("busy-unavailable")
    }

    /// Whether the time is held.
    pub fn is_hold(&self) -> bool {
        self.status.as_deref() == Some("busy-tentative")
    }

    /// The computer that it is kept for, if it is held.
    pub fn kept_for(&self) -> Option<WorkstationId> {
        let kept = self.extension.iter().find(|one| one.url.as_deref() == Some(KEPT_FOR)).filter(|_| self.is_hold())?;
        WorkstationId::parse(kept.value_reference.as_ref()?.id_of("Device")?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(day: &str, start: &str, end: &str) -> String {
        format!(
            r#"{{"url":"{HOURS}","extension":[{{"url":"day","valueCode":"{day}"}},
               {{"url":"start","valueTime":"{start}"}},{{"url":"end","valueTime":"{end}"}}]}}"#
        )
    }

    #[test]
    fn hours_come_sorted_and_without_the_absurd_ones() {
        let parts = [
            hours("tue", "13:00:00", "17:00:00"),
            hours("mon", "08:30:00", "12:00:00"),
            hours("mon", "12:00:00", "08:00:00"),
            hours("someday", "08:00:00", "09:00:00"),
            hours("sun", "65535:00:00", "09:00:00"),
            hours("sat", "22:00:00", "24:00:00"),
            r#"{"url":"urn:other"}"#.into(),
        ];
        let text = format!(r#"{{"actor":[{{"reference":"Practitioner/a"}}],"extension":[{}]}}"#, parts.join(","));
        let view = ScheduleView::read(&text);
        assert_eq!(view.practitioner(), Some("a"));
        let expect =
            [(DayOfWeek::Monday, 510, 720), (DayOfWeek::Tuesday, 780, 1020), (DayOfWeek::Saturday, 1320, 1440)];
        let expect = expect.map(|(day, start_minute, end_minute)| WorkStretch { day, start_minute, end_minute });
        assert_eq!(view.hours(), expect);
    }

    #[test]
    fn a_slot_is_a_block_or_a_hold_with_a_label() {
        let text = r#"{"schedule":{"reference":"Schedule/s"},"status":"busy-unavailable",
            "start":"2026-11-23T12:00:00-05:00","end":"2026-11-23T13:00:00-05:00","comment":"Lunch"}"#;
        let slot = SlotView::read(text);
        assert_eq!(
            (slot.schedule(), slot.label(), slot.is_block(), slot.is_hold()),
            (Some("s"), Some("Lunch"), true, false)
        );
        assert!(slot.start() < slot.end());
    }

    #[test]
    fn only_a_hold_is_kept_for_a_computer() {
        let slot = |status: &str| {
            format!(
                r#"{{"status":"{status}","extension":[{{"url":"{KEPT_FOR}","valueReference":{{"reference":"Device/w-1"}}}}]}}"#
            )
        };
        assert_eq!(SlotView::read(&slot("busy-tentative")).kept_for(), WorkstationId::parse("w-1"));
        assert_eq!(SlotView::read(&slot("busy-unavailable")).kept_for(), None);
        assert_eq!(SlotView::read(r#"{"status":"busy-tentative"}"#).kept_for(), None);
    }
}
