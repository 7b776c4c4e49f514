//! That the practice be deleted at its host, as its admins see it.

use practice::wire::Wish;
use serde::{Deserialize, Serialize};
use specta::Type;

/// Whether the practice is to be deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct DeletionPage {
    /// The practice's name, to be typed before it is asked.
    pub practice: String,
    /// The deletion that runs; absent when the practice is to stay.
    pub pending: Option<DeletionLine>,
    /// Those that were taken back, newest first.
    pub past: Vec<DeletionLine>,
}

/// One time that it was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct DeletionLine {
    /// When.
    pub asked: String,
    /// Who.
    pub asked_by: String,
    /// When the practice ends, unless it is taken back.
    pub due: String,
    /// Midnights until then, where the practice is; 0 on the day, and after it.
    pub days_left: u32,
    /// What was said of it.
    pub comment: Option<String>,
    /// When it was taken back.
    pub taken_back: Option<String>,
    /// Who took it back.
    pub taken_back_by: Option<String>,
    /// What they said of it.
    pub taken_back_comment: Option<String>,
}

/// An admin's wish.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct DeletionChange {
    /// What is wanted.
    pub wish: Wish,
    /// The practice's name as it was typed; to keep it nothing is.
    pub typed: Option<String>,
    /// The person's comment.
    pub comment: Option<String>,
}
