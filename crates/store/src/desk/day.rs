//! The schedule of one day.

use std::collections::BTreeSet;

use practice::{
    audit::AuditRecord,
    ids::{AppointmentId, LocationId, PractitionerId, SlotId, WorkstationId},
    resource::{ResourceKey, ResourceType},
    schedule::series::repeats,
    time::Stamp,
    views::{AppointmentStatus, AppointmentView, WorkStretch},
};
use rusqlite::{Connection, Row, RowIndex, params};

use super::{
    PatientHit,
    ground::{blocks, practitioners, rooms, schedules, sorted_hours},
    same::known_as,
    search::HitColumns,
};
use crate::{Store, StoreError, body::Codec, columns::columns, head, packed_id::PackedId};

/// What happens between two moments.
#[derive(Clone, Default, PartialEq)]
pub struct DayRows {
    /// Who has hours, or an appointment in it; by family name.
    pub practitioners: Vec<PractitionerRow>,
    /// Working hours, by practitioner and day of the week.
    pub hours: Vec<HoursRow>,
    /// Block-outs and holds, by start.
    pub blocks: Vec<BlockRow>,
    /// Appointments, by start.
    pub appointments: Vec<AppointmentRow>,
}

/// A practitioner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PractitionerRow {
    /// Practitioner id.
    pub id: PractitionerId,
    /// "Ann Sample, MD".
    pub name: String,
    /// To sort by.
    pub family: String,
    /// Whether they still work here.
    pub active: bool,
}

/// One active Schedule of a practitioner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoursRow {
    /// Whose.
    pub practitioner: PractitionerId,
    /// Wall-clock stretches of the week.
    pub week: Vec<WorkStretch>,
    /// The time they hold for, as written; either end open.
    pub horizon: (Option<String>, Option<String>),
    /// How many visits may lie over another on purpose.
    pub overbook_limit: Option<u32>,
}

/// A block-out or a hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockRow {
    /// The Slot.
    pub id: SlotId,
    /// Whose.
    pub practitioner: PractitionerId,
    /// From.
    pub start: Stamp,
    /// To.
    pub end: Stamp,
    /// "Lunch".
    pub label: Option<String>,
    /// Whether the time is held, not blocked out.
    pub hold: bool,
    /// The computer that a hold is kept for.
    pub kept_for: Option<WorkstationId>,
    /// Whether it waits for the host.
    pub unsent: bool,
}

/// An appointment.
#[derive(Clone, PartialEq)]
pub struct AppointmentRow {
    /// Appointment id.
    pub id: AppointmentId,
    /// From.
    pub start: Stamp,
    /// To.
    pub end: Stamp,
    /// Where it stands.
    pub status: AppointmentStatus,
    /// With whom, in the order written.
    pub practitioners: Vec<PractitionerId>,
    /// Where, in the order written.
    pub locations: Vec<LocationId>,
    /// For whom.
    pub patient: Option<PatientHit>,
    /// What it is for.
    pub reason: Option<String>,
    /// A note to be seen.
    pub note: Option<String>,
    /// When the patient arrived.
    pub arrived_at: Option<Stamp>,
    /// The practice's short code for its type.
    pub visit_type: Option<String>,
    /// Whether the patient has said that they come.
    pub confirmed: bool,
    /// Whether the patient has left.
    pub left: bool,
    /// Whether it waits for the host.
    pub unsent: bool,
    /// How it repeats, in words, where it is of a series.
    pub repeats: Option<String>,
}

impl AppointmentRow {
    /// From the text of a patient's appointment; `None` when it has no time or no status.
    pub(super) fn of(id: AppointmentId, text: &str, patient: &PatientHit, unsent: bool) -> Option<Self> {
        let view = AppointmentView::read(text);
        let start = view.start()?;
        Some(Self {
            id,
            start,
            end: view.end().map_or(start, |end| end.max(start)),
            status: view.status()?,
            practitioners: view.practitioners().filter_map(PractitionerId::parse).collect(),
            locations: view.locations().filter_map(LocationId::parse).collect(),
            patient: Some(patient.clone()),
            reason: view.reason().map(str::to_owned),
            note: view.note().map(str::to_owned),
            arrived_at: view.arrived_at(),
            visit_type: view.visit_type().map(str::to_owned),
            confirmed: view.is_confirmed(),
            left: view.has_left(),
            unsent,
            repeats: repeats(&view),
        })
    }
}

/// A stretch of a practitioner's time that an appointment names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Busy {
    /// Which appointment.
    pub appointment: AppointmentId,
    /// From.
    pub start: Stamp,
    /// To.
    pub end: Stamp,
    /// Its status says whether it holds the time.
    pub status: AppointmentStatus,
}

