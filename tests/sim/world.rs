//! One world: some minutes of trouble, then a quiet evening in which everything must come right.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use hosted::store::NewResource;
use practice::{
    Code,
    ids::ChangeId,
    resource::{ResourceKey, ResourceType},
    time::Stamp,
};
use sync::merge::Side;

use crate::{
    desk::{Desk, Line},
    dice::Dice,
    edits::{self, Edit},
    horizon,
    host::Host,
    laws,
};

/// What is broken in a world on purpose, to see its laws fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// Nothing.
    None,
    /// A change that is sent again has another id, so that the host can't know it.
    NewIdEachTime,
    /// The cursor is kept before the rows.
    CursorBeforeRows,
    /// After a restore, what the host lost is not given back to it.
    KeepsTheLost,
    /// An answer settles also what was entered after the change was sent.
    AnswersLaterToo,
}

/// What came about, and how often.
pub type Seen = BTreeMap<&'static str, usize>;

/// What somebody entered.
pub struct Entered {
    /// The resource and the elements they touched.
    pub key: ResourceKey,
    pub fields: std::collections::BTreeSet<&'static str>,
    /// A person gave it up.
    pub given_up: bool,
}

/// A host and some workstations, for many worlds one after the other.
pub struct World {
    pub(crate) host: Host,
    pub(crate) desks: Vec<Desk>,
    pub(crate) entered: BTreeMap<ChangeId, Entered>,
    pub(crate) keys: Vec<ResourceKey>,
    /// Whether the host is restored from backups now and then.
    pub(crate) restores: bool,
    /// Whether workstations keep a part only, which changes now and then.
    horizons: bool,
    seen: Seen,
    late: Vec<String>,
    now: i64,
}

impl World {
    /// With five workstations, of which each world uses some.
    ///
    /// # Errors
    /// When the disk does not have it.
    pub fn new() -> Result<Self> {
        let desks = (0..5).map(|n| Desk::new(&format!("desk-{n}"))).collect::<Result<_>>()?;
        let host = Host::new()?;
        let now = 1_795_000_000_000;
        let (entered, keys, restores, horizons) = (BTreeMap::new(), Vec::new(), false, false);
        Ok(Self { host, desks, entered, keys, restores, horizons, seen: Seen::new(), late: Vec::new(), now })
    }

    /// Lives through the world of `seed`.
    ///
    /// # Errors
    /// The law that was broken.
    pub fn live(&mut self, seed: u64, flaw: Flaw) -> Result<()> {
        let mut dice = Dice(seed);
        self.begin(seed, &mut dice)?;
        let used = 2 + dice.below(4);
        for _ in 0..60 + dice.below(120) {
            self.moment(seed, used, &mut dice, flaw).context("in trouble")?;
        }
        self.quiet(used, &mut dice, flaw)?;
        laws::hold(self, used)
    }

    /// How often what a world is there for has come about.
    pub fn seen(&self) -> Seen {
        let merged = ("merged", self.desks.iter().map(|desk| desk.merged).sum());
        let refused = |code: Code| self.host.refused.get(code.as_str()).copied().unwrap_or(0);
        let host = [
            ("restored", self.host.restored),
            ("given back", self.host.given_back),
            ("repeated", self.host.repeated),
            ("in conflict", refused(Code::Conflict)),
            ("overlapping", refused(Code::Overlap)),
        ];
        self.seen.clone().into_iter().chain([merged]).chain(host).collect()
    }

    fn at(&mut self) -> Result<Stamp> {
        self.now += 1_000;
        Stamp::from_millis(self.now).context("a moment")
    }

    fn begin(&mut self, seed: u64, dice: &mut Dice) -> Result<()> {
        (self.entered, self.late, self.restores) = (BTreeMap::new(), Vec::new(), dice.chance(15));
        // What nobody keeps can't be given back to a host that has lost it.
        self.horizons = !self.restores && dice.chance(10);
        self.host.forget_backup();
        let at = self.at()?;
        self.keys = (0..2).map(|n| ResourceKey::new(ResourceType::PATIENT, &format!("w{seed}-p{n}"))).collect();
        for desk in &mut self.desks {
            desk.start_from(&self.host, self.restores)?;
            desk.of_world = format!("w{seed}-");
            if self.horizons {
                desk.store.keep_within(horizon::some(dice)?)?;
            }
            desk.skew = (dice.below(9) as i64 - 4) * 3_600_000;
        }
        let text = |key: &ResourceKey| {
            format!(
                r#"{{"resourceType":"Patient","id":"{}","birthDate":"1980-01-01","maritalStatus":{{"text":"x"}}}}"#,
                key.id
            )
        };
        let patients: Vec<_> = self.keys.iter().map(|key| NewResource { key: key.clone(), text: text(key) }).collect();
        self.host.store.accept(&patients, at)?;
        if self.restores { self.host.back_up() } else { Ok(()) }
    }

