//! The host has accepted a change: exactly the texts that were sent are settled.
//!
//! An edit made while they were on their way is an entry of its own. It stays unsent, and from now on replaces the
//! version that the host has just made.

use practice::{ids::ChangeId, resource::ResourceKey, schedule::confirmed, text::stamp_meta, time::Stamp};
use rusqlite::{Connection, params};

use super::{HostText, beside, forget_beside, keys, local_tag, neighbour, number, queued_head, set_remote, start_from};
use crate::{
    Store, StoreError,
    body::{Body, Codec},
    compartment::Numbers,
    head::{self, Head, follows},
    lives, meta, projection,
};

/// One resource of the host's answer.
pub struct Accepted<'a> {
    /// Which.
    pub key: ResourceKey,
    /// The version the host made.
    pub version: &'a str,
    /// When.
    pub updated: Stamp,
    /// The text as the host has it.
    pub text: &'a str,
}

impl Store {
    /// Settles `change` with the host's answer; `false` when it was settled before.
    ///
    /// # Errors
    /// [`StoreError::BadAnswer`] when the answer lacks a resource that was sent; [`StoreError::BadResource`] when a text
    /// is not its resource; as every statement.
    pub fn acknowledge(&self, change: &ChangeId, accepted: &[Accepted<'_>]) -> Result<bool, StoreError> {
        self.write(|writer| {
            let Some(seq) = number(writer, change.as_str())? else { return Ok(false) };
            let mut settling =
                Settling { writer, codec: &self.codec, seq, change: change.as_str(), numbers: Numbers::default() };
            for key in keys(writer, seq)? {
                let answer = accepted.iter().find(|answer| answer.key == key).ok_or(StoreError::BadAnswer)?;
                settling.settle(answer)?;
            }
            writer.prepare_cached("DELETE FROM outbox WHERE seq = ?1")?.execute([seq])?;
            Ok(true)
        })
    }
}

/// The number that the host gives to no version: what begins from it is merged before it is sent.
const NO_VERSION: &str = "0";

struct Settling<'a> {
    writer: &'a Connection,
    codec: &'a Codec,
    seq: i64,
    change: &'a str,
    numbers: Numbers,
}

impl Settling<'_> {
    fn settle(&mut self, answer: &Accepted<'_>) -> Result<(), StoreError> {
        let key = &answer.key;
        // Read for its checks: the host's text must be this resource.
        head::patient(key, answer.text)?;
        let body = self.codec.packer()?.pack(answer.text)?;
        let accepted =
            HostText { version: answer.version.to_owned(), updated: answer.updated.millis(), body: Some(body) };
        // A pull may have brought what others made of our version before this answer came.
        let remote = beside(self.writer, key)?.remote;
        let newer =
            remote.filter(|remote| follows((&remote.version, remote.updated), (&accepted.version, accepted.updated)));
        let sent = self.sent(key)?;
        let as_sent = self.is_as_sent(answer, &sent)?;
        if neighbour(self.writer, key, self.seq, true)?.is_some() {
            if as_sent {
                return self.rebase_later(key, &accepted, newer.is_none());
            }
            // They began from what was sent, not from what others have made of it.
            let own = HostText { version: NO_VERSION.to_owned(), updated: accepted.updated, body: Some(sent) };
            self.rebase_later(key, &own, false)?;
            return set_remote(self.writer, key, newer.as_ref().unwrap_or(&accepted));
        }
        match newer {
            Some(newer) => self.show(key, newer, None),
            None => self.show(key, accepted, as_sent.then(|| local_tag(self.change))),
        }
    }

    fn sent(&self, key: &ResourceKey) -> Result<Body, StoreError> {
        let sql = "SELECT dict, body FROM outbox_item WHERE seq = ?1 AND type = ?2 AND id = ?3";
        let of = params![self.seq, key.kind.as_str(), key.id.as_str()];
        let read = |row: &rusqlite::Row<'_>| Ok(Body { dict: row.get("dict")?, bytes: row.get("body")? });
        Ok(self.writer.prepare_cached(sql)?.query_row(of, read)?)
    }

    /// Whether the host has exactly what was sent, or that with its own word on it: not when a restored host answers with
    /// what others made of it.
    fn is_as_sent(&self, answer: &Accepted<'_>, sent: &Body) -> Result<bool, StoreError> {
        let sent = self.codec.unpacker().unpack(sent.dict, &sent.bytes)?;
        let stamped = |text: &str| stamp_meta(text, answer.version, &answer.updated.to_string()).ok();
        let has = stamped(answer.text);
        Ok(stamped(&sent) == has || confirmed(&sent).is_some_and(|confirmed| stamped(&confirmed) == has))
    }

    /// Later local changes of this resource now start from what the host has accepted.
    fn rebase_later(&self, key: &ResourceKey, accepted: &HostText, drop_remote: bool) -> Result<(), StoreError> {
        let (kind, id) = (key.kind.as_str(), key.id.as_str());
        // The item of this change goes with it.
        start_from(self.writer, key, Some(accepted))?;
        lives::seen(self.writer, key, meta::number(self.writer, meta::EPOCH_NUMBER)?)?;
        if drop_remote {
            let sql =
                "UPDATE unsent SET remote_version = NULL, remote_updated = NULL, remote_dict = NULL, remote_body = NULL
                WHERE type = ?1 AND id = ?2";
            self.writer.prepare_cached(sql)?.execute([kind, id])?;
        }
        Ok(())
    }

    /// Nothing local is left of this resource: the host's text is what is shown.
    fn show(&mut self, key: &ResourceKey, host: HostText, tag: Option<String>) -> Result<(), StoreError> {
        forget_beside(self.writer, key)?;
        show_host_text(self.writer, self.codec, &mut self.numbers, key, Some(host), tag)?;
        lives::seen(self.writer, key, meta::number(self.writer, meta::EPOCH_NUMBER)?)
    }
}

/// Makes the host's text (or its absence) the one that is shown, with its projections.
pub(crate) fn show_host_text(
    writer: &Connection,
    codec: &Codec,
    numbers: &mut Numbers,
    key: &ResourceKey,
    host: Option<HostText>,
    tag: Option<String>,
) -> Result<(), StoreError> {
    let mut unpacker = codec.unpacker();
    let old = queued_head(writer, key)?;
    projection::forget(writer, &mut unpacker, key)?;
    let Some((version, updated, body)) = host.and_then(|host| Some((host.version, host.updated, host.body?))) else {
        return head::remove(writer, key, old.compartment);
    };
    let text = unpacker.unpack(body.dict, &body.bytes)?;
    let compartment = numbers.of(writer, head::patient(key, &text)?.as_ref())?;
    let head = Head { compartment, version, tag, updated, unsent: false, epoch: old.epoch, body };
    head::put(writer, key, &head, Some(old.compartment))?;
    projection::add(writer, key, compartment, &text, false)
}
