//! A patient's photo.

use serde::{Deserialize, Serialize};
use specta::Type;

/// A wish for another photo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct PhotoChange {
    /// Patient id.
    pub patient: String,
    /// A JPEG or PNG of up to 64 KB in base64; absent to have none.
    pub picture: Option<String>,
    /// The person's comment.
    pub comment: Option<String>,
}
