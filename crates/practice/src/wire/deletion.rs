//! How a practice ends: asked for, waited for, done, and certified.

use serde::{Deserialize, Serialize};

use crate::{
    ids::{MemberId, PracticeId},
    time::Stamp,
};

/// What an admin wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// That the practice be deleted when the waiting time has passed.
    Delete,
    /// That it stays.
    Keep,
}

/// `PUT /deletion`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletionWish {
    /// What is wanted.
    pub wish: Wish,
    /// The person's comment.
    #[serde(default)]
    pub comment: Option<String>,
}

/// One time that it was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deletion {
    /// When.
    pub asked: Stamp,
    /// Who.
    pub asked_by: MemberId,
    /// Their name.
    pub asked_by_name: String,
    /// When the practice ends, unless it is taken back.
    pub due: Stamp,
    /// The person's comment.
    #[serde(default)]
    pub comment: Option<String>,
    /// When it was taken back.
    #[serde(default)]
    pub taken_back: Option<Stamp>,
    /// Who took it back.
    #[serde(default)]
    pub taken_back_by: Option<MemberId>,
    /// Their name.
    #[serde(default)]
    pub taken_back_by_name: Option<String>,
    /// What they said of it.
    #[serde(default)]
    pub taken_back_comment: Option<String>,
}

/// `GET /deletion`, and the answer to [`DeletionWish`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deletions {
    /// The one that runs; absent when the practice is to stay.
    #[serde(default)]
    pub pending: Option<Deletion>,
    /// Those that were taken back, newest first.
    pub past: Vec<Deletion>,
}

/// The host's word that a practice was destroyed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletionCertificate {
    /// The practice.
    pub practice: PracticeId,
    /// Its name.
    pub name: String,
    /// When it was asked.
    pub asked: Stamp,
    /// Who asked.
    pub asked_by: MemberId,
    /// Their name.
    pub asked_by_name: String,
    /// When it was done.
    pub done: Stamp,
    /// What was destroyed, in this order.
    pub destroyed: Vec<String>,
    /// What the host can't reach, and says so.
    pub left: Vec<String>,
}

/// A [`DeletionCertificate`] with the host's signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedCertificate {
    /// JSON of [`DeletionCertificate`].
    pub document: String,
    /// Ed25519 over the document's bytes, base64.
    pub signature: String,
    /// The key it verifies with, base64.
    pub key: String,
}
