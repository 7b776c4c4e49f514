//! The practice's security policy: signed by the practice, versioned, and never weaker for being unreadable.

mod names;

use std::time::Duration;

use base64::{Engine, prelude::BASE64_STANDARD};
use ed25519_dalek::{Signature, Signer, Verifier};
pub use ed25519_dalek::{SigningKey, VerifyingKey};
pub use names::NameFormat;
use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    Code, Refusal, Role,
    horizon::{DAYS_AHEAD, DAYS_BACK, Horizon},
    ids::PracticeId,
    time::Stamp,
    wire::PolicyWish,
};

/// Where a workstation stands: the other axis of the time-out table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Zone {
    /// In sight of waiting patients.
    FrontCounter,
    /// Behind a door.
    BackOffice,
    /// Where patients are left alone.
    ExamRoom,
    /// Leaves the building.
    TakeHome,
}

impl Zone {
    /// Every zone, in the order screens list them.
    pub const ALL: [Zone; 4] = [Zone::FrontCounter, Zone::BackOffice, Zone::ExamRoom, Zone::TakeHome];

    /// The contract's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Zone::FrontCounter => "front_counter",
            Zone::BackOffice => "back_office",
            Zone::ExamRoom => "exam_room",
            Zone::TakeHome => "take_home",
        }
    }

    /// Reads the contract's word.
    pub fn parse(text: &str) -> Option<Zone> {
        Zone::ALL.into_iter().find(|zone| zone.as_str() == text)
    }
}

/// Shortest and longest idle time-out that a policy may hold, in seconds.
pub const TIME_OUT_SECONDS: std::ops::RangeInclusive<u32> = 60..=3600;

/// Shortest and longest lease that a policy may hold, in hours.
pub const LEASE_HOURS: std::ops::RangeInclusive<u32> = 1..=168;

/// Longest grace that a policy may hold, in hours.
pub const MAX_GRACE_HOURS: u32 = 72;

/// One cell of the time-out table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeOut {
    /// Whose.
    pub role: Role,
    /// Where.
    pub zone: Zone,
    /// Seconds without input until the session locks (45 CFR 164.312(a)(2)(iii)).
    pub seconds: u32,
}

/// The policy document. Fields that a later version adds are kept in the signed text and ignored here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Whose it is; a policy of another practice does not verify.
    pub practice: PracticeId,
    /// Rises by one with each change; an older one than seen is refused.
    pub version: u32,
    /// When it was signed.
    pub signed_at: Stamp,
    /// Who set it, by name.
    pub by: String,
    /// The comment that came with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Every role with every zone, of those that this version knows.
    #[serde(deserialize_with = "known")]
    pub time_outs: Vec<TimeOut>,
    /// Hours that a workstation works without reaching the host.
    pub lease_hours: u32,
    /// Hours after those in which the schedule alone stays open; 0 for none.
    #[serde(default)]
    pub grace_hours: u32,
    /// The authorities that may vouch for the host, PEM; absent as long as it is the one that each computer was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorities: Option<String>,
    /// What each computer keeps; absent for everything.
    #[serde(default, skip_serializing_if = "Horizon::is_everything")]
    pub horizon: Horizon,
    /// Roles that sign in with a second factor or not at all; absent for none.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "readable")]
    pub second_factor: Vec<Role>,
    /// How patients are called where others may read along; in full where it is absent.
    #[serde(default, skip_serializing_if = "NameFormat::is_full", deserialize_with = "names::known")]
    pub names: NameFormat,
}

/// The roles that this version knows: nobody has another one here.
fn readable<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Role>, D::Error> {
    let roles = Vec::<serde_json::Value>::deserialize(deserializer)?;
    Ok(roles.into_iter().filter_map(|role| serde_json::from_value(role).ok()).collect())
}

/// The cells for roles and zones that this version knows: one that is missing means the strictest.
fn known<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<TimeOut>, D::Error> {
    let cells = Vec::<serde_json::Value>::deserialize(deserializer)?;
    Ok(cells.into_iter().filter_map(|cell| serde_json::from_value(cell).ok()).collect())
}

