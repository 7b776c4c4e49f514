//! What the screen is told of the sync.

use practice::{schedule::written, time::Stamp};

use super::give_back::GivenBack;
use crate::{
    freshness::stale,
    screen::{Progress, Refused, SyncState},
    session::{Notice, Workstation},
};

/// The part of the sync's state that is not in the store.
#[derive(Clone, Default)]
pub(crate) struct SyncStatus {
    pub(crate) reachable: bool,
    pub(crate) running: bool,
    pub(crate) trouble: Option<Refused>,
    pub(crate) first_sync: Option<Progress>,
    /// What the store said when it was last open: a locked screen shows it too.
    last_seen: Queue,
}

/// How much waits, and since when the data is as it is.
#[derive(Clone, Copy, Default)]
struct Queue {
    pending: u32,
    attention: u32,
    synced: Option<Stamp>,
}

impl Workstation {
    pub(crate) fn sync_status<T>(&self, read: impl FnOnce(&SyncStatus) -> T) -> T {
        read(&self.sync.lock().unwrap_or_else(|e| e.into_inner()))
    }

    pub(crate) fn sync_changed(&self, write: impl FnOnce(&mut SyncStatus)) {
        write(&mut self.sync.lock().unwrap_or_else(|e| e.into_inner()));
        self.notify(Notice::Shell);
    }

    /// All that the host had until `at` waits, sealed, for the next unlock.
    pub(crate) fn fresh_while_closed(&self, at: Stamp) {
        self.sync_changed(|status| status.last_seen.synced = Some(at));
    }

    /// Connection and queue, as the windows show them.
    pub(crate) fn sync_state(&self) -> SyncState {
        let status = self.sync_status(Clone::clone);
        let now = self.clock.now();
        let fresh = self.at_desk(|desk| {
            let (pending, attention) = desk.store.outbox_count().map_err(|e| e.refusal())?;
            let restored = GivenBack::kept(desk).and_then(|given| given.shown(&desk.enrolled.zone, now));
            Ok((Queue { pending, attention, synced: desk.last_synced() }, restored))
        });
        let (queue, restored) = fresh.unwrap_or((status.last_seen, None));
        self.sync.lock().unwrap_or_else(|e| e.into_inner()).last_seen = queue;
        let Queue { pending, attention, synced } = queue;
        let zone = self.enrolled().ok();
        let synced_here = synced.zip(zone);
        let last_synced = synced_here.as_ref().map(|(at, enrolled)| written(&enrolled.zone, *at));
        SyncState {
            reachable: status.reachable,
            running: status.running,
            age_minutes: synced.and_then(|at| u32::try_from(now.since(at).as_secs() / 60).ok()),
            last_synced,
            stale: synced_here.and_then(|(at, enrolled)| stale(&enrolled.zone, at, now)),
            pending,
            attention,
            first_sync: status.first_sync,
            trouble: status.trouble.filter(|t| t.code != practice::Code::HostUnreachable),
            restored,
        }
    }
}
