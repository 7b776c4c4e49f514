//! What the practice's admin sees of its backups.

use serde::{Deserialize, Serialize};

use crate::time::Stamp;

/// What was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum RunKind {
    /// A backup was made.
    Backup,
    /// A backup was restored into an empty store, and compared.
    Drill,
}

/// One backup or drill, good or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupRun {
    /// What was tried.
    pub kind: RunKind,
    /// When it began.
    pub at: Stamp,
    /// How long it took, in milliseconds.
    pub took_ms: u32,
    /// The repository's address, without a password.
    pub kept: String,
    /// Whether that is the second repository, elsewhere.
    pub elsewhere: bool,
    /// The snapshot made, or restored.
    #[serde(default)]
    pub snapshot: Option<String>,
    /// When the snapshot that a drill restored was made.
    #[serde(default)]
    pub snapshot_at: Option<Stamp>,
    /// Versions of resources in it.
    #[serde(default)]
    pub versions: Option<u64>,
    /// Its size before compression, in bytes.
    #[serde(default)]
    pub bytes: Option<u64>,
    /// What went wrong, as a [`crate::Code`]'s word; absent when nothing did.
    #[serde(default)]
    pub problem: Option<String>,
    /// The same in a sentence.
    #[serde(default)]
    pub say: Option<String>,
}

/// Something about the backups that the admin should hear.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupProblem {
    /// `none_yet`, `late`, `late_elsewhere`, `failed`, `drill_late` or `drill_failed`; a newer host may know more.
    pub code: String,
    /// One sentence.
    pub say: String,
}

/// How many backups a repository keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keeps {
    /// The last of so many hours.
    pub hourly: u32,
    /// The last of so many days.
    pub daily: u32,
    /// The last of so many months.
    pub monthly: u32,
}

/// `GET /backups`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backups {
    /// Whether the host that answers makes them by itself, each hour.
    pub hourly: bool,
    /// How many are kept.
    #[serde(default)]
    pub keeps: Option<Keeps>,
    /// The last good backup.
    #[serde(default)]
    pub last: Option<BackupRun>,
    /// The last good one elsewhere.
    #[serde(default)]
    pub last_elsewhere: Option<BackupRun>,
    /// The last drill, good or not.
    #[serde(default)]
    pub drill: Option<BackupRun>,
    /// What is wrong; empty when nothing is.
    pub problems: Vec<BackupProblem>,
    /// What was tried, newest first, at most 100.
    pub runs: Vec<BackupRun>,
}
