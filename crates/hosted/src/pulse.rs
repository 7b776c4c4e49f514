//! Noticing that a practice changed, whoever changed it: this process, another host or a command line. The file itself
//! is asked, which costs microseconds; nobody has to remember to say so.

use std::{
    sync::{Arc, Mutex, PoisonError, Weak},
    thread,
    time::Duration,
};

use tokio::sync::watch;

use crate::{
    practices::Practice,
    store::{Mark, PracticeStore, StoreError},
};

/// How often the file is asked.
const LOOK: Duration = Duration::from_millis(50);

/// Waited for each listener once they were told something: a thousand of them told at every look would take a whole core.
const REST: Duration = Duration::from_micros(250);

/// The marks of one practice, told to whoever listens. The file is asked while somebody does.
#[derive(Default)]
pub struct Pulse {
    marks: watch::Sender<Mark>,
    looking: Mutex<bool>,
}

impl Practice {
    /// The mark as it is now, and each that follows. Blocks: not for an async thread.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn marks(self: &Arc<Self>) -> Result<watch::Receiver<Mark>, StoreError> {
        let pulse = self.pulse();
        let mut looking = pulse.looking.lock().unwrap_or_else(PoisonError::into_inner);
        let listener = pulse.marks.subscribe();
        if !*looking {
            let store = self.reader()?;
            let seen = store.data_version()?;
            pulse.tell(store.mark()?);
            let practice = Arc::downgrade(self);
            thread::Builder::new().name("pulse".to_owned()).spawn(move || look(&practice, &store, seen))?;
            *looking = true;
        }
        drop(looking);
        Ok(listener)
    }
}

impl Pulse {
    fn tell(&self, mark: Mark) {
        self.marks.send_if_modified(|held| std::mem::replace(held, mark) != mark);
    }

    /// Until the next look after something was told.
    fn rest(&self) -> Duration {
        let listeners = u32::try_from(self.marks.receiver_count()).unwrap_or(u32::MAX);
        LOOK + REST.saturating_mul(listeners)
    }

    /// Whether nobody listens any more; then the next listener begins a new look.
    fn alone(&self) -> bool {
        let mut looking = self.looking.lock().unwrap_or_else(PoisonError::into_inner);
        *looking = self.marks.receiver_count() > 0;
        !*looking
    }
}

fn look(practice: &Weak<Practice>, store: &PracticeStore, mut seen: i64) {
    let mut rest = LOOK;
    loop {
        thread::sleep(rest);
        rest = LOOK;
        let Some(practice) = practice.upgrade() else { return };
        if practice.pulse().alone() {
            return;
        }
        let now = store.data_version().and_then(|version| {
            if version != seen {
                practice.pulse().tell(store.mark()?);
                rest = practice.pulse().rest();
                seen = version;
            }
            Ok(())
        });
        if now.is_err() {
            tracing::warn!("a practice's file could not be looked at");
        }
    }
}
