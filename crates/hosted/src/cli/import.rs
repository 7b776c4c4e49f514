//! `import`: charts from elsewhere.

use std::path::PathBuf;

use clap::Args;
use practice::audit::{AuditAction, AuditRecord};

use super::{Office, Outcome, Report};
use crate::{
    import::{self, Halted, ImportReport, IntoPractice},
    serve::now,
    store::StoreError,
};

#[derive(Args)]
pub(super) struct Import {
    #[command(flatten)]
    office: Office,
    /// Files, or folders of them.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

/// Lines of refusals that a person is shown; `--json` has them all.
const SHOWN: usize = 50;

impl Import {
    pub fn run(self) -> Outcome {
        let mut store = self.office.open()?;
        let (report, error) = match import::run(&self.paths, &mut IntoPractice::new(&mut store, now())) {
            Ok(report) => (report, None),
            Err(Halted { report, error }) => (report, Some(error)),
        };
        let told = AuditRecord {
            comment: Some(format!("import: {} accepted, {} rejected", report.accepted, report.rejected.len())),
            ..AuditRecord::new(now(), AuditAction::Create, None, store.host()?)
        };
        let audited = store.audit(&told);
        match error {
            Some(error) => Err(error),
            None => audited.and_then(|()| tell(&report)),
        }
    }
}

fn tell(report: &ImportReport) -> Outcome {
    let document = serde_json::to_value(report).map_err(|_| StoreError::Damaged("a report"))?;
    let mut words = format!("{} accepted, {} rejected\n", report.accepted, report.rejected.len());
    for rejected in report.rejected.iter().take(SHOWN) {
        let entry = rejected.entry.map_or(String::new(), |entry| format!(", entry {entry}"));
        words += &format!("{}{entry}: {}\n", rejected.file, rejected.reason);
    }
    if report.rejected.len() > SHOWN {
        words += "… and more; --json names them all.\n";
    }
    Ok(Report::new(document, words))
}
