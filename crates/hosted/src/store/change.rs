//! Taking a workstation's change: all of it or nothing, once, from a member who may, on the versions it started from.

use practice::{
    Code, Refusal,
    audit::AuditRecord,
    ids::{ChangeId, MemberId},
    permission::may_write,
    resource::ResourceKey,
    time::Stamp,
};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use super::{
    NewResource, PracticeStore, StoreError,
    accept::{Took, take},
    accounts, audit,
};

/// What the sender believes to be there now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expects {
    /// Nothing: this makes it.
    Absent,
    /// This version.
    Version(u32),
}

/// A change as a workstation sends it; its Provenance is among the writes.
pub struct Change {
    /// Its id: the key that makes sending it twice harmless.
    pub id: ChangeId,
    /// Who entered it.
    pub member: MemberId,
    /// What it writes, in order.
    pub writes: Vec<(NewResource, Expects)>,
}

/// Why a change was not taken: nothing of it was.
#[derive(Debug)]
pub enum ChangeError {
    /// Refused; the place is the write's number, where one is to blame.
    Refused(Refusal, Option<usize>),
    /// The store failed.
    Store(StoreError),
}

impl<E: Into<StoreError>> From<E> for ChangeError {
    fn from(error: E) -> Self {
        ChangeError::Store(error.into())
    }
}

fn refused<T>(code: Code, say: &'static str, at: Option<usize>) -> Result<T, ChangeError> {
    Err(ChangeError::Refused(Refusal::new(code, say), at))
}

impl PracticeStore {
    /// Takes `change` as of `at`; gives the first and the last number it has in the feed. A repeat gets the same.
    ///
    /// # Errors
    /// [`ChangeError::Refused`] with [`Code::Forbidden`], [`Code::Conflict`], [`Code::Overlap`] or [`Code::Invalid`].
    pub fn change(&mut self, change: &Change, at: Stamp) -> Result<(i64, i64), ChangeError> {
        self.take_change(change, at, None)
    }

    /// Takes what a workstation could not send any more, on the word of the operator: also of a member who was stopped
    /// since they entered it. `record` tells of it.
    ///
    /// # Errors
    /// As [`Self::change`].
    pub fn rescue(&mut self, change: &Change, at: Stamp, record: &AuditRecord) -> Result<(i64, i64), ChangeError> {
        self.take_change(change, at, Some(record))
    }

    fn take_change(
        &mut self,
        change: &Change,
        at: Stamp,
        rescued: Option<&AuditRecord>,
    ) -> Result<(i64, i64), ChangeError> {
        let db = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let before = db
            .prepare_cached("select first_seq, last_seq from change where id = ?")?
            .query_row([change.id.as_str()], |row| Ok((row.get("first_seq")?, row.get("last_seq")?)))
            .optional()?;
        if let Some(answer) = before {
            return Ok(answer);
        }
        permit(&db, change, rescued.is_some())?;
        let mut taken = Vec::with_capacity(change.writes.len());
        for (place, (new, expects)) in change.writes.iter().enumerate() {
            compare(&db, &new.key, *expects, place)?;
            taken.push(take(&db, &self.zone, new, at)?);
        }
        for (place, took) in taken.iter().enumerate() {
            arbitrate(&db, took, place)?;
        }
        let [Some(first), Some(last)] = [taken.first(), taken.last()].map(|took| took.map(|t| t.accepted.seq)) else {
            return refused(Code::Invalid, "The change writes nothing.", None);
        };
        db.prepare_cached("insert into change (id, first_seq, last_seq) values (?, ?, ?)")?.execute((
            change.id.as_str(),
            first,
            last,
        ))?;
        if let Some(record) = rescued {
            audit::append(&db, record)?;
        }
        db.commit()?;
        Ok((first, last))
    }
}

/// The member is the practice's, is not stopped unless they entered it before, and may write every type in the change.
fn permit(db: &Connection, change: &Change, rescued: bool) -> Result<(), ChangeError> {
    let Some(member) = accounts::member(db, &change.member)? else {
        return refused(Code::Forbidden, "The change names nobody of this practice.", None);
    };
    if member.info.stopped && !rescued {
        return refused(
            Code::MemberStopped,
            "This member was stopped. Nothing more can be entered in their name.",
            None,
        );
    }
    match change.writes.iter().position(|(new, _)| !may_write(member.info.role, new.key.kind)) {
        Some(place) => refused(Code::Forbidden, "This member's role may not write such a record.", Some(place)),
        None => Ok(()),
    }
}

/// The version that the sender started from is still the present one.
fn compare(db: &Connection, key: &ResourceKey, expects: Expects, place: usize) -> Result<(), ChangeError> {
    let now: Option<u32> = db
        .prepare_cached("select version from resource where kind = ? and id = ?")?
        .query_row([key.kind.as_str(), key.id.as_str()], |row| row.get("version"))
        .optional()?;
    match (now, expects) {
        (None, Expects::Absent) => Ok(()),
        (Some(now), Expects::Version(then)) if now == then => Ok(()),
        (Some(_), _) => refused(Code::Conflict, "Somebody else changed this meanwhile.", Some(place)),
        (None, Expects::Version(_)) => refused(Code::Conflict, "The record to be changed is not here.", Some(place)),
    }
}

/// One provider or room has one appointment at a time, unless it was overbooked with a reason. Only time that this
/// change takes anew is looked at: an old overlap must not keep a patient from being marked as arrived.
fn arbitrate(db: &Connection, took: &Took, place: usize) -> Result<(), ChangeError> {
    if took.overbooked {
        return Ok(());
    }
    for (actor, span) in &took.newly_held {
        let taken = db
            .prepare_cached("select 1 from holding where actor = ? and low < ? and high > ? and resource <> ? limit 1")?
            .exists((actor, span.high, span.low, took.resource))?;
        if taken {
            return refused(Code::Overlap, "Another appointment already has that time.", Some(place));
        }
    }
    Ok(())
}
