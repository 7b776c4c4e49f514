//! The command line: a contract that scripts rely on.

use std::path::PathBuf;

use clap::{CommandFactory, Parser, Subcommand, error::ErrorKind};
use practice::{note::NoteKind, policy::Zone, views::AppointmentStatus};
use workstation::screen::{MarkedStep, Take};

/// A Shadowchart workstation in a terminal.
#[derive(Parser)]
#[command(name = "shadowctl", version, about, disable_help_subcommand = true)]
pub struct Args {
    /// The workstation's folder
    #[arg(long, global = true, value_name = "DIR", env = "SHADOWCHART_HOME")]
    pub home: Option<PathBuf>,
    /// Print one JSON document
    #[arg(long, global = true)]
    pub json: bool,
    /// Unlock for this command as this member
    #[arg(long, global = true, value_name = "EMAIL")]
    pub member: Option<String>,
    /// Read the password as the first line of standard input, and the code of a second factor as the next
    #[arg(long, global = true)]
    pub password_stdin: bool,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

impl Args {
    /// Reads the command line, and what one command needs that another does not.
    pub fn read() -> Result<Self, clap::Error> {
        let args = Self::try_parse()?;
        if args.command.needs_member() && args.member.is_none() {
            let say = "Say who you are with --member EMAIL.\n";
            return Err(Self::command().error(ErrorKind::MissingRequiredArgument, say));
        }
        Ok(args)
    }
}

fn zone(text: &str) -> Result<Zone, &'static str> {
    Zone::parse(text).ok_or("a zone is front_counter, back_office, exam_room or take_home")
}

/// How a visit is said to stand.
#[derive(Clone, Copy)]
pub enum Stands {
    /// In one of FHIR's statuses.
    Status(AppointmentStatus),
    /// At a step that is none of them.
    Step(MarkedStep),
}

fn status(text: &str) -> Result<Stands, &'static str> {
    match text {
        "confirmed" => Ok(Stands::Step(MarkedStep::Confirmed)),
        "left" => Ok(Stands::Step(MarkedStep::Left)),
        _ => {
            let status = AppointmentStatus::parse(text).map(Stands::Status);
            status.ok_or("this is not one of FHIR's ten statuses, and neither confirmed nor left")
        }
    }
}

fn note_kind(text: &str) -> Result<NoteKind, &'static str> {
    NoteKind::parse(text).ok_or("a note is progress, telephone, nurse or other")
}

fn take(text: &str) -> Result<Take, &'static str> {
    match text {
        "mine" => Ok(Take::Mine),
        "theirs" => Ok(Take::Theirs),
        _ => Err("take mine or theirs"),
    }
}

