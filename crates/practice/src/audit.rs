//! The audit trail: who did what, as FHIR AuditEvents in a hash chain a workstation (ASTM E2147, 45 CFR 164.312(b)).
//!
//! An entry's hash covers its number, its text and the hash before it, so an edit, a deletion, a reordering or a
//! clone shows. The anchor is the host, which takes entries only in order.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    ids::{MemberId, PatientId, WorkstationId},
    resource::ResourceKey,
    time::Stamp,
};

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident $word:literal $code:literal),+ $(,)?) => {
        /// What was done. A use case without one cannot be written: every store call asks for it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum AuditAction { $($(#[$doc])* $name),+ }

        impl AuditAction {
            /// Every action.
            pub const ALL: &[AuditAction] = &[$(AuditAction::$name),+];

            /// The stable word in `AuditEvent.subtype`.
            pub fn as_str(self) -> &'static str {
                match self { $(AuditAction::$name => $word),+ }
            }

            /// FHIR audit-event-action: C R U D E.
            fn crude(self) -> &'static str {
                match self { $(AuditAction::$name => $code),+ }
            }
        }
    };
}

actions! {
    /// This computer joined the practice.
    Enrol "enrol" "E",
    /// Sign-in, good or bad by outcome.
    SignIn "sign-in" "E",
    /// Sign-out.
    SignOut "sign-out" "E",
    /// The session locked.
    Lock "lock" "E",
    /// Unlock, good or bad by outcome.
    Unlock "unlock" "E",
    /// A search for patients.
    Search "search" "E",
    /// The schedule was shown.
    ReadSchedule "read-schedule" "R",
    /// A day beside the one shown was read, to be drawn before it is asked for. Nobody saw it: to show it is to read it again.
    ReadAhead "read-ahead" "R",
    /// A chart was opened.
    ReadChart "read-chart" "R",
    /// One resource was shown.
    Read "read" "R",
    /// The alerts of a patient who has arrived were seen.
    SeeAlerts "see-alerts" "R",
    /// Something was made.
    Create "create" "C",
    /// Something was changed.
    Update "update" "U",
    /// A change was taken back before it was sent.
    Withdraw "withdraw" "D",
    /// A refused change was sent again.
    Retry "retry" "E",
    /// A refused change was given to somebody to look after.
    HandOn "hand-on" "U",
    /// A change and what the host had meanwhile were merged.
    Merge "merge" "U",
    /// A person settled a conflict.
    Settle "settle" "U",
    /// What a restored host had lost was given back to it.
    GiveBack "give-back" "U",
    /// Something was printed.
    Print "print" "R",
    /// The waiting changes were shown.
    ReadOutbox "read-outbox" "R",
    /// The policy was changed.
    PolicyChange "policy-change" "U",
    /// The audit trail was shown or verified.
    ReadAudit "read-audit" "R",
    /// A wipe of this computer.
    Wipe "wipe" "D",
    /// A second factor was set up, used up in part, or taken away.
    SecondFactor "second-factor" "U",
    /// A refresh token was shown that had been used before: somebody has a copy.
    TokenReuse "token-reuse" "E",
    /// Everything was given out to the practice.
    Export "export" "R",
    /// The practice was put back from a backup.
    Restore "restore" "U",
    /// That the practice be deleted was asked, or taken back.
    Deletion "deletion" "U",
}

/// How it ended (FHIR audit-event-outcome).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditOutcome {
    /// 0.
    Success,
    /// 4: a refusal.
    Refused,
    /// 8: a failure.
    Failed,
}

/// One thing done, before it has a place in the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRecord {
    /// When.
    pub at: Stamp,
    /// What.
    pub action: AuditAction,
    /// How it ended.
    pub outcome: AuditOutcome,
    /// Who, when known.
    pub member: Option<MemberId>,
    /// The sign-in address typed, when no member is known.
    pub claimed: Option<String>,
    /// Where.
    pub workstation: WorkstationId,
    /// Whose chart.
    pub patient: Option<PatientId>,
    /// What it touched.
    pub resource: Option<ResourceKey>,
    /// Search text, or the day shown.
    pub query: Option<String>,
    /// The person's comment, or the reason ("idle").
    pub comment: Option<String>,
}

impl AuditRecord {
    /// A successful action of `member`, to be completed with `..`.
    pub fn new(at: Stamp, action: AuditAction, member: Option<MemberId>, workstation: WorkstationId) -> Self {
        Self {
            at,
            action,
            outcome: AuditOutcome::Success,
            member,
            claimed: None,
            workstation,
            patient: None,
            resource: None,
            query: None,
            comment: None,
        }
    }

