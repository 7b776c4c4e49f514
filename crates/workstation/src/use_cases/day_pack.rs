//! The day on paper, for when nothing else works: a PDF with a row a visit, by provider, and on each page how old it is.

use std::path::Path;

use practice::{
    Code,
    audit::AuditAction,
    ids::PatientId,
    permission::{PrintSchedule, ReadChart},
    schedule::{Zoned, holds_time},
    time::Stamp,
    views::AppointmentStatus,
};

use super::{day::date_of, export::known};
use crate::{
    desk::Desk,
    paper::{PaperError, Printed, Sheet, Size, Table, print},
    refused::{Outcome, refuse},
    screen::{Card, Column, Day, DayPack, PatientRow},
    session::Workstation,
    unfinished::Unfinished,
};

/// Heading and share of the width.
const COLUMNS: &[(&str, f32)] =
    &[("Time", 1.1), ("Patient", 2.0), ("Born", 1.1), ("Record", 0.9), ("Phone", 1.3), ("For", 3.2), ("Status", 1.1)];

impl Workstation {
    /// Writes the schedule of `date` (ISO) into a new file in `folder`, named after the day and this moment.
    ///
    /// # Errors
    /// As [`Self::day_pack`], and when the computer has no such folder.
    pub fn save_day(&self, date: &str, folder: Option<&Path>) -> Outcome<DayPack> {
        let moment =
            self.at_desk(|desk| Ok(desk.enrolled.zone.wall(self.clock.now()).strftime("%H.%M.%S").to_string()))?;
        let day = date_of(date)?;
        self.day_pack(Some(date), &known(folder)?.join(format!("schedule {day}, printed {moment}.pdf")))
    }

    /// Writes the schedule of `date` (ISO), today when absent, into the new file `to`. Whoever may see charts has what must
    /// be seen of each patient in it. The file is not encrypted, and for its owner alone.
    ///
    /// # Errors
    /// When locked or not allowed, for a date that is none, when the computer has no fonts, and when the file can't be made.
    pub fn day_pack(&self, date: Option<&str>, to: &Path) -> Outcome<DayPack> {
        let (Some(folder), Some(name)) = (to.parent(), to.file_name().and_then(|name| name.to_str())) else {
            return refuse(Code::Invalid, "Name a file for the day.");
        };
        self.at_desk(|desk| {
            desk.may::<PrintSchedule>()?;
            let day = self.tell_day(desk, date, AuditAction::Print)?;
            let printed = on_paper(desk, &day, self.clock.now())?;
            let mut file = Unfinished::make(folder, name)?;
            file.write(&printed.pdf)?;
            file.finish()?;
            Ok(DayPack {
                date: day.date,
                file: name.to_owned(),
                folder: folder.display().to_string(),
                pages: printed.pages,
                as_of: day.as_of,
            })
        })
    }
}

fn on_paper(desk: &Desk, day: &Day, now: Stamp) -> Outcome<Printed> {
    let practice = &desk.enrolled.as_written.practice;
    let zone = &desk.enrolled.zone;
    let date = date_of(&day.date)?.strftime("%A %-d %B %Y").to_string();
    let as_of = day.as_of.as_deref().and_then(Stamp::parse);
    let as_of = as_of.map_or_else(|| "not known".to_owned(), |at| moment(zone, at));
    let mut says = vec![
        format!("{}. Data as of {as_of}. Printed {}.", practice.name, moment(zone, now)),
        "Shadow copy: the paper chart decides. Holds patient names; shred after use.".to_owned(),
    ];
    if day.beyond.as_ref().is_some_and(|beyond| beyond.fetched.is_none()) {
        says.push("Not all of this day may be here: it lies beyond what this computer keeps.".to_owned());
    }
    let booked: Vec<&Card> = day.appointments.iter().filter(|card| holds_time(card.status)).collect();
    let of = |column: Option<&Column>| {
        let theirs = |card: &&&Card| match column {
            Some(column) => card.practitioner.as_deref() == Some(&column.practitioner),
            None => !day.columns.iter().any(|column| card.practitioner.as_deref() == Some(&column.practitioner)),
        };
        booked.iter().filter(theirs).map(|card| row(desk, card, now)).collect::<Outcome<Vec<_>>>()
    };
    let mut tables = Vec::new();
    for column in &day.columns {
        let hours = column.hours.iter().map(|hours| span(hours.start_minute, hours.end_minute));
        let hours = hours.collect::<Vec<_>>().join(", ");
        let hours = if hours.is_empty() { "not in".to_owned() } else { hours };
        let about = format!("{hours} · {} booked", column.booked);
        tables.push(Table { name: column.name.clone(), about, rows: of(Some(column))?, empty: "Nothing is booked." });
    }
    let strays = of(None)?;
    if !strays.is_empty() || tables.is_empty() {
        let about = format!("{} booked", strays.len());
        tables.push(Table { name: "No provider".into(), about, rows: strays, empty: "Nothing is booked." });
    }
    let american = practice.time_zone.starts_with("America/");
    let sheet = Sheet {
        size: if american { Size::Letter } else { Size::A4 },
        title: &date,
        says: &says,
        foot: &format!("{date} · Data as of {as_of} · Shadow copy"),
        columns: COLUMNS,
        tables: &tables,
    };
    Ok(print(&sheet).map_err(|error| match error {
        PaperError::NoFont => practice::Refusal::new(
            Code::Unexpected,
            "This computer has no fonts to print with. Install some, such as DejaVu, and try again.",
        ),
        PaperError::NoDocument => {
            practice::Refusal::new(Code::Unexpected, "The day could not be put on paper. Print it from the window.")
        }
    })?)
}

