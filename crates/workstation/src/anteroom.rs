//! What happens in front of the closed vault (a wrong password, a lock) is sealed to the vault's public key and
//! waits here until the next unlock takes it into the audit chain.

use std::{
    fs,
    io::{self, Write},
    path::PathBuf,
};

use practice::{
    audit::{AuditAction, AuditOutcome, AuditRecord},
    ids::{MemberId, WorkstationId},
    time::Stamp,
};
use serde::{Deserialize, Serialize};
use vault::{Unlocked, Vault};

/// Most bytes kept: someone who types wrong passwords all night must not fill the disk.
const MOST: u64 = 4 * 1024 * 1024;

/// What is told of something that happened while the vault was closed.
#[derive(Serialize, Deserialize)]
pub(crate) struct Told {
    at: Stamp,
    action: String,
    refused: bool,
    member: Option<MemberId>,
    claimed: Option<String>,
    comment: Option<String>,
}

impl Told {
    /// A try that was refused.
    pub(crate) fn refused(
        at: Stamp,
        action: AuditAction,
        member: Option<MemberId>,
        claimed: Option<&str>,
        why: &str,
    ) -> Self {
        Self {
            at,
            action: action.as_str().into(),
            refused: true,
            member,
            claimed: claimed.map(|c| c.chars().take(200).collect()),
            comment: Some(why.into()),
        }
    }

    fn record(self, workstation: &WorkstationId) -> Option<AuditRecord> {
        let action = AuditAction::ALL.iter().copied().find(|a| a.as_str() == self.action)?;
        Some(AuditRecord {
            outcome: if self.refused { AuditOutcome::Refused } else { AuditOutcome::Success },
            claimed: self.claimed,
            comment: self.comment,
            ..AuditRecord::new(self.at, action, self.member, workstation.clone())
        })
    }
}

/// The file: sealed blobs, each after its length.
pub(crate) struct Anteroom {
    path: PathBuf,
}

impl Anteroom {
    pub(crate) fn at(path: PathBuf) -> Self {
        Self { path }
    }

    /// Adds one. Before the first vault there is nobody to seal to; the host audits those tries.
    pub(crate) fn tell(&self, vault: &Vault, told: &Told) {
        let text = serde_json::to_vec(told).unwrap_or_else(|_| unreachable!("plain data"));
        let Ok(sealed) = vault.seal(&text) else { return };
        if let Err(error) = self.append(&sealed) {
            tracing::warn!(kind = ?error.kind(), "an event in front of the vault could not be kept");
        }
    }

    fn append(&self, sealed: &[u8]) -> io::Result<()> {
        let mut file = fs::OpenOptions::new().create(true).append(true).open(&self.path)?;
        if file.metadata()?.len() > MOST {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let mut bytes = u32::try_from(sealed.len()).map_err(|_| io::ErrorKind::InvalidInput)?.to_be_bytes().to_vec();
        bytes.extend_from_slice(sealed);
        file.write_all(&bytes)?;
        file.sync_all()
    }

    /// Hands out everything, oldest first. A blob that does not open (a torn write, another vault's) is passed over.
    pub(crate) fn take(&self, unlocked: &Unlocked, workstation: &WorkstationId) -> Vec<AuditRecord> {
        let bytes = fs::read(&self.path).unwrap_or_default();
        let mut rest = &bytes[..];
        let mut records = Vec::new();
        while let Some((length, tail)) = rest.split_first_chunk::<4>() {
            let Some((sealed, tail)) = tail.split_at_checked(u32::from_be_bytes(*length) as usize) else { break };
            rest = tail;
            let told = unlocked.open_sealed(sealed).and_then(|text| serde_json::from_slice::<Told>(&text).ok());
            records.extend(told.and_then(|told| told.record(workstation)));
        }
        records
    }

    /// Forgets what [`Self::take`] handed out, once the chain holds it.
    pub(crate) fn clear(&self) {
        if let Err(error) = fs::remove_file(&self.path)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(kind = ?error.kind(), "the anteroom could not be cleared");
        }
    }
}
