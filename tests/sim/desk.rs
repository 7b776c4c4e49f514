//! A workstation: its real store and machine, and a driver as dull as the product's. Long because that is one thing.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use practice::{
    Code, Refusal,
    audit::{AuditAction, AuditRecord},
    ids::{ChangeId, MemberId, WorkstationId},
    provenance::ChangeNote,
    time::Stamp,
};
use rusqlite::Connection;
use store::{Accepted, Incoming, LookedThrough, LostVersions, NewText, Page, Rebase, Store, StoreError, Write};
use sync::{
    Event, Failure, Machine, PushOutcome, Step,
    merge::{Fork, Side, Verdict, plan},
};

use crate::{
    edits::Edit,
    host::{Host, Sent, Told},
    world::Flaw,
};

/// Rows of a page: few, so that a pull takes several.
const PAGE: u32 = 3;

/// What the line does with a request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Line {
    Works,
    /// The host never hears of it.
    Lost,
    /// The host does it, and the answer is lost.
    Unanswered,
    /// The host hears of it when nobody waits any more.
    Late,
    /// The host hears of it twice.
    Twice,
}

/// Where a step stands between two moments at which the computer may crash.
enum Doing {
    Step(Step),
    Answered(ChangeId, Result<Vec<Sent>, Refusal>),
    Came { from: String, told: Told },
    TookBack { lost: LostVersions, answers: Vec<Option<Code>> },
}

/// What a person decided.
#[derive(Default)]
pub struct Settled {
    /// These are not sent.
    pub given_up: Vec<ChangeId>,
    /// These are, and whatever stands together with what they touched is as the person saw it.
    pub chosen: Vec<ChangeId>,
}

pub struct Desk {
    pub name: String,
    pub store: Store,
    pub locked: bool,
    pub cut_off: bool,
    /// Changes that were merged without a person.
    pub merged: usize,
    /// Milliseconds that its clock is wrong.
    pub skew: i64,
    pub(crate) path: PathBuf,
    /// What the names of this world's records have in them.
    pub(crate) of_world: String,
    machine: Machine,
    doing: Option<Doing>,
    /// Where this world's part of the history begins.
    began: String,
    pub(crate) looked: LookedThrough,
    /// Something that was lost can't be given back yet.
    pub(crate) left: bool,
    _dir: tempfile::TempDir,
}

/// In memory where the system has a place for it.
pub fn folder() -> Result<tempfile::TempDir> {
    let memory = Path::new("/dev/shm");
    Ok(if memory.is_dir() { tempfile::tempdir_in(memory)? } else { tempfile::tempdir()? })
}

fn open(path: &Path) -> Result<Store> {
    Ok(Store::open(&|| {
        let connection = Connection::open(path)?;
        connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON;")?;
        Ok(connection)
    })?)
}

impl Desk {
    pub fn new(name: &str) -> Result<Self> {
        let dir = folder()?;
        let path = dir.path().join("chart.db");
        let store = open(&path)?;
        Ok(Self {
            name: name.to_owned(),
            store,
            locked: false,
            cut_off: false,
            merged: 0,
            skew: 0,
            path,
            of_world: String::new(),
            machine: Machine::default(),
            doing: None,
            began: String::new(),
            looked: LookedThrough::default(),
            left: false,
            _dir: dir,
        })
    }

    /// As after a sync that took all that the host had.
    pub fn start_from(&mut self, host: &Host, restores: bool) -> Result<()> {
        (self.locked, self.cut_off, self.doing, self.machine) = (false, false, None, Machine::default());
        let (epoch, end) = (host.store.epoch()?, host.end()?);
        self.store.set_epoch(&epoch)?;
        self.store.take_page(&Page { rows: &[], cursor: &end, epoch: &epoch })?;
        self.store.gave_back()?;
        self.forget_horizon()?;
        if restores {
            // What is of earlier worlds is never given back.
            Connection::open(&self.path)?
                .execute_batch("UPDATE resource SET epoch = 1000000 WHERE epoch < 1000000; DELETE FROM parted;")?;
        }
        let (seq, _) = end.split_once('~').context("a cursor")?;
        self.began = format!("{seq}~");
        Ok(())
    }

