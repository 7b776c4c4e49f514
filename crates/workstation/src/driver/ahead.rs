//! Pages ahead of the one that is being stored: while one is written, the next is read and packed, and the one after
//! that is fetched. Each waits for its follower, so that no more than a few are in memory.

use std::{sync::Arc, time::Duration};

use practice::time::Stamp;
use tokio::{
    sync::mpsc::{Receiver, Sender, channel},
    task::JoinSet,
    time::{Instant, timeout_at},
};
use zeroize::Zeroizing;

use super::{Trouble, feed};
use crate::{
    clock::Clock,
    host::{Bearer, Feed, HostError},
    session::Enrolled,
};

/// Entries asked for at once.
const PAGE: usize = 2_000;
/// Pages that may be ready at once.
const READY: usize = 6;
/// How long the first page of a batch waits for the next on a slow line.
const PATIENCE: Duration = Duration::from_millis(60);

/// Pages on their way. Dropping it calls them off.
pub(crate) struct Ahead {
    arrivals: Receiver<Result<Arrival, Trouble>>,
    put_back: Option<Result<Arrival, Trouble>>,
    _tasks: JoinSet<()>,
}

/// A page that has come, ready to be stored.
pub(super) struct Arrival {
    /// The cursor that it was asked with.
    pub from: Option<String>,
    /// Which of the host's lives it comes from.
    pub epoch: String,
    /// Absent when `from` is of another life.
    pub page: Option<store::PreparedPage>,
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
        tasks.spawn(prepare(to_read, read));
        Self { arrivals, put_back: None, _tasks: tasks }
    }

    /// The next pages as one of up to about `rows`, or as many as come in a moment; `None` when no more are on their way.
    pub(super) async fn next(&mut self, rows: usize) -> Option<Result<Arrival, Trouble>> {
        let mut arrival = match self.one().await? {
            Ok(arrival) => arrival,
            Err(trouble) => return Some(Err(trouble)),
        };
        let until = Instant::now() + PATIENCE;
        while arrival.more && arrival.page.as_ref().is_some_and(|page| page.len() < rows) {
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
        match self.put_back.take() {
            Some(arrival) => Some(arrival),
            None => self.arrivals.recv().await,
        }
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
        let feed = enrolled.line.history(Bearer(&device), practice, cursor.as_deref(), PAGE).await;
        let next = feed.as_ref().ok().and_then(|feed| feed.next.clone());
        let sent = out.send(feed.map(|feed| Fetched { from: cursor, asked, feed })).await;
        if sent.is_err() || next.is_none() {
            return;
        }
        cursor = next;
    }
}

async fn prepare(mut pages: Receiver<Result<Fetched, HostError>>, out: Sender<Result<Arrival, Trouble>>) {
    while let Some(fetched) = pages.recv().await {
        let arrival = match fetched {
            Ok(fetched) => match tokio::task::spawn_blocking(move || arrival(fetched)).await {
                Ok(arrival) => arrival,
                Err(_) => Err(HostError::Confused.into()),
            },
            Err(error) => Err(error.into()),
        };
        if out.send(arrival).await.is_err() {
            return;
        }
    }
}

fn arrival(Fetched { from, asked, feed }: Fetched) -> Result<Arrival, Trouble> {
    let page = if feed.gone { None } else { Some(feed::prepare(&feed)?) };
    let more = feed.next.is_some() || page.as_ref().is_some_and(|page| page.len() >= PAGE);
    Ok(Arrival { from, epoch: feed.epoch, page, more, asked, standing: feed.standing })
}
