//! While the vault is closed the workstation goes on pulling, with its device credential. What comes is sealed to the
//! vault and waits in files of its own; the next unlock takes it in, in order, before anything is shown.
//!
//! ```text
//! sealed/at.json       where the pull goes on, in clear: a cursor says nothing of anybody
//! sealed/00000001      a page, sealed
//! ```
//!
//! A page counts only when it begins where the vault's own cursor stands. So a page may be there twice, or come from a
//! place that is no longer true, and no file that somebody puts here or takes away makes a gap.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use practice::time::Stamp;
use serde::{Deserialize, Serialize};
use store::Known;
use zeroize::Zeroizing;

use super::{Trouble, feed, pull::Way};
use crate::{
    desk::Desk,
    home::{make_private, replace},
    host::{Bearer, Feed, HostError},
    refused::Outcome,
    session::{Enrolled, Workstation},
};

/// Entries asked for at once.
const PAGE: u32 = 1_000;

/// Most bytes kept: what comes beyond is pulled after the unlock.
const MOST: u64 = 256 * 1024 * 1024;

/// Where a pull goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    cursor: String,
    epoch: String,
}

/// What a sealed page says before its text.
#[derive(Serialize, Deserialize)]
struct Head {
    from: Place,
    /// When the host had no more than this page.
    whole_at: Option<Stamp>,
}

/// The folder of sealed pages.
pub(crate) struct SealedPages {
    dir: PathBuf,
}

impl SealedPages {
    pub(crate) fn at(dir: PathBuf) -> Self {
        Self { dir }
    }

    /// The vault closes with its cursor at `place`. Without one it never had a page, and nobody pulls for it.
    pub(crate) fn go_on_from(&self, place: Option<&Place>) {
        let Some(place) = place else { return };
        if let Err(error) = make_private(&self.dir).and_then(|()| self.keep(place)) {
            tracing::warn!(kind = ?error.kind(), "where to go on while locked could not be kept");
        }
    }

    fn keep(&self, place: &Place) -> io::Result<()> {
        replace(&self.dir.join("at.json"), &serde_json::to_vec(place).unwrap_or_else(|_| unreachable!("plain data")))
    }

    fn place(&self) -> Option<Place> {
        serde_json::from_slice(&fs::read(self.dir.join("at.json")).ok()?).ok()
    }

    /// The pages' files, oldest first.
    fn pages(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(&self.dir).into_iter().flatten().flatten().map(|entry| entry.path());
        let numbered = |path: &Path| path.file_name().and_then(|name| name.to_str()?.parse::<u64>().ok());
        let mut pages: Vec<(u64, PathBuf)> = entries.filter_map(|path| Some((numbered(&path)?, path))).collect();
        pages.sort_unstable();
        pages.into_iter().map(|(_, path)| path).collect()
    }

    fn is_full(&self) -> bool {
        self.pages().iter().filter_map(|page| fs::metadata(page).ok()).map(|page| page.len()).sum::<u64>() > MOST
    }

    /// Adds a page, and then where the next begins: cut off between the two, the page comes once more.
    fn add(&self, sealed: &[u8], next: &Place) -> io::Result<()> {
        let last = self.pages().pop().and_then(|path| path.file_name()?.to_str()?.parse::<u64>().ok()).unwrap_or(0);
        replace(&self.dir.join(format!("{:08}", last + 1)), sealed)?;
        self.keep(next)
    }
}

impl Workstation {
    pub(crate) fn sealed_pages(&self) -> SealedPages {
        SealedPages::at(self.home.sealed_dir())
    }

