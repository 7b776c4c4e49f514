//! An export of everything that the practice owns, as the admin who wants it sees it.

use serde::{Deserialize, Serialize};
use specta::Type;

/// Where an export goes, and how the last one stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ExportPage {
    /// The folder of this computer into which the file is written.
    pub folder: String,
    /// The one that is under way, or was the last since the program began; absent when there was none.
    pub current: Option<Exporting>,
}

/// How an export stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ExportState {
    /// It is being written.
    Running,
    /// The file is whole.
    Done,
    /// It was broken off here: there is no file.
    Cancelled,
    /// It failed: there is no file.
    Failed,
}

/// One export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Exporting {
    /// How it stands.
    pub state: ExportState,
    /// The file's name.
    pub file: String,
    /// Whether every version of each record is in it.
    pub history: bool,
    /// Records so far, one a line.
    pub records: u32,
    /// Kilobytes so far.
    pub kilobytes: u32,
    /// Why it failed, in a sentence.
    pub say: Option<String>,
}
