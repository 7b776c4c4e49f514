//! Beside the vault lies what the host has not accepted, sealed to the practice: whatever becomes of the keychain, the
//! file or the member, the host can take it in (`shadowchart-hosted rescue`).

use std::{collections::BTreeSet, fs, io};

use practice::resource::ResourceKey;

use crate::{
    desk::Desk,
    home::{make_private, refusal, replace},
    refused::Outcome,
    session::Workstation,
};

/// Most bytes sent with a receipt: thousands of changes.
const MOST: usize = 6 * 1024 * 1024;

impl Workstation {
    /// Brings the folder in step with the outbox. What can't be written now is written at the next change.
    pub(crate) fn keep_rescue(&self, desk: &Desk) {
        if let Err(refused) = self.mirror(desk) {
            tracing::warn!(code = refused.code.as_str(), "unsent work could not be kept for a rescue");
        }
    }

    /// As [`Self::keep_rescue`], when the host has accepted a change of `keys`: what was built on it starts from another
    /// version now.
    pub(crate) fn keep_rescue_after<'a>(&self, desk: &Desk, keys: impl Iterator<Item = &'a ResourceKey>) {
        for change in keys.filter_map(|key| desk.store.outbox_changes_of(key).ok()).flatten() {
            let _ = fs::remove_file(self.home.rescue_dir().join(change.to_string()));
        }
        self.keep_rescue(desk);
    }

    fn mirror(&self, desk: &Desk) -> Outcome<()> {
        let dir = self.home.rescue_dir();
        let waiting: BTreeSet<String> =
            desk.store.outbox_changes().map_err(|e| e.refusal())?.iter().map(ToString::to_string).collect();
        let kept = names(&dir).map_err(|e| refusal(&e))?;
        for gone in kept.difference(&waiting) {
            fs::remove_file(dir.join(gone)).map_err(|e| refusal(&e))?;
        }
        let enrolled = &desk.enrolled;
        for new in waiting.difference(&kept) {
            let Some(bundle) = desk.store.outbox_bundle(new).map_err(|e| e.refusal())? else { continue };
            let sealed = enrolled.rescue_key.seal(&enrolled.as_written.practice.id, bundle.as_bytes());
            make_private(&dir).and_then(|()| replace(&dir.join(new), &sealed)).map_err(|e| refusal(&e))?;
        }
        Ok(())
    }

    /// What lies there, sealed as it is: all of it, or as much as the host takes at once.
    pub(crate) fn unsent_sealed(&self) -> Vec<Vec<u8>> {
        let dir = self.home.rescue_dir();
        let names = names(&dir).unwrap_or_default();
        let mut size = 0;
        let sealed = names.into_iter().filter_map(|name| fs::read(dir.join(name)).ok());
        sealed
            .take_while(|sealed| {
                size += sealed.len();
                size <= MOST
            })
            .collect()
    }
}

fn names(dir: &std::path::Path) -> io::Result<BTreeSet<String>> {
    match fs::read_dir(dir) {
        Ok(entries) => entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeSet::new()),
        Err(error) => Err(error),
    }
}