    fn moment(&mut self, seed: u64, used: usize, dice: &mut Dice, flaw: Flaw) -> Result<()> {
        let at = self.at()?;
        let n = dice.below(used);
        match dice.below(100) {
            0..=17 if !self.desks[n].locked => self.enter(seed, n, dice, at),
            18..=20 => self.desks[n].crash(dice.chance(20)),
            21..=23 => {
                self.desks[n].lock();
                Ok(())
            }
            24..=27 => {
                self.desks[n].locked = false;
                Ok(())
            }
            28..=31 => {
                self.desks[n].cut_off = dice.chance(40);
                Ok(())
            }
            32..=35 if !self.late.is_empty() => {
                let bundle = self.late.swap_remove(dice.below(self.late.len()));
                self.host.take(&bundle, at).map(drop)
            }
            36 if self.restores => self.host.back_up(),
            37 if self.restores => self.host.restore(at),
            38..=40 if self.horizons => Ok(self.desks[n].store.keep_within(horizon::some(dice)?)?),
            38..=40 if !self.desks[n].locked => self.settle(n, dice, at),
            _ if self.desks[n].locked => Ok(()),
            _ => {
                let line = match dice.below(20) {
                    0 | 1 => Line::Lost,
                    2 | 3 => Line::Unanswered,
                    4 => Line::Late,
                    5 => Line::Twice,
                    _ => Line::Works,
                };
                let kept = self.desks[n].go_on(&mut self.host, line, at, flaw)?;
                self.late.extend(kept);
                Ok(())
            }
        }
    }

    fn enter(&mut self, seed: u64, n: usize, dice: &mut Dice, at: Stamp) -> Result<()> {
        let word = format!("w{seed}-{}", self.entered.len());
        let change = ChangeId::parse(&format!("c-{word}")).context("an id")?;
        let mine = Stamp::from_millis(at.millis() + self.desks[n].skew).context("a moment")?;
        let edit: Edit = if dice.chance(25) {
            edits::book(dice, &format!("a-{word}"), seed)
        } else {
            let key = self.keys[dice.below(self.keys.len())].clone();
            let Some(stored) = self.desks[n].store.peek(&key)? else { return Ok(()) };
            let Some(edit) = edits::change(dice, &key, stored.version, &stored.text, &word) else { return Ok(()) };
            edit
        };
        ensure!(
            self.desks[n].enter(&change, &edit, mine, &self.host.member)?,
            "an edit of what was just read is refused"
        );
        if edit.base.is_none() {
            self.keys.push(edit.key.clone());
        }
        *self.seen.entry("entered").or_default() += 1;
        self.entered.insert(change, Entered { key: edit.key, fields: edit.fields, given_up: false });
        Ok(())
    }

    fn settle(&mut self, n: usize, dice: &mut Dice, at: Stamp) -> Result<()> {
        let side = if dice.chance(50) { Side::Mine } else { Side::Theirs };
        let settled = self.desks[n].settle(at, side)?;
        *self.seen.entry("given up").or_default() += settled.given_up.len();
        *self.seen.entry("chosen").or_default() += settled.chosen.len();
        for change in settled.given_up {
            self.give_up(&change)?;
        }
        for change in settled.chosen {
            // What a restored host had lost and made anew was entered by several.
            let Some(entered) = self.entered.get_mut(&change) else { continue };
            if entered.key.kind == ResourceType::APPOINTMENT {
                entered.fields.extend(["status", "start", "end", "participant"]);
            }
        }
        Ok(())
    }

    fn give_up(&mut self, change: &ChangeId) -> Result<()> {
        if let Some(entered) = self.entered.get_mut(change) {
            entered.given_up = true;
            return Ok(());
        }
        let of = change.as_str().strip_prefix("r-").context("somebody entered it")?;
        let lost = self.entered.values_mut().filter(|one| of.starts_with(&format!("{}-desk", one.key.id)));
        lost.for_each(|one| one.given_up = true);
        Ok(())
    }

    /// The line works, everybody is there and settles what waits for them, until nothing is left to do.
    fn quiet(&mut self, used: usize, dice: &mut Dice, flaw: Flaw) -> Result<()> {
        for bundle in std::mem::take(&mut self.late) {
            let at = self.at()?;
            let _ = self.host.take(&bundle, at)?;
        }
        for desk in &mut self.desks[..used] {
            (desk.locked, desk.cut_off) = (false, false);
        }
        for _ in 0..40 {
            for n in 0..used {
                self.round(n, flaw)?;
                let at = self.at()?;
                self.settle(n, dice, at)?;
            }
            if self.is_at_rest(used)? {
                return Ok(());
            }
        }
        let state = |desk: &Desk| Ok((desk.store.outbox_count()?, desk.store.is_giving_back()?, desk.store.cursor()?));
        let left = self.desks[..used].iter().map(state).collect::<Result<Vec<_>>>()?;
        anyhow::bail!("it does not come to rest at {}: {left:?}", self.host.end()?)
    }

    fn round(&mut self, n: usize, flaw: Flaw) -> Result<()> {
        for moment in 0..2_000 {
            let at = self.at()?;
            let desk = &mut self.desks[n];
            if moment > 0 && !desk.is_busy() {
                return Ok(());
            }
            desk.go_on(&mut self.host, Line::Works, at, flaw)?;
        }
        anyhow::bail!("a round has no end")
    }

    fn is_at_rest(&self, used: usize) -> Result<bool> {
        let end = self.host.end()?;
        for desk in &self.desks[..used] {
            let behind = desk.store.outbox_count()? != (0, 0) || desk.store.is_giving_back()?;
            if behind || !desk.is_whole()? || desk.store.cursor()?.as_deref() != Some(&end) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
