//! Pages made ready for the store, beside what stores the pages before.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use practice::{
    horizon::{Lasts, Moments},
    ids::PatientId,
    resource::ResourceKey,
};

use crate::{
    StoreError,
    body::{Body, Packer},
    head,
    page::{Incoming, Page},
    projection::Derived,
};

/// A page whose rows are checked and packed. That is the larger part of the work and needs no store, so it can be done
/// beside one that takes in the page before.
pub struct PreparedPage {
    pub(crate) rows: Vec<Ready>,
    /// Rows that it told of, and that were here already.
    known: usize,
    pub(crate) cursor: String,
    pub(crate) epoch: String,
}

/// Which resource, its version and when the host made it.
pub type Version = (ResourceKey, (String, i64));

/// Versions that were stored ahead of the pages that bring them again, in the same life of the host: what is told of them
/// need not be made ready, only to be passed over.
#[derive(Clone, Default)]
pub struct Known(Arc<RwLock<HashMap<ResourceKey, (String, i64)>>>);

impl Known {
    /// Adds versions that are stored.
    pub fn add(&self, versions: Vec<Version>) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).extend(versions);
    }

    fn holds(&self, row: &Incoming<'_>) -> bool {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let same = |(version, updated): &(String, i64)| version == row.version && *updated == row.updated.millis();
        row.life.is_none() && row.text.is_some() && known.get(&row.key).is_some_and(same)
    }
}

/// A row that is ready to be written.
pub(crate) struct Ready {
    pub key: ResourceKey,
    pub version: String,
    pub updated: i64,
    pub life: Option<String>,
    pub patient: Option<PatientId>,
    pub body: Option<Body>,
    /// When it was or will be, where the horizon asks.
    pub lasts: Option<Lasts>,
    pub derived: Option<Derived>,
}

impl PreparedPage {
    /// Checks and packs the rows of `page`.
    ///
    /// # Errors
    /// [`StoreError::BadResource`] when a text is not what its row says.
    pub fn of(page: &Page<'_>) -> Result<Self, StoreError> {
        Self::but_for(page, &Known::default())
    }

    /// Checks and packs the rows of `page` that are not `known`.
    ///
    /// # Errors
    /// As [`Self::of`].
    pub fn but_for(page: &Page<'_>, known: &Known) -> Result<Self, StoreError> {
        let mut packer = Packer::new()?;
        let mut ready = |row: &Incoming<'_>| -> Result<Ready, StoreError> {
            let mut moments = Moments::of(row.key.kind);
            let (patient, body) = match row.text {
                Some(text) => {
                    let patient = head::patient_beside(&row.key, text, |name, value| moments.take(name, value))?;
                    (patient, Some(packer.pack(text)?))
                }
                None => (None, None),
            };
            let derived = row.text.and_then(|text| Derived::read(&row.key, text));
            let (version, updated) = (row.version.to_owned(), row.updated.millis());
            let life = row.life.map(str::to_owned);
            Ok(Ready { key: row.key.clone(), version, updated, life, patient, body, lasts: moments.lasts(), derived })
        };
        let rows = page.rows.iter().filter(|row| !known.holds(row)).map(&mut ready).collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            known: page.rows.len() - rows.len(),
            rows,
            cursor: page.cursor.to_owned(),
            epoch: page.epoch.to_owned(),
        })
    }

    /// This page and the one that follows it as one, to be taken in together: the fewer transactions, the less often are
    /// those pages of the file written again whose rows come in no order.
    pub fn and(mut self, next: Self) -> Self {
        debug_assert_eq!(self.epoch, next.epoch, "pages of two lives of the host do not follow each other");
        self.rows.extend(next.rows);
        Self { cursor: next.cursor, known: self.known + next.known, ..self }
    }

    /// Where the page after it begins.
    pub fn cursor(&self) -> &str {
        &self.cursor
    }

    /// Which of the host's lives it is from.
    pub fn epoch(&self) -> &str {
        &self.epoch
    }

    /// How many changes it has, with those that are known.
    pub fn len(&self) -> usize {
        self.rows.len() + self.known
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The versions in it, for [`Known`] once they are stored.
    pub fn versions(&self) -> Vec<Version> {
        self.rows.iter().map(|row| (row.key.clone(), (row.version.clone(), row.updated))).collect()
    }
}
