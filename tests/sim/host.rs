//! The host: its real store, asked as its HTTP asks it.

use std::{collections::BTreeMap, fs, ops::ControlFlow, path::PathBuf};

use anyhow::{Context, Result, anyhow};
use hosted::{
    data_dir::DataDir,
    store::{Change, ChangeError, Expects, NewMember, NewPractice, NewResource, PracticeStore},
};
use practice::{
    Code, Refusal, Role,
    audit::{AuditAction, AuditRecord},
    ids::{ChangeId, MemberId, PracticeId},
    provenance::ChangeNote,
    resource::{Envelope, ResourceKey, ResourceType},
    time::Stamp,
};
use serde_json::value::RawValue;

/// A version as it crosses the line.
#[derive(Clone, Debug)]
pub struct Sent {
    pub key: ResourceKey,
    pub version: String,
    pub updated: Stamp,
    /// The life it was made in, where that is not the host's present one.
    pub life: Option<String>,
    pub text: String,
}

/// A page, or the word that its cursor is of another life.
pub struct Told {
    pub epoch: String,
    /// Rows, and the cursor that follows them.
    pub page: Option<(Vec<Sent>, String)>,
}

/// What a backup holds.
struct Backup {
    files: Vec<(PathBuf, Vec<u8>)>,
    made_by: BTreeMap<(ResourceKey, u32), ChangeId>,
}