/// What to do.
#[derive(Subcommand)]
pub enum Command {
    /// Make this computer a workstation of a practice
    Enrol {
        /// https://NAME:PORT
        #[arg(long)]
        host: String,
        /// The practice's certificate authority, PEM
        #[arg(long)]
        ca: PathBuf,
        /// The single-use code
        #[arg(long)]
        code: String,
        /// What to call this computer
        #[arg(long, default_value = "Workstation")]
        name: String,
        /// front_counter, back_office, exam_room or take_home
        #[arg(long, default_value = "front_counter", value_parser = zone)]
        zone: Zone,
    },
    /// Connection, queue, policy and lease
    Status,
    /// Why the vault does or does not open; with --member, what is wrong inside
    Diagnose,
    /// Exchange changes with the host
    Sync {
        /// Go on until stopped
        #[arg(long)]
        watch: bool,
    },
    /// The schedule of a day
    Day {
        /// ISO date; today when absent
        #[arg(long)]
        date: Option<String>,
    },
    /// The schedule of a day on paper, as a PDF for its owner alone
    DayPack {
        /// ISO date; today when absent
        #[arg(long)]
        date: Option<String>,
        /// A file that is not there yet
        #[arg(long, value_name = "FILE.pdf")]
        out: PathBuf,
    },
    /// Find patients by name, date of birth, phone or record number
    Find {
        /// What would be typed
        text: String,
    },
    /// A patient's shadow chart
    Chart {
        /// Patient id
        patient: String,
    },
    /// Book an appointment
    Book {
        /// Patient id
        #[arg(long)]
        patient: String,
        /// Practitioner id
        #[arg(long)]
        practitioner: String,
        /// Wall-clock time in the practice's zone, 2026-11-23T09:45
        #[arg(long)]
        start: String,
        /// Length
        #[arg(long)]
        minutes: u32,
        /// What it is for
        #[arg(long)]
        reason: Option<String>,
        /// The short code of one of the practice's types of visit, as the day lists them
        #[arg(long = "type", value_name = "CODE")]
        visit_type: Option<String>,
        /// Kept with the change
        #[arg(long)]
        comment: Option<String>,
        /// Why it may overlap
        #[arg(long, value_name = "REASON")]
        overbook: Option<String>,
    },
    /// Move an appointment
    Move {
        /// Appointment id
        appointment: String,
        /// Wall-clock time in the practice's zone
        #[arg(long)]
        start: String,
        /// New length
        #[arg(long)]
        minutes: Option<u32>,
        /// New practitioner
        #[arg(long)]
        practitioner: Option<String>,
        /// Kept with the change
        #[arg(long)]
        comment: Option<String>,
        /// Why it may overlap
        #[arg(long, value_name = "REASON")]
        overbook: Option<String>,
    },
    /// Set an appointment's status
    StatusOf {
        /// Appointment id
        appointment: String,
        /// One of FHIR's ten, or confirmed (by the patient), or left
        #[arg(value_parser = status)]
        status: Stands,
        /// Why, when it is cancelled; the comment serves when absent
        #[arg(long)]
        reason: Option<String>,
        /// Kept with the change
        #[arg(long)]
        comment: Option<String>,
    },
    /// Write a clinical note
    Note {
        /// Patient id
        patient: String,
        /// What is written, as plain UTF-8 text; kept letter for letter
        #[arg(long, value_name = "FILE")]
        text_file: PathBuf,
        /// progress, telephone, nurse or other
        #[arg(long, default_value = "progress", value_parser = note_kind)]
        kind: NoteKind,
        /// Kept with the change
        #[arg(long)]
        comment: Option<String>,
    },
    /// Times that are free, soonest first, and how sure that is
    Openings {
        /// Practitioner id; several may be named, of whom one will do
        #[arg(long, required_unless_present = "words")]
        practitioner: Vec<String>,
        /// Length
        #[arg(long, required_unless_present = "words")]
        minutes: Option<u32>,
        /// First day, ISO; today when absent
        #[arg(long)]
        from: Option<String>,
        /// Last day, ISO
        #[arg(long)]
        until: Option<String>,
        /// The wish as it would be typed: "30 min dr reyes mornings after 3 dec"
        #[arg(long)]
        words: Option<String>,
    },
    /// A resource as it stands here
    Show {
        /// TYPE/ID
        reference: String,
        /// Its changes, newest first
        #[arg(long)]
        history: bool,
    },
    /// Changes that wait for the host
    Outbox,
    /// What a person must look at
    Attention {
        /// What to do about it
        #[command(subcommand)]
        act: Option<Attend>,
    },
    /// This workstation's audit trail
    Audit {
        /// Check the whole chain
        #[arg(long)]
        verify: bool,
    },
    /// How quick this computer is with its own chart, beside the limits
    Bench,
    /// Remove this practice from this computer, keys first
    Wipe {
        /// Needed: nothing here can be opened afterwards
        #[arg(long)]
        yes: bool,
    },
}

/// What to do about something that needs a person.
#[derive(Subcommand)]
pub enum Attend {
    /// Choose whose value stands, where this computer and the host changed the same
    Settle {
        /// The change's id
        change: String,
        /// mine or theirs
        #[arg(long, value_parser = take)]
        take: Take,
    },
}

impl Command {
    /// Whether it works in an open vault.
    fn needs_member(&self) -> bool {
        !matches!(self, Command::Enrol { .. } | Command::Wipe { .. } | Command::Diagnose)
    }
}
