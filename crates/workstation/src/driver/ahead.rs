//! Pages ahead of those that are being stored: meanwhile the next are read and packed, and the one after them is fetched.
//! Each waits for its follower, so that no more than a few are in memory.

use std::{sync::Arc, thread::available_parallelism, time::Duration};

use practice::{time::Stamp, wire::FEED_PAGE};
use store::{Known, PreparedPage};
use tokio::{
    sync::{
        OwnedSemaphorePermit, Semaphore,
        mpsc::{Receiver, Sender, channel},
    },
    task::{JoinHandle, JoinSet, spawn_blocking},
    time::{Instant, timeout_at},
};
use zeroize::Zeroizing;

use super::{Trouble, feed};
use crate::{
    clock::Clock,
    host::{Bearer, Feed, HostError},
    session::Enrolled,
};

/// Pages that may be ready at once: they gather while others are stored.
const READY: usize = 10;
/// Rows that are worth a transaction: fewer wait a moment for more.
const WORTH_IT: usize = 6_000;
/// How long they wait on a slow line.
const PATIENCE: Duration = Duration::from_millis(60);

/// Pages on their way. Dropping it calls them off.
pub(crate) struct Ahead {
    arrivals: Receiver<Making>,
    /// The next page, which whoever waited for it did not wait long enough for.
    making: Option<Making>,
    put_back: Option<Result<Arrival, Trouble>>,
    /// What was stored ahead of the pages since they were asked for.
    pub(super) known: Known,
    /// Whoever makes a page ready or stores pages takes one: with more at work than the machine has cores, the storing,
    /// which takes longest, would go on with a part of one.
    cores: Arc<Semaphore>,
    /// Held by what stores the pages that [`Self::next`] gave, as long as there are more.
    core: Option<OwnedSemaphorePermit>,
    _tasks: JoinSet<()>,
}

/// A page that is made ready.
type Making = JoinHandle<Result<Arrival, Trouble>>;

/// A page that has come, ready to be stored.
pub(super) struct Arrival {
    /// The cursor that it was asked with.
    pub from: Option<String>,
    /// Which of the host's lives it comes from.
    pub epoch: String,
    /// Absent when `from` is of another life.
    pub page: Option<PreparedPage>,
    /// Whether there is more.
    pub more: bool,
    /// When the host was asked for the last of it.
    pub asked: Stamp,
    /// How the practice stood, as the last of the pages says.
    pub standing: Option<String>,
}

struct Fetched {
    from: Option<String>,
    asked: Stamp,
    feed: Feed,
}

impl Ahead {
    /// Asks for the page after `cursor`, and for those after it as far as the host says that there are any.
    pub(super) fn begin(
        enrolled: Arc<Enrolled>,
        device: Bearer<'_>,
        cursor: Option<String>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let (fetched, to_read) = channel(1);
        let (read, arrivals) = channel(READY);
        let device = Zeroizing::new(device.0.to_owned());
        let mut tasks = JoinSet::new();
        tasks.spawn(fetch(enrolled, device, cursor, clock, fetched));
        let cores = Arc::new(Semaphore::new(available_parallelism().map_or(2, |cores| cores.get().max(2))));
        let known = Known::default();
        tasks.spawn(prepare(to_read, read, Arc::clone(&cores), known.clone()));
        Self { arrivals, making: None, put_back: None, known, cores, core: None, _tasks: tasks }
    }

