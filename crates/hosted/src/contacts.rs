//! Contacts of computers that wait to be written down. One thread a practice writes them, together: a request never waits
//! for it, and what holds the writer up holds up no more than that one.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use practice::ids::WorkstationId;

use crate::{
    practices::Practice,
    store::{Contact, Workstation},
};

/// Those of one practice.
#[derive(Default)]
pub(crate) struct Contacts(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    newest: HashMap<WorkstationId, Contact>,
    /// Somebody writes them.
    writing: bool,
}

impl Contacts {
    /// Keeps a contact; whether somebody has to begin to write.
    fn add(&self, id: &WorkstationId, contact: Contact) -> bool {
        let mut waiting = self.held();
        waiting.newest.insert(id.clone(), contact);
        !std::mem::replace(&mut waiting.writing, true)
    }

    /// What is to be written; with nothing left the writing ends.
    fn take(&self) -> Vec<(WorkstationId, Contact)> {
        let mut waiting = self.held();
        let all: Vec<_> = waiting.newest.drain().collect();
        waiting.writing = !all.is_empty();
        all
    }

    fn held(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Has `contact` of `workstation` written down, where it is news.
pub(crate) fn note(practice: &Arc<Practice>, workstation: &Workstation, contact: Contact) {
    if !contact.is_news_of(workstation) || !practice.contacts.add(&workstation.id, contact) {
        return;
    }
    let practice = Arc::clone(practice);
    tokio::task::spawn_blocking(move || {
        loop {
            let all = practice.contacts.take();
            if all.is_empty() {
                return;
            }
            if let Err(error) = practice.write(|store| store.note_contacts(&all)) {
                // The next contact tells it again.
                tracing::warn!(class = error.class(), "contacts of computers could not be written down");
            }
        }
    });
}
