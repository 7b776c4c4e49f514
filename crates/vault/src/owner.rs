//! Whose slot it is, as the sign-in screen shows it.

use practice::ids::MemberId;
use serde::{Deserialize, Serialize};

/// The member that a key slot belongs to. Not secret: the lock screen shows it before anybody has typed anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlotOwner {
    /// The member.
    pub id: MemberId,
    /// What they sign in with.
    pub email: String,
    /// Their name.
    pub name: String,
    /// Two letters for the picker.
    pub initials: String,
    /// The picker's colour.
    pub color: String,
}
