//! The practice's security policy: every version, each signed with the practice's key.

use base64::{Engine, engine::general_purpose::STANDARD};
use practice::{
    audit::AuditRecord,
    policy::{self, Policy, SignedPolicy},
    time::Stamp,
    wire::PolicyWish,
};

use super::{
    PracticeStore, StoreError, audit,
    db::{Db, values},
};

fn current(db: &Db) -> Result<SignedPolicy, StoreError> {
    db.the("select document, signature from policy order by version desc limit 1", &[], |row| {
        Ok(SignedPolicy { document: row.get("document")?, signature: row.get("signature")? })
    })
}

fn keep(db: &Db, policy: &Policy, signed: &SignedPolicy) -> Result<(), StoreError> {
    db.execute(
        "insert into policy (version, document, signature) values (?, ?, ?)",
        values![policy.version, &signed.document, &signed.signature],
    )?;
    Ok(())
}

/// Keeps a policy that was signed in a life that a restore has ended, unless a newer one is in force.
pub(super) fn keep_if_newer(db: &Db, policy: &Policy, signed: &SignedPolicy) -> Result<(), StoreError> {
    let present: u32 = db.the("select max(version) as version from policy", &[], |row| row.get("version"))?;
    if policy.version > present { keep(db, policy, signed) } else { Ok(()) }
}

impl PracticeStore {
    /// Signs and keeps the policy that a practice starts with.
    pub(super) fn first_policy(&mut self, at: Stamp) -> Result<(), StoreError> {
        let policy = Policy::first(self.practice.clone(), at, "Shadowchart");
        let signed = policy::sign(&policy, &self.policy_key()?);
        keep(&self.db, &policy, &signed)
    }

    /// The policy in force.
    pub fn policy(&self) -> Result<SignedPolicy, StoreError> {
        current(&self.db)
    }

    /// The key that the practice's policies verify with, base64.
    pub fn policy_verifying_key(&self) -> Result<String, StoreError> {
        Ok(STANDARD.encode(self.policy_key()?.verifying_key().to_bytes()))
    }

    /// The policy in force, read.
    ///
    /// # Errors
    /// When its signature does not hold.
    pub fn policy_in_force(&self) -> Result<Policy, StoreError> {
        Ok(policy::verify(&self.policy()?, &self.policy_key()?.verifying_key(), &self.practice)?)
    }

    /// Announces which authorities may vouch for the host, unless that is known; `record` tells of it in the same
    /// transaction.
    pub fn announce(&mut self, authorities: &str, by: &str, record: &AuditRecord) -> Result<(), StoreError> {
        let key = self.policy_key()?;
        let db = self.db.begin()?;
        let now = policy::verify(&current(&db)?, &key.verifying_key(), &self.practice)?;
        if now.authorities.as_deref() == Some(authorities) {
            return Ok(());
        }
        let next = now.announce(authorities.to_owned(), by, record.at);
        keep(&db, &next, &policy::sign(&next, &key))?;
        audit::append(&db, record)?;
        db.commit()
    }

    /// Makes and signs the next policy; `record` tells of it in the same transaction.
    ///
    /// # Errors
    /// In words, when the wish started from another version or asks for what no policy may hold.
    pub fn change_policy(
        &mut self,
        wish: &PolicyWish,
        by: &str,
        record: &AuditRecord,
    ) -> Result<SignedPolicy, StoreError> {
        let key = self.policy_key()?;
        let db = self.db.begin()?;
        let now = policy::verify(&current(&db)?, &key.verifying_key(), &self.practice)?;
        let next = now.amend(wish, by, record.at)?;
        let signed = policy::sign(&next, &key);
        keep(&db, &next, &signed)?;
        audit::append(&db, record)?;
        db.commit()?;
        Ok(signed)
    }
}
