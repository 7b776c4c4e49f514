//! Reading what is stored: one resource, one version, a resource's history, and the feed of everything.

use std::ops::ControlFlow;

use practice::{resource::ResourceKey, time::Stamp};

use super::{
    PracticeStore, StoreError, body,
    db::{self, values},
    lives::Lives,
};

/// One version of one resource, as it lies in the file.
pub struct Row<'a> {
    /// Its place in the feed.
    pub seq: i64,
    /// Resource type.
    pub kind: &'a str,
    /// Id.
    pub id: &'a str,
    /// Version number.
    pub version: u32,
    /// When the host took it.
    pub updated: Stamp,
    /// The life that it was written in, where that is not the present one; told by the feed.
    pub life: Option<&'a str>,
    body: &'a [u8],
}

/// One version of one resource, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Version number.
    pub version: u32,
    /// When the host took it.
    pub updated: Stamp,
    /// Its JSON, with `meta.versionId` and `meta.lastUpdated`.
    pub text: String,
}

pub(super) const COLUMNS: &str = "v.seq, v.kind, v.id, v.version, v.updated, v.body";

impl<'a> Row<'a> {
    pub(super) fn of(row: &'a db::Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            seq: row.get("seq")?,
            kind: row.get("kind")?,
            id: row.get("id")?,
            version: row.get("version")?,
            updated: Stamp::from_millis(row.get("updated")?).ok_or(StoreError::Damaged("a version"))?,
            life: None,
            body: row.get("body")?,
        })
    }

    /// Appends the resource's JSON to `out`.
    ///
    /// # Errors
    /// When the stored body is damaged.
    pub fn write(&self, out: &mut Vec<u8>) -> Result<(), StoreError> {
        body::unpack_onto(self.body, out)
    }

    fn stored(&self) -> Result<Stored, StoreError> {
        Ok(Stored { version: self.version, updated: self.updated, text: body::unpack(self.body)? })
    }
}

impl PracticeStore {
    /// The present version of `key`.
    pub fn read(&self, key: &ResourceKey) -> Result<Option<Stored>, StoreError> {
        self.db.one(
            &format!("select {COLUMNS} from resource r join version v on v.seq = r.seq where r.kind = ? and r.id = ?"),
            values![key.kind.as_str(), key.id.as_str()],
            |row| Row::of(row)?.stored(),
        )
    }

    /// Version `version` of `key`.
    pub fn read_version(&self, key: &ResourceKey, version: u32) -> Result<Option<Stored>, StoreError> {
        self.db.one(
            &format!(
                "select {COLUMNS} from resource r join version v on v.resource = r.n and v.version = ?
                 where r.kind = ? and r.id = ?"
            ),
            values![version, key.kind.as_str(), key.id.as_str()],
            |row| Row::of(row)?.stored(),
        )
    }

    /// Every version of `key`, newest first.
    pub fn history(
        &self,
        key: &ResourceKey,
        mut each: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let history = format!(
            "select {COLUMNS} from resource r join version v on v.resource = r.n
             where r.kind = ? and r.id = ? order by v.version desc"
        );
        self.db.each(&history, values![key.kind.as_str(), key.id.as_str()], |row| {
            each(&Row::of(row)?)?;
            Ok(ControlFlow::Continue(()))
        })
    }

    /// Up to `count` versions that follow `after` in the order the host took them, AuditEvents left out, until `each`
    /// has enough.
    ///
    /// Numbers are given while nobody else writes and seen only when committed, so nothing can appear behind a number
    /// that a reader has passed.
    pub fn feed(
        &self,
        after: i64,
        count: u32,
        mut each: impl FnMut(&Row<'_>) -> Result<ControlFlow<()>, StoreError>,
    ) -> Result<(), StoreError> {
        let lives = Lives::before_the_present(&self.db, after)?;
        let feed = format!(
            "select {COLUMNS} from version v where v.seq > ? and v.kind <> 'AuditEvent' order by v.seq limit ?"
        );
        self.db.each(&feed, values![after, count], |row| {
            let row = Row::of(row)?;
            let life = lives.of(row.seq);
            each(&Row { life, ..row })
        })
    }

    /// The versions with these numbers: what one change wrote.
    pub fn written(
        &self,
        numbers: &[i64],
        mut each: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let written = format!("select {COLUMNS} from version v where v.seq = ?");
        for seq in numbers {
            self.db.one(&written, values![seq], |row| each(&Row::of(row)?))?;
        }
        Ok(())
    }
}
