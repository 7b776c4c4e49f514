//! The host: its real store, asked as its HTTP asks it.

use std::{collections::BTreeMap, ops::ControlFlow};

use anyhow::{Context, Result, anyhow};
use hosted::{
    data_dir::DataDir,
    store::{Change, ChangeError, Expects, NewMember, NewPractice, NewResource, PracticeStore},
};
use practice::{
    Refusal, Role,
    ids::{ChangeId, MemberId, PracticeId},
    resource::{ResourceKey, ResourceType},
    time::Stamp,
};
use serde_json::value::RawValue;

/// A version as it crosses the line.
#[derive(Clone, Debug)]
pub struct Sent {
    pub key: ResourceKey,
    pub version: String,
    pub updated: Stamp,
    pub text: String,
}

/// A host with one practice, which may serve many worlds one after the other.
pub struct Host {
    pub(crate) store: PracticeStore,
    pub(crate) member: MemberId,
    /// Which change made a version.
    pub(crate) made_by: BTreeMap<(ResourceKey, u32), ChangeId>,
    /// Changes that it heard of again.
    pub(crate) repeated: usize,
    /// Changes that it refused, by code.
    pub(crate) refused: BTreeMap<&'static str, usize>,
    _dir: tempfile::TempDir,
}

#[derive(serde::Deserialize)]
struct Bundle<'a> {
    #[serde(borrow)]
    entry: Vec<Entry<'a>>,
}

#[derive(serde::Deserialize)]
struct Entry<'a> {
    #[serde(borrow)]
    resource: &'a RawValue,
    request: Request,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    url: String,
    if_match: Option<String>,
}

impl Host {
    /// A new one.
    ///
    /// # Errors
    /// When the disk does not have it.
    pub fn new() -> Result<Self> {
        let dir = crate::desk::folder()?;
        let at = Stamp::from_millis(1_790_000_000_000).context("a moment")?;
        let id = PracticeId::parse("practice-1").context("an id")?;
        let data = DataDir::open_or_create(&dir.path().join("data"))?;
        let mut store =
            PracticeStore::create(&data, &NewPractice { id, name: "Elm Street", time_zone: "America/New_York", at })?;
        let member = MemberId::parse("member-1").context("an id")?;
        store.add_member(
            NewMember {
                id: member.clone(),
                email: "desk@example.test",
                name: "Dana Desk",
                role: Role::Admin,
                practitioner: None,
                password: None,
            },
            at,
        )?;
        Ok(Self { store, member, made_by: BTreeMap::new(), repeated: 0, refused: BTreeMap::new(), _dir: dir })
    }

    /// Takes a change as a workstation sends it.
    ///
    /// # Errors
    /// When the store itself fails.
    pub fn take(&mut self, bundle: &str, at: Stamp) -> Result<Result<Vec<Sent>, Refusal>> {
        let change = read(bundle, &self.member)?;
        let numbers = match self.store.change(&change, at) {
            Ok(numbers) => numbers,
            Err(ChangeError::Refused(refusal, _)) => {
                *self.refused.entry(refusal.code.as_str()).or_default() += 1;
                return Ok(Err(refusal));
            }
            Err(ChangeError::Store(error)) => return Err(error.into()),
        };
        let mut sent = Vec::new();
        self.store.written(numbers, |row| {
            sent.push(of(row)?);
            Ok(())
        })?;
        let known = self.made_by.len();
        for one in &sent {
            let made = (one.key.clone(), one.version.parse()?);
            let by = self.made_by.entry(made).or_insert_with(|| change.id.clone());
            anyhow::ensure!(*by == change.id, "version {} of {} was made by two changes", one.version, one.key);
        }
        self.repeated += usize::from(known == self.made_by.len());
        Ok(Ok(sent))
    }

    /// Up to `count` versions after `cursor`, and the cursor that follows them.
    ///
    /// # Errors
    /// When the store fails.
    pub fn page(&self, cursor: &str, count: u32) -> Result<(Vec<Sent>, String)> {
        let (mut rows, mut next) = (Vec::new(), cursor.to_owned());
        self.store.feed(cursor.parse()?, count, |row| {
            next = row.seq.to_string();
            rows.push(of(row)?);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok((rows, next))
    }

    /// Where the feed ends.
    ///
    /// # Errors
    /// When the store fails.
    pub fn end(&self) -> Result<String> {
        Ok(self.store.mark()?.seq.to_string())
    }
}

fn of(row: &hosted::store::Row<'_>) -> Result<Sent, hosted::store::StoreError> {
    let mut text = Vec::new();
    row.write(&mut text)?;
    let damaged = hosted::store::StoreError::Damaged("a version");
    let (Some(kind), Ok(text)) = (ResourceType::parse(row.kind), String::from_utf8(text)) else { return Err(damaged) };
    Ok(Sent { key: ResourceKey::new(kind, row.id), version: row.version.to_string(), updated: row.updated, text })
}

fn read(bundle: &str, member: &MemberId) -> Result<Change> {
    let bundle: Bundle<'_> = serde_json::from_str(bundle)?;
    let mut writes = Vec::new();
    for entry in &bundle.entry {
        let key = ResourceKey::parse(&entry.request.url).ok_or_else(|| anyhow!("no key"))?;
        let version = |tag: &str| tag.strip_prefix("W/\"")?.strip_suffix('"')?.parse().ok();
        let expects = match &entry.request.if_match {
            Some(tag) => Expects::Version(version(tag).context("no version")?),
            None => Expects::Absent,
        };
        writes.push((NewResource { key, text: entry.resource.get().to_owned() }, expects));
    }
    let note = writes.iter().find(|(new, _)| new.key.kind == ResourceType::PROVENANCE).context("no provenance")?;
    let id = ChangeId::parse(note.0.key.id.as_str()).context("no change")?;
    Ok(Change { id, member: member.clone(), writes })
}
