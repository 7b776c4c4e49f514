//! What a member is to the practice.

use serde::{Deserialize, Serialize};

/// A member's role (HIPAA workforce access management, 45 CFR 164.308(a)(4)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sets the policy, manages members and workstations, sees every provider.
    Admin,
    /// Treats patients and writes the chart.
    Provider,
    /// Nurses and assistants.
    Clinical,
    /// Runs the schedule.
    FrontDesk,
}

impl Role {
    /// Every role, in the order screens list them.
    pub const ALL: [Role; 4] = [Role::Admin, Role::Provider, Role::Clinical, Role::FrontDesk];

    /// The contract's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Admin => "admin",
            Role::Provider => "provider",
            Role::Clinical => "clinical",
            Role::FrontDesk => "front_desk",
        }
    }

    /// Reads the contract's word.
    pub fn parse(text: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.as_str() == text)
    }
}
