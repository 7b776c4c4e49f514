//! Taking in a page of the host's history: rows, projections and cursor in one transaction.

use std::collections::BTreeSet;

use practice::{
    feed::FeedRow,
    horizon::Window,
    life::comes_from,
    resource::{ResourceKey, ResourceType},
    text::stamp_meta,
    time::Stamp,
};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    Store, StoreError,
    body::{Body, Lent, Unpacker},
    compartment::{self, Numbers},
    head::{self, Head, Inserter, follows},
    horizon, lives, meta,
    packed_id::PackedId,
    prepared::{PreparedPage, Ready},
    projection,
};

/// A page of the host's history, oldest change first.
pub struct Page<'a> {
    /// The changes.
    pub rows: &'a [Incoming<'a>],
    /// Where the next page begins.
    pub cursor: &'a str,
    /// Which of the host's lives this is.
    pub epoch: &'a str,
}

/// One change as the host tells it.
pub struct Incoming<'a> {
    /// Which resource.
    pub key: ResourceKey,
    /// The host's version.
    pub version: &'a str,
    /// When the host changed it.
    pub updated: Stamp,
    /// The life that it did so in, where that is not the page's.
    pub life: Option<&'a str>,
    /// Its text, word for word; absent when it was deleted.
    pub text: Option<&'a str>,
}

/// The entry says which resource it is; the store compares that with the text.
impl<'a> From<FeedRow<'a>> for Incoming<'a> {
    fn from(FeedRow { key, version, updated, life, text }: FeedRow<'a>) -> Self {
        Self { key, version, updated, life, text }
    }
}

/// What a page changed here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Patients.
    pub patients: u32,
    /// Appointments.
    pub appointments: u32,
    /// Everything else.
    pub others: u32,
    /// The types that changed.
    pub kinds: BTreeSet<ResourceType>,
}

impl Taken {
    fn count(&mut self, kind: ResourceType) {
        self.kinds.insert(kind);
        match kind {
            ResourceType::PATIENT => self.patients += 1,
            ResourceType::APPOINTMENT => self.appointments += 1,
            _ => self.others += 1,
        }
    }
}

impl Store {
    /// Takes in `page`: all of it with its cursor, or nothing. What is already here is passed over, so a page may come
    /// twice. A resource with an unsent local change keeps the local text; the host's is kept beside it.
    ///
    /// # Errors
    /// [`StoreError::BadResource`] when a text is not what its row says, [`StoreError::OtherEpoch`] when
    /// [`Store::set_epoch`] was not told of the page's epoch first; as every statement.
    pub fn take_page(&self, page: &Page<'_>) -> Result<Taken, StoreError> {
        self.take_prepared(PreparedPage::of(page)?)
    }

    /// As [`Self::take_page`], with what needs no store done before.
    ///
    /// # Errors
    /// [`StoreError::OtherEpoch`], as there; as every statement.
    pub fn take_prepared(&self, page: PreparedPage) -> Result<Taken, StoreError> {
        self.write(|writer| {
            meta::set(writer, meta::CURSOR, &page.cursor)?;
            self.take(writer, page, Some(horizon::in_force(writer)?))
        })
    }

    /// Takes in rows ahead of the pages that will bring them again; the cursor stays.
    ///
    /// # Errors
    /// As [`Self::take_prepared`].
    pub fn take_ahead(&self, page: PreparedPage) -> Result<Taken, StoreError> {
        self.write(|writer| self.take(writer, page, Some(horizon::in_force(writer)?)))
    }

