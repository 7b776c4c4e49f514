//! Imports FHIR R4 files: Bundles (transaction, batch, collection, searchset) and NDJSON, plain, `.gz` or `.zst`.
//!
//! Every entry is taken or named with its reason; one bad entry never stops the others, and the order of files and
//! entries does not matter. Each text is kept word for word; only references that need it are spliced. Memory stays
//! small at any size: one entry, one batch, and a short name for each entry. It knows files and texts, and a [`Sink`]
//! takes the resources.

mod carve;
mod entry;
mod files;
mod into_practice;
mod names;
mod place;
mod reason;
mod references;
mod sink;
mod survey;
mod take;
mod version;

use std::path::PathBuf;

pub use into_practice::IntoPractice;
pub use reason::Reason;
pub use sink::{Sink, SinkError};

use files::MAX_EXPANDED;

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct ImportReport {
    /// How many entries are now in the store. One that came twice, the same to the byte, counts twice.
    pub accepted: u64,
    /// The others.
    pub rejected: Vec<Rejected>,
}

/// Something that was not taken.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Rejected {
    /// The file, as it was named.
    pub file: String,
    /// The entry's position in its file, from 0; none when it is about the file as a whole.
    pub entry: Option<u64>,
    /// Why, without a word of the file.
    pub reason: String,
}

/// An import that the store brought to a halt. Whole batches were taken before; nothing is half written.
#[derive(Debug)]
pub struct Halted<E> {
    /// What was done until then.
    pub report: ImportReport,
    /// The store's error.
    pub error: E,
}

/// Bounds, smaller in tests.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// Bytes that one compressed file may expand to.
    expanded: u64,
    /// Refusals in one file.
    refusals: usize,
}

const LIMITS: Limits = Limits { expanded: MAX_EXPANDED, refusals: 100_000 };

/// Imports every file under `paths`.
///
/// # Errors
/// When the store fails; what can't be imported is no error but part of the report.
pub fn run<S: Sink>(paths: &[PathBuf], sink: &mut S) -> Result<ImportReport, Halted<S::Error>> {
    run_within(LIMITS, paths, sink)
}

fn run_within<S: Sink>(limits: Limits, paths: &[PathBuf], sink: &mut S) -> Result<ImportReport, Halted<S::Error>> {
    let files = files::listed(paths);
    let survey = survey::survey(limits, &files);
    let mut taking = take::Taking::new(limits, &survey, sink);
    for (number, (path, listed)) in files.iter().enumerate() {
        let taken = match listed {
            Ok(()) => taking.file(number, path),
            Err(reason) => {
                taking.reject(path, None, reason.clone());
                Ok(())
            }
        };
        if let Err(error) = taken {
            return Err(Halted { report: taking.into_report(), error });
        }
    }
    match taking.flush() {
        Ok(()) => Ok(taking.into_report()),
        Err(error) => Err(Halted { report: taking.into_report(), error }),
    }
}

#[cfg(test)]
mod tests;
