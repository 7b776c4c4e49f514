//! `restored`: the data folder was put back from a copy.

use clap::Args;
use practice::audit::{AuditAction, AuditRecord};
use serde_json::json;

use super::{Office, Outcome, Report};
use crate::serve::now;

#[derive(Args)]
pub(super) struct Restored {
    #[command(flatten)]
    office: Office,
}

impl Restored {
    pub fn run(self) -> Outcome {
        let mut store = self.office.open()?;
        let record = AuditRecord {
            query: Some("restored from a copy".to_owned()),
            ..AuditRecord::new(now(), AuditAction::GiveBack, None, store.host()?)
        };
        let epoch = store.live_anew(&record)?;
        Ok(Report::new(
            json!({ "epoch": epoch }),
            "A new life of the host begins. Each workstation gives back what this copy lacks at its next contact.\n"
                .to_owned(),
        ))
    }
}
