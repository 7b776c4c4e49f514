//! What a window or a terminal shows: plain data, ready to draw, already in the practice's time zone.
//!
//! These types cross to TypeScript (`ui/src/gen/bindings.ts`) and to `shadowctl --json`. They own no rule and
//! know no key. Every time is ISO 8601 with the practice's offset, so its first sixteen characters are the wall clock.
//!
//! Long because the bridge reads better as one list: every type that crosses it, and nothing else.

mod calling;
mod changing;
mod day_pack;
mod ending;
mod exporting;
mod finding;
mod keeping;
mod merging;
mod note;
mod openings;
mod patients;
mod photo;
mod saved_view;
mod series;
mod steps;
mod visit_type;
mod waitlist;
mod week;

pub use calling::*;
pub use changing::*;
pub use day_pack::*;
pub use ending::*;
pub use exporting::*;
pub use finding::*;
pub use keeping::*;
pub use merging::*;
pub use note::*;
pub use openings::*;
pub use patients::*;
pub use photo::*;
use practice::{Code, Role};
pub use practice::{
    policy::{NameFormat, Zone},
    wire::Standing,
};
pub use saved_view::*;
use serde::{Deserialize, Serialize};
pub use series::*;
use specta::Type;
pub use steps::*;
pub use visit_type::*;
pub use waitlist::*;
pub use week::*;

/// Where the program stands; decides which screen is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// The computer belongs to no practice yet.
    Unenrolled,
    /// Nobody is signed in.
    SignedOut,
    /// A member is signed in but the vault is closed.
    Locked,
    /// A member is at work.
    Open,
}

/// Why the session is locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum LockReason {
    /// No input for as long as the policy allows.
    Idle,
    /// The member asked for it.
    Asked,
    /// The member leaves the desk to the next one, who chooses their own name.
    HandedOver,
    /// The operating system locked or slept.
    System,
    /// The host has not been reached within the lease.
    LeaseEnded,
    /// The practice's security policy is missing or was tampered with.
    PolicyGone,
    /// The practice stopped the member.
    MemberStopped,
    /// The practice stopped this computer.
    WorkstationStopped,
}

/// A member as the sign-in and lock screens show them: no name beyond initials until they are known here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct MemberTile {
    /// Member id.
    pub id: String,
    /// Sign-in address.
    pub email: String,
    /// Display name.
    pub name: String,
    /// One to three letters.
    pub initials: String,
    /// 0 to 7: which of the eight member colours.
    pub color: u8,
}

/// The signed-in member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Me {
    /// As on the tiles.
    pub tile: MemberTile,
    /// What they may do.
    pub role: Role,
    /// The Practitioner they are, for providers.
    pub practitioner: Option<String>,
}

/// Where a page stands, in its own words, which mean nothing to the program.
#[derive(Clone, Serialize, Deserialize, Type)]
pub struct LeftOff {
    /// Whether something was half typed.
    pub unfinished: bool,
    /// Place, date, draft: the page's own JSON.
    pub page: String,
}

/// What a member comes back to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Came {
    /// What their page left; `None` the first time.
    pub page: Option<String>,
    /// Names of others who left something unfinished on this computer.
    pub unfinished: Vec<String>,
}

/// The colours of the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the operating system is.
    #[default]
    System,
    /// Dark words on light ground.
    Light,
    /// Light words on dark ground.
    Dark,
}

/// How large everything in the window is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum TextSize {
    /// As drawn.
    #[default]
    Usual,
    /// An eighth more.
    Large,
    /// A quarter more.
    Larger,
    /// Half as much again.
    Largest,
}

impl TextSize {
    /// How many times as large as drawn.
    pub fn times(self) -> f64 {
        match self {
            TextSize::Usual => 1.0,
            TextSize::Large => 1.125,
            TextSize::Larger => 1.25,
            TextSize::Largest => 1.5,
        }
    }
}