/// What a workstation falls back to without a policy: the shortest of everything, never "off".
pub const STRICTEST_TIME_OUT: Duration = Duration::from_secs(60);

/// How long a workstation without a policy works without reaching the host.
pub const STRICTEST_LEASE: Duration = Duration::from_secs(3600);

/// The time-out of a member who chose `own` seconds for themselves: they may shorten what is `ruled`, never stretch it.
pub fn shortened(ruled: Duration, own: Option<u32>) -> Duration {
    let own = own.filter(|seconds| TIME_OUT_SECONDS.contains(seconds));
    own.map_or(ruled, |seconds| ruled.min(Duration::from_secs(seconds.into())))
}

impl Policy {
    /// The policy a practice starts with.
    pub fn first(practice: PracticeId, signed_at: Stamp, by: &str) -> Self {
        let seconds = |zone| match zone {
            Zone::FrontCounter => 300,
            Zone::BackOffice => 600,
            Zone::ExamRoom | Zone::TakeHome => 180,
        };
        let time_outs = Role::ALL
            .into_iter()
            .flat_map(|role| Zone::ALL.map(|zone| TimeOut { role, zone, seconds: seconds(zone) }))
            .collect();
        Self {
            practice,
            version: 1,
            signed_at,
            by: by.to_owned(),
            comment: None,
            time_outs,
            lease_hours: 72,
            grace_hours: 0,
            authorities: None,
            horizon: Horizon::default(),
            second_factor: Vec::new(),
            names: NameFormat::Full,
        }
    }

    /// The next version, with other authorities that may vouch for the host.
    pub fn announce(&self, authorities: String, by: &str, at: Stamp) -> Self {
        let (version, by) = (self.version + 1, by.to_owned());
        Self { version, by, signed_at: at, comment: None, authorities: Some(authorities), ..self.clone() }
    }

    /// The time-out for `role` in `zone`: the strictest where the table has no sane answer.
    pub fn time_out(&self, role: Role, zone: Zone) -> Duration {
        self.time_outs
            .iter()
            .filter(|cell| cell.role == role && cell.zone == zone && TIME_OUT_SECONDS.contains(&cell.seconds))
            .map(|cell| Duration::from_secs(cell.seconds.into()))
            .min()
            .unwrap_or(STRICTEST_TIME_OUT)
    }

    /// How long a workstation may work without reaching the host.
    pub fn lease(&self) -> Duration {
        let hours = if LEASE_HOURS.contains(&self.lease_hours) { self.lease_hours } else { *LEASE_HOURS.start() };
        Duration::from_secs(u64::from(hours) * 3600)
    }

    /// How long after its lease a workstation shows the schedule alone.
    pub fn grace(&self) -> Duration {
        let hours = if self.grace_hours <= MAX_GRACE_HOURS { self.grace_hours } else { 0 };
        Duration::from_secs(u64::from(hours) * 3600)
    }

    /// Refuses a policy from the future: either it is none, or this clock can't be trusted with a lease.
    ///
    /// # Errors
    /// [`Code::PolicyGone`].
    pub fn check_date(&self, now: Stamp) -> Result<(), Refusal> {
        if self.signed_at.since(now) <= FURTHEST_AHEAD {
            return Ok(());
        }
        Err(Refusal::new(
            Code::PolicyGone,
            "The practice's security policy is dated in the future. Check this computer's date and time. The strictest \
             settings apply until then.",
        ))
    }

