//! The command line: what was asked, carried out, and told either to a person or, with `--json`, to a script.

mod authority;
mod backup;
mod certificate;
mod database;
mod demo;
mod drill;
mod enrol_code;
mod export;
mod import;

mod init;
mod member;
mod operator_key;
mod password;
mod policy;
mod report;
mod rescue;
mod restore;
mod restored;
mod serve;
mod verify_audit;
mod workstation;

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};
use practice::ids::PracticeId;

use crate::{
    data_dir::DataDir,
    log::{self, LogFormat},
    store::{PracticeStore, StoreError},
};
use report::Report;

/// The hosted backend of Shadowchart.
#[derive(Parser)]
#[command(name = "shadowchart-hosted", version)]
struct Cli {
    /// Print one JSON document on standard output.
    #[arg(long, global = true)]
    json: bool,
    /// How the log on standard error is written.
    #[arg(long, global = true, value_enum, value_name = "FORMAT", default_value_t)]
    log_format: LogFormat,
    /// An OpenTelemetry collector (OTLP over HTTP, such as http://127.0.0.1:4318) that traces are sent to.
    #[cfg(feature = "otel")]
    #[arg(long, global = true, value_name = "URL")]
    traces: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a practice, and the data folder and its certificates where they are missing.
    Init(init::Init),
    /// Make a practice full of invented patients, appointments and members.
    Demo(demo::Demo),
    /// Serve the practices of a data folder over TLS.
    Serve(Box<serve::Serve>),

    /// Make a backup of one practice or all, and let go of those beyond what is kept.
    Backup(backup::Backup),
    /// Restore the last backup into an empty store, compare it, and remember how it went.
    Drill(drill::Drill),
    /// Put a practice back as it was, or into another data folder.
    Restore(restore::Restore),
    /// Write everything that a practice owns into a file, as FHIR.
    Export(export::Export),
    /// Print the host's certificates of the practices that it has destroyed.
    Certificate(certificate::Certificate),
    /// Look through every audit chain for what was altered or removed.
    VerifyAudit(verify_audit::VerifyAudit),
    /// Make a PostgreSQL database ready for practices, or bring it to this version.
    Database(database::Database),
    /// Keep the key that wraps all others in the keychain, or in a file again.
    OperatorKey(operator_key::MoveKey),
    /// Make, switch to and retire the authority that vouches for the host.
    Authority(authority::Authority),
    /// Take in FHIR R4 bundles and NDJSON, plain, .gz or .zst.
    Import(import::Import),
    /// Print a single-use code with which a new workstation joins the practice.
    EnrolCode(enrol_code::EnrolCode),
    /// Add, list and change the practice's members.
    Member(member::Member),
    /// Show or set the practice's security policy.
    Policy(policy::Policy),
    /// List, or take in, what a lost or wiped computer could not send any more.
    Rescue(rescue::Rescue),
    /// Say that the data folder was put back from a copy, before it is served again.
    Restored(restored::Restored),
    /// List, stop, start and wipe the practice's computers.
    Workstation(workstation::Workstation),
}

/// Which practices in which data folder.
#[derive(Args)]
struct Offices {
    /// The data folder.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// One practice's id; every practice without it.
    #[arg(long, value_name = "ID", value_parser = practice_id)]
    practice: Option<PracticeId>,
}

impl Offices {
    fn open(&self) -> Result<(DataDir, Vec<PracticeId>), StoreError> {
        let dir = DataDir::open(&self.data)?;
        let all = self.practice.clone().map_or_else(|| dir.practices(), |one| Ok(vec![one]))?;
        Ok((dir, all))
    }
}

/// A repository, and what opens it.
#[derive(Args)]
struct Kept {
    /// Where the backups are kept: a folder, or an address that restic takes.
    #[arg(long, value_name = "PATH")]
    repository: String,
    /// A file whose first line is the repository's password. Without it, the data folder's own is used.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

/// Where practices are kept.
#[derive(Args)]
struct StoredIn {
    /// The PostgreSQL database that holds the practices, as postgres://…; the data folder remembers it. Without one each
    /// practice has an encrypted file.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
}

impl StoredIn {
    fn of(&self, dir: DataDir) -> Result<DataDir, StoreError> {
        match &self.database {
            Some(url) => dir.on(url),
            None => Ok(dir),
        }
    }
}

/// Which practice in which data folder.
#[derive(Args)]
struct Office {
    /// The data folder.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// The practice's id, as `init` or `demo` printed it.
    #[arg(long, value_name = "ID", value_parser = practice_id)]
    practice: PracticeId,
}

impl Office {
    fn open(&self) -> Result<PracticeStore, StoreError> {
        PracticeStore::open(&DataDir::open(&self.data)?, &self.practice)
    }
}

fn practice_id(text: &str) -> Result<PracticeId, &'static str> {
    PracticeId::parse(text).ok_or("a practice's id has letters, digits, '-' and '.'")
}

/// Reads the command line and does what it says.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    #[cfg(feature = "otel")]
    let _traces = match cli.traces.as_deref().map(crate::traces::Traces::to).transpose() {
        Ok(traces) => {
            log::begin(cli.log_format, traces.as_ref().map(crate::traces::Traces::layer));
            traces
        }
        Err(error) => return report::tell(Err(error), cli.json),
    };
    #[cfg(not(feature = "otel"))]
    log::begin(cli.log_format, None::<tracing_subscriber::layer::Identity>);
    let result = match cli.command {
        Command::Init(command) => command.run(),
        Command::Demo(command) => command.run(),
        Command::Serve(command) => command.run(cli.json),

        Command::Backup(command) => command.run(),
        Command::Drill(command) => command.run(),
        Command::Restore(command) => command.run(),
        Command::Export(command) => command.run(),
        Command::Certificate(command) => command.run(),
        Command::VerifyAudit(command) => command.run(),
        Command::Database(command) => command.run(),
        Command::OperatorKey(command) => command.run(),
        Command::Authority(command) => command.run(),
        Command::Import(command) => command.run(),
        Command::EnrolCode(command) => command.run(),
        Command::Member(command) => command.run(),
        Command::Policy(command) => command.run(),
        Command::Rescue(command) => command.run(),
        Command::Restored(command) => command.run(),
        Command::Workstation(command) => command.run(),
    };
    report::tell(result, cli.json)
}

/// What a command did, or why it did not.
type Outcome = Result<Report, StoreError>;