    /// The AuditEvent (<https://hl7.org/fhir/R4/auditevent.html>) with id `id`.
    pub fn to_fhir(&self, id: &str) -> String {
        let identifier = |system: &str, value: &str| json!({"identifier": {"system": system, "value": value}});
        let mut agent = json!({"requestor": true});
        match (&self.member, &self.claimed) {
            (Some(member), _) => agent["who"] = identifier(crate::MEMBER_SYSTEM, member.as_str()),
            (None, Some(claimed)) => agent["altId"] = Value::from(claimed.as_str()),
            (None, None) => {}
        }
        let mut entities = Vec::new();
        if let Some(patient) = &self.patient {
            entities.push(json!({"what": {"reference": format!("Patient/{patient}")}}));
        }
        if let Some(resource) = &self.resource {
            entities.push(json!({"what": {"reference": resource.to_string()}}));
        }
        if let Some(query) = &self.query {
            entities.push(json!({"description": query}));
        }
        let mut event = json!({
            "resourceType": "AuditEvent",
            "id": id,
            "type": {"system": "http://dicom.nema.org/resources/ontology/DCM", "code": "110112"},
            "subtype": [{"system": "urn:shadowchart:audit", "code": self.action.as_str()}],
            "action": self.action.crude(),
            "recorded": self.at.to_string(),
            "outcome": match self.outcome {
                AuditOutcome::Success => "0",
                AuditOutcome::Refused => "4",
                AuditOutcome::Failed => "8",
            },
            "agent": [agent],
            "source": {"observer": identifier(crate::WORKSTATION_SYSTEM, self.workstation.as_str())},
        });
        if !entities.is_empty() {
            event["entity"] = Value::from(entities);
        }
        if let Some(comment) = &self.comment {
            event["purposeOfEvent"] = json!([{"text": comment}]);
        }
        event.to_string()
    }
}

/// One link of a workstation's chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainEntry {
    /// 1, 2, 3 ... without a gap.
    pub seq: u64,
    /// The hash of the entry before; [`FIRST`] for the first.
    pub prev: String,
    /// The AuditEvent's text.
    pub event: String,
    /// [`link`] of the above.
    pub hash: String,
}

/// What stands before the first entry.
pub const FIRST: &str = "";

/// SHA-256, hex, over workstation, number, the hash before and the event, each with its length so that no two
/// entries can be cut differently to the same bytes.
pub fn link(workstation: &WorkstationId, seq: u64, prev: &str, event: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(b"shadowchart-audit-1");
    for part in [workstation.as_str().as_bytes(), &seq.to_be_bytes(), prev.as_bytes(), event.as_bytes()] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().iter().map(|b| format!("{b:02x}")).collect()
}

/// Where a chain breaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Break {
    /// At this number.
    pub seq: u64,
    /// In words.
    pub say: &'static str,
}

/// Checks `entries` as the links that follow number `seq` with hash `prev`; gives the new end of the chain.
///
/// # Errors
/// The first place where a number is missing or repeated, or a hash does not fit.
pub fn follow<'a>(
    workstation: &WorkstationId,
    mut seq: u64,
    prev: &str,
    entries: impl IntoIterator<Item = &'a ChainEntry>,
) -> Result<(u64, String), Break> {
    let mut prev = prev.to_owned();
    for entry in entries {
        if entry.seq != seq + 1 {
            return Err(Break { seq: seq + 1, say: "An entry is missing or out of order." });
        }
        if entry.prev != prev {
            return Err(Break { seq: entry.seq, say: "The entry before was changed or removed." });
        }
        if entry.hash != link(workstation, entry.seq, &entry.prev, &entry.event) {
            return Err(Break { seq: entry.seq, say: "The entry was changed." });
        }
        seq = entry.seq;
        prev.clone_from(&entry.hash);
    }
    Ok((seq, prev))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(workstation: &WorkstationId, events: &[&str]) -> Vec<ChainEntry> {
        let mut prev = FIRST.to_owned();
        let mut entries = Vec::new();
        for (seq, event) in (1..).zip(events) {
            let hash = link(workstation, seq, &prev, event);
            entries.push(ChainEntry { seq, prev, event: (*event).to_owned(), hash: hash.clone() });
            prev = hash;
        }
        entries
    }

    #[test]
    fn an_edit_a_deletion_a_swap_and_a_clone_show() {
        let here = WorkstationId::parse("w1").unwrap();
        let good = chain(&here, &["a", "b", "c", "d"]);
        let ends = follow(&here, 0, FIRST, &good).unwrap();
        assert_eq!(ends, (4, good[3].hash.clone()));

        let mut edited = good.clone();
        edited[1].event = "x".into();
        assert_eq!(follow(&here, 0, FIRST, &edited).unwrap_err().seq, 2);
        edited[1].hash = link(&here, 2, &edited[1].prev, "x");
        assert_eq!(follow(&here, 0, FIRST, &edited).unwrap_err().seq, 3, "hashing the edit anew breaks the next");

        let mut cut = good.clone();
        cut.remove(2);
        assert_eq!(follow(&here, 0, FIRST, &cut).unwrap_err().seq, 3);

        let mut swapped = good.clone();
        swapped.swap(1, 2);
        assert!(follow(&here, 0, FIRST, &swapped).is_err());

        assert!(follow(&WorkstationId::parse("w2").unwrap(), 0, FIRST, &good).is_err(), "another computer's chain");
        assert!(follow(&here, 5, &ends.1, &good).is_err(), "the host is past this tail");
    }

    #[test]
    fn an_event_names_member_patient_place_and_reason() {
        let record = AuditRecord {
            patient: PatientId::parse("p1"),
            comment: Some("asked on the phone".into()),
            ..AuditRecord::new(
                Stamp::from_millis(0).unwrap(),
                AuditAction::ReadChart,
                MemberId::parse("m1"),
                WorkstationId::parse("w1").unwrap(),
            )
        };
        let event: Value = serde_json::from_str(&record.to_fhir("e1")).unwrap();
        assert_eq!(event["agent"][0]["who"]["identifier"]["value"], "m1");
        assert_eq!(event["entity"][0]["what"]["reference"], "Patient/p1");
        assert_eq!(event["source"]["observer"]["identifier"]["value"], "w1");
        assert_eq!(event["purposeOfEvent"][0]["text"], "asked on the phone");
        assert_eq!(event["recorded"], "1970-01-01T00:00:00.000Z");
    }
}
