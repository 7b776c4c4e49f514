//! A practice as one stream of lines (NDJSON): what a backup keeps, and how a practice moves from one store to another.
//!
//! ```text
//! {"shadowchart":1,"practice":ID,"life":NAME,"counts":{TABLE:N,…}}
//! {"TABLE":{COLUMN:VALUE,…}}                  one a row, table by table, each in the order of its key
//! {"end":{"lines":N,"sha256":HEX}}            over everything before it: a stream that was cut is known
//! ```
//!
//! Equal practices give equal bytes, whatever store they lie in. What can be worked out again is not in it (see
//! [`tables`]). It holds the practice's secrets: it belongs into an encrypted repository and nowhere else.

mod rebuild;
mod tables;
mod take_in;
mod write;

pub(super) use take_in::take_in;
pub(super) use write::write;

#[cfg(test)]
pub(in crate::store) mod tests;

use std::{collections::BTreeMap, io::Write};

use practice::Code;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::StoreError;

/// What the format is called; raised when an old reader would misread a new stream.
const FORMAT: u32 = 1;

/// The first line.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Head {
    shadowchart: u32,
    practice: String,
    life: String,
    counts: BTreeMap<String, u64>,
}

/// The last line.
#[derive(Serialize, Deserialize)]
struct End {
    end: Total,
}

#[derive(Serialize, Deserialize)]
struct Total {
    lines: u64,
    sha256: String,
}

/// What a stream holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Streamed {
    /// The life that the practice was in.
    pub life: String,
    /// Rows, by table.
    pub counts: BTreeMap<String, u64>,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of everything before the last line, hex.
    pub sha256: String,
}

impl Streamed {
    /// Versions of resources.
    pub fn versions(&self) -> u64 {
        self.counts.get("version").copied().unwrap_or(0)
    }
}

/// Counts and hashes what passes.
#[derive(Clone, Default)]
struct Meter {
    hash: Sha256,
    lines: u64,
    bytes: u64,
}

impl Meter {
    /// A line, its end with it.
    fn line(&mut self, line: &[u8]) {
        self.hash.update(line);
        self.lines += 1;
        self.bytes += line.len() as u64;
    }

    fn total(&self) -> Total {
        let sha256 = self.hash.clone().finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Total { lines: self.lines, sha256 }
    }
}

/// Writes lines through a meter.
struct Lines<'a> {
    out: &'a mut dyn Write,
    meter: Meter,
    line: Vec<u8>,
}

impl Lines<'_> {
    /// Writes what `line` was filled with.
    fn send(&mut self) -> Result<(), StoreError> {
        self.line.push(b'\n');
        self.meter.line(&self.line);
        self.out.write_all(&self.line)?;
        self.line.clear();
        Ok(())
    }
}

fn json(value: &impl Serialize, out: &mut Vec<u8>) -> Result<(), StoreError> {
    serde_json::to_writer(out, value).map_err(|_| StoreError::Damaged("a row that is no JSON"))
}

fn damaged(say: &'static str) -> StoreError {
    StoreError::refused(Code::BackupDamaged, say)
}