/// A room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomRow {
    /// Location id.
    pub id: LocationId,
    /// "Room 2".
    pub name: String,
}

/// What the rules ask of a practitioner's or a room's time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occupied {
    /// Appointments, whatever their status.
    pub busy: Vec<Busy>,
    /// The computers that a hold in it is kept for.
    pub kept_for: Vec<WorkstationId>,
    /// How many visits may lie over another on purpose; as many as wanted when absent.
    pub overbook_limit: Option<u32>,
}

pub(super) const DAY: i64 = 86_400_000;

impl Store {
    /// Everything on the schedule that shares a moment with `from` to `to`.
    ///
    /// # Errors
    /// As every statement.
    pub fn day(&self, from: Stamp, to: Stamp, audit: &AuditRecord) -> Result<DayRows, StoreError> {
        self.told(audit, |reader| {
            let schedules = schedules(reader, &self.codec)?;
            let appointments = appointments(reader, from, to)?;
            let mut shown: BTreeSet<&PractitionerId> = appointments.iter().flat_map(|row| &row.practitioners).collect();
            shown.extend(schedules.values().map(|hours| &hours.practitioner));
            Ok(DayRows {
                practitioners: practitioners(reader)?.into_iter().filter(|row| shown.contains(&row.id)).collect(),
                blocks: blocks(reader, &schedules, from, to)?,
                hours: sorted_hours(&schedules),
                appointments,
            })
        })
    }

    /// One appointment as the schedule shows it; `None` when it is not here, or has no time.
    ///
    /// # Errors
    /// As every statement.
    pub fn appointment(&self, id: &AppointmentId, audit: &AuditRecord) -> Result<Option<AppointmentRow>, StoreError> {
        self.told(audit, |reader| appointment(reader, &self.codec, id))
    }

    /// Practitioners by family name, for the rules and for pickers: names of staff are no patient data.
    ///
    /// # Errors
    /// As every statement.
    pub fn practitioners(&self) -> Result<Vec<PractitionerRow>, StoreError> {
        self.read_only(practitioners)
    }

    /// The active Schedules of practitioners, by id: hours are no patient data.
    ///
    /// # Errors
    /// As every statement.
    pub fn schedules(&self) -> Result<Vec<(String, HoursRow)>, StoreError> {
        self.read_only(|reader| Ok(schedules(reader, &self.codec)?.into_iter().collect()))
    }

    /// The practice's rooms by name: places are no patient data.
    ///
    /// # Errors
    /// As every statement.
    pub fn rooms(&self) -> Result<Vec<RoomRow>, StoreError> {
        self.read_only(|reader| rooms(reader, &self.codec))
    }

    /// What of `actor`, a practitioner or a place, shares a moment with `from` to `to`, for the rules only.
    ///
    /// # Errors
    /// As every statement.
    pub fn taken(&self, actor: &str, from: Stamp, to: Stamp) -> Result<Occupied, StoreError> {
        self.read_only(|reader| {
            let schedules = schedules(reader, &self.codec)?;
            let theirs = |row: &BlockRow| row.practitioner.as_str() == actor;
            let blocks = blocks(reader, &schedules, from, to)?.into_iter().filter(theirs);
            let hours = schedules.values().filter(|hours| hours.practitioner.as_str() == actor);
            let overbook_limit = hours.filter_map(|hours| hours.overbook_limit).min();
            let busy = busy(reader, actor, from, to)?;
            Ok(Occupied { busy, kept_for: blocks.filter_map(|block| block.kept_for).collect(), overbook_limit })
        })
    }
}

pub(super) fn busy(reader: &Connection, actor: &str, from: Stamp, to: Stamp) -> Result<Vec<Busy>, StoreError> {
    // What is longer than a day is found by an index of its own, so the rest begins at most a day before.
    let sql = "SELECT appointment, start, until, status FROM booked
            WHERE actor = ?1 AND start >= ?2 - ?4 AND start < ?3 AND (until > ?2 OR start >= ?2)
        UNION ALL SELECT appointment, start, until, status FROM booked
            WHERE actor = ?1 AND until > ?2 AND start < ?2 - ?4 AND until - start > 86400000
        ORDER BY start, appointment";
    let mut statement = reader.prepare_cached(sql)?;
    let mut rows = statement.query(params![PackedId::of(actor), from.millis(), to.millis(), DAY])?;
    let mut busy = Vec::new();
    while let Some(row) = rows.next()? {
        busy.push(Busy {
            appointment: PackedId::read(row, "appointment", AppointmentId::parse)?,
            start: head::stamp(row.get("start")?)?,
            end: head::stamp(row.get("until")?)?,
            status: status(row, "status")?,
        });
    }
    Ok(busy)
}

