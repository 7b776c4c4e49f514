//! The audit trail of this workstation: shown, and verified link by link.

use practice::{Code, audit::AuditAction, permission::ReadAudit};
use serde::Serialize;

use crate::{refused::Outcome, screen::Refused, session::Workstation};

/// Most events shown at once; the chain is verified whole.
const MOST: u32 = 1000;

/// One event.
#[derive(Serialize)]
pub struct AuditLine {
    /// Its number in the chain.
    pub seq: u64,
    /// Its hash, for comparison with the host's anchor.
    pub hash: String,
    /// The FHIR AuditEvent.
    pub event: serde_json::Value,
}

/// What was found.
#[derive(Serialize)]
pub struct AuditReport {
    /// Newest first.
    pub events: Vec<AuditLine>,
    /// How many links the chain has.
    pub length: u64,
    /// Whether every link was checked.
    pub verified: bool,
    /// Where the chain breaks, if it does.
    pub broken: Option<practice::audit::Break>,
    /// Why the host does not take it, if it was heard to refuse.
    pub refused: Option<Refused>,
}

impl Workstation {
    /// Shows the newest events; with `verify`, checks the whole chain first. What the host has said of it is known from
    /// the last sync, or from [`Self::offer_chain`].
    ///
    /// # Errors
    /// When locked or not allowed.
    pub fn audit(&self, verify: bool) -> Outcome<AuditReport> {
        self.at_desk(|desk| {
            if !verify {
                desk.may::<ReadAudit>()?;
            }
            let telling = desk.tells(self.clock.now(), AuditAction::ReadAudit);
            let broken = match verify {
                true => desk.store.verify(&telling).map_err(|e| e.refusal())?.err(),
                false => None,
            };
            let entries = desk.store.audit_entries(MOST, None, &telling).map_err(|e| e.refusal())?;
            let length = entries.first().map_or(0, |entry| entry.seq);
            let shown = if desk.may::<ReadAudit>().is_ok() { entries } else { Vec::new() };
            let events = shown
                .into_iter()
                .map(|entry| AuditLine {
                    seq: entry.seq,
                    hash: entry.hash,
                    event: serde_json::from_str(&entry.event).unwrap_or_default(),
                })
                .collect();
            let refused = desk.findings()?.into_iter().find(|found| found.code == Code::AuditGap);
            Ok(AuditReport { events, length, verified: verify, broken, refused })
        })
    }
}
