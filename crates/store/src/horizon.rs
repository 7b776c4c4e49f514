//! What of the practice's records this computer keeps ([`practice::horizon`]): passing over the rest as it comes, fetching
//! what a wider horizon lacks, and letting go of what lies outside.
//!
//! Two windows are kept. Of the one in force, rows outside are not taken in. The whole one is what is surely all here:
//! once the horizon has grown it is the narrower, until the rest was fetched. Both commit with the rows they speak of.

mod prune;

use practice::horizon::Window;
use rusqlite::Connection;

pub use prune::Pruned;

use crate::{PreparedPage, Store, StoreError, Taken, meta};

/// What is wished and not here yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lacking {
    /// The horizon that it is lacking for.
    pub window: Window,
    /// The stretches of time that are lacking.
    pub gaps: Vec<Window>,
    /// How far fetching has come, in the words of whoever fetches; `None` before the first page.
    pub place: Option<String>,
}

/// The window that rows are taken in by.
pub(crate) fn in_force(connection: &Connection) -> Result<Window, StoreError> {
    window(connection, meta::HORIZON)
}

fn window(connection: &Connection, key: &str) -> Result<Window, StoreError> {
    let text = meta::get(connection, key)?;
    text.map_or(Ok(Window::default()), |text| Window::parse(&text).ok_or(StoreError::Damaged))
}

impl Store {
    /// From now on this computer keeps what `window` holds. What was here before and lies outside goes with
    /// [`Store::prune`]; what lies in it and is not here is [`Store::lacking`].
    ///
    /// # Errors
    /// As every statement.
    pub fn keep_within(&self, horizon: Window) -> Result<(), StoreError> {
        if self.read_only(in_force)? == horizon {
            return Ok(());
        }
        self.write(|writer| {
            let whole = window(writer, meta::WHOLE)?.meet(horizon);
            meta::set(writer, meta::WHOLE, &whole.to_string())?;
            meta::set(writer, meta::HORIZON, &horizon.to_string())?;
            [meta::FETCHING, meta::PRUNING, meta::PRUNED].iter().try_for_each(|key| meta::forget(writer, key))
        })
    }

    /// The time of which everything that the host has told is here.
    ///
    /// # Errors
    /// As every statement.
    pub fn whole(&self) -> Result<Window, StoreError> {
        self.read_only(|reader| window(reader, meta::WHOLE))
    }

    /// What is to be fetched, if anything is. Nothing while a restored host is given back what it lost: only its pages say
    /// which life a row is from.
    ///
    /// # Errors
    /// As every statement.
    pub fn lacking(&self) -> Result<Option<Lacking>, StoreError> {
        self.read_only(|reader| {
            let (horizon, whole) = (in_force(reader)?, window(reader, meta::WHOLE)?);
            if horizon == whole || meta::get(reader, meta::GIVING_BACK)?.is_some() {
                return Ok(None);
            }
            let place = meta::get(reader, meta::FETCHING)?;
            Ok(Some(Lacking { window: horizon, gaps: horizon.gaps(whole), place }))
        })
    }

    /// Takes in a page of what was lacking; the next is asked for at `place`, and nothing is lacking any more without one.
    /// The pull's cursor stays. `None`, and nothing is done, when the horizon is another by now.
    ///
    /// # Errors
    /// As [`Store::take_prepared`].
    pub fn take_lacking(
        &self,
        lacking: &Lacking,
        page: PreparedPage,
        place: Option<&str>,
    ) -> Result<Option<Taken>, StoreError> {
        self.write(|writer| {
            if in_force(writer)? != lacking.window || meta::get(writer, meta::FETCHING)? != lacking.place {
                return Ok(None);
            }
            let taken = self.take(writer, page, Some(lacking.window))?;
            match place {
                Some(place) => meta::set(writer, meta::FETCHING, place)?,
                None => {
                    meta::set(writer, meta::WHOLE, &lacking.window.to_string())?;
                    meta::forget(writer, meta::FETCHING)?;
                }
            }
            Ok(Some(taken))
        })
    }

    /// Takes in what a person asked for, whatever the horizon; it stays until [`Store::prune`] comes by. `false`, and nothing
    /// is done, while a restored host is given back what it lost. Between the host's answer and this no page of its history
    /// may be taken in: what that deletes would come to life again.
    ///
    /// # Errors
    /// As [`Store::take_prepared`].
    pub fn take_asked(&self, page: PreparedPage) -> Result<bool, StoreError> {
        self.write(|writer| {
            if meta::get(writer, meta::GIVING_BACK)?.is_some() {
                return Ok(false);
            }
            self.take(writer, page, None)?;
            Ok(true)
        })
    }
}