    /// Takes in the rows of `page`. Of those outside of the `horizon` only news of what is here: what is shown must never
    /// be older than what the host has told.
    pub(crate) fn take(
        &self,
        writer: &Connection,
        page: PreparedPage,
        horizon: Option<Window>,
    ) -> Result<Taken, StoreError> {
        if meta::get(writer, meta::EPOCH)?.as_deref() != Some(&page.epoch) {
            return Err(StoreError::OtherEpoch);
        }
        let epoch = meta::number(writer, meta::EPOCH_NUMBER)?;
        let (mut numbers, mut taken) = (Numbers::default(), Taken::default());
        let mut order = Vec::with_capacity(page.rows.len());
        for ready in &page.rows {
            let no = numbers.of(writer, ready.patient.as_ref())?;
            order.push((compartment::place(no, ready.key.kind), no, order.len()));
        }
        // In the order of the file. The sort is stable: two versions of one resource stay oldest first.
        order.sort_by(|(a, _, left), (b, _, right)| (a, &page.rows[*left].key).cmp(&(b, &page.rows[*right].key)));
        let mut rows: Vec<Option<Ready>> = page.rows.into_iter().map(Some).collect();
        let mut taking = Taking { writer, insert: Inserter::on(writer)?, unpacker: self.codec.unpacker(), epoch };
        for (n, (_, compartment, row)) in order.into_iter().enumerate() {
            let Some(ready) = rows[row].take() else { continue };
            if n % LOOK_UP == 0 {
                self.check_open()?;
            }
            let kind = ready.key.kind;
            let is_outside = horizon.zip(ready.lasts).is_some_and(|(horizon, lasts)| !horizon.holds(lasts));
            if is_outside && Held::find(writer, &ready.key)?.is_none() {
                continue;
            }
            if taking.row(compartment, ready)? {
                taken.count(kind);
            }
        }
        Ok(taken)
    }
}

/// Rows between two looks whether the session has locked meanwhile.
const LOOK_UP: usize = 500;

/// What a page must know of a row that is already here.
struct Held {
    compartment: i64,
    version: String,
    updated: i64,
    unsent: bool,
    epoch: i64,
}

impl Held {
    fn find(writer: &Connection, key: &ResourceKey) -> Result<Option<Self>, StoreError> {
        let sql = "SELECT compartment, version, updated, unsent, epoch FROM resource WHERE type = ?1 AND id = ?2";
        let mut statement = writer.prepare_cached(sql)?;
        let read = |row: &rusqlite::Row<'_>| {
            Ok(Self {
                compartment: compartment::of(row)?,
                version: row.get("version")?,
                updated: row.get("updated")?,
                unsent: row.get("unsent")?,
                epoch: row.get("epoch")?,
            })
        };
        Ok(statement.query_row(params![key.kind.as_str(), PackedId::of(key.id.as_str())], read).optional()?)
    }
}

/// Taking rows in, one after the other.
struct Taking<'a> {
    writer: &'a Connection,
    insert: Inserter<'a>,
    unpacker: Lent<'a, Unpacker>,
    epoch: i64,
}

impl Taking<'_> {
    /// Takes one row in; whether anything that is shown changed.
    fn row(&mut self, compartment: i64, row: Ready) -> Result<bool, StoreError> {
        let Ready { key, version, updated, life, body, derived, .. } = row;
        let new = body.map(|body| {
            let (tag, unsent, epoch) = (None, false, self.epoch);
            Head { compartment, version: version.clone(), tag, updated, unsent, epoch, body }
        });
        // Nearly every row of a first sync is new: whether it is here is asked only when it can't be inserted.
        let inserted = match &new {
            Some(new) => self.insert.insert(&key, new)?,
            None => false,
        };
        if !inserted {
            let held = Held::find(self.writer, &key)?;
            if let Some(held) = &held {
                if held.epoch != self.epoch {
                    let told = Told { version: &version, updated, life: life.as_deref(), head: new.as_ref() };
                    if !self.is_followed(&key, held, &told)? {
                        return Ok(false);
                    }
                }
                if held.unsent {
                    keep_beside(self.writer, &key, (&version, updated), new.as_ref().map(|new| &new.body))?;
                    return Ok(true);
                }
                let same_life = held.epoch == self.epoch;
                if same_life && !follows((&version, updated), (&held.version, held.updated)) {
                    return Ok(false);
                }
                projection::forget(self.writer, &mut self.unpacker, &key)?;
            }
            let old = held.map(|held| held.compartment);
            match (&new, old) {
                (Some(new), old) => head::put(self.writer, &key, new, old)?,
                (None, Some(old)) => head::remove(self.writer, &key, old)?,
                (None, None) => return Ok(false),
            }
        }
        if let Some(derived) = derived {
            derived.add(self.writer, &key, compartment, false)?;
        }
        Ok(true)
    }
}

