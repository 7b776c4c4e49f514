//! When each computer last asked for anything, and what its request told of it.

use std::time::Duration;

use practice::{ids::WorkstationId, time::Stamp};

use super::Workstation;
use crate::store::{PracticeStore, StoreError, db::values};

/// How long a contact is not written down again, where it tells nothing new: a round that brings nothing stays cheap.
pub const CONTACT_EVERY: Duration = Duration::from_secs(60);

/// A request of a computer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// When it came.
    pub at: Stamp,
    /// The version of the computer's program, where it said so.
    pub program: Option<String>,
    /// The version of the policy that it holds, where it said so.
    pub policy: Option<u32>,
}

impl Contact {
    /// Whether it is to be written down, beside what is known of the computer.
    pub fn is_news_of(&self, known: &Workstation) -> bool {
        let told = self.program.is_some() && self.program != known.program;
        let holds = self.policy.is_some() && self.policy != known.policy;
        told || holds || known.seen.is_none_or(|seen| self.at.since(seen) >= CONTACT_EVERY)
    }
}

impl PracticeStore {
    /// Writes contacts down, all in one transaction. What a request did not say stays as it was.
    pub fn note_contacts(&mut self, contacts: &[(WorkstationId, Contact)]) -> Result<(), StoreError> {
        let db = self.db.begin()?;
        for (id, Contact { at, program, policy }) in contacts {
            db.execute(
                "update workstation set seen = ?, program = coalesce(?, program), policy = coalesce(?, policy) where id = ?",
                values![at.millis(), program.clone(), policy.map(i64::from), id.as_str()],
            )?;
        }
        db.commit()
    }
}

#[cfg(test)]
mod tests {
    use practice::policy::Zone;

    use super::*;

    #[test]
    fn a_contact_is_written_down_once_a_minute_and_at_once_where_it_tells_something_new() {
        let at = |millis: i64| Stamp::from_millis(1_790_000_000_000 + millis).unwrap();
        let known = Workstation {
            id: WorkstationId::parse("w").unwrap(),
            name: "Front".into(),
            zone: Zone::FrontCounter,
            stopped: false,
            enrolled: at(0),
            wipe: None,
            wiped: None,
            has_key: true,
            seen: Some(at(0)),
            program: Some("1.0.0".into()),
            policy: Some(3),
            locked: None,
            copied: None,
        };
        let came = |millis, program: Option<&str>, policy| {
            let contact = Contact { at: at(millis), program: program.map(str::to_owned), policy };
            contact.is_news_of(&known)
        };
        assert!(!came(59_999, Some("1.0.0"), Some(3)), "an empty round writes nothing");
        assert!(!came(59_999, None, None), "what it does not say is nothing new");
        assert!(came(60_000, None, None));
        assert!(came(1, Some("1.0.1"), Some(3)));
        assert!(came(1, None, Some(4)));
        let never = Workstation { seen: None, ..known.clone() };
        assert!(Contact { at: at(0), program: None, policy: None }.is_news_of(&never));
    }
}
