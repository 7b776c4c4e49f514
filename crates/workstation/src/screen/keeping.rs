//! What an admin sees of the host: its backups, and the certificates that vouch for it.

use practice::wire::RunKind;
use serde::{Deserialize, Serialize};
use specta::Type;

/// How the practice is kept by its host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct KeepingPage {
    /// Whether the host that answered makes backups by itself, each hour.
    pub hourly: bool,
    /// How many backups it keeps, when it says so.
    pub keeps: Option<BackupsKept>,
    /// The last good backup.
    pub last: Option<BackupLine>,
    /// The last good one elsewhere.
    pub last_elsewhere: Option<BackupLine>,
    /// The last drill, good or not.
    pub drill: Option<BackupLine>,
    /// What is wrong; empty when nothing is.
    pub problems: Vec<BackupTrouble>,
    /// What was tried, newest first.
    pub runs: Vec<BackupLine>,
    /// When each certificate of the host's chain ends, its own first.
    pub certificates: Vec<CertificateLine>,
}

/// How many backups are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct BackupsKept {
    /// The last of so many hours.
    pub hourly: u32,
    /// The last of so many days.
    pub daily: u32,
    /// The last of so many months.
    pub monthly: u32,
}

/// One backup or drill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct BackupLine {
    /// What was tried.
    pub kind: RunKind,
    /// When it began.
    pub at: String,
    /// How long it took, in milliseconds.
    pub took_ms: u32,
    /// The repository's address.
    pub kept: String,
    /// Whether that is the second repository.
    pub elsewhere: bool,
    /// When the backup was made that a drill restored.
    pub made: Option<String>,
    /// Versions of records in it.
    pub versions: Option<u32>,
    /// Its size before compression, in kilobytes.
    pub kilobytes: Option<u32>,
    /// What went wrong, in a sentence.
    pub say: Option<String>,
}

/// Something about the backups that the admin should hear.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct BackupTrouble {
    /// What it is.
    pub say: String,
    /// What to do about it.
    pub way_out: String,
}

/// What a certificate is to the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CertificatePlace {
    /// The host's own.
    Host,
    /// Between the host's and the authority's.
    Between,
    /// The authority that this computer trusts.
    Authority,
}

/// When a certificate ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct CertificateLine {
    /// Which it is.
    pub place: CertificatePlace,
    /// The last moment at which it holds.
    pub ends: String,
    /// Midnights until then, where the practice is; 0 on the day, and after it.
    pub days_left: u32,
    /// What is told of its end, when that is near.
    pub say: Option<String>,
}
