//! A workstation that keeps a part of what the host has, as the product's driver does.

use anyhow::{Context, Result};
use hosted::store::{Compare, Criterion, Search, Span};
use practice::{
    horizon::{LIMITED, Window},
    resource::ResourceType,
    time::Stamp,
};
use rusqlite::Connection;
use store::{Incoming, Page, PreparedPage, StoreError};
use sync::Event;

use crate::{
    desk::{Desk, Line, failed},
    dice::Dice,
    edits,
    host::{Host, Sent},
};

/// A window whose ends lie in the middle of what people book.
pub fn some(dice: &mut Dice) -> Result<Window> {
    let mut end = |first: usize| -> Result<Option<Stamp>> {
        let visit = edits::begins(first + dice.below(edits::SLOTS / 2)) + 1;
        if dice.chance(30) { Ok(None) } else { Stamp::from_millis(visit).context("a moment").map(Some) }
    };
    Ok(Window { from: end(0)?, to: end(edits::SLOTS / 2)? })
}

impl Desk {
    /// As a workstation that never had a horizon.
    pub(crate) fn forget_horizon(&self) -> Result<()> {
        let sql = "DELETE FROM meta WHERE key IN ('_horizon', '_whole', '_fetching', '_pruning', '_pruned')";
        Connection::open(&self.path)?.execute_batch(sql)?;
        Ok(())
    }

    pub(crate) fn keep_horizon(&self, host: &Host, line: Line) -> Result<Event> {
        while let Some(lacking) = self.store.lacking()? {
            if line != Line::Works {
                return Ok(failed());
            }
            let question: usize = lacking.place.as_deref().unwrap_or("0").parse()?;
            let (gap, kind) = (lacking.gaps[question / LIMITED.len()], LIMITED[question % LIMITED.len()]);
            let found = host.find(kind, gap, &self.of_world)?;
            let rows: Vec<Incoming<'_>> = found.iter().map(incoming).collect();
            let page = PreparedPage::of(&Page { rows: &rows, cursor: "", epoch: &host.store.epoch()? })?;
            let next = (question + 1 < lacking.gaps.len() * LIMITED.len()).then(|| (question + 1).to_string());
            match self.store.take_lacking(&lacking, page, next.as_deref()) {
                Err(StoreError::OtherEpoch) => return Ok(failed()),
                taken => drop(taken?),
            }
        }
        self.store.prune()?;
        Ok(Event::HorizonKept)
    }

    /// Whether all that it wants to keep is here.
    pub(crate) fn is_whole(&self) -> Result<bool> {
        Ok(self.store.lacking()?.is_none())
    }
}

fn incoming(one: &Sent) -> Incoming<'_> {
    Incoming {
        key: one.key.clone(),
        version: &one.version,
        updated: one.updated,
        life: one.life.as_deref(),
        text: Some(&one.text),
    }
}

impl Host {
    /// What a search for `kind` within `gap` finds, of one world.
    fn find(&self, kind: ResourceType, gap: Window, of_world: &str) -> Result<Vec<Sent>> {
        let at = |at: Stamp| Span { low: at.millis(), high: at.millis() + 1 };
        let from = gap.from.map(|from| Criterion::Date(Compare::Ge, at(from)));
        let to = gap.to.map(|to| Criterion::Date(Compare::Lt, at(to)));
        let criteria = from.into_iter().chain(to).collect();
        let mut found = Vec::new();
        self.store.search(&Search { kind, criteria, after: 0, count: 1_000_000 }, |row| {
            if row.id.contains(of_world) {
                found.push(crate::host::of(row)?);
            }
            Ok(())
        })?;
        Ok(found)
    }
}
