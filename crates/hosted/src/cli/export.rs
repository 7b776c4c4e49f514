//! `export`: everything that a practice owns, into a file.

use std::{
    fs,
    io::{BufWriter, Write},
    os::unix::fs::OpenOptionsExt,
    path::PathBuf,
};

use clap::Args;
use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
};
use serde_json::json;

use super::{Office, Outcome, Report};
use crate::{serve::now, store::StoreError};

#[derive(Args)]
pub(super) struct Export {
    #[command(flatten)]
    office: Office,
    /// The file to be made: FHIR R4, a resource a line. It is not encrypted.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Every version of each record, and not the present one alone.
    #[arg(long)]
    history: bool,
}

impl Export {
    pub fn run(self) -> Outcome {
        let mut store = self.office.open()?;
        let draft = self.out.with_extension("part");
        let open = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft);
        let file = open.map_err(|_| {
            StoreError::refused(Code::Invalid, "The file can't be made there. Name another; its folder has to exist.")
        })?;
        if self.out.exists() {
            fs::remove_file(&draft)?;
            return Err(StoreError::refused(Code::Invalid, "There is a file of that name. Name another."));
        }
        let record = AuditRecord {
            query: Some("everything, at the host".to_owned()),
            ..AuditRecord::new(now(), AuditAction::Export, None, store.host()?)
        };
        store.audit(&record)?;
        let write = || {
            let mut out = BufWriter::new(&file);
            let done = store.export(self.history, &mut out)?;
            out.flush()?;
            file.sync_all()?;
            Ok::<_, StoreError>(done)
        };
        let done = write().inspect_err(|_| drop(fs::remove_file(&draft)))?;
        fs::rename(&draft, &self.out)?;
        Ok(Report::new(
            json!({"file": self.out, "resources": done.resources, "audit_events": done.audit_events}),
            format!(
                "{} records and {} entries of the audit trail are in {}. The file is not encrypted.",
                done.resources,
                done.audit_events,
                self.out.display()
            ),
        ))
    }
}
