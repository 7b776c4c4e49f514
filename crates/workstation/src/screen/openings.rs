//! Free time that is looked for: the wish, how it was understood, and what was found.

use serde::{Deserialize, Serialize};
use specta::Type;

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct OpeningWish {
    /// Length of the visit.
    pub minutes: u32,
    /// Ids of the practitioners of whom one will do; anyone when empty.
    pub practitioners: Vec<String>,
    /// Days of the week by FHIR's codes (`mon`); any when empty.
    pub days: Vec<String>,
    /// The visit begins at this minute after midnight or later.
    pub from_minute: i32,
    /// And before this one.
    pub until_minute: i32,
    /// First day, ISO.
    pub from: String,
    /// Last day; as far ahead as the program looks when absent.
    pub until: Option<String>,
}

/// How a typed wish was understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct WishRead {
    /// The wish.
    pub wish: OpeningWish,
    /// The wish in words.
    pub say: String,
    /// Words that mean nothing here.
    pub unread: Vec<String>,
}

/// How sure it is that time which looks free is free.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Sure {
    /// It lies in a hold that is kept for this computer: no other can take it, also offline.
    Yours,
    /// What the host had of that day a few minutes ago is here.
    Fresh,
    /// What is here of that day is older.
    Stale,
    /// All of that day may not be here.
    Unknown,
}

/// One start of a visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct FoundStart {
    /// When it begins.
    pub start: String,
    /// When it ends.
    pub end: String,
    /// The start as minutes after midnight on the wall.
    pub start_minute: i32,
    /// How sure it is.
    pub sure: Sure,
}

/// The openings of one provider on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct FoundDay {
    /// ISO date.
    pub date: String,
    /// Practitioner id.
    pub practitioner: String,
    /// "Provider One, MD".
    pub name: String,
    /// The latest moment of which all that the host had of that day is here; absent while it may not be.
    pub as_of: Option<String>,
    /// How sure the starts are that lie in no hold of this computer.
    pub sure: Sure,
    /// By time; those that are sure also offline first.
    pub starts: Vec<FoundStart>,
}

/// What was found for a wish.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct FoundOpenings {
    /// The wish in words.
    pub say: String,
    /// The soonest first; while the data are old, those that are sure also offline before the others.
    pub days: Vec<FoundDay>,
    /// The last day that was looked at.
    pub until: String,
    /// What the answer leaves out, and why, where it leaves something out.
    pub note: Option<String>,
}