/// How much of the schedule the window shows at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Density {
    /// As many hours as can be read.
    Close,
    /// As fits the window.
    #[default]
    Usual,
    /// Tall visits, with all their lines.
    Wide,
}

/// What a member chose for themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Settings {
    /// Seconds without input until the lock; `None` is as long as the practice allows.
    pub time_out_seconds: Option<u32>,
    /// Size of everything.
    pub text_size: TextSize,
    /// Height of an hour in the schedule.
    pub density: Density,
    /// Colours.
    pub theme: Theme,
    /// Whether plain letters act.
    pub single_keys: bool,
    /// Whether names hide while another window has the keyboard.
    pub hide_names_behind: bool,
    /// Views of the schedule on function keys, each key once.
    pub views: Vec<SavedView>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            time_out_seconds: None,
            text_size: TextSize::Usual,
            density: Density::Usual,
            theme: Theme::System,
            single_keys: true,
            hide_names_behind: false,
            views: Vec::new(),
        }
    }
}

/// A member's settings, and how far they reach.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct SettingsPage {
    /// What is chosen now.
    pub chosen: Settings,
    /// The policy's time-out for this member here, in seconds: theirs can only be shorter.
    pub longest_seconds: u32,
}

/// The practice this computer works for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct PracticeCard {
    /// Practice id.
    pub id: String,
    /// Name.
    pub name: String,
    /// IANA zone.
    pub time_zone: String,
    /// The host's address.
    pub host: String,
}

/// The whole state of the shell; sent again whenever it changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ShellState {
    /// Which screen.
    pub phase: Phase,
    /// Absent until enrolled.
    pub practice: Option<PracticeCard>,
    /// Who has signed in on this computer before.
    pub members: Vec<MemberTile>,
    /// Who is signed in (also while locked).
    pub me: Option<Me>,
    /// Why it is locked, while it is.
    pub lock_reason: Option<LockReason>,
    /// The lease has ended: the schedule alone is open, for as long as the practice allows.
    pub schedule_only: bool,
    /// What is wrong with this computer's chart, while it is open.
    pub findings: Vec<Finding>,
    /// The practice told this computer to forget it, and it has since the program started.
    pub forgotten: bool,
    /// Idle time-out in force, in seconds.
    pub time_out_seconds: u32,
    /// Time now in the practice's zone.
    pub now: String,
    /// Connection and queue.
    pub sync: SyncState,
}

/// How fresh the data is and what waits to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct SyncState {
    /// Whether the last try reached the host.
    pub reachable: bool,
    /// A sync is running now.
    pub running: bool,
    /// The last successful sync; never moved by a failed one.
    pub last_synced: Option<String>,
    /// Minutes since then.
    pub age_minutes: Option<u32>,
    /// What must be said of that age.
    pub stale: Option<Stale>,
    /// Local changes not yet accepted by the host.
    pub pending: u32,
    /// Items a person must look at.
    pub attention: u32,
    /// Resources received so far in a first sync; absent when that is over.
    pub first_sync: Option<Progress>,
    /// Why the host can't be used, when it can't (certificate refused, stopped ...).
    pub trouble: Option<Refused>,
    /// The host was put back from a backup within the last seven days.
    pub restored: Option<Restored>,
}

/// Data that has not been renewed for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Stale {
    /// Half an hour or more.
    pub strong: bool,
    /// Since when, and what it means.
    pub say: String,
}

/// What came of it that the host was put back from a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Restored {
    /// When this computer noticed.
    pub at: String,
    /// Records that the host had lost and has again from here.
    pub given_back: u32,
    /// Records that could not stand as they were, and became changes.
    pub changed: u32,
}

/// How far a long job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Progress {
    /// Done so far.
    pub done: u32,
    /// Expected in all, where known.
    pub total: Option<u32>,
}

/// A refusal as the window gets it: switch on `code`, show `say`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Refused {
    /// Stable code.
    pub code: Code,
    /// One calm sentence.
    pub say: String,
}