    /// Pulls what the host has more than the closed vault, until there is no more or the vault opens.
    pub(super) async fn pull_sealed(self: &Arc<Self>) -> Result<(), Trouble> {
        let enrolled = self.enrolled()?;
        let pages = self.sealed_pages();
        let Some(mut place) = pages.place().filter(|_| enrolled.vault.exists()) else { return Ok(()) };
        let device = self.device_token(&enrolled).await?;
        let (practice, mut way) = (&enrolled.as_written.practice.id, Way::default());
        while !self.is_open() && !pages.is_full() {
            let at = self.clock.now();
            let asked = enrolled.line.history(Bearer(device.for_header()), practice, Some(&place.cursor), PAGE).await;
            // A host that lives anew, or does not know the cursor, is for the open vault to deal with.
            let page = match asked {
                Err(HostError::UnknownCursor(_)) => return Ok(()),
                page => page?,
            };
            self.sync_changed(|status| status.trouble = None);
            if page.gone || page.epoch != place.epoch {
                return Ok(());
            }
            let more = page.next.is_some();
            let Some(cursor) = feed::next(&page)? else { return Ok(()) };
            way.goes_on(Some(&place.cursor), &cursor)?;
            let next = Place { cursor, epoch: page.epoch.clone() };
            let head = Head { from: place, whole_at: (!more).then_some(at) };
            let (line, to) = (Arc::clone(&enrolled), next.clone());
            let pages = self.sealed_pages();
            crate::blocking(move || seal(&line, &pages, &head, &page, &to)).await?;
            place = next;
            if !more {
                self.fresh_while_closed(at);
                return Ok(());
            }
        }
        Ok(())
    }

    /// Takes in what came while the vault was closed.
    pub(crate) fn take_sealed(&self, desk: &Desk) -> Outcome<()> {
        for path in self.sealed_pages().pages() {
            let page = fs::read(&path).ok().and_then(|sealed| desk.unlocked().open_sealed(&sealed)).map(Zeroizing::new);
            if let Some(page) = page {
                take(desk, &page)?;
            }
            if let Err(error) = fs::remove_file(&path) {
                tracing::warn!(kind = ?error.kind(), "a page that was taken in could not be removed");
            }
        }
        Ok(())
    }
}

fn seal(enrolled: &Enrolled, pages: &SealedPages, head: &Head, page: &Feed, next: &Place) -> Outcome<()> {
    let head = serde_json::to_vec(head).unwrap_or_else(|_| unreachable!("plain data"));
    let text = Zeroizing::new([&(head.len() as u32).to_be_bytes()[..], &head, &page.bytes].concat());
    let sealed = enrolled.vault.seal(&text).map_err(|e| e.refusal())?;
    pages.add(&sealed, next).map_err(|error| crate::home::refusal(&error).into())
}

/// Stores a page when it begins where the vault stands.
fn take(desk: &Desk, page: &[u8]) -> Outcome<()> {
    let head = page.split_first_chunk::<4>().and_then(|(length, rest)| {
        let (head, text) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        Some((serde_json::from_slice::<Head>(head).ok()?, text))
    });
    let Some((Head { from, whole_at }, text)) = head else { return Ok(()) };
    if place_of(desk)? != Some(from.clone()) {
        return Ok(());
    }
    let feed = Feed { gone: false, bytes: text.to_vec(), epoch: from.epoch, next: None, standing: None };
    // A page that makes no sense comes again, and is dealt with, when the vault is open.
    let Ok(page) = feed::prepare(&feed, &Known::default()) else { return Ok(()) };
    desk.store.take_prepared(page).map_err(|e| e.refusal())?;
    match whole_at {
        Some(at) => {
            desk.is_whole(at)?;
            desk.synced(at)
        }
        None => Ok(()),
    }
}

/// Where the open vault's own pull goes on; nowhere before its first page.
pub(crate) fn place_of(desk: &Desk) -> Outcome<Option<Place>> {
    let cursor = desk.store.cursor().map_err(|e| e.refusal())?;
    let epoch = desk.store.epoch().map_err(|e| e.refusal())?;
    Ok(cursor.zip(epoch).map(|(cursor, epoch)| Place { cursor, epoch }))
}
