//! The schedule of one day.

use std::collections::{BTreeMap, BTreeSet};

use practice::{
    audit::AuditRecord,
    ids::{AppointmentId, LocationId, PractitionerId, SlotId, WorkstationId},
    resource::{ResourceKey, ResourceType},
    time::Stamp,
    views::{AppointmentStatus, AppointmentView, LocationView, ScheduleView, WorkStretch},
};
use rusqlite::{Connection, Row, RowIndex, params};

use super::{PatientHit, search::HitColumns};
use crate::{Store, StoreError, body::Codec, columns::columns, compartment, head, packed_id::PackedId};

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
    /// Whether it waits for the host.
    pub unsent: bool,
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
            unsent,
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

const DAY: i64 = 86_400_000;

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
            Ok(Occupied { busy, kept_for: blocks.filter_map(|block| block.kept_for).collect(), overbook_limit })
        })
    }
}

fn status(row: &Row<'_>, column: impl RowIndex) -> Result<AppointmentStatus, StoreError> {
    row.get_ref(column)?.as_str().ok().and_then(AppointmentStatus::parse).ok_or(StoreError::Damaged)
}

fn practitioners(reader: &Connection) -> Result<Vec<PractitionerRow>, StoreError> {
    let mut statement =
        reader.prepare_cached("SELECT id, name, family, active FROM practitioner ORDER BY family, name, id")?;
    let mut rows = statement.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(PractitionerRow {
            id: PractitionerId::parse(&row.get::<_, String>("id")?).ok_or(StoreError::Damaged)?,
            name: row.get("name")?,
            family: row.get("family")?,
            active: row.get("active")?,
        });
    }
    Ok(all)
}

fn rooms(reader: &Connection, codec: &Codec) -> Result<Vec<RoomRow>, StoreError> {
    let sql = "SELECT id, dict, body FROM resource WHERE compartment = ?1 AND type = 'Location'";
    let mut statement = reader.prepare_cached(sql)?;
    let mut rows = statement.query([compartment::NONE])?;
    let (mut unpacker, mut rooms) = (codec.unpacker(), Vec::new());
    while let Some(row) = rows.next()? {
        let bytes = row.get_ref("body")?.as_blob().map_err(|_| StoreError::Damaged)?;
        let text = unpacker.unpack(row.get("dict")?, bytes)?;
        if let Some(name) = LocationView::read(&text).room() {
            rooms.push(RoomRow { id: PackedId::read(row, "id", LocationId::parse)?, name: name.to_owned() });
        }
    }
    rooms.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(rooms)
}

/// Active Schedules of practitioners, by Schedule id. There are about as many as providers.
fn schedules(reader: &Connection, codec: &Codec) -> Result<BTreeMap<String, HoursRow>, StoreError> {
    let sql = "SELECT id, dict, body FROM resource WHERE compartment = ?1 AND type = 'Schedule'";
    let mut statement = reader.prepare_cached(sql)?;
    let mut rows = statement.query([compartment::NONE])?;
    let (mut unpacker, mut schedules) = (codec.unpacker(), BTreeMap::new());
    while let Some(row) = rows.next()? {
        let bytes = row.get_ref("body")?.as_blob().map_err(|_| StoreError::Damaged)?;
        let text = unpacker.unpack(row.get("dict")?, bytes)?;
        let view = ScheduleView::read(&text);
        let Some(practitioner) = view.practitioner().and_then(PractitionerId::parse) else { continue };
        if view.active == Some(false) {
            continue;
        }
        let end = |end: Option<&str>| end.map(str::to_owned);
        let horizon = view.planning_horizon.as_ref();
        let horizon = (
            end(horizon.and_then(|horizon| horizon.start.as_deref())),
            end(horizon.and_then(|horizon| horizon.end.as_deref())),
        );
        schedules.insert(
            PackedId::read(row, "id", |id| Some(id.to_owned()))?,
            HoursRow { practitioner, week: view.hours(), horizon, overbook_limit: view.overbook_limit() },
        );
    }
    Ok(schedules)
}

fn sorted_hours(schedules: &BTreeMap<String, HoursRow>) -> Vec<HoursRow> {
    let mut hours: Vec<HoursRow> = schedules.values().cloned().collect();
    hours.sort_by(|a, b| a.practitioner.cmp(&b.practitioner));
    hours
}