/// What a restored host tells of a resource that was last seen in an earlier life.
struct Told<'a> {
    version: &'a str,
    updated: i64,
    /// The life it was written in, where that is not the present one.
    life: Option<&'a str>,
    head: Option<&'a Head>,
}

impl Taking<'_> {
    /// Whether what is told comes after ours, as it would in one life. If not, what must be known when ours is given back
    /// is kept: that the host has it after all, what it has from before, or what it made of that.
    fn is_followed(&mut self, key: &ResourceKey, held: &Held, told: &Told<'_>) -> Result<bool, StoreError> {
        let body = told.head.map(|head| &head.body);
        let news = (told.version, told.updated);
        let ours =
            if held.unsent { known_beside(self.writer, key)? } else { Some((held.version.clone(), held.updated)) };
        let Some((version, updated)) = ours else {
            // Made here, and never seen there.
            lives::seen(self.writer, key, self.epoch)?;
            return Ok(true);
        };
        let present = lives::name(self.writer, self.epoch)?;
        // The same number at another time is another version: made of the same change, perhaps, in both lives.
        let another = news.0 == version && news.1 != updated;
        if another || !comes_from(&lives::name(self.writer, held.epoch)?, told.life.unwrap_or(&present)) {
            let same = !held.unsent && self.is_same_but_for_meta(key, told)?;
            if same {
                lives::seen(self.writer, key, self.epoch)?;
            } else {
                lives::keep_remote(self.writer, key, news, body)?;
            }
            return Ok(same);
        }
        if news == (version.as_str(), updated) {
            lives::seen(self.writer, key, self.epoch)?;
            lives::send_again(self.writer, key)?;
            return Ok(false);
        }
        let follows = follows(news, (&version, updated));
        if follows {
            lives::seen(self.writer, key, self.epoch)?;
        } else {
            lives::keep_base(self.writer, key, news, body)?;
        }
        Ok(follows)
    }

    /// Whether both sides have the same text, as when one change reached the host in both lives.
    fn is_same_but_for_meta(&mut self, key: &ResourceKey, told: &Told<'_>) -> Result<bool, StoreError> {
        let (Some(theirs), Some(ours)) = (told.head, head::text(self.writer, &mut self.unpacker, key)?) else {
            return Ok(false);
        };
        let updated = head::stamp(told.updated)?.to_string();
        let stamped = stamp_meta(&ours, told.version, &updated).map_err(|_| StoreError::BadResource)?;
        Ok(self.unpacker.unpack(theirs.body.dict, &theirs.body.bytes)? == stamped)
    }
}

/// The host's version of a resource with an unsent change, as far as it is known here.
fn known_beside(writer: &Connection, key: &ResourceKey) -> Result<Option<(String, i64)>, StoreError> {
    let sql = "SELECT coalesce(remote_version, base_version), coalesce(remote_updated, base_updated) FROM unsent
        WHERE type = ?1 AND id = ?2";
    let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, Option<String>>(0)?, row.get::<_, Option<i64>>(1)?));
    let (version, updated) = writer.prepare_cached(sql)?.query_row([key.kind.as_str(), key.id.as_str()], read)?;
    Ok(version.zip(updated))
}

/// The host's news of a resource that has an unsent local change: kept beside, unless it is what the change started
/// from or older than what is beside already.
fn keep_beside(
    writer: &Connection,
    key: &ResourceKey,
    news: (&str, i64),
    body: Option<&Body>,
) -> Result<(), StoreError> {
    if known_beside(writer, key)?.is_some_and(|(version, updated)| !follows(news, (&version, updated))) {
        return Ok(());
    }
    let key = [key.kind.as_str(), key.id.as_str()];
    let sql = "UPDATE unsent SET remote_version = ?3, remote_updated = ?4, remote_dict = ?5, remote_body = ?6
        WHERE type = ?1 AND id = ?2";
    let (dict, bytes) = (body.map(|body| body.dict), body.map(|body| &body.bytes));
    writer.prepare_cached(sql)?.execute(params![key[0], key[1], news.0, news.1, dict, bytes])?;
    Ok(())
}
