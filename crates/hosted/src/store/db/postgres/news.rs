//! Which practices were written to, by whichever host: each commit says so, and each host listens.

use std::{
    collections::HashMap,
    future::poll_fn,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use practice::ids::PracticeId;
use tokio_postgres::{AsyncMessage, Client};

use super::cluster::{Line, Way};

/// The channel that commits are told on.
pub(super) const CHANNEL: &str = "shadowchart";

/// How long to wait before listening again.
const PAUSE: Duration = Duration::from_millis(200);

/// A number for each practice that changes with each commit, whoever made it.
#[derive(Default)]
pub(super) struct News {
    told: Mutex<HashMap<String, i64>>,
    /// Times that something may have been missed.
    missed: AtomicI64,
}

impl News {
    pub fn of(&self, practice: &PracticeId) -> i64 {
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.get(practice.as_str()).copied().unwrap_or(0) + self.missed.load(Ordering::SeqCst)
    }

    fn take(&self, practice: &str) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        *told.entry(practice.to_owned()).or_default() += 1;
    }

    /// Listens, and listens again when the connection ends.
    pub async fn listen(news: Arc<Self>, way: Way) {
        loop {
            match way.open().await {
                Ok((client, line)) => hear(&news, &client, line).await,
                Err(_) => tracing::warn!("the database's news can't be heard"),
            }
            news.missed.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(PAUSE).await;
        }
    }
}

async fn hear(news: &News, client: &Client, mut line: Box<dyn Line>) {
    let ask = format!("listen {CHANNEL}");
    let listening = async {
        let _ = client.batch_execute(&ask).await;
        // From here on nothing is missed; before it something may have been.
        news.missed.fetch_add(1, Ordering::SeqCst);
        std::future::pending::<()>().await;
    };
    let telling = async {
        while let Some(Ok(message)) = poll_fn(|context| line.poll(context)).await {
            if let AsyncMessage::Notification(told) = message {
                news.take(told.payload());
            }
        }
    };
    tokio::select! {
        () = listening => {}
        () = telling => {}
    }
}
