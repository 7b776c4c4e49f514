//! One page of the host's history, stored together with the cursor that follows it.

use std::{collections::BTreeSet, sync::Arc};

use practice::time::Stamp;
use store::PreparedPage;
use sync::Event;

use super::{
    Round, Trouble,
    ahead::{Ahead, Arrival},
    give_back::notice_restore,
};
use crate::{
    desk::Desk,
    host::HostError,
    refused::Outcome,
    screen::{Progress, Refused},
    session::Workstation,
};

/// Rows stored at once, about. The fewer the transactions, the less often is a page of the file written again; a person
/// who works meanwhile waits for one of them at most.
const BATCH: usize = 24_000;

/// The cursors that were left behind since the pull began. A host that leads back to one would be followed for ever.
#[derive(Default)]
pub(crate) struct Way {
    left: BTreeSet<Option<String>>,
    lives: u32,
}

impl Way {
    /// The page after `from` leads `to`.
    pub(super) fn goes_on(&mut self, from: Option<&str>, to: &str) -> Result<(), HostError> {
        self.left.insert(from.map(str::to_owned));
        if self.left.contains(&Some(to.to_owned())) { Err(HostError::Confused) } else { Ok(()) }
    }

    /// The host lives anew: its cursors are other ones. It does not do so with every answer.
    fn begins_anew(&mut self) -> Result<(), HostError> {
        self.left.clear();
        self.lives += 1;
        if self.lives > 2 { Err(HostError::Confused) } else { Ok(()) }
    }
}

/// What became of an arrival.
enum Stored {
    Page(store::Taken),
    /// The cursor is another one by now: asked for again, from where we are.
    Elsewhere,
    /// The host lives anew from a backup: asked for again, from the start.
    Anew,
    /// The host says that its own cursor is not of this life.
    Gone,
}

impl Workstation {
    pub(super) async fn pull(self: &Arc<Self>, round: &mut Round) -> Result<Event, Trouble> {
        let Arrival { from, epoch, page, more, asked, standing } = match self.next_arrival(round).await {
            Err(Trouble::Host(HostError::UnknownCursor(refused))) => return self.start_over(round, refused).await,
            arrival => arrival?,
        };
        self.follow_standing(round, standing).await?;
        let rows = page.as_ref().map_or(0, PreparedPage::len);
        if let Some(page) = page.as_ref().filter(|page| !page.is_empty()) {
            round.way.goes_on(from.as_deref(), page.cursor())?;
        }
        let (at, knows_cursor) = (self.clock.now(), from.is_some() && !round.started_over);
        let stored = self
            .in_background(round.generation, move |desk| {
                if knows_cursor {
                    desk.store.cursor_holds().map_err(|e| e.refusal())?;
                }
                let stored = store(desk, from.as_deref(), &epoch, page, at)?;
                if !more && matches!(stored, Stored::Page(_)) && rows > 0 {
                    desk.is_whole(asked)?;
                }
                Ok(stored)
            })
            .await?;
        let taken = match stored {
            Stored::Page(taken) => {
                // Noted with the end of the round, where nothing else is to be written.
                round.whole = (!more && rows == 0).then_some(asked);
                taken
            }
            Stored::Elsewhere => {
                round.ahead = None;
                return Ok(Event::PageTaken { more: true });
            }
            Stored::Anew => {
                round.ahead = None;
                round.way.begins_anew()?;
                return Ok(Event::PageTaken { more: true });
            }
            Stored::Gone => return Err(HostError::Confused.into()),
        };
        round.report.pulled += rows;
        self.sync_changed(|status| {
            let done = u32::try_from(round.report.pulled).unwrap_or(u32::MAX);
            status.first_sync = (more && done > 2000).then_some(Progress { done, total: None });
        });
        self.changed(taken.kinds.iter().map(|kind| kind.as_str().to_owned()).collect());
        Ok(Event::PageTaken { more })
    }

    /// The host does not know our cursor: it is read from the start, as a host that lives anew is. Only once: one that
    /// knows no cursor of its own would be read for ever.
    async fn start_over(self: &Arc<Self>, round: &mut Round, refused: Refused) -> Result<Event, Trouble> {
        round.ahead = None;
        let anew = self
            .in_background(round.generation, |desk| {
                let anew = desk.store.start_over().map_err(|e| e.refusal())?;
                desk.note_place()?;
                Ok(anew)
            })
            .await?;
        if !anew {
            return Err(HostError::Refused(refused).into());
        }
        tracing::warn!("the host does not know the cursor; its history is read from the start");
        (round.way, round.started_over) = (Way::default(), true);
        Ok(Event::PageTaken { more: true })
    }

    /// Has the pages after `cursor` come, ahead of whoever stores them.
    pub(super) fn pages_after(&self, cursor: Option<String>, round: &Round) -> Ahead {
        Ahead::begin(Arc::clone(&round.enrolled), round.bearer(), cursor, Arc::clone(&self.clock))
    }

    /// The next page that is on its way, or else the one after our cursor.
    async fn next_arrival(self: &Arc<Self>, round: &mut Round) -> Result<Arrival, Trouble> {
        if let Some(ahead) = &mut round.ahead
            && let Some(arrival) = ahead.next(BATCH).await
        {
            return arrival;
        }
        let cursor =
            self.in_background(round.generation, |desk| Ok(desk.store.cursor().map_err(|e| e.refusal())?)).await?;
        let mut ahead = self.pages_after(cursor, round);
        let arrival = ahead.next(BATCH).await;
        round.ahead = Some(ahead);
        arrival.unwrap_or(Err(HostError::Unreachable.into()))
    }
}

fn store(desk: &Desk, from: Option<&str>, epoch: &str, page: Option<PreparedPage>, at: Stamp) -> Outcome<Stored> {
    let store = &desk.store;
    if store.cursor().map_err(|e| e.refusal())?.as_deref() != from {
        return Ok(Stored::Elsewhere);
    }
    let known = store.epoch().map_err(|e| e.refusal())?;
    match known {
        None => store.set_epoch(epoch).map_err(|e| e.refusal())?,
        Some(known) if known != epoch => {
            notice_restore(desk, epoch, at)?;
            return Ok(Stored::Anew);
        }
        Some(_) => {}
    }
    match page {
        Some(page) if page.is_empty() && from == Some(page.cursor()) => Ok(Stored::Page(store::Taken::default())),
        Some(page) => {
            let taken = store.take_prepared(page).map_err(|e| e.refusal())?;
            desk.note_place()?;
            Ok(Stored::Page(taken))
        }
        None => Ok(Stored::Gone),
    }
}