    pub fn record(&self, at: Stamp, action: AuditAction) -> Result<AuditRecord> {
        let workstation = WorkstationId::parse(&self.name).context("an id")?;
        Ok(AuditRecord::new(at, action, MemberId::parse("member-1"), workstation))
    }

    /// Commits what somebody entered; `false` when it had changed under their hands.
    pub fn enter(&self, change: &ChangeId, edit: &Edit, at: Stamp, member: &MemberId) -> Result<bool> {
        let note = ChangeNote {
            id: change.clone(),
            at,
            member: member.clone(),
            member_name: "Dana Desk".into(),
            workstation: WorkstationId::parse(&self.name).context("an id")?,
            workstation_name: String::new(),
            targets: vec![edit.key.clone()],
            activity: "changed".into(),
            comment: None,
        };
        let write = Write {
            change,
            at,
            member,
            resources: &[NewText { key: edit.key.clone(), text: &edit.text, base: edit.base.as_deref() }],
            provenance: &note.to_fhir(),
            what: "changed",
            audit: &[self.record(at, AuditAction::Update)?],
        };
        match self.store.commit(&write) {
            Ok(()) => Ok(true),
            Err(StoreError::Changed) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// The power goes: what was committed is there, and nothing else.
    pub fn crash(&mut self, reopened: bool) -> Result<()> {
        (self.doing, self.machine) = (None, Machine::default());
        if reopened {
            self.store = open(&self.path)?;
        }
        Ok(())
    }

    pub fn lock(&mut self) {
        self.machine.on(Event::Locked);
        (self.doing, self.locked) = (None, true);
    }

    /// Whether a round is under way.
    pub fn is_busy(&self) -> bool {
        self.doing.is_some()
    }

    /// Goes one moment further: begins a round, or does the next part of a step. Gives what the line keeps for later.
    pub fn go_on(&mut self, host: &mut Host, line: Line, at: Stamp, flaw: Flaw) -> Result<Option<String>> {
        let line = if self.cut_off { Line::Lost } else { line };
        let mine = Stamp::from_millis(at.millis() + self.skew).context("a moment")?;
        let mut kept = None;
        let event = match self.doing.take() {
            None => {
                (self.looked, self.left) = (LookedThrough::default(), false);
                Event::Poked
            }
            Some(Doing::Step(Step::TakePolicy)) => {
                if line == Line::Works {
                    self.store.set_epoch(&host.store.epoch()?)?;
                }
                reached(line, Event::PolicyTaken)
            }
            Some(Doing::Step(Step::SendAudit)) => reached(line, Event::AuditTaken { more: false }),
            Some(Doing::Step(Step::Push)) if self.store.is_giving_back()? => Event::OutboxEmpty,
            Some(Doing::Step(Step::Push)) => match self.store.outbox_next(mine)? {
                None => Event::OutboxEmpty,
                Some(entry) => {
                    let mut bundle = entry.bundle;
                    if flaw == Flaw::NewIdEachTime && entry.tries > 0 {
                        bundle = bundle.replace(entry.change.as_str(), &format!("{}-{}", entry.change, entry.tries));
                    }
                    if matches!(line, Line::Late | Line::Twice) {
                        kept = Some(bundle.clone());
                    }
                    match line {
                        Line::Works | Line::Twice => {
                            self.doing = Some(Doing::Answered(entry.change, host.take(&bundle, at)?));
                            return Ok(kept);
                        }
                        Line::Unanswered => drop(host.take(&bundle, at)?),
                        Line::Lost | Line::Late => {}
                    }
                    self.store.failed_try(&entry.change, mine)?;
                    failed()
                }
            },
            Some(Doing::Answered(change, answer)) => Event::Pushed(self.hear(&change, answer, mine, flaw)?),
            Some(Doing::Step(Step::KeepHorizon)) => self.keep_horizon(host, line)?,
            Some(Doing::Step(Step::PullToday)) => Event::TodayTaken,
            Some(Doing::Step(Step::Pull)) if line == Line::Works => {
                let from = self.cursor()?;
                let told = host.page(&from, PAGE)?;
                self.doing = Some(Doing::Came { from, told });
                return Ok(None);
            }
            Some(Doing::Step(Step::Pull)) => failed(),
            Some(Doing::Came { from, told: Told { epoch, page } }) => {
                let known = self.store.epoch()?;
                let elsewhere = self.cursor()? != from || known.as_deref() != Some(&epoch);
                self.store.set_epoch(&epoch)?;
                match page {
                    Some((rows, next)) if !elsewhere => {
                        self.store_page(&rows, &next, &epoch, flaw)?;
                        Event::PageTaken { more: rows.len() == PAGE as usize }
                    }
                    _ => Event::PageTaken { more: true },
                }
            }
            Some(Doing::Step(Step::GiveBack)) => match self.give_back(host, line, at, flaw)? {
                Ok(event) => event,
                Err((lost, answers)) => {
                    self.doing = Some(Doing::TookBack { lost, answers });
                    return Ok(None);
                }
            },
            Some(Doing::TookBack { lost, answers }) => {
                self.keep_answers(&lost, &answers, at)?;
                self.looked = lost.next;
                Event::GaveBack { more: true }
            }
            Some(Doing::Step(Step::Merge)) => {
                let merged = self.merge(mine, None)?.0.len();
                self.merged += merged;
                Event::Merged { more: merged > 0 }
            }
        };
        let steps = self.machine.on(event);
        self.doing = steps.into_iter().find_map(|effect| match effect {
            sync::Effect::Do(step) => Some(Doing::Step(step)),
            sync::Effect::Finished | sync::Effect::Stalled(_) | sync::Effect::WakeAfter(_) => None,
        });
        Ok(kept)
    }

    fn hear(
        &self,
        change: &ChangeId,
        answer: Result<Vec<Sent>, Refusal>,
        mine: Stamp,
        flaw: Flaw,
    ) -> Result<PushOutcome> {
        let sent = match answer {
            Ok(sent) => sent,
            Err(refusal) => {
                self.store.set_aside(change, refusal.code, refusal.say, mine)?;
                return Ok(PushOutcome::SetAside);
            }
        };
        let accepted: Vec<Accepted<'_>> = sent
            .iter()
            .map(|one| Accepted { key: one.key.clone(), version: &one.version, updated: one.updated, text: &one.text })
            .collect();
        match self.store.acknowledge(change, &accepted) {
            // With the wrong id in it, the answer is not that of this change.
            Err(StoreError::BadAnswer) if flaw == Flaw::NewIdEachTime => self.store.failed_try(change, mine)?,
            other => drop(other?),
        }
        if flaw == Flaw::AnswersLaterToo {
            for later in self.store.outbox_changes_of(&sent[0].key)? {
                self.store.withdraw(&later, &self.record(mine, AuditAction::Withdraw)?)?;
            }
        }
        Ok(PushOutcome::Accepted)
    }

    fn cursor(&self) -> Result<String> {
        Ok(self.store.cursor()?.unwrap_or_else(|| self.began.clone()))
    }

    fn store_page(&self, rows: &[Sent], next: &str, epoch: &str, flaw: Flaw) -> Result<()> {
        let rows: Vec<Incoming<'_>> = rows
            .iter()
            .map(|one| Incoming {
                key: one.key.clone(),
                version: &one.version,
                updated: one.updated,
                life: one.life.as_deref(),
                text: Some(&one.text),
            })
            .collect();
        if flaw == Flaw::CursorBeforeRows && rows.len() == 2 {
            // The cursor is on disk, and then the power goes.
            self.store.take_page(&Page { rows: &[], cursor: next, epoch })?;
            return Ok(());
        }
        self.store.take_page(&Page { rows: &rows, cursor: next, epoch })?;
        Ok(())
    }

    /// Merges everything, or what hangs together with a change that a person settles. Gives the changes, and whether they
    /// say what the host does not have.
    pub fn merge(&self, at: Stamp, settled: Option<(&ChangeId, Side)>) -> Result<(Vec<ChangeId>, bool)> {
        let mut forks = self.store.forks()?;
        // Each change here writes one resource, so nothing else hangs together with it.
        forks.retain(|fork| settled.is_none_or(|(change, _)| fork.mine.iter().any(|(id, _)| id == change)));
        let seen: Vec<Fork<'_>> = forks
            .iter()
            .map(|fork| Fork {
                key: &fork.key,
                base: fork.base.as_deref(),
                theirs: fork.theirs.as_deref(),
                mine: fork.mine.iter().map(|(change, text)| (change, text.as_str())).collect(),
            })
            .collect();
        let verdicts = plan(&seen, settled.map(|(_, side)| side))?;
        let (mut rebases, mut changes, mut is_news) = (Vec::new(), Vec::new(), false);
        for (fork, verdict) in forks.iter().zip(&verdicts) {
            let Verdict::Merged(merges) = verdict else { continue };
            is_news |= merges.iter().any(sync::merge::Merge::is_news);
            changes.extend(fork.mine.iter().map(|(change, _)| change.clone()));
            let texts =
                fork.mine.iter().zip(merges).map(|((change, _), merge)| (change, merge.text.as_str())).collect();
            let notes = vec![String::from("[]"); merges.len()];
            rebases.push(Rebase { key: &fork.key, onto: &fork.version, texts, notes });
        }
        let done = rebases.is_empty() || self.store.rebase(&rebases, at, &[self.record(at, AuditAction::Merge)?])?;
        Ok(if done { (changes, is_news) } else { (Vec::new(), false) })
    }

    /// Somebody looks at what needs a person and settles the oldest.
    pub fn settle(&self, at: Stamp, side: Side) -> Result<Settled> {
        let waiting = self.store.outbox(&self.record(at, AuditAction::ReadOutbox)?)?;
        let Some((change, code)) = waiting.iter().find_map(|one| Some((&one.change, one.aside.as_ref()?.0?))) else {
            return Ok(Settled::default());
        };
        let given_up = if code == Code::Conflict {
            match self.merge(at, Some((change, side)))? {
                (changes, false) => changes,
                (chosen, true) => return Ok(Settled { chosen, given_up: Vec::new() }),
            }
        } else {
            // With it goes whatever was built on it.
            let first = waiting.iter().map(|one| &one.change).skip_while(|one| *one != change);
            let same = |one: &&ChangeId| self.writes_the_same(change, one);
            first.filter(same).cloned().collect()
        };
        for one in given_up.iter().rev() {
            self.store.withdraw(one, &self.record(at, AuditAction::Withdraw)?)?;
        }
        Ok(Settled { given_up, chosen: Vec::new() })
    }

    fn writes_the_same(&self, one: &ChangeId, other: &ChangeId) -> bool {
        let keys = |change: &ChangeId| {
            let replaced = self.store.replaced_by(change).unwrap_or_default();
            replaced.into_iter().map(|(key, _)| key).collect::<Vec<_>>()
        };
        keys(one).iter().any(|key| keys(other).contains(key))
    }
}

pub(crate) fn failed() -> Event {
    Event::Failed { failure: Failure::Unreachable, jitter: 0 }
}

fn reached(line: Line, event: Event) -> Event {
    if line == Line::Works { event } else { failed() }
}