/// Something wrong with this computer, or its chart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Finding {
    /// Stable code.
    pub code: Code,
    /// What it is.
    pub say: String,
    /// What to do.
    pub way_out: String,
}

/// FHIR R4 appointment status (<https://hl7.org/fhir/R4/valueset-appointmentstatus.html>).
pub use practice::views::AppointmentStatus;

/// One appointment on the schedule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct Card {
    /// Appointment id.
    pub id: String,
    /// Start.
    pub start: String,
    /// End.
    pub end: String,
    /// Wall-clock minutes after midnight of the shown day; may be negative or past 1440 when it crosses midnight.
    pub start_minute: i32,
    /// As `start_minute`.
    pub end_minute: i32,
    /// Status.
    pub status: AppointmentStatus,
    /// Practitioner id of the column; absent when the appointment names none.
    pub practitioner: Option<String>,
    /// Who it is for; absent for appointments without a patient.
    pub patient: Option<PatientRow>,
    /// How they are called where others may read along; absent for the name in full.
    pub called: Option<String>,
    /// What it is for ("Blood pressure").
    pub reason: Option<String>,
    /// Note that the desk must see ("Interpreter: Spanish").
    pub note: Option<String>,
    /// The room it is booked into.
    pub room: Option<Room>,
    /// When the patient arrived, if they have.
    pub arrived_at: Option<String>,
    /// The short code of its type, if it is one of the practice's ([`VisitType`]).
    pub visit_type: Option<String>,
    /// The patient has said that they come.
    pub confirmed: bool,
    /// The patient has left, and the visit is over.
    pub left: bool,
    /// Since when in its present status, if known from a change made in this system.
    pub status_since: Option<String>,
    /// Entered here and not yet accepted by the host.
    pub provisional: bool,
    /// The change that the host refused, since the time went to another: [`Openings`] are there for it.
    pub lost_time: Option<String>,
    /// How it repeats ("every 2 weeks on Mon"), where it is of a series.
    pub repeats: Option<String>,
}

/// The three identifiers, and a phone number: a line in search, the head of a chart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct PatientRow {
    /// Patient id.
    pub id: String,
    /// "Family, Given".
    pub name: String,
    /// ISO date, as precise as it is known.
    pub birth_date: Option<String>,
    /// Age in words today ("65 y", "7 mo").
    pub age: Option<String>,
    /// FHIR administrative gender.
    pub gender: Option<String>,
    /// Medical record number.
    pub record_number: Option<String>,
    /// First phone number, as written.
    pub phone: Option<String>,
}

/// A stretch of a provider's working hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Stretch {
    /// Wall-clock minutes after midnight.
    pub start_minute: i32,
    /// As `start_minute`.
    pub end_minute: i32,
}

/// A stretch of a provider's day that is blocked out or held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Block {
    /// Wall-clock minutes after midnight.
    pub start_minute: i32,
    /// As `start_minute`.
    pub end_minute: i32,
    /// "Lunch", "Leave", "Held for walk-ins".
    pub label: String,
    /// Present when the time is held.
    pub hold: Option<Hold>,
}

/// Time that is held, and for whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Hold {
    /// Slot id.
    pub slot: String,
    /// Whose it is.
    pub kept: Kept,
    /// Whether the host has not heard of it yet.
    pub provisional: bool,
}

/// The computer that a hold is kept for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// None: anyone may book there.
    Nobody,
    /// This one.
    Here,
    /// Another.
    Elsewhere,
}

/// A room of the practice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Room {
    /// Location id.
    pub id: String,
    /// "Room 2".
    pub name: String,
}

/// How far a provider's schedule may be overbooked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct OverbookLimit {
    /// Schedule id.
    pub schedule: String,
    /// "Provider One, MD".
    pub name: String,
    /// How many visits may lie over another; absent for as many as wanted.
    pub limit: Option<u32>,
}

