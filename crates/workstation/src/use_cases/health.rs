//! What can be wrong with a chart that opens: a page of its file that can't be read, and an audit trail that went on in
//! a copy of the folder. Looked at by a diagnosis, and in the background while the program stays open. What was found is
//! kept in the vault.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use practice::{
    Code,
    time::{Mono, Stamp},
    wire::AuditUpload,
};
use store::check_file;

use crate::{
    desk::Desk,
    host::{Bearer, HostError},
    refused::Outcome,
    screen::Refused,
    session::{Notice, Workstation},
};

/// How often it is looked whether something is due.
const TICK: Duration = Duration::from_secs(2);
/// How often the whole file is read.
const EVERY: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// The wait after a reading that did not come to its end.
const AGAIN: Duration = Duration::from_secs(60 * 60);
/// Links of the audit chain offered at once.
const LINKS: u32 = 500;

const CHECKED: &str = "checked";
const DAMAGED: &str = "damaged";
const GAP: &str = "audit_gap";

impl Workstation {
    /// Reads the whole file once a week, keeps what the host said of the audit trail, and tells the windows when the data
    /// has become old, until the program ends.
    pub async fn watch_health(self: Arc<Self>) {
        let (mut not_before, mut said) = (Mono(Duration::ZERO), None);
        loop {
            tokio::time::sleep(TICK).await;
            // A host that is away makes no news of its own.
            let stale = self.sync_state().stale;
            if stale != said {
                said = stale;
                self.notify(Notice::Shell);
            }
            let gap =
                self.sync_status(|sync| sync.trouble.as_ref().is_some_and(|trouble| trouble.code == Code::AuditGap));
            let due = self.at_desk(|desk| {
                if gap && !desk.has(GAP)? {
                    desk.found(GAP, true)?;
                    self.notify(Notice::Shell);
                }
                desk.check_is_due(self.clock.now())
            });
            if due == Ok(true) && self.clock.mono() >= not_before && self.check_file(false).await.is_err() {
                not_before = self.clock.mono().plus(AGAIN);
            }
        }
    }

    /// What is wrong with the open chart, looked at now.
    ///
    /// # Errors
    /// When locked.
    pub async fn examine(self: &Arc<Self>) -> Outcome<Vec<Refused>> {
        self.check_file(true).await?;
        self.offer_chain().await?;
        self.at_desk(Desk::findings)
    }

    /// Offers the host the links of the audit chain that it has not taken, and keeps whether they go on from its own.
    /// A host that can't be reached says nothing.
    ///
    /// # Errors
    /// When locked.
    pub async fn offer_chain(self: &Arc<Self>) -> Outcome<()> {
        let (enrolled, generation) = self.at_desk(|desk| Ok((Arc::clone(&desk.enrolled), self.generation())))?;
        let _one_at_a_time = self.one_sync.lock().await;
        let device = self.device_token(&enrolled).await?;
        loop {
            let entries = self
                .in_background(generation, |desk| Ok(desk.store.audit_unsent(LINKS).map_err(|e| e.refusal())?))
                .await?;
            let Some(last) = entries.last().map(|entry| entry.seq) else { break };
            match enrolled.line.send_audit(Bearer(device.for_header()), &AuditUpload { entries }).await {
                Ok(receipt) => {
                    let through = receipt.accepted_through.min(last);
                    self.in_background(generation, move |desk| {
                        Ok(desk.store.audit_sent(through).map_err(|e| e.refusal())?)
                    })
                    .await?;
                    if through < last {
                        return Ok(());
                    }
                }
                Err(HostError::Refused(refused)) if refused.code == Code::AuditGap => {
                    return self.desk_of(generation, |desk| desk.found(GAP, true));
                }
                Err(_) => return Ok(()),
            }
        }
        self.desk_of(generation, |desk| desk.found(GAP, false))
    }

    /// Reads the whole file and keeps what was found. Gives way at once to whoever wants to close the desk; but with
    /// `free_pages` it reads those that hold nothing too, and that it finishes.
    async fn check_file(self: &Arc<Self>, free_pages: bool) -> Outcome<()> {
        // Before the desk is taken, so that nobody who wants it is missed.
        let (wanted, before) = (Arc::clone(&self.desk_wanted), self.desk_wanted.load(Ordering::SeqCst));
        let now = self.clock.now();
        self.in_background(self.generation(), move |desk| {
            let refused = match desk.unlocked().connect() {
                Ok(connection) => {
                    let stop = move || wanted.load(Ordering::SeqCst) != before;
                    match check_file(connection, stop) {
                        Ok(()) if free_pages => desk.check_free_pages().err(),
                        Ok(()) => None,
                        Err(error) => Some(error.refusal()),
                    }
                }
                Err(error) => Some(error.refusal()),
            };
            let damaged = match refused {
                None => false,
                Some(refused) if refused.code == Code::VaultDamaged => true,
                Some(refused) => return Err(refused.into()),
            };
            if damaged {
                tracing::error!("a page of the chart's file can't be read");
            }
            desk.found(DAMAGED, damaged)?;
            desk.mark(CHECKED, now)
        })
        .await?;
        self.notify(Notice::Shell);
        Ok(())
    }
}

impl Desk {
    /// What was found and is still so, in words.
    pub(crate) fn findings(&self) -> Outcome<Vec<Refused>> {
        let all = [
            (
                DAMAGED,
                Code::VaultDamaged,
                "A page of this computer's chart can't be read. Nothing was deleted. The host still has everything \
                 that was sent.",
            ),
            (
                GAP,
                Code::AuditGap,
                "The host does not take this computer's audit trail: a copy of this folder went on elsewhere, or an \
                 older one was put back.",
            ),
        ];
        let mut found = Vec::new();
        for (name, code, say) in all {
            if self.has(name)? {
                found.push(Refused { code, say: say.to_owned() });
            }
        }
        Ok(found)
    }

    /// When the whole file was last read.
    pub(crate) fn checked(&self) -> Outcome<Option<Stamp>> {
        Ok(self.store.meta_get(CHECKED).map_err(|e| e.refusal())?.as_deref().and_then(Stamp::parse))
    }

    fn check_is_due(&self, now: Stamp) -> Outcome<bool> {
        match self.checked()? {
            // A clock that was set right after a check leaves it in the future.
            Some(at) => Ok(at > now || now.since(at) >= EVERY),
            // A new chart's week begins.
            None => self.mark(CHECKED, now).map(|()| false),
        }
    }

    /// A page that another program is just writing looks damaged once, and not twice.
    fn check_free_pages(&self) -> Result<(), practice::Refusal> {
        let check = || self.unlocked().check_pages();
        check().or_else(|_| check()).map_err(|error| error.refusal())
    }

    fn has(&self, name: &str) -> Outcome<bool> {
        Ok(self.store.meta_get(name).map_err(|e| e.refusal())?.as_deref() == Some("yes"))
    }

    fn found(&self, name: &str, found: bool) -> Outcome<()> {
        if self.has(name)? == found {
            return Ok(());
        }
        let word = if found { "yes" } else { "no" };
        Ok(self.store.meta_set(name, word).map_err(|e| e.refusal())?)
    }
}
