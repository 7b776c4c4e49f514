//! What the host has, read from its own store.

use std::{collections::BTreeMap, ops::ControlFlow};

use anyhow::{Context, Result, ensure};
use hosted::{data_dir::DataDir, store::PracticeStore};
use practice::{ids::PracticeId, provenance::ChangeNote, resource::ResourceKey};
use tests::host::Host;

/// A practice's records at the host.
pub struct Truth {
    dir: DataDir,
    practice: PracticeId,
}

/// What the host took from a number on.
#[derive(Default)]
pub struct Taken {
    /// Changes, and how many versions of their Provenance there are.
    pub changes: BTreeMap<String, usize>,
    /// Appointments and patients, and how many versions were made of each.
    pub versions: BTreeMap<String, usize>,
    /// Of the same, how many changes say that they made one.
    pub told_of: BTreeMap<String, usize>,
    /// The last number.
    pub end: i64,
}

impl Truth {
    pub fn of(host: &Host) -> Result<Self> {
        let dir = DataDir::open(&host.folder().join("data"))?;
        Ok(Self { dir, practice: PracticeId::parse(&host.demo.practice).context("an id")? })
    }

    fn store(&self) -> Result<PracticeStore> {
        Ok(PracticeStore::reader(&self.dir, &self.practice)?)
    }

    /// Names of all records, and the last number.
    pub fn all(&self) -> Result<(Vec<String>, i64)> {
        let (mut names, mut end) = (Vec::new(), 0);
        self.store()?.feed(0, u32::MAX, |row| {
            names.push(format!("{}/{}", row.kind, row.id));
            end = row.seq;
            Ok(ControlFlow::Continue(()))
        })?;
        Ok((names, end))
    }

    pub fn text(&self, name: &str) -> Result<String> {
        let key = ResourceKey::parse(name).context("a name")?;
        Ok(self.store()?.read(&key)?.with_context(|| format!("the host has no {name}"))?.text)
    }

    /// What was taken after number `after`.
    pub fn since(&self, after: i64) -> Result<Taken> {
        let mut taken = Taken { end: after, ..Taken::default() };
        let mut notes = Vec::new();
        self.store()?.feed(after, u32::MAX, |row| {
            taken.end = row.seq;
            match row.kind {
                "Provenance" => {
                    *taken.changes.entry(row.id.to_owned()).or_default() += 1;
                    let mut text = Vec::new();
                    row.write(&mut text)?;
                    notes.push(text);
                }
                "Appointment" | "Patient" => {
                    *taken.versions.entry(format!("{}/{}", row.kind, row.id)).or_default() += 1;
                }
                _ => {}
            }
            Ok(ControlFlow::Continue(()))
        })?;
        for text in notes {
            let note = ChangeNote::read(std::str::from_utf8(&text)?).context("a Provenance says who and what")?;
            note.targets.iter().for_each(|key| *taken.told_of.entry(key.to_string()).or_default() += 1);
        }
        ensure!(taken.versions == taken.told_of, "a version that no change tells of, or a change that made none");
        Ok(taken)
    }
}