    /// A core to store with.
    pub(super) async fn take_core(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.cores).acquire_owned().await.ok()
    }

    /// The next pages as one of up to about `rows`, or as many as come in a moment; `None` when no more are on their way.
    pub(super) async fn next(&mut self, rows: usize) -> Option<Result<Arrival, Trouble>> {
        let first = match timeout_at(Instant::now(), self.one()).await {
            Ok(first) => first,
            Err(_) => {
                self.core = None;
                self.one().await
            }
        };
        let mut arrival = match first? {
            Ok(arrival) => arrival,
            Err(trouble) => return Some(Err(trouble)),
        };
        if self.core.is_none() {
            self.core = self.take_core().await;
        }
        let now = Instant::now();
        while arrival.more
            && let Some(held) = arrival.page.as_ref().map(PreparedPage::len).filter(|held| *held < rows)
        {
            let until = if held < WORTH_IT { now + PATIENCE } else { now };
            let Ok(next) = timeout_at(until, self.one()).await else { break };
            match next {
                Some(Ok(Arrival { epoch, page: Some(next), more, asked, standing, .. })) if epoch == arrival.epoch => {
                    arrival.page = arrival.page.map(|page| page.and(next));
                    (arrival.more, arrival.asked, arrival.standing) = (more, asked, standing);
                }
                // What has come is stored first; the trouble is the next answer.
                other => {
                    self.put_back = other;
                    break;
                }
            }
        }
        Some(Ok(arrival))
    }

    async fn one(&mut self) -> Option<Result<Arrival, Trouble>> {
        if let Some(arrival) = self.put_back.take() {
            return Some(arrival);
        }
        let making = match &mut self.making {
            Some(making) => making,
            none => none.insert(self.arrivals.recv().await?),
        };
        let arrival = making.await.unwrap_or(Err(HostError::Confused.into()));
        self.making = None;
        Some(arrival)
    }
}

async fn fetch(
    enrolled: Arc<Enrolled>,
    device: Zeroizing<String>,
    mut cursor: Option<String>,
    clock: Arc<dyn Clock>,
    out: Sender<Result<Fetched, HostError>>,
) {
    loop {
        let asked = clock.now();
        let practice = &enrolled.as_written.practice.id;
        let feed = enrolled.line.history(Bearer(&device), practice, cursor.as_deref(), FEED_PAGE).await;
        let next = feed.as_ref().ok().and_then(|feed| feed.next.clone());
        let sent = out.send(feed.map(|feed| Fetched { from: cursor, asked, feed })).await;
        if sent.is_err() || next.is_none() {
            return;
        }
        cursor = next;
    }
}

async fn prepare(
    mut pages: Receiver<Result<Fetched, HostError>>,
    out: Sender<Making>,
    cores: Arc<Semaphore>,
    known: Known,
) {
    while let Some(fetched) = pages.recv().await
        && let Ok(core) = Arc::clone(&cores).acquire_owned().await
    {
        let known = known.clone();
        let making = spawn_blocking(move || {
            let arrival = arrival(fetched?, &known);
            drop(core);
            arrival
        });
        if out.send(making).await.is_err() {
            return;
        }
    }
}

fn arrival(Fetched { from, asked, feed }: Fetched, known: &Known) -> Result<Arrival, Trouble> {
    let page = if feed.gone { None } else { Some(feed::prepare(&feed, known)?) };
    let more = feed.next.is_some() || page.as_ref().is_some_and(|page| page.len() >= FEED_PAGE as usize);
    Ok(Arrival { from, epoch: feed.epoch, page, more, asked, standing: feed.standing })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use store::Page;
    use tokio::sync::oneshot;

    use super::*;

    fn arrived(cursor: &str, more: bool) -> Result<Arrival, Trouble> {
        let page = PreparedPage::of(&Page { rows: &[], cursor, epoch: "e" }).unwrap();
        let asked = Stamp::from_millis(0).unwrap();
        Ok(Arrival { from: None, epoch: "e".to_owned(), page: Some(page), more, asked, standing: None })
    }

    async fn cursor(ahead: &mut Ahead) -> Option<String> {
        let Ok(arrival) = ahead.next(10).await? else { panic!("a page was to come") };
        arrival.page.map(|page| page.cursor().to_owned())
    }

    #[tokio::test]
    async fn a_page_that_was_not_waited_for_long_enough_is_the_next() {
        let (to_read, arrivals) = channel(2);
        let (let_go, held) = oneshot::channel();
        to_read.send(tokio::spawn(async { arrived("first", true) })).await.unwrap();
        let slow = tokio::spawn(async move {
            held.await.unwrap();
            arrived("second", false)
        });
        to_read.send(slow).await.unwrap();
        drop(to_read);
        let mut ahead = Ahead {
            arrivals,
            making: None,
            put_back: None,
            known: Known::default(),
            cores: Arc::new(Semaphore::new(1)),
            core: None,
            _tasks: JoinSet::new(),
        };
        assert_eq!(cursor(&mut ahead).await.as_deref(), Some("first"));
        let_go.send(()).unwrap();
        assert_eq!(cursor(&mut ahead).await.as_deref(), Some("second"));
        assert!(ahead.next(10).await.is_none());
    }
}