fn status(row: &Row<'_>, column: impl RowIndex) -> Result<AppointmentStatus, StoreError> {
    row.get_ref(column)?.as_str().ok().and_then(AppointmentStatus::parse).ok_or(StoreError::Damaged)
}

macro_rules! select_appointments {
    () => {
        "SELECT a.start AS start, a.id AS appointment, a.until AS until, a.status AS status, a.practitioners AS practitioners,
            a.locations AS locations, a.reason AS reason, a.note AS note, a.arrived AS arrived, a.unsent AS unsent,
            a.kind AS kind, a.confirmed AS confirmed, a.gone AS gone, s.no AS merged,
            a.repeats AS repeats, p.id AS patient, p.name AS name,
            p.birth AS birth, p.gender AS gender, p.record AS record, p.phone AS phone, p.deceased AS deceased
        FROM appointment AS a LEFT JOIN patient AS p ON p.no = a.compartment
            LEFT JOIN same_as AS s ON s.no = a.compartment "
    };
}

pub(super) const SELECT_APPOINTMENTS: &str = select_appointments!();

pub(super) const APPOINTMENTS: &str = concat!(
    select_appointments!(),
    "WHERE a.start >= ?1 - ?3 AND a.start < ?2 AND (a.until > ?1 OR a.start >= ?1) UNION ALL ",
    select_appointments!(),
    "WHERE a.until > ?1 AND a.start < ?1 - ?3 AND a.until - a.start > 86400000 ORDER BY start, appointment"
);

pub(super) fn appointments(reader: &Connection, from: Stamp, to: Stamp) -> Result<Vec<AppointmentRow>, StoreError> {
    let mut statement = reader.prepare_cached(APPOINTMENTS)?;
    let columns = (AppointmentColumns::of(&statement)?, HitColumns::of(&statement)?);
    let mut rows = statement.query(params![from.millis(), to.millis(), DAY])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read_appointment(reader, row, &columns)?);
    }
    Ok(found)
}

fn appointment(reader: &Connection, codec: &Codec, id: &AppointmentId) -> Result<Option<AppointmentRow>, StoreError> {
    let key = ResourceKey::new(ResourceType::APPOINTMENT, id.as_str());
    let text = head::text(reader, &mut codec.unpacker(), &key)?;
    let Some(start) = text.as_deref().and_then(|text| AppointmentView::read(text).start()) else { return Ok(None) };
    let mut statement = reader.prepare_cached(concat!(select_appointments!(), "WHERE a.start = ?1 AND a.id = ?2"))?;
    let columns = (AppointmentColumns::of(&statement)?, HitColumns::of(&statement)?);
    let mut rows = statement.query(params![start.millis(), PackedId::of(id.as_str())])?;
    rows.next()?.map(|row| read_appointment(reader, row, &columns)).transpose()
}

columns! {
    /// What an [`AppointmentRow`] is read from.
    AppointmentColumns { appointment, start, until, status, practitioners, locations, reason, note, arrived, unsent, kind, confirmed, gone, merged,
        repeats }
}

pub(super) fn read_appointment(
    reader: &Connection,
    row: &Row<'_>,
    (columns, hit): &(AppointmentColumns, HitColumns),
) -> Result<AppointmentRow, StoreError> {
    let practitioners = row.get_ref(columns.practitioners)?.as_str().map_err(|_| StoreError::Damaged)?;
    let locations = row.get_ref(columns.locations)?.as_str().map_err(|_| StoreError::Damaged)?;
    let patient = PatientHit::read(row, hit)?;
    let patient = match row.get(columns.merged)? {
        Some(no) => known_as(reader, no, patient)?,
        None => patient,
    };
    Ok(AppointmentRow {
        id: PackedId::read(row, columns.appointment, AppointmentId::parse)?,
        start: head::stamp(row.get(columns.start)?)?,
        end: head::stamp(row.get(columns.until)?)?,
        status: status(row, columns.status)?,
        practitioners: practitioners.split(' ').filter_map(PractitionerId::parse).collect(),
        locations: locations.split(' ').filter_map(LocationId::parse).collect(),
        patient,
        reason: row.get(columns.reason)?,
        note: row.get(columns.note)?,
        arrived_at: row.get::<_, Option<i64>>(columns.arrived)?.map(head::stamp).transpose()?,
        visit_type: row.get(columns.kind)?,
        confirmed: row.get(columns.confirmed)?,
        left: row.get(columns.gone)?,
        unsent: row.get(columns.unsent)?,
        repeats: row.get(columns.repeats)?,
    })
}
