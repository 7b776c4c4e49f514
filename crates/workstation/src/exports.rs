//! The export that is under way: one at a time. It ends with the session of whoever asked for it.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

use crate::screen::{ExportState, Exporting};

/// The last export since the program began.
#[derive(Default)]
pub(crate) struct Exports(Mutex<Option<Current>>);

struct Current {
    told: Exporting,
    stop: Arc<Notify>,
}

impl Exports {
    /// How the last one stands.
    pub fn current(&self) -> Option<Exporting> {
        self.held().as_ref().map(|current| current.told.clone())
    }

    /// Begins one, unless one is under way; what comes back hears when it is to stop.
    pub fn begin(&self, file: String, history: bool) -> Option<Arc<Notify>> {
        let mut held = self.held();
        if held.as_ref().is_some_and(|current| current.told.state == ExportState::Running) {
            return None;
        }
        let stop = Arc::new(Notify::new());
        let told = Exporting { state: ExportState::Running, file, history, records: 0, kilobytes: 0, say: None };
        *held = Some(Current { told, stop: Arc::clone(&stop) });
        Some(stop)
    }

    /// Tells how far it is.
    pub fn tell(&self, records: u64, bytes: u64) {
        self.change(|told| {
            told.records = u32::try_from(records).unwrap_or(u32::MAX);
            told.kilobytes = u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX);
        });
    }

    /// Tells how it ended.
    pub fn end(&self, state: ExportState, say: Option<String>) {
        self.change(|told| (told.state, told.say) = (state, say));
    }

    /// Stops the one that is under way, if one is.
    pub fn stop(&self) {
        if let Some(current) = self.held().as_ref() {
            // Kept for whoever listens only afterwards.
            current.stop.notify_one();
        }
    }

    fn change(&self, change: impl FnOnce(&mut Exporting)) {
        if let Some(current) = self.held().as_mut() {
            change(&mut current.told);
        }
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Option<Current>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