/// A provider's column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Column {
    /// Practitioner id.
    pub practitioner: String,
    /// "Provider One, MD".
    pub name: String,
    /// Working hours; empty on a day off.
    pub hours: Vec<Stretch>,
    /// Block-outs and holds.
    pub blocks: Vec<Block>,
    /// Appointments that hold time.
    pub booked: u32,
    /// Half hours of working time still free.
    pub open: u32,
    /// The latest moment of which all that the host had for this provider's day is here; absent while it may not be.
    pub as_of: Option<String>,
}

/// The schedule of one day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct Day {
    /// ISO date.
    pub date: String,
    /// Today in the practice's zone.
    pub today: String,
    /// Wall-clock minutes now, when the day is today.
    pub now_minute: Option<i32>,
    /// The latest moment of which all that the host had for this day is here; absent while it may not be.
    pub as_of: Option<String>,
    /// Providers, in the practice's order.
    pub columns: Vec<Column>,
    /// By start.
    pub appointments: Vec<Card>,
    /// The practice's types of visit, by name; also those that are not offered any more.
    pub types: Vec<VisitType>,
    /// Arrived and not yet seen.
    pub waiting: u32,
    /// Longest wait among them, in minutes.
    pub longest_wait: Option<u32>,
    /// Says so when this computer does not keep the day by itself.
    pub beyond: Option<Beyond>,
}

/// A day read by who may have it already, from a reading before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct DayRead {
    /// The day; without its columns, appointments and types where those are the same.
    pub day: Day,
    /// SHA-256 (base64) of the date, the columns, the appointments and the types, whenever they were read.
    pub digest: String,
    /// Whether they have the digest that was told.
    pub same: bool,
}

/// How far this computer's own copy reaches, beside what may lie beyond it. Patients and what their state is are always here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Beyond {
    /// Days before today that are here; absent for all.
    pub days_back: Option<u32>,
    /// Days after today that are here; absent for all.
    pub days_ahead: Option<u32>,
    /// When all of what is shown was fetched from the host, in this session.
    pub fetched: Option<String>,
}

/// One appointment with what the desk needs to act on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct AppointmentDetail {
    /// The card.
    pub card: Card,
    /// Provider's name.
    pub provider: Option<String>,
    /// Allergies and alerts to see before acting.
    pub alerts: Vec<Alert>,
    /// When each step was reached, where that was marked, in their order.
    pub steps: Vec<StepAt>,
    /// Its story, newest first.
    pub history: Vec<HistoryLine>,
    /// What that does not tell, where its beginning is not known here.
    pub untold: Option<String>,
    /// Version that an edit starts from.
    pub version: String,
    /// The patient's photo, as an address that carries it.
    pub photo: Option<String>,
}

/// Something that must be seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Alert {
    /// "Allergy".
    pub kind: String,
    /// "penicillin".
    pub text: String,
    /// "anaphylaxis, 2011".
    pub detail: Option<String>,
    /// High criticality.
    pub severe: bool,
}

/// One sentence of a resource's story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct HistoryLine {
    /// When.
    pub at: String,
    /// Who.
    pub who: String,
    /// What ("moved from 9:15").
    pub what: String,
    /// All of it in a sentence, with where and why.
    pub say: String,
    /// The person's comment.
    pub comment: Option<String>,
    /// Not yet accepted by the host.
    pub provisional: bool,
    /// What it became when it was merged with a change that the host had meanwhile; nothing when it was not, or was too
    /// long ago, or elsewhere.
    pub merged: Vec<MergedField>,
}

/// One line of a chart section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ChartLine {
    /// "Type/id".
    pub reference: String,
    /// "Essential hypertension".
    pub title: String,
    /// "since 2011", "500 mg, once a day".
    pub detail: Option<String>,
    /// "Active", "Resolved".
    pub status: Option<String>,
    /// Whether it counts now.
    pub current: bool,
    /// When it happened or began.
    pub when: Option<String>,
    /// Not yet accepted by the host.
    pub provisional: bool,
}

