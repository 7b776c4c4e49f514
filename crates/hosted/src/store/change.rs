//! Taking a workstation's change: all of it or nothing, once, from a member who may, on the versions it started from.

use std::{borrow::Cow, ops::ControlFlow};

use practice::{
    Code, Refusal,
    audit::AuditRecord,
    ids::{ChangeId, MemberId, WorkstationId},
    permission::may_write,
    resource::ResourceType,
    schedule::{confirmed, most_at_once},
    text::stamp_meta,
    time::Stamp,
    views::{ScheduleView, SlotView},
};

use super::{
    NewResource, PracticeStore, StoreError,
    accept::{Before, Took, standing, take},
    accounts, audit, body,
    db::{Db, Row, values},
    index::moment::Span,
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
    /// Where.
    pub workstation: WorkstationId,
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
    /// Takes `change` as of `at`; gives the numbers that what it writes has in the feed. A repeat gets the same.
    ///
    /// # Errors
    /// [`ChangeError::Refused`] with [`Code::Forbidden`], [`Code::Conflict`], [`Code::Overlap`] or [`Code::Invalid`].
    pub fn change(&mut self, change: &Change, at: Stamp) -> Result<Vec<i64>, ChangeError> {
        self.take_change(change, at, None)
    }

    /// Takes what a workstation could not send any more, on the word of the operator: also of a member who was stopped
    /// since they entered it. `record` tells of it.
    ///
    /// # Errors
    /// As [`Self::change`].
    pub fn rescue(&mut self, change: &Change, at: Stamp, record: &AuditRecord) -> Result<Vec<i64>, ChangeError> {
        self.take_change(change, at, Some(record))
    }

    fn take_change(
        &mut self,
        change: &Change,
        at: Stamp,
        rescued: Option<&AuditRecord>,
    ) -> Result<Vec<i64>, ChangeError> {
        let db = self.db.begin()?;
        let (before, given_back) = db.the(
            "select c.first_seq, c.last_seq, exists (select 1 from given_back) as given_back
             from (select 1 as one) o left join change c on c.id = ?",
            values![change.id.as_str()],
            |row| {
                let numbers: (Option<i64>, Option<i64>) = (row.get("first_seq")?, row.get("last_seq")?);
                Ok((numbers.0.zip(numbers.1), row.get::<bool>("given_back")?))
            },
        )?;
        if let Some(numbers) = before
            && let Some(numbers) = repeated(&db, change, numbers)?
        {
            return Ok(numbers);
        }
        permit(&db, change, rescued.is_some())?;
        let (mut taken, mut numbers) = (Vec::with_capacity(change.writes.len()), Vec::new());
        for (place, (new, expects)) in change.writes.iter().enumerate() {
            let before = standing(&db, &new.key)?;
            let new = &*confirm(new, before.as_ref());
            if given_back && let Some(seq) = given_back_already(&db, new, *expects)? {
                numbers.push(seq);
                continue;
            }
            compare(before.as_ref().map(|before| before.version), *expects, place)?;
            let took = take(&db, &self.zone, new, before.as_ref(), at)?;
            numbers.push(took.accepted.seq);
            taken.push((place, took));
        }
        for (place, took) in &taken {
            arbitrate(&db, took, *place, Some(&change.workstation))?;
        }
        let [Some(first), Some(last)] = [taken.first(), taken.last()].map(|one| one.map(|(_, t)| t.accepted.seq))
        else {
            return refused(Code::Invalid, "The change writes nothing.", None);
        };
        db.queue("delete from change where id = ?", values![change.id.as_str()])?;
        db.queue(
            "insert into change (id, first_seq, last_seq) values (?, ?, ?)",
            values![change.id.as_str(), first, last],
        )?;
        if let Some(record) = rescued {
            audit::append(&db, record)?;
        }
        db.commit()?;
        Ok(numbers)
    }
}

/// What becomes of `new` once the time it asks for is free: a booking that waited for the host's word waits no more. One
/// that waited here already waits for a person's.
fn confirm<'a>(new: &'a NewResource, before: Option<&Before>) -> Cow<'a, NewResource> {
    let waits_here = before.is_some_and(|before| before.status.as_deref() == Some("pending"));
    if new.key.kind != ResourceType::APPOINTMENT || waits_here {
        return Cow::Borrowed(new);
    }
    confirmed(&new.text).map_or(Cow::Borrowed(new), |text| Cow::Owned(NewResource { key: new.key.clone(), text }))
}

/// The number of the present version where it, or the one that followed what `new` started from, says letter for letter
/// what `new` does, and workstations gave versions of this resource back after a restore: the host had made that one of
/// this change, and heard of it again before of the change.
fn given_back_already(db: &Db, new: &NewResource, expects: Expects) -> Result<Option<i64>, StoreError> {
    let first = match expects {
        Expects::Absent => 1,
        Expects::Version(version) => i64::from(version) + 1,
    };
    let found = db.all(
        "select r.seq as present, v.version, v.updated, v.body from resource r
         join version v on v.resource = r.n and (v.seq = r.seq or v.version = ?)
         where r.kind = ? and r.id = ? and exists
         (select 1 from version o join given_back g on g.seq = o.seq where o.resource = r.n)",
        values![first, new.key.kind.as_str(), new.key.id.as_str()],
        |row| {
            let (version, updated) = (row.get::<u32>("version")?, row.get("updated")?);
            let updated = Stamp::from_millis(updated).ok_or(StoreError::Damaged("a version"))?;
            let same = text_in(row)? == stamp_meta(&new.text, &version.to_string(), &updated.to_string())?;
            Ok(if same { Some(row.get("present")?) } else { None })
        },
    )?;
    Ok(found.into_iter().flatten().next())
}