fn blocks(
    reader: &Connection,
    schedules: &BTreeMap<String, HoursRow>,
    from: Stamp,
    to: Stamp,
) -> Result<Vec<BlockRow>, StoreError> {
    let sql = "SELECT id, start, until, schedule, hold, label, kept_for, unsent FROM block
            WHERE start >= ?1 - ?3 AND start < ?2 AND (until > ?1 OR start >= ?1)
        UNION ALL SELECT id, start, until, schedule, hold, label, kept_for, unsent FROM block
            WHERE until > ?1 AND start < ?1 - ?3 AND until - start > 86400000
        ORDER BY start, id";
    let mut statement = reader.prepare_cached(sql)?;
    let mut rows = statement.query(params![from.millis(), to.millis(), DAY])?;
    let mut blocks = Vec::new();
    while let Some(row) = rows.next()? {
        let hours = PackedId::read(row, "schedule", |schedule| Some(schedules.get(schedule)))?;
        let Some(hours) = hours else { continue };
        let kept_for: Option<String> = row.get("kept_for")?;
        blocks.push(BlockRow {
            id: PackedId::read(row, "id", SlotId::parse)?,
            practitioner: hours.practitioner.clone(),
            start: head::stamp(row.get("start")?)?,
            end: head::stamp(row.get("until")?)?,
            label: row.get("label")?,
            hold: row.get("hold")?,
            kept_for: kept_for.as_deref().and_then(WorkstationId::parse),
            unsent: row.get("unsent")?,
        });
    }
    Ok(blocks)
}

macro_rules! select_appointments {
    () => {
        "SELECT a.start AS start, a.id AS appointment, a.until AS until, a.status AS status, a.practitioners AS practitioners,
            a.locations AS locations, a.reason AS reason, a.note AS note, a.arrived AS arrived, a.unsent AS unsent, p.id AS patient, p.name AS name,
            p.birth AS birth, p.gender AS gender, p.record AS record, p.phone AS phone, p.deceased AS deceased
        FROM appointment AS a LEFT JOIN patient AS p ON p.no = a.compartment "
    };
}

pub(super) const APPOINTMENTS: &str = concat!(
    select_appointments!(),
    "WHERE a.start >= ?1 - ?3 AND a.start < ?2 AND (a.until > ?1 OR a.start >= ?1) UNION ALL ",
    select_appointments!(),
    "WHERE a.until > ?1 AND a.start < ?1 - ?3 AND a.until - a.start > 86400000 ORDER BY start, appointment"
);

fn appointments(reader: &Connection, from: Stamp, to: Stamp) -> Result<Vec<AppointmentRow>, StoreError> {
    let mut statement = reader.prepare_cached(APPOINTMENTS)?;
    let columns = (AppointmentColumns::of(&statement)?, HitColumns::of(&statement)?);
    let mut rows = statement.query(params![from.millis(), to.millis(), DAY])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read_appointment(row, &columns)?);
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
    rows.next()?.map(|row| read_appointment(row, &columns)).transpose()
}

columns! {
    /// What an [`AppointmentRow`] is read from.
    AppointmentColumns { appointment, start, until, status, practitioners, locations, reason, note, arrived, unsent }
}

fn read_appointment(
    row: &Row<'_>,
    (columns, hit): &(AppointmentColumns, HitColumns),
) -> Result<AppointmentRow, StoreError> {
    let practitioners = row.get_ref(columns.practitioners)?.as_str().map_err(|_| StoreError::Damaged)?;
    let locations = row.get_ref(columns.locations)?.as_str().map_err(|_| StoreError::Damaged)?;
    Ok(AppointmentRow {
        id: PackedId::read(row, columns.appointment, AppointmentId::parse)?,
        start: head::stamp(row.get(columns.start)?)?,
        end: head::stamp(row.get(columns.until)?)?,
        status: status(row, columns.status)?,
        practitioners: practitioners.split(' ').filter_map(PractitionerId::parse).collect(),
        locations: locations.split(' ').filter_map(LocationId::parse).collect(),
        patient: PatientHit::read(row, hit)?,
        reason: row.get(columns.reason)?,
        note: row.get(columns.note)?,
        arrived_at: row.get::<_, Option<i64>>(columns.arrived)?.map(head::stamp).transpose()?,
        unsent: row.get(columns.unsent)?,
    })
}
