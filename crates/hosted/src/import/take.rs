//! The second reading: each entry judged, its references resolved, and handed to the sink in batches.

use std::path::Path;

use practice::text;

use super::{
    ImportReport, Limits, Rejected, Sink, SinkError,
    carve::{Carver, Cut},
    entry::{self, Candidate},
    files,
    names::{Came, Coming},
    place::Place,
    reason::Reason,
    references,
    survey::{Role, Survey},
};
use crate::store::NewResource;

/// A batch is one transaction of the store: large enough to be fast, small enough for little memory.
const BATCH: usize = 500;
const BATCH_BYTES: usize = 4 << 20;

/// An import under way.
pub struct Taking<'a, S> {
    limits: Limits,
    survey: &'a Survey,
    sink: &'a mut S,
    came: Came,
    batch: Vec<NewResource>,
    /// Where each of the batch came from.
    origins: Vec<(String, u64)>,
    bytes: usize,
    report: ImportReport,
}

impl<'a, S: Sink> Taking<'a, S> {
    pub fn new(limits: Limits, survey: &'a Survey, sink: &'a mut S) -> Self {
        Self {
            limits,
            survey,
            sink,
            came: Came::default(),
            batch: Vec::new(),
            origins: Vec::new(),
            bytes: 0,
            report: ImportReport::default(),
        }
    }

    pub fn into_report(self) -> ImportReport {
        self.report
    }

    pub fn reject(&mut self, path: &Path, entry: Option<u64>, reason: Reason) {
        self.report.rejected.push(Rejected { file: path.display().to_string(), entry, reason: reason.to_string() });
    }

    /// Takes file number `number`.
    pub fn file(&mut self, number: usize, path: &Path) -> Result<(), S::Error> {
        let from = match files::open(path, self.limits.expanded) {
            Ok(from) => from,
            Err(error) => {
                self.reject(path, None, files::reason(&error));
                return Ok(());
            }
        };
        let lines = files::is_lines(path);
        let most = self.report.rejected.len() + self.limits.refusals;
        let mut place = Place::default();
        for cut in Carver::new(from, lines) {
            let role = self.survey.role(number, place.nth());
            match cut {
                Cut::Entry(bytes) => {
                    if let Role::Bundle(bundle) = role {
                        let index = place.index();
                        let candidate = bytes.as_deref().map_err(Clone::clone).and_then(|b| entry::bundled(b, index));
                        self.candidate(path, index, bundle, candidate)?;
                    }
                    place.entry();
                }
                Cut::Whole(_, bytes) => {
                    let index = place.start();
                    match &role {
                        Role::Bundle(_) => {}
                        Role::Refused(reason) => self.reject(path, lines.then_some(index), reason.clone()),
                        Role::Resource => {
                            let candidate = bytes.as_deref().map_err(Clone::clone).and_then(|b| entry::bare(b, index));
                            self.candidate(path, index, 0, candidate)?;
                        }
                    }
                    place.whole(&role);
                }
                Cut::Fault { reason, inside } => {
                    let index = if matches!(role, Role::Bundle(_)) { place.index() } else { place.start() };
                    let somewhere = lines || inside.is_some() || index > 0;
                    self.reject(path, somewhere.then_some(index), reason);
                    place.fault(&role);
                }
            }
            if self.report.rejected.len() >= most {
                self.reject(path, None, Reason::TooMany);
                break;
            }
        }
        Ok(())
    }

    fn candidate(
        &mut self,
        path: &Path,
        index: u64,
        bundle: u32,
        candidate: Result<Candidate<'_>, Reason>,
    ) -> Result<(), S::Error> {
        let admitted = match candidate {
            Ok(candidate) => self.admit(&candidate, bundle)?,
            Err(reason) => Err(reason),
        };
        match admitted {
            Err(reason) => self.reject(path, Some(index), reason),
            Ok(None) => self.report.accepted += 1,
            Ok(Some(resource)) => {
                self.bytes += resource.text.len();
                self.batch.push(resource);
                self.origins.push((path.display().to_string(), index));
                if self.batch.len() >= BATCH || self.bytes >= BATCH_BYTES {
                    self.flush()?;
                }
            }
        }
        Ok(())
    }

    /// The resource as it is to be stored; `None` when this import already has it, the same to the byte.
    fn admit(
        &mut self,
        candidate: &Candidate<'_>,
        bundle: u32,
    ) -> Result<Result<Option<NewResource>, Reason>, S::Error> {
        if let Err(reason) = candidate.judge() {
            return Ok(Err(reason));
        }
        let text = match references::resolve(candidate.text, bundle, &self.survey.names, self.sink)? {
            Ok(text) => text,
            Err(reason) => return Ok(Err(reason)),
        };
        let key = candidate.key.clone();
        let text = if candidate.nameless { text::set(&text, "/id", &text::quote(key.id.as_str())) } else { Ok(text) };
        Ok(match text {
            Err(error) => Err(Reason::Text(error)),
            Ok(text) => match self.came.note(&key, &text) {
                Coming::New => Ok(Some(NewResource { key, text })),
                Coming::Again => Ok(None),
                Coming::OtherContent => Err(Reason::Twice),
            },
        })
    }

    /// Hands the batch to the sink. When it refuses, each resource goes alone, so that only the bad one stays out.
    pub fn flush(&mut self) -> Result<(), S::Error> {
        let batch = std::mem::take(&mut self.batch);
        let origins = std::mem::take(&mut self.origins);
        self.bytes = 0;
        match self.sink.accept(&batch) {
            Ok(()) => self.report.accepted += batch.len() as u64,
            Err(SinkError::Failed(error)) => return Err(error),
            Err(SinkError::Refused(_)) => {
                for (resource, (file, index)) in batch.chunks(1).zip(origins) {
                    match self.sink.accept(resource) {
                        Ok(()) => self.report.accepted += 1,
                        Err(SinkError::Failed(error)) => return Err(error),
                        Err(SinkError::Refused(words)) => {
                            let reason = Reason::Refused(words).to_string();
                            self.report.rejected.push(Rejected { file, entry: Some(index), reason });
                        }
                    }
                }
            }
        }
        Ok(())
    }
}