/// What `change` wrote between these two numbers. After a restore a workstation may have given back its Provenance and a
/// later version of what it wrote: then that one is the answer. `None` when the Provenance alone came back: then the
/// change is still to be taken.
fn repeated(db: &Db, change: &Change, (first, last): (i64, i64)) -> Result<Option<Vec<i64>>, StoreError> {
    let find =
        "select coalesce((select v.seq from version v where v.resource = r.n and v.seq between ? and ?), r.seq) as seq
         from resource r where r.kind = ? and r.id = ?";
    let number = |(new, _): &(NewResource, Expects)| {
        db.one(find, values![first, last, new.key.kind.as_str(), new.key.id.as_str()], |row| row.get("seq"))
    };
    change.writes.iter().map(number).collect()
}

/// The member is the practice's, is not stopped unless they entered it before, and may write every type in the change.
fn permit(db: &Db, change: &Change, rescued: bool) -> Result<(), ChangeError> {
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
fn compare(now: Option<u32>, expects: Expects, place: usize) -> Result<(), ChangeError> {
    match (now, expects) {
        (None, Expects::Absent) => Ok(()),
        (Some(now), Expects::Version(then)) if now == then => Ok(()),
        (Some(_), _) => refused(Code::Conflict, "Somebody else changed this meanwhile.", Some(place)),
        (None, Expects::Version(_)) => refused(Code::Conflict, "The record to be changed is not here.", Some(place)),
    }
}

/// One provider or room has one appointment at a time, unless it was overbooked with a reason, and then as many as their
/// schedule allows; and what is kept for one computer is booked there alone, `by`. Only time that this change takes anew
/// is looked at: an old overlap must not keep a patient from being marked as arrived.
pub(super) fn arbitrate(db: &Db, took: &Took, place: usize, by: Option<&WorkstationId>) -> Result<(), ChangeError> {
    let refuse = |say| refused(Code::Overlap, say, Some(place));
    for (actor, span) in &took.newly_held {
        let InTheWay { taken, kept } = in_the_way(db, actor, *span, took.resource)?;
        if by.is_some_and(|by| kept.iter().any(|kept| kept != by)) {
            return refuse("That time is kept for another computer's walk-ins.");
        }
        if taken.is_empty() {
            continue;
        }
        if !took.overbooked {
            return refuse("Another appointment already has that time.");
        }
        let limit = overbook_limit(db, actor)?;
        if limit.is_some_and(|limit| most_at_once(&taken, (span.low, span.high)) > limit as usize) {
            return refuse("That time is overbooked already as far as this schedule allows.");
        }
    }
    Ok(())
}

/// What stands in the way of an actor's time.
#[derive(Default)]
struct InTheWay {
    /// From and to, in milliseconds since 1970.
    taken: Vec<(i64, i64)>,
    /// For whose walk-ins some of it is kept.
    kept: Vec<WorkstationId>,
}

/// What else than `resource` has the time of `actor` in `span`.
fn in_the_way(db: &Db, actor: &str, span: Span, resource: i64) -> Result<InTheWay, StoreError> {
    let found = "select v.body, h.low, h.high from term t join resource s on s.n = t.resource
         join holding h on h.actor = 'Schedule/' || s.id and h.low < ?2 and h.high > ?3
         join resource r on r.n = h.resource join version v on v.seq = r.seq
         where t.kind = 'Schedule' and t.param = 'actor' and t.value = ?1
         union all select null, low, high from holding where actor = ?1 and low < ?2 and high > ?3 and resource <> ?4";
    let mut way = InTheWay::default();
    db.each(found, values![actor, span.high, span.low, resource], |row| {
        match row.get::<Option<&[u8]>>("body")? {
            Some(hold) => way.kept.extend(SlotView::read(&body::unpack(hold)?).kept_for()),
            None => way.taken.push((row.get("low")?, row.get("high")?)),
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(way)
}

/// The text in a row's column `body`.
fn text_in(row: &Row<'_>) -> Result<String, StoreError> {
    body::unpack(row.get("body")?)
}

/// How many visits may lie over another in the schedules of `actor`: the smallest number that one of them says.
fn overbook_limit(db: &Db, actor: &str) -> Result<Option<u32>, StoreError> {
    let schedules = "select v.body from term t join resource r on r.n = t.resource join version v on v.seq = r.seq
         where t.kind = 'Schedule' and t.param = 'actor' and t.value = ?";
    let limits = db.all(schedules, values![actor], |row| {
        let text = text_in(row)?;
        let view = ScheduleView::read(&text);
        Ok(if view.active == Some(false) { None } else { view.overbook_limit() })
    })?;
    Ok(limits.into_iter().flatten().min())
}
