//! Bearer tokens: opaque to who holds them, kept as SHA-256 alone.
//!
//! A token begins with its practice's id, so the practice comes from the token and from nothing else.

use practice::{
    ids::{MemberId, PracticeId, WorkstationId},
    time::Stamp,
    wire::MemberInfo,
};
use sha2::{Digest, Sha256};

use super::Workstation;
use crate::{
    random,
    store::{
        PracticeStore, StoreError,
        db::{Db, values},
    },
};

/// How long a member's token is good for: a working day.
pub const ACCESS_SECONDS: u32 = 12 * 3600;

/// Who a token stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bearer {
    /// A workstation by itself.
    Device(Workstation),
    /// A member at a workstation.
    Member(MemberInfo, Workstation),
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
        let found: Option<(String, String)> = self.db.one(
            "select member, workstation from access_token where token = ? and expires > ?",
            values![hash(token), now.millis()],
            |row| Ok((row.get("member")?, row.get("workstation")?)),
        )?;
        let Some((member, workstation)) = found else { return Ok(None) };
        let member = MemberId::parse(&member).map(|id| self.member(&id)).transpose()?.flatten();
        let workstation = WorkstationId::parse(&workstation).map(|id| self.workstation(&id)).transpose()?.flatten();
        Ok(member.zip(workstation).map(|(member, workstation)| Bearer::Member(member.info, workstation)))
    }

    /// A token for `member` at `workstation`, good for [`ACCESS_SECONDS`] from `now`.
    pub(super) fn issue(
        db: &Db,
        practice: &PracticeId,
        member: &MemberId,
        workstation: &WorkstationId,
        now: Stamp,
    ) -> Result<String, StoreError> {
        let token = new(practice);
        db.execute("delete from access_token where expires <= ?", values![now.millis()])?;
        db.execute(
            "insert into access_token (token, member, workstation, expires) values (?, ?, ?, ?)",
            values![
                hash(&token),
                member.as_str(),
                workstation.as_str(),
                now.millis() + i64::from(ACCESS_SECONDS) * 1000
            ],
        )?;
        Ok(token)
    }
}
