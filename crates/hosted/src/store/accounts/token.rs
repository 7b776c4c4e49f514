//! Bearer tokens: opaque to who holds them, kept as SHA-256 alone.
//!
//! A token begins with its practice's id, so the practice comes from the token and from nothing else.

use practice::{
    ids::{MemberId, PracticeId, WorkstationId},
    time::Stamp,
    wire::MemberInfo,
};
use sha2::{Digest, Sha256};

use super::{Bound, Workstation};
use crate::{
    random,
    store::{PracticeStore, StoreError, db::values},
};

/// Who a token stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bearer {
    /// A workstation by itself.
    Device(Workstation),
    /// A member at a workstation, and what the token is bound to where the workstation's key is known.
    Member(MemberInfo, Workstation, Option<Bound>),
}

/// A new token of `practice`.
pub(super) fn new(practice: &PracticeId) -> String {
    format!("{practice}~{}", random::secret())
}

/// The practice that `token` says it is of. Whether it is, only that practice's store can tell.
pub fn practice_of(token: &str) -> Option<PracticeId> {
    let (practice, secret) = token.split_once('~')?;
    (secret.len() == 43).then(|| PracticeId::parse(practice)).flatten()
}

pub(super) fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

impl PracticeStore {
    /// Who `token` stands for at `now`; nobody when it is unknown or has ended.
    pub fn bearer(&self, token: &str, now: Stamp) -> Result<Option<Bearer>, StoreError> {
        if let Some(workstation) = self.workstation_by_token(token)? {
            return Ok(Some(Bearer::Device(workstation)));
        }
        let found: Option<(String, String, Option<String>, Option<String>)> = self.db.one(
            "select a.member as member, a.workstation as workstation, a.family as family, f.key as key
                 from access_token a left join token_family f on f.id = a.family where a.token = ? and a.expires > ?",
            values![hash(token), now.millis()],
            |row| Ok((row.get("member")?, row.get("workstation")?, row.get("family")?, row.get("key")?)),
        )?;
        let Some((member, workstation, family, key)) = found else { return Ok(None) };
        let bound = match (family, key) {
            (None, _) => None,
            (Some(family), Some(key)) => Some(Bound { family, key }),
            // Its family is gone: it holds no longer.
            (Some(_), None) => return Ok(None),
        };
        let member = MemberId::parse(&member).map(|id| self.member(&id)).transpose()?.flatten();
        let workstation = WorkstationId::parse(&workstation).map(|id| self.workstation(&id)).transpose()?.flatten();
        Ok(member.zip(workstation).map(|(member, workstation)| Bearer::Member(member.info, workstation, bound)))
    }
}
