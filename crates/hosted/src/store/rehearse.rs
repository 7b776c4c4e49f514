//! A practice taken in from its stream where nobody sees it, looked through, and given up (docs/decisions/0006).

use std::{
    io::{self, BufRead},
    path::Path,
};

use practice::ids::PracticeId;

use super::{
    PracticeStore, StoreError, audit_check,
    db::Db,
    stream::{self, Streamed},
};
use crate::data_dir::DataDir;

/// What was found of a stream that was taken in.
pub(crate) struct Rehearsed {
    /// What came.
    pub taken: Streamed,
    /// What came out of the store again.
    pub given: Streamed,
    /// Whether the store holds together.
    pub fits: bool,
    /// Whether every audit chain does.
    pub unbroken: bool,
}

impl PracticeStore {
    /// Takes the practice `id` in from `input`, in the kind of store that `dir` has: a file in the folder `place`, which
    /// stays, or a transaction that ends without a commit.
    ///
    /// # Errors
    /// When the stream is not whole, or the store would not take it.
    pub(crate) fn rehearse(
        dir: &DataDir,
        id: &PracticeId,
        place: &Path,
        input: &mut dyn BufRead,
    ) -> Result<Rehearsed, StoreError> {
        let Some(cluster) = dir.cluster() else {
            let (copy, taken) = Self::take_in(&DataDir::open_or_create(place)?, id, input)?;
            return look(&copy.db, id, taken, copy.integrity()?.is_empty());
        };
        let mut beside = Db::beside(cluster.clone(), id.clone());
        let mut never_committed = beside.begin()?;
        let taken = stream::take_in(&mut never_committed, id, input)?;
        look(&never_committed, id, taken, true)
    }
}

fn look(db: &Db, id: &PracticeId, taken: Streamed, fits: bool) -> Result<Rehearsed, StoreError> {
    let given = stream::write(db, id, &mut io::sink())?;
    let unbroken = audit_check::chains(db)?.iter().all(|chain| chain.broken.is_none());
    Ok(Rehearsed { taken, given, fits, unbroken })
}