fn row(desk: &Desk, card: &Card, now: Stamp) -> Outcome<Vec<String>> {
    let patient = card.patient.as_ref();
    let text = |field: fn(&PatientRow) -> Option<&String>| patient.and_then(field).cloned().unwrap_or_default();
    let room = card.room.as_ref().map(|room| room.name.clone());
    let said = [card.reason.clone(), room, card.note.clone()].into_iter().flatten();
    let said: Vec<String> = said.chain(must_be_seen(desk, patient, now)?).collect();
    Ok(vec![
        span(card.start_minute, card.end_minute),
        card.called.clone().or_else(|| Some(patient?.name.clone())).unwrap_or_else(|| "No patient".to_owned()),
        born(&text(|patient| patient.birth_date.as_ref())),
        text(|patient| patient.record_number.as_ref()),
        text(|patient| patient.phone.as_ref()),
        said.join(". "),
        standing(card).to_owned(),
    ])
}

/// Allergies and the like, for whoever may see charts.
fn must_be_seen(desk: &Desk, patient: Option<&PatientRow>, now: Stamp) -> Outcome<Vec<String>> {
    let Some(id) = patient.and_then(|patient| PatientId::parse(&patient.id)) else { return Ok(Vec::new()) };
    if desk.may::<ReadChart>().is_err() {
        return Ok(Vec::new());
    }
    let (alerts, _) = desk.seen_first(&id, now)?;
    Ok(alerts
        .into_iter()
        .map(|alert| match alert.detail {
            Some(detail) => format!("{}: {} ({detail})", alert.kind, alert.text),
            None => format!("{}: {}", alert.kind, alert.text),
        })
        .collect())
}

fn standing(card: &Card) -> &'static str {
    use AppointmentStatus::{
        Arrived, Booked, Cancelled, CheckedIn, EnteredInError, Fulfilled, Noshow, Pending, Proposed, Waitlist,
    };
    match card.status {
        _ if card.provisional => "Not confirmed yet",
        Pending | Proposed | Waitlist => "Not confirmed yet",
        Booked => "Booked",
        Arrived => "Arrived",
        CheckedIn => "In a room",
        Fulfilled => "Done",
        Cancelled | Noshow | EnteredInError => "Off",
    }
}

fn moment(zone: &Zoned, at: Stamp) -> String {
    zone.wall(at).strftime("%-I:%M %P, %-d %B").to_string()
}

/// "9:45 am to 10:15 am"; minutes after midnight, which another day's lie beyond.
fn span(start: i32, end: i32) -> String {
    let clock = |minute: i32| {
        let (hour, half) = (minute.rem_euclid(1440) / 60, if minute.rem_euclid(1440) < 720 { "am" } else { "pm" });
        format!("{}:{:02} {half}", (hour + 11) % 12 + 1, minute.rem_euclid(60))
    };
    format!("{} – {}", clock(start), clock(end))
}

fn born(iso: &str) -> String {
    iso.parse::<jiff::civil::Date>().map_or_else(|_| iso.to_owned(), |date| date.strftime("%-d %b %Y").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_dates_read_as_on_the_wall() {
        assert_eq!(span(0, 780), "12:00 am – 1:00 pm");
        assert_eq!(span(-30, 1455), "11:30 pm – 12:15 am", "it begins the day before and ends the day after");
        assert_eq!(
            (born("1961-03-14").as_str(), born("1961").as_str(), born("").as_str()),
            ("14 Mar 1961", "1961", "")
        );
    }
}
