//! The day on paper.

use serde::{Deserialize, Serialize};
use specta::Type;

/// A day that was written into a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct DayPack {
    /// The day, ISO.
    pub date: String,
    /// The file's name.
    pub file: String,
    /// Its folder.
    pub folder: String,
    /// How many pages it has.
    pub pages: u32,
    /// Data as of; absent when nothing was ever synced.
    pub as_of: Option<String>,
}
