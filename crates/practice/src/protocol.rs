//! Which version of their protocol a workstation and the host speak: one whole number. The workstation says which it
//! knows, from the oldest to the newest, and the host answers with the newest that it knows too.
//!
//! A field or an endpoint more needs no new version: what is not known is passed over. A new version is what the other
//! side must obey and can't without knowing it: a new role, zone or standing, a resource type that is not of FHIR R4,
//! another meaning of what there is.

use std::fmt;

use crate::{Code, Refusal};

/// Header of a request, with [`Versions`], and of its answer, with the version chosen.
pub const HEADER: &str = "x-protocol";

/// What this program speaks.
pub const SPOKEN: Versions = Versions { oldest: 1, newest: 1 };

/// Spoken by whoever says nothing.
pub const FIRST: u32 = 1;

/// The versions that one side speaks, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Versions {
    oldest: u32,
    newest: u32,
}

impl Versions {
    /// Only `version`.
    pub const fn only(version: u32) -> Self {
        Self { oldest: version, newest: version }
    }

    /// Reads `1-3`; `None` when it is nothing of the kind, or empty.
    pub fn parse(text: &str) -> Option<Self> {
        let (oldest, newest) = text.split_once('-')?;
        let (oldest, newest) = (oldest.parse().ok()?, newest.parse().ok()?);
        (oldest <= newest).then_some(Self { oldest, newest })
    }
}

impl fmt::Display for Versions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.oldest, self.newest)
    }
}

/// What a computer hears that its host no longer understands.
pub const WORKSTATION_TOO_OLD: Refusal = Refusal::new(
    Code::WorkstationTooOld,
    "This computer needs a newer Shadowchart to work with the host. Update it. Until then it goes on offline: what is \
     entered is kept here, and sent afterwards.",
);

/// What a computer hears whose host does not understand it yet.
pub const HOST_TOO_OLD: Refusal = Refusal::new(
    Code::HostTooOld,
    "The host needs a newer Shadowchart to work with this computer. Tell your admin. Until then this computer goes on \
     offline: what is entered is kept here, and sent afterwards.",
);

/// The newest version that both sides speak.
///
/// # Errors
/// [`Code::WorkstationTooOld`] or [`Code::HostTooOld`]: which of them must be updated.
///
/// ```
/// use practice::{Code, protocol::{Versions, agree}};
/// let versions = |text| Versions::parse(text).unwrap();
/// assert_eq!(agree(versions("1-3"), versions("2-9")), Ok(3));
/// assert_eq!(agree(versions("2-3"), versions("1-1")).unwrap_err().code, Code::WorkstationTooOld);
/// ```
pub fn agree(host: Versions, workstation: Versions) -> Result<u32, Refusal> {
    if workstation.newest < host.oldest {
        return Err(WORKSTATION_TOO_OLD);
    }
    if host.newest < workstation.oldest {
        return Err(HOST_TOO_OLD);
    }
    Ok(host.newest.min(workstation.newest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_take_the_newest_that_they_share_or_hear_which_is_too_old() {
        use Code::{HostTooOld, WorkstationTooOld};
        for (host, workstation, agreed) in [
            ("1-1", "1-1", Ok(1)),
            ("1-3", "1-1", Ok(1)),
            ("1-1", "1-3", Ok(1)),
            ("2-4", "1-3", Ok(3)),
            ("1-3", "3-4", Ok(3)),
            ("1-2", "3-4", Err(HostTooOld)),
            ("3-4", "1-2", Err(WorkstationTooOld)),
        ] {
            let [host, workstation] = [host, workstation].map(|text| Versions::parse(text).unwrap());
            assert_eq!(agree(host, workstation).map_err(|refused| refused.code), agreed, "{host} {workstation}");
        }
    }

    #[test]
    fn what_is_no_span_of_versions_is_none() {
        for text in ["", "1", "1-", "-1", "2-1", "1-x", "1-2-3", " 1-2", "1-4294967296", "-1-1"] {
            assert_eq!(Versions::parse(text), None, "{text:?}");
        }
        assert_eq!(Versions::parse(&SPOKEN.to_string()), Some(SPOKEN));
    }
}