    /// The next version, with `wish` carried out.
    ///
    /// # Errors
    /// [`Code::Conflict`] when the wish started from another version; [`Code::Invalid`] for a value out of range.
    pub fn amend(&self, wish: &PolicyWish, by: &str, at: Stamp) -> Result<Self, Refusal> {
        if wish.base_version != self.version {
            return Err(Refusal::new(
                Code::Conflict,
                "Somebody else changed the policy meanwhile. Look at it again, then make your change.",
            ));
        }
        let mut next = self.clone();
        for cell in &wish.time_outs {
            if !TIME_OUT_SECONDS.contains(&cell.seconds) {
                return Err(Refusal::new(Code::Invalid, "A time-out must be between 1 minute and 1 hour."));
            }
            next.time_outs.retain(|old| (old.role, old.zone) != (cell.role, cell.zone));
            next.time_outs.push(*cell);
        }
        if let Some(hours) = wish.lease_hours {
            if !LEASE_HOURS.contains(&hours) {
                return Err(Refusal::new(Code::Invalid, "Offline sign-in must last between 1 hour and 7 days."));
            }
            next.lease_hours = hours;
        }
        if let Some(hours) = wish.grace_hours {
            if hours > MAX_GRACE_HOURS {
                return Err(Refusal::new(Code::Invalid, "The schedule may stay open for at most 72 hours more."));
            }
            next.grace_hours = hours;
        }
        if let Some(days) = wish.days_back {
            if days != 0 && !DAYS_BACK.contains(&days) {
                return Err(Refusal::new(
                    Code::Invalid,
                    "Each computer keeps between 30 days and 10 years back. 0 keeps everything.",
                ));
            }
            next.horizon.days_back = Some(days).filter(|days| *days != 0);
        }
        if let Some(days) = wish.days_ahead {
            if days != 0 && !DAYS_AHEAD.contains(&days) {
                return Err(Refusal::new(
                    Code::Invalid,
                    "Each computer keeps between 30 days and 2 years ahead. 0 keeps everything.",
                ));
            }
            next.horizon.days_ahead = Some(days).filter(|days| *days != 0);
        }
        if let Some(roles) = &wish.second_factor {
            next.second_factor.clone_from(roles);
            next.second_factor.sort_unstable();
            next.second_factor.dedup();
        }
        if let Some(names) = wish.names {
            next.names = names;
        }
        next.time_outs.sort_by_key(|cell| (cell.role, cell.zone));
        next.version += 1;
        next.signed_at = at;
        next.by = by.to_owned();
        next.comment = wish.comment.clone();
        Ok(next)
    }
}

/// A policy as it travels: the exact text that was signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedPolicy {
    /// JSON of [`Policy`].
    pub document: String,
    /// Ed25519 over the document's bytes, base64.
    pub signature: String,
}

/// Largest policy document read, in bytes.
pub const MAX_POLICY_BYTES: usize = 64 * 1024;

/// Longest signature decoded, in characters; one has 88.
const LONGEST_SIGNATURE: usize = 128;

/// Furthest that a policy may be dated ahead of the clock of who reads it: two clocks differ, but not by more.
const FURTHEST_AHEAD: Duration = Duration::from_secs(24 * 60 * 60);

/// Signs `policy` with the practice's key.
pub fn sign(policy: &Policy, key: &SigningKey) -> SignedPolicy {
    let document = serde_json::to_string(policy).unwrap_or_else(|_| unreachable!("a policy is plain data"));
    let signature = BASE64_STANDARD.encode(key.sign(document.as_bytes()).to_bytes());
    SignedPolicy { document, signature }
}

/// Reads a signed policy of `practice`.
///
/// # Errors
/// [`Code::PolicyGone`] when it is huge, not signed by `key`, of another practice, or unreadable.
pub fn verify(signed: &SignedPolicy, key: &VerifyingKey, practice: &PracticeId) -> Result<Policy, Refusal> {
    const GONE: Refusal = Refusal::new(
        Code::PolicyGone,
        "The practice's security policy could not be verified. The strictest settings apply until it arrives again.",
    );
    if signed.document.len() > MAX_POLICY_BYTES || signed.signature.len() > LONGEST_SIGNATURE {
        return Err(GONE);
    }
    let signature = BASE64_STANDARD
        .decode(&signed.signature)
        .ok()
        .and_then(|bytes| Signature::from_slice(&bytes).ok())
        .ok_or(GONE)?;
    key.verify(signed.document.as_bytes(), &signature).map_err(|_| GONE)?;
    let policy: Policy = serde_json::from_str(&signed.document).map_err(|_| GONE)?;
    if policy.practice == *practice { Ok(policy) } else { Err(GONE) }
}

#[cfg(test)]
mod tests;
