//! Cuts a file of any size into resources without holding more than one: a Bundle's entries as they come, or the
//! resources of an NDJSON file.
//!
//! It only looks for where values begin and end; whether a piece is good JSON is judged piece by piece, so that one
//! bad entry does not spoil its neighbours.

mod input;

use std::io::BufRead;

use practice::text::MAX_RESOURCE_BYTES;

use super::reason::Reason;
use input::{Input, Piece};

/// What a Bundle entry may weigh beside its resource.
const ENTRY_EXTRA: usize = 64 << 10;

/// What the outermost object says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// `resourceType`.
    pub resource_type: Option<String>,
    /// `type`, which makes the kind of a Bundle.
    pub bundle_type: Option<String>,
    /// `fhirVersion`.
    pub fhir_version: Option<String>,
}

/// A piece of a file.
#[derive(Debug, PartialEq, Eq)]
pub enum Cut {
    /// An element of the outermost object's `entry` list. Whether that object is a Bundle is known at its end.
    Entry(Result<Vec<u8>, Reason>),
    /// The outermost object has ended: its whole text, if that is no larger than a resource may be.
    Whole(Head, Result<Vec<u8>, Reason>),
    /// Something that can't be read.
    Fault {
        /// Why.
        reason: Reason,
        /// The outermost object as far as it came, when the fault is inside one.
        inside: Option<Head>,
    },
}

/// Where the reader stands.
enum At {
    Outside,
    Members { first: bool },
    Entries { first: bool },
    Over,
}

/// Cuts one file.
pub struct Carver<R> {
    input: Input<R>,
    at: At,
    head: Head,
    whole: Piece,
    any: bool,
}

impl<R: BufRead> Carver<R> {
    /// Reads from `from`; with `lines`, a resource ends where its line does.
    pub fn new(from: R, lines: bool) -> Self {
        Self {
            input: Input::new(from, lines),
            at: At::Outside,
            head: Head::default(),
            whole: Piece::none(),
            any: false,
        }
    }

    fn step(&mut self) -> Result<Option<Cut>, Reason> {
        loop {
            match self.at {
                At::Over => return Ok(None),
                At::Outside => {
                    let Some(byte) = self.input.space(None)? else {
                        self.at = At::Over;
                        return if self.any { Ok(None) } else { Err(Reason::Empty) };
                    };
                    self.any = true;
                    self.head = Head::default();
                    self.whole = Piece::of(MAX_RESOURCE_BYTES);
                    self.input.take(1, &mut [&mut self.whole]);
                    match byte {
                        b'{' => self.at = At::Members { first: true },
                        b'[' => return Err(Reason::List),
                        b'<' => return Err(Reason::Xml),
                        _ => return Err(Reason::NotJson),
                    }
                }
                At::Members { first } => {
                    if self.next_of(b'}', first)? {
                        self.at = At::Outside;
                        let whole = std::mem::replace(&mut self.whole, Piece::none());
                        return Ok(Some(Cut::Whole(std::mem::take(&mut self.head), whole.bytes())));
                    }
                    self.member()?;
                }
                At::Entries { first } => {
                    if self.next_of(b']', first)? {
                        self.at = At::Members { first: false };
                        continue;
                    }
                    let mut entry = Piece::of(MAX_RESOURCE_BYTES + ENTRY_EXTRA);
                    self.input.value(&mut [&mut self.whole, &mut entry])?;
                    self.at = At::Entries { first: false };
                    return Ok(Some(Cut::Entry(entry.bytes())));
                }
            }
        }
    }

    /// Whether the list or object ends here; otherwise stands at its next element.
    fn next_of(&mut self, end: u8, first: bool) -> Result<bool, Reason> {
        let inside = &mut [&mut self.whole];
        match self.input.space(Some(inside))?.ok_or(Reason::CutOff)? {
            byte if byte == end => {
                self.input.take(1, inside);
                return Ok(true);
            }
            b',' if !first => {
                self.input.take(1, inside);
                self.input.space(Some(inside))?.ok_or(Reason::CutOff)?;
            }
            _ if first => {}
            _ => return Err(Reason::Broken),
        }
        Ok(false)
    }

    /// Reads one member, or stops at the first entry of `entry`.
    fn member(&mut self) -> Result<(), Reason> {
        let key = self.string()?;
        let inside = &mut [&mut self.whole];
        if self.input.space(Some(inside))? != Some(b':') {
            return Err(Reason::Broken);
        }
        self.input.take(1, inside);
        let next = self.input.space(Some(inside))?.ok_or(Reason::CutOff)?;
        let slot = match key.as_deref() {
            Some("entry") if next == b'[' => {
                self.input.take(1, inside);
                self.at = At::Entries { first: true };
                return Ok(());
            }
            Some("resourceType") => &mut self.head.resource_type,
            Some("type") => &mut self.head.bundle_type,
            Some("fhirVersion") => &mut self.head.fhir_version,
            _ => {
                self.input.value(inside)?;
                self.at = At::Members { first: false };
                return Ok(());
            }
        };
        let mut word = Piece::of(256);
        self.input.value(&mut [&mut self.whole, &mut word])?;
        *slot = word.bytes().ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        self.at = At::Members { first: false };
        Ok(())
    }

    fn string(&mut self) -> Result<Option<String>, Reason> {
        if self.input.space(Some(&mut [&mut self.whole]))? != Some(b'"') {
            return Err(Reason::Broken);
        }
        let mut word = Piece::of(256);
        self.input.value(&mut [&mut self.whole, &mut word])?;
        Ok(word.bytes().ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()))
    }
}

impl<R: BufRead> Iterator for Carver<R> {
    type Item = Cut;

    fn next(&mut self) -> Option<Cut> {
        match self.step() {
            Ok(cut) => cut,
            Err(reason) => {
                let inside = match self.at {
                    At::Outside | At::Over => None,
                    At::Members { .. } | At::Entries { .. } => Some(std::mem::take(&mut self.head)),
                };
                let goes_on = !self.input.failed() && self.input.recover();
                self.at = if goes_on { At::Outside } else { At::Over };
                Some(Cut::Fault { reason, inside })
            }
        }
    }
}

#[cfg(test)]
mod tests;