/// A measured quantity through time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct Series {
    /// "Body weight".
    pub title: String,
    /// Unit as written.
    pub unit: Option<String>,
    /// Newest first. At most 24.
    pub points: Vec<Point>,
}

/// One value of a series, its text as it was written (`1.10` stays `1.10`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct Point {
    /// When measured.
    pub when: String,
    /// As written; "120/80" for blood pressure.
    pub text: String,
    /// For drawing; the first component of a pair.
    pub value: Option<f64>,
    /// "High", "Low", where the source says so.
    pub flag: Option<String>,
}

/// A patient's shadow chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct Chart {
    /// Identity.
    pub patient: PatientRow,
    /// Address in one line.
    pub address: Option<String>,
    /// Language, as written.
    pub language: Option<String>,
    /// Data as of.
    pub as_of: Option<String>,
    /// To see first.
    pub alerts: Vec<Alert>,
    /// Conditions, current first.
    pub problems: Vec<ChartLine>,
    /// Allergies and intolerances.
    pub allergies: Vec<ChartLine>,
    /// Medication requests and statements.
    pub medications: Vec<ChartLine>,
    /// Immunizations.
    pub immunizations: Vec<ChartLine>,
    /// Vital signs.
    pub vitals: Vec<Series>,
    /// Laboratory results.
    pub labs: Vec<Series>,
    /// Encounters and appointments, newest first.
    pub visits: Vec<ChartLine>,
    /// Notes.
    pub notes: Vec<ChartLine>,
    /// Documents.
    pub documents: Vec<ChartLine>,
    /// Coming appointments.
    pub upcoming: Vec<Card>,
    /// Says so when this computer does not keep all of it by itself.
    pub beyond: Option<Beyond>,
    /// Records that were merged into this one; the chart shows what belongs to them as well.
    pub merged: Vec<PatientRow>,
    /// Their photo, as an address that carries it.
    pub photo: Option<String>,
}

/// A wish to book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct BookRequest {
    /// Patient id.
    pub patient: String,
    /// Practitioner id.
    pub practitioner: String,
    /// Wall clock in the practice's zone, `2026-11-23T09:45`.
    pub start: String,
    /// Length in minutes, 5 to 480.
    pub minutes: u32,
    /// What it is for.
    pub reason: Option<String>,
    /// The person's comment, kept with the change.
    pub comment: Option<String>,
    /// Why it may overlap other booked time; absent = it may not.
    pub overbook: Option<String>,
    /// Location id of a room, whose time it takes as well.
    pub room: Option<String>,
    /// The short code of one of the practice's types of visit.
    pub visit_type: Option<String>,
}

/// A wish to move.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct MoveRequest {
    /// Appointment id.
    pub appointment: String,
    /// Wall clock in the practice's zone.
    pub start: String,
    /// New length, if it changes.
    pub minutes: Option<u32>,
    /// New practitioner, if it changes.
    pub practitioner: Option<String>,
    /// Another room or none, if that changes.
    pub room: Option<ToRoom>,
    /// The person's comment.
    pub comment: Option<String>,
    /// As in [`BookRequest`].
    pub overbook: Option<String>,
}

/// Where a visit is moved to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ToRoom {
    /// Out of its room.
    None,
    /// Location id of a room, whose time it takes as well.
    Room(String),
}

/// A wish to change the status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct StatusRequest {
    /// Appointment id.
    pub appointment: String,
    /// New status.
    pub status: AppointmentStatus,
    /// Why, when cancelled; required then.
    pub reason: Option<String>,
    /// The person's comment.
    pub comment: Option<String>,
}

/// What a change did: enough to show it, and to take it back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct Changed {
    /// The change's id (its Provenance); pass it to `undo`.
    pub change: String,
    /// "Booked Testcase, Dmitri at 9:45".
    pub say: String,
    /// The card as it now stands.
    pub card: Card,
}

