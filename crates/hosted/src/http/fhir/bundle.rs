//! Bundles put together from stored text: a resource's JSON is copied in as it is, never read again.

use practice::{life::LIFE, time::Stamp};

use crate::store::{Row, StoreError};

/// A Bundle in the making.
pub(super) struct Bundle<'a> {
    out: Vec<u8>,
    base: &'a str,
    entries: usize,
    /// Rows of one transaction share their time: it is written once and copied.
    updated: Option<(Stamp, String)>,
}

impl<'a> Bundle<'a> {
    /// An empty Bundle of type `kind` for about `entries` entries.
    pub fn new(kind: &str, base: &'a str, entries: u32) -> Self {
        let mut out = Vec::with_capacity(1024 + entries.min(2000) as usize * 1500);
        for part in ["{\"resourceType\":\"Bundle\",\"type\":\"", kind, "\""] {
            out.extend_from_slice(part.as_bytes());
        }
        Self { out, base, entries: 0, updated: None }
    }

    /// An entry that says how the resource came to be (<https://hl7.org/fhir/R4/http.html#history>).
    pub fn told(&mut self, row: &Row<'_>) -> Result<(), StoreError> {
        self.resource(row)?;
        if let Some(life) = row.life {
            self.push(&[",\"extension\":[{\"url\":\"", LIFE, "\",\"valueString\":\"", life, "\"}]"]);
        }
        self.push(&[",\"request\":{\"method\":\"PUT\",\"url\":\"", row.kind, "/", row.id, "\"}"]);
        self.response(row);
        Ok(())
    }

    /// An entry that was looked for.
    pub fn found(&mut self, row: &Row<'_>) -> Result<(), StoreError> {
        self.resource(row)?;
        self.push(&[",\"search\":{\"mode\":\"match\"}}"]);
        Ok(())
    }

    /// An entry of a transaction's answer.
    pub fn written(&mut self, row: &Row<'_>) -> Result<(), StoreError> {
        self.resource(row)?;
        self.response(row);
        Ok(())
    }

    /// Whether it has no entry.
    pub fn is_empty(&self) -> bool {
        self.entries == 0
    }

    /// Bytes so far.
    pub fn size(&self) -> usize {
        self.out.len()
    }

    /// The Bundle, with its links: relation and what follows the base address.
    pub fn finish(mut self, links: &[(&str, String)]) -> Vec<u8> {
        if self.entries > 0 {
            self.push(&["]"]);
        }
        if !links.is_empty() {
            let base = self.base;
            let mut before = ",\"link\":[";
            for (relation, rest) in links {
                self.push(&[before, "{\"relation\":\"", relation, "\",\"url\":\"", base, rest, "\"}"]);
                before = ",";
            }
            self.push(&["]"]);
        }
        self.push(&["}"]);
        self.out
    }

    fn resource(&mut self, row: &Row<'_>) -> Result<(), StoreError> {
        let base = self.base;
        let before = if self.entries == 0 { ",\"entry\":[" } else { "," };
        self.entries += 1;
        self.push(&[before, "{\"fullUrl\":\"", base, "/", row.kind, "/", row.id, "\",\"resource\":"]);
        row.write(&mut self.out)
    }

    /// The answer's part of an entry, and the entry's end.
    fn response(&mut self, row: &Row<'_>) {
        let status = if row.version == 1 { "201" } else { "200" };
        if self.updated.as_ref().is_none_or(|(at, _)| *at != row.updated) {
            self.updated = Some((row.updated, row.updated.to_string()));
        }
        let updated = self.updated.take();
        let text = updated.as_ref().map_or("", |(_, text)| text);
        let version = row.version.to_string();
        let etag = "\",\"etag\":\"W/\\\"";
        self.push(&[
            ",\"response\":{\"status\":\"",
            status,
            etag,
            &version,
            "\\\"\",\"lastModified\":\"",
            text,
            "\"}}",
        ]);
        self.updated = updated;
    }

    fn push(&mut self, parts: &[&str]) {
        for part in parts {
            self.out.extend_from_slice(part.as_bytes());
        }
    }
}