/// A host with one practice, which may serve many worlds one after the other.
pub struct Host {
    pub(crate) store: PracticeStore,
    pub(crate) member: MemberId,
    /// Which change made a version.
    pub(crate) made_by: BTreeMap<(ResourceKey, u32), ChangeId>,
    /// Every version that ever was, in whatever life.
    pub(crate) ever: BTreeMap<(ResourceKey, u32, Stamp), ChangeId>,
    /// Restores from a backup, and versions that were given back after one.
    pub(crate) restored: usize,
    pub(crate) given_back: usize,
    backup: Option<Backup>,
    data: DataDir,
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
        Ok(Self {
            store,
            member,
            made_by: BTreeMap::new(),
            ever: BTreeMap::new(),
            restored: 0,
            given_back: 0,
            backup: None,
            data,
            repeated: 0,
            refused: BTreeMap::new(),
            _dir: dir,
        })
    }

    /// Copies what is on the disk.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn back_up(&mut self) -> Result<()> {
        let database = self.data.database(self.store.practice());
        let mut log = database.clone().into_os_string();
        log.push("-wal");
        let files = [database, log.into()].into_iter().filter(|file| file.exists());
        let files = files.map(|file| Ok((file.clone(), fs::read(&file)?))).collect::<Result<_>>()?;
        self.backup = Some(Backup { files, made_by: self.made_by.clone() });
        Ok(())
    }

    /// No backup of one world is put back in another.
    pub fn forget_backup(&mut self) {
        self.backup = None;
    }

    /// Puts the last copy back, if there is one; what came after it is lost.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn restore(&mut self, at: Stamp) -> Result<()> {
        let Some(backup) = &self.backup else { return Ok(()) };
        let practice = self.store.practice().clone();
        let database = self.data.database(&practice);
        // The handle on the present file goes first: closing it would fold its log into the copy.
        let elsewhere = PracticeId::parse("practice-2").context("an id")?;
        let stand_in = match PracticeStore::open(&self.data, &elsewhere) {
            Ok(store) => store,
            Err(_) => PracticeStore::create(
                &self.data,
                &NewPractice { id: elsewhere, name: "Stand-in", time_zone: "America/New_York", at },
            )?,
        };
        drop(std::mem::replace(&mut self.store, stand_in));
        for end in ["", "-wal", "-shm"] {
            let mut file = database.clone().into_os_string();
            file.push(end);
            let _ = fs::remove_file(file);
        }
        for (file, bytes) in &backup.files {
            fs::write(file, bytes)?;
        }
        self.made_by = backup.made_by.clone();
        self.store = PracticeStore::open(&self.data, &practice)?;
        self.store.live_anew(&AuditRecord::new(at, AuditAction::GiveBack, None, self.store.host()?))?;
        self.restored += 1;
        Ok(())
    }

    /// Takes back what it lost; for each text whether it stands.
    ///
    /// # Errors
    /// When the store itself fails.
    pub fn take_back(&mut self, life: &str, texts: &[&str], at: Stamp) -> Result<Vec<Option<Code>>> {
        let record = AuditRecord::new(at, AuditAction::GiveBack, None, self.store.host()?);
        let answers = self.store.take_back(life, texts, None, &record)?;
        for (text, _) in texts.iter().zip(&answers).filter(|(_, answer)| answer.is_none()) {
            let envelope = Envelope::read(text)?;
            let version: u32 = envelope.version_id.as_deref().context("a version")?.parse()?;
            let updated = envelope.last_updated.as_deref().and_then(Stamp::parse).context("a time")?;
            let there = self.store.read_version(&envelope.key, version)?.is_some_and(|there| there.updated == updated);
            // The first version of a patient was made by no change.
            if let Some(change) = self.ever.get(&(envelope.key.clone(), version, updated)).filter(|_| there) {
                self.given_back += usize::from(self.made_by.insert((envelope.key, version), change.clone()).is_none());
            }
        }
        Ok(answers)
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
        self.store.written(&numbers, |row| {
            sent.push(of(row)?);
            Ok(())
        })?;
        let known = self.made_by.len();
        for one in &sent {
            let made = (one.key.clone(), one.version.parse()?);
            let by = self.made_by.entry(made.clone()).or_insert_with(|| change.id.clone());
            // A restored host may answer with what others made of it.
            let is_one = self.restored > 0 || *by == change.id;
            anyhow::ensure!(is_one, "version {} of {} was made by two changes", one.version, one.key);
            self.ever.entry((made.0, made.1, one.updated)).or_insert_with(|| change.id.clone());
        }
        self.repeated += usize::from(known == self.made_by.len());
        Ok(Ok(sent))
    }

    /// Up to `count` versions after `cursor`, or from the beginning.
    ///
    /// # Errors
    /// When the store fails.
    pub fn page(&self, cursor: &str, count: u32) -> Result<Told> {
        let epoch = self.store.epoch()?;
        let (seq, of_life) = cursor.split_once('~').context("a cursor")?;
        if !of_life.is_empty() && of_life != epoch {
            return Ok(Told { epoch, page: None });
        }
        let (mut rows, mut next) = (Vec::new(), seq.parse()?);
        self.store.feed(next, count, |row| {
            next = row.seq;
            rows.push(of(row)?);
            Ok(ControlFlow::Continue(()))
        })?;
        let next = format!("{next}~{epoch}");
        Ok(Told { epoch, page: Some((rows, next)) })
    }

    /// Where the feed ends.
    ///
    /// # Errors
    /// When the store fails.
    pub fn end(&self) -> Result<String> {
        Ok(format!("{}~{}", self.store.mark()?.seq, self.store.epoch()?))
    }
}

pub(crate) fn of(row: &hosted::store::Row<'_>) -> Result<Sent, hosted::store::StoreError> {
    let mut text = Vec::new();
    row.write(&mut text)?;
    let damaged = hosted::store::StoreError::Damaged("a version");
    let (Some(kind), Ok(text)) = (ResourceType::parse(row.kind), String::from_utf8(text)) else { return Err(damaged) };
    let (version, life) = (row.version.to_string(), row.life.map(str::to_owned));
    Ok(Sent { key: ResourceKey::new(kind, row.id), version, updated: row.updated, life, text })
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
    let note = ChangeNote::read(&note.0.text).context("no change")?;
    Ok(Change { id: note.id, member: member.clone(), workstation: note.workstation, writes })
}
