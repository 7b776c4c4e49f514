//! Where a practice stands, in a few numbers: two that differ say that something changed, and not what.

use std::{
    collections::hash_map::DefaultHasher,
    hash::{Hash, Hasher},
    ops::ControlFlow,
};

use super::{PracticeStore, StoreError};

/// Where a practice stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// The last change of a resource.
    pub seq: i64,
    /// The policy's version.
    pub policy: u32,
    /// Differs when a member's or a workstation's standing does.
    pub people: u64,
}

impl PracticeStore {
    /// Changes with each commit of another connection than this one.
    pub fn data_version(&self) -> Result<i64, StoreError> {
        self.db.version()
    }

    /// Differs when the policy, or anything that is told of a member, does, and in each of the practice's lives.
    pub fn standing(&self) -> Result<String, StoreError> {
        let members = self.members()?;
        let told = serde_json::to_vec(&members).map_err(|_| StoreError::Damaged("the members"))?;
        let mut hasher = DefaultHasher::new();
        (told, self.epoch()?).hash(&mut hasher);
        let policy: u32 = self.db.the("select max(version) as version from policy", &[], |row| row.get("version"))?;
        Ok(format!("{policy}-{:016x}", hasher.finish()))
    }

    /// Where the practice stands.
    pub fn mark(&self) -> Result<Mark, StoreError> {
        let standing = "select id, role as place, stopped is null as works from member
            union all select id, zone, stopped is null and wipe is null from workstation order by id";
        let mut people = DefaultHasher::new();
        self.db.each(standing, &[], |row| {
            let standing: (&str, &str, bool) = (row.get("id")?, row.get("place")?, row.get("works")?);
            standing.hash(&mut people);
            Ok(ControlFlow::Continue(()))
        })?;
        let last =
            "select (select coalesce(max(seq), 0) from version) as seq, (select max(version) from policy) as policy";
        let (seq, policy) = self.db.the(last, &[], |row| Ok((row.get("seq")?, row.get("policy")?)))?;
        Ok(Mark { seq, policy, people: people.finish() })
    }
}
