//! Everything that the practice owns, into a file on this computer: asked of the host by an admin, a FHIR resource a line.
//!
//! The file is not encrypted. It is written beside its name, for its owner alone, and gets its name when it is whole:
//! whatever breaks off leaves no file.

use std::{path::Path, sync::Arc};

use practice::{
    Code,
    audit::{AuditAction, AuditRecord},
    permission,
    schedule::Zoned,
    time::Stamp,
};
use tokio::sync::Notify;

use crate::{
    host::ExportLine,
    refused::{Outcome, refuse},
    screen::{ExportPage, ExportState, Refused},
    session::Workstation,
    unfinished::Unfinished,
};

/// Written at once.
const PART: usize = 1024 * 1024;

/// What is said when the host can't be reached and does not know the admin any more.
const UNKNOWN: &str = "The export comes from the host, which can't be reached now.";

impl Workstation {
    /// Where an export into `folder` would go, and how the last one stands.
    ///
    /// # Errors
    /// When locked or not an admin's.
    pub fn exporting(&self, folder: Option<&Path>) -> Outcome<ExportPage> {
        self.at_desk(|desk| desk.may::<permission::Export>().map(drop))?;
        Ok(ExportPage { folder: known(folder)?.display().to_string(), current: self.exports.current() })
    }

    /// Begins to write everything that the practice owns into a new file in `folder`; with every version of each record
    /// when `history` is wanted. It goes on by itself, and ends with this session at the latest.
    ///
    /// # Errors
    /// When locked or not an admin's, when the host can't be reached, when one is under way, and when the folder can't be
    /// written.
    pub async fn export(self: &Arc<Self>, history: bool, folder: Option<&Path>) -> Outcome<ExportPage> {
        let (enrolled, person, generation) = self.person::<permission::Export>(UNKNOWN).await?;
        let now = self.clock.now();
        let name = file_name(&enrolled.as_written.practice.name, &enrolled.zone, now);
        let Some(stop) = self.exports.begin(name.clone(), history) else {
            return refuse(Code::NotNow, "An export is under way. Wait for its end, or break it off.");
        };
        let begun = async {
            let file = Unfinished::make(known(folder)?, &name)?;
            let line = enrolled.line.export(&person, history).await?;
            self.desk_of(generation, |desk| {
                let what = if history { "everything, with its history" } else { "everything" };
                let record = AuditRecord { query: Some(what.to_owned()), ..desk.tells(now, AuditAction::Export) };
                Ok(desk.store.record(&record).map_err(|e| e.refusal())?)
            })?;
            Ok::<_, Refused>((file, line))
        };
        let (file, line) = begun.await.inspect_err(|refused: &Refused| {
            self.exports.end(ExportState::Failed, Some(refused.say.clone()));
        })?;
        let here = Arc::clone(self);
        tokio::spawn(async move {
            let (state, say) = match here.write_export(file, line, &stop, generation).await {
                Ok(true) => (ExportState::Done, None),
                Ok(false) => (ExportState::Cancelled, None),
                Err(refused) => (ExportState::Failed, Some(refused.say)),
            };
            here.exports.end(state, say);
        });
        self.exporting(folder)
    }

    /// Breaks off the export that is under way. There is no file then.
    ///
    /// # Errors
    /// When locked or not an admin's.
    pub fn cancel_export(&self) -> Outcome<()> {
        self.at_desk(|desk| desk.may::<permission::Export>().map(drop))?;
        self.exports.stop();
        Ok(())
    }

    /// Whether the file is whole; it is not where somebody broke it off.
    async fn write_export(
        &self,
        mut file: Unfinished,
        mut line: ExportLine,
        stop: &Notify,
        generation: u64,
    ) -> Outcome<bool> {
        let (mut records, mut bytes, mut last) = (0u64, 0u64, b'\n');
        let mut part = Vec::with_capacity(PART);
        loop {
            let chunk = tokio::select! {
                chunk = line.next() => chunk?,
                () = stop.notified() => return Ok(false),
            };
            // It was for whoever sat here.
            if self.generation() != generation {
                return Ok(false);
            }
            let ended = chunk.is_none();
            if let Some(chunk) = chunk {
                records += chunk.iter().filter(|byte| **byte == b'\n').count() as u64;
                bytes += chunk.len() as u64;
                last = chunk.last().copied().unwrap_or(last);
                part.extend_from_slice(&chunk);
            }
            if part.len() >= PART || ended {
                let (mut to, what) = (file, std::mem::replace(&mut part, Vec::with_capacity(PART)));
                file = crate::blocking(move || {
                    to.write(&what)?;
                    Ok(to)
                })
                .await?;
                self.exports.tell(records, bytes);
            }
            if ended {
                break;
            }
        }
        if last != b'\n' || records == 0 {
            return refuse(Code::HostConfused, "The export broke off before its end. There is no file. Try again.");
        }
        crate::blocking(move || file.finish()).await?;
        Ok(true)
    }
}

pub(super) fn known(folder: Option<&Path>) -> Outcome<&Path> {
    match folder {
        Some(folder) => Ok(folder),
        None => refuse(Code::Unexpected, "This computer has no folder to put a file into."),
    }
}

/// A name that says whose and when: `elm-street 2026-11-29 13.05.07.ndjson`.
fn file_name(practice: &str, zone: &Zoned, at: Stamp) -> String {
    let plain = practice.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).take(60).collect::<String>();
    let words: Vec<_> = plain.split_whitespace().collect();
    format!("{} {}.ndjson", words.join("-"), zone.wall(at).strftime("%Y-%m-%d %H.%M.%S"))
}