/// A change that waits for the host, or that the host refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct OutboxLine {
    /// The change.
    pub change: String,
    /// What it does, in words.
    pub what: String,
    /// When it was entered.
    pub since: String,
    /// Who entered it.
    pub who: String,
    /// Who looks after it, if it was set aside: whoever entered it, until somebody else does.
    pub owner: String,
    /// Whether that is the signed-in member.
    pub own: bool,
    /// The comment.
    pub comment: Option<String>,
    /// Why it was set aside, if it was.
    pub trouble: Option<String>,
    /// What a person must decide, where the host has another change of the same.
    pub conflict: Option<Conflict>,
    /// Whether somebody else had the time first, and another can be found.
    pub lost_time: bool,
    /// Tries so far.
    pub tries: u32,
}

/// Other times for a visit whose own went to somebody else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Openings {
    /// How to reach the patient.
    pub phone: Option<String>,
    /// Of the same provider, the nearest first, up to three.
    pub openings: Vec<Opening>,
    /// Of the others on the day that was wanted, the nearest first, up to three.
    pub others: Vec<Opening>,
}

/// A time that is free as far as this computer knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Opening {
    /// When it begins.
    pub start: String,
    /// Practitioner id.
    pub practitioner: String,
    /// "Provider One, MD".
    pub name: String,
    /// Whether no other desk can take it: it lies in a hold that is kept for this computer.
    pub sure: bool,
}

/// Two changes of the same field: one here, one that the host has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Conflict {
    /// The host's version that this tells of.
    pub version: String,
    /// What was done at the host, as a sentence.
    pub theirs: String,
    /// What was done here, as a sentence.
    pub mine: String,
    /// Every field that either side changed.
    pub fields: Vec<MergedField>,
    /// What a person can enter in place of both; absent where that would not be safe.
    pub form: Option<SettleForm>,
}

/// What can be entered in place of what two sides made of the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct SettleForm {
    /// When and where the visit is and how it stands, if that is in question; as the host has it.
    pub visit: Option<VisitForm>,
    /// The other fields in question.
    pub fields: Vec<FieldForm>,
}

/// The visit in a [`SettleForm`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct VisitForm {
    /// Wall clock in the practice's zone, `2026-11-23T09:45`.
    pub start: String,
    /// Length.
    pub minutes: u32,
    /// Practitioner id, if it names one.
    pub practitioner: Option<String>,
    /// Who it can be with.
    pub practitioners: Vec<Choice>,
    /// How it stands.
    pub status: AppointmentStatus,
    /// How it may stand.
    pub statuses: Vec<AppointmentStatus>,
    /// Why it was cancelled, on the side that did so.
    pub cancel_reason: Option<String>,
}

/// One of several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Choice {
    /// Id.
    pub id: String,
    /// What a person calls it.
    pub name: String,
}

/// A field in a [`SettleForm`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct FieldForm {
    /// The element.
    pub path: String,
    /// What a person calls it.
    pub name: String,
    /// What the host has.
    pub value: Option<String>,
    /// What it may be; anything in words, when empty.
    pub choices: Vec<String>,
    /// Whether it is a date.
    pub date: bool,
}

/// What a person enters in place of what two sides made of the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ByHand {
    /// As the [`SettleForm`] asks for it.
    pub visit: Option<VisitWish>,
    /// As there, each of them.
    pub fields: Vec<FieldWish>,
    /// The person's comment.
    pub comment: Option<String>,
}

/// The visit in a [`ByHand`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct VisitWish {
    /// Wall clock in the practice's zone.
    pub start: String,
    /// Length, 5 to 480.
    pub minutes: u32,
    /// Practitioner id; absent leaves who it is with.
    pub practitioner: Option<String>,
    /// How it stands.
    pub status: AppointmentStatus,
    /// Why, when cancelled; required then.
    pub cancel_reason: Option<String>,
    /// As in [`BookRequest`].
    pub overbook: Option<String>,
}

/// A field in a [`ByHand`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct FieldWish {
    /// The element.
    pub path: String,
    /// Its value; nothing, when blank.
    pub value: String,
}

/// What became of a conflict, and how to take that back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Told {
    /// In a sentence.
    pub say: String,
    /// Pass it to `undo`; absent where it can't be taken back.
    pub undo: Option<String>,
}

/// What was given up lately for what the host had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct GivenUpLine {
    /// The change; pass it to `bring_back`.
    pub change: String,
    /// What it did, in words.
    pub what: String,
    /// When it was given up.
    pub at: String,
    /// What became of each field.
    pub fields: Vec<MergedField>,
}

/// Whose value is taken where both sides changed a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum Take {
    /// What was entered here.
    Mine,
    /// What the host has.
    Theirs,
}

/// A field that one of two sides, or both, changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct MergedField {
    /// What a person calls it.
    pub field: String,
    /// What both began from.
    pub before: Option<String>,
    /// What it became here.
    pub mine: Option<String>,
    /// What it became at the host.
    pub theirs: Option<String>,
    /// Whose stands.
    pub taken: Taken,
    /// What stands, if that is neither's.
    #[serde(default)]
    pub result: Option<String>,
}

/// Whose change of a field stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum Taken {
    /// What was entered here.
    Mine,
    /// What the host has.
    Theirs,
    /// Both made the same of it.
    Both,
    /// Neither's: a person entered something else.
    Other,
    /// Nobody's yet: a person decides.
    Open,
}

/// The time-out table: one cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct TimeOutCell {
    /// Role.
    pub role: Role,
    /// Zone.
    pub zone: Zone,
    /// Seconds without input, 60 to 3600.
    pub seconds: u32,
}

/// The practice's security policy as the admin's page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct PolicyPage {
    /// Version in force here.
    pub version: u32,
    /// Since when (signed at).
    pub since: String,
    /// Who set it.
    pub by: String,
    /// Every role with every zone.
    pub time_outs: Vec<TimeOutCell>,
    /// This workstation's zone.
    pub zone: Zone,
    /// Hours offline sign-in works, 1 to 168.
    pub lease_hours: u32,
    /// Hours after those in which the schedule alone stays open, 0 to 72.
    pub grace_hours: u32,
    /// Days back that each computer keeps, 30 to 3650; absent for everything.
    pub days_back: Option<u32>,
    /// Days ahead that each computer keeps, 30 to 730; absent for everything.
    pub days_ahead: Option<u32>,
    /// Roles that sign in with a second factor.
    pub second_factor: Vec<Role>,
    /// How patients are called in the list of who waits and on paper.
    pub names: NameFormat,
    /// Whether the signed-in member may change it now.
    pub editable: bool,
}

/// The admin's wish.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct PolicyChange {
    /// Version the edit started from.
    pub base_version: u32,
    /// Cells that change.
    pub time_outs: Vec<TimeOutCell>,
    /// New lease, if it changes.
    pub lease_hours: Option<u32>,
    /// New grace, if it changes.
    pub grace_hours: Option<u32>,
    /// New days back, if they change; 0 for everything.
    pub days_back: Option<u32>,
    /// New days ahead, if they change; 0 for everything.
    pub days_ahead: Option<u32>,
    /// New roles that sign in with a second factor, if they change; empty for none.
    pub second_factor: Option<Vec<Role>>,
    /// New format of names, if it changes.
    pub names: Option<NameFormat>,
    /// The person's comment.
    pub comment: Option<String>,
}

/// A member, for the admin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Account {
    /// As on the tiles.
    pub tile: MemberTile,
    /// What they may do.
    pub role: Role,
    /// The Practitioner they are, for providers.
    pub practitioner: Option<String>,
    /// May no longer sign in.
    pub stopped: bool,
    /// Whether they have chosen a password.
    pub has_password: bool,
    /// Since when they sign in with a second factor.
    pub second_factor: Option<String>,
    /// Until when the newest link that was mailed to them is good.
    pub link_until: Option<String>,
}

/// A practitioner whom a member can be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct PractitionerName {
    /// Id.
    pub id: String,
    /// "Provider One, MD".
    pub name: String,
}

/// The practice's members, for the admin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct MembersPage {
    /// Everybody, in order of name.
    pub accounts: Vec<Account>,
    /// Whom a provider can be.
    pub practitioners: Vec<PractitionerName>,
    /// Roles of which the policy wants a second factor.
    pub second_factor: Vec<Role>,
}

/// Whom the admin invites.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Invite {
    /// Their name.
    pub name: String,
    /// The address with which they will sign in.
    pub email: String,
    /// Their role.
    pub role: Role,
    /// The Practitioner they are, for providers.
    pub practitioner: Option<String>,
    /// The person's comment.
    pub comment: Option<String>,
}

/// What an admin does to a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum MemberAct {
    /// Gives them another role.
    Role(Role),
    /// They may no longer sign in.
    Stop,
    /// They may again.
    Start,
    /// Takes their second factor away.
    ResetSecondFactor,
    /// Mails them a link with which they choose a password.
    MailLink,
    /// Ends what they are signed in to, everywhere.
    SignOut,
}

/// The admin's wish for a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct MemberChange {
    /// Whom.
    pub member: String,
    /// What.
    pub act: MemberAct,
    /// The person's comment.
    pub comment: Option<String>,
}

/// A member's own second factor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct FactorPage {
    /// Since when a code is asked for; absent when there is none.
    pub since: Option<String>,
    /// Recovery codes that are left.
    pub recovery_codes: u32,
    /// Whether the practice's policy wants one of this member.
    pub required: bool,
}

/// What goes into an authenticator. Shown while it is set up and never again; hence no `Debug`.
#[derive(Serialize, Deserialize, Type)]
pub struct FactorOffer {
    /// The secret in base 32, to be typed.
    pub secret: String,
    /// The same as a QR code, SVG.
    pub qr: String,
}

/// How one of the practice's computers stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ComputerState {
    /// People work there.
    Works,
    /// Nobody may work there.
    Stopped,
    /// Told to forget the practice; its receipt has not come.
    Forgetting,
    /// It has forgotten the practice, and said so.
    Forgotten,
}

/// One of the practice's computers, for the admin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Computer {
    /// Id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Where it stands.
    pub zone: Zone,
    /// When it joined.
    pub joined: String,
    /// When it last told the host of somebody's work there, if ever.
    pub last_used: Option<String>,
    /// How it stands.
    pub state: ComputerState,
    /// When it was told to forget the practice.
    pub told: Option<String>,
    /// When its receipt for that came.
    pub receipt: Option<String>,
    /// When it last asked the host for anything, if ever.
    pub seen: Option<String>,
    /// How many days ago that was, when that is long for a computer that works.
    pub quiet_days: Option<u32>,
    /// The version of its program, once it told.
    pub program: Option<String>,
    /// Whether another computer of the practice has a newer one.
    pub program_behind: bool,
    /// The version of the policy that it holds, once it told.
    pub policy: Option<u32>,
    /// Whether a newer one is in force.
    pub policy_behind: bool,
    /// When it last locked, as its audit trail tells.
    pub locked: Option<String>,
    /// When a copy of a sign-in that was made there was used, for as long as its admin should look at that.
    pub copied: Option<String>,
    /// Whether the host knows the key that its receipt would verify with.
    pub has_key: bool,
    /// Whether it is the one in front of the member.
    pub here: bool,
}

/// The admin's wish for a computer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ComputerChange {
    /// Which.
    pub computer: String,
    /// How it is to stand.
    pub standing: Standing,
    /// The person's comment.
    pub comment: Option<String>,
}
