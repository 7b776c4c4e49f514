//! What lies under the statements of a store: one trait, with SQLCipher and PostgreSQL behind it.
//!
//! The statements are the same for both. Each names its parameters by `?` or `?1`; whole numbers have 64 bits; a row is
//! numbered by the database (`returning`). Which practice they are about is not theirs to say: with SQLCipher it is the
//! file, with PostgreSQL the transaction, whose row-level security shows no other practice's rows.

mod postgres;
mod sqlite;
mod value;

use std::{
    ops::{ControlFlow, Deref},
    path::Path,
    sync::Arc,
};

pub(in crate::store) use value::{Row, Value, to_value, values};

use practice::ids::PracticeId;

use super::StoreError;
use crate::operator_key::PracticeKey;
pub(crate) use postgres::Cluster;
pub(in crate::store) use sqlite::Access;

/// What a statement's rows are handed to.
type Each<'a> = &'a mut dyn FnMut(&Row<'_>) -> Result<ControlFlow<()>, StoreError>;

/// A connection to one practice's rows.
trait Database: Send {
    /// Runs `statement`, and hands each row over until enough was seen.
    fn each(&self, statement: &str, values: &[Value<'_>], each: Each<'_>) -> Result<(), StoreError>;
    /// Runs `statement`; how many rows it changed.
    fn execute(&self, statement: &str, values: &[Value<'_>]) -> Result<usize, StoreError>;
    /// Runs `statement` before the next one is run or the transaction is committed, either of which may tell its failure.
    fn queue(&self, statement: &str, values: &[Value<'_>]) -> Result<(), StoreError>;
    /// Gives up what is queued.
    fn forget_queue(&self);
    /// Begins a transaction. One that writes waits until no other one does.
    fn begin(&self, intent: Intent) -> Result<(), StoreError>;
    /// Ends the transaction: what it wrote is on the disk when this returns.
    fn commit(&self) -> Result<(), StoreError>;
    /// Ends the transaction; nothing of it stays.
    fn roll_back(&self);
    /// A great deal was written: how statements are run is decided anew, where that is decided by how much there was.
    fn grown(&self) -> Result<(), StoreError>;
    /// Changes with each commit of somebody else.
    fn version(&self) -> Result<i64, StoreError>;
    /// Which words a statement may have that only this database knows.
    fn dialect(&self) -> Dialect;
}

/// What a transaction is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Intent {
    /// It only looks, at one moment's state.
    Look,
    /// It writes, and numbers what it writes.
    Write,
}

/// Where the two databases need other words for the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum Dialect {
    /// SQLite, which is told which index to take.
    Sqlite,
    /// PostgreSQL, which knows by itself.
    Postgres,
}

/// A connection to one practice's rows.
pub(in crate::store) struct Db(Box<dyn Database>);

impl Db {
    /// Opens the encrypted file of a practice.
    pub fn file(file: &Path, key: &PracticeKey, access: Access) -> Result<Self, StoreError> {
        Ok(Self(Box::new(sqlite::File::open(file, key, access)?)))
    }

    /// A practice's rows in a database that it shares.
    pub fn shared(cluster: Arc<Cluster>, practice: PracticeId) -> Self {
        Self(Box::new(postgres::Tenant::new(cluster, practice)))
    }

    /// An empty store of `practice` in the database that it shares, for one transaction that is never committed.
    pub fn beside(cluster: Arc<Cluster>, practice: PracticeId) -> Self {
        Self(Box::new(postgres::Tenant::beside(cluster, practice)))
    }

    /// Runs `statement`; how many rows it changed.
    pub fn execute(&self, statement: &str, values: &[Value<'_>]) -> Result<usize, StoreError> {
        self.0.execute(statement, values)
    }

    /// Runs `statement` of the open transaction before the next one is run or it is committed, either of which may tell of
    /// a failure. Where each answer is a way over a network, many go in one.
    pub fn queue(&self, statement: &str, values: &[Value<'_>]) -> Result<(), StoreError> {
        self.0.queue(statement, values)
    }

    /// Hands each row over until enough was seen.
    pub fn each(
        &self,
        statement: &str,
        values: &[Value<'_>],
        mut each: impl FnMut(&Row<'_>) -> Result<ControlFlow<()>, StoreError>,
    ) -> Result<(), StoreError> {
        self.0.each(statement, values, &mut each)
    }

    /// Every row, read.
    pub fn all<T>(
        &self,
        statement: &str,
        values: &[Value<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut all = Vec::new();
        self.each(statement, values, |row| {
            all.push(read(row)?);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(all)
    }

    /// The first row, read, where there is one.
    pub fn one<T>(
        &self,
        statement: &str,
        values: &[Value<'_>],
        read: impl FnOnce(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let (mut read, mut found) = (Some(read), None);
        self.each(statement, values, |row| {
            found = read.take().map(|read| read(row)).transpose()?;
            Ok(ControlFlow::Break(()))
        })?;
        Ok(found)
    }

    /// The row that has to be there, read.
    pub fn the<T>(
        &self,
        statement: &str,
        values: &[Value<'_>],
        read: impl FnOnce(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.one(statement, values, read)?.ok_or(StoreError::Damaged("a row is missing"))
    }

    /// Whether there is a row.
    pub fn exists(&self, statement: &str, values: &[Value<'_>]) -> Result<bool, StoreError> {
        Ok(self.one(statement, values, |_| Ok(()))?.is_some())
    }

    /// Begins a transaction that writes. Nothing of it stays unless it is committed.
    pub fn begin(&mut self) -> Result<Transaction<'_>, StoreError> {
        self.0.begin(Intent::Write)?;
        Ok(Transaction { db: self, open: true })
    }

    /// Runs `job` on one moment's state.
    pub fn at_one_moment<T>(&self, job: impl FnOnce() -> T) -> Result<T, StoreError> {
        self.0.begin(Intent::Look)?;
        let looking = Looking(self);
        let result = job();
        drop(looking);
        Ok(result)
    }

    /// Begins a part of the present transaction that may be given up alone.
    pub fn part(&self) -> Result<Part<'_>, StoreError> {
        self.execute("savepoint part", &[])?;
        Ok(Part { db: self, open: true })
    }

    /// Changes with each commit of somebody else.
    pub fn version(&self) -> Result<i64, StoreError> {
        self.0.version()
    }

    /// Which words a statement may have that only this database knows.
    pub fn dialect(&self) -> Dialect {
        self.0.dialect()
    }
}

/// A transaction that writes.
pub(in crate::store) struct Transaction<'a> {
    db: &'a Db,
    open: bool,
}

impl Transaction<'_> {
    /// One batch of a great deal of writing is done. A new file takes them in a transaction each, since it counts only when
    /// it is whole; where others read beside it, all of them are one.
    pub fn next_batch(&mut self) -> Result<(), StoreError> {
        if self.db.dialect() == Dialect::Sqlite {
            self.open = false;
            self.db.0.commit()?;
            self.db.0.begin(Intent::Write)?;
            self.open = true;
        }
        Ok(())
    }

    /// A great deal was written: how statements are run is decided anew, where that is decided by how much there was.
    pub fn grown(&self) -> Result<(), StoreError> {
        self.db.0.grown()
    }

    /// What was written stays; it is on the disk when this returns.
    pub fn commit(mut self) -> Result<(), StoreError> {
        self.open = false;
        self.db.0.commit()
    }
}

impl Deref for Transaction<'_> {
    type Target = Db;

    fn deref(&self) -> &Db {
        self.db
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if self.open {
            self.db.0.roll_back();
        }
    }
}

/// Ends a look, also one in which the job panicked.
struct Looking<'a>(&'a Db);

impl Drop for Looking<'_> {
    fn drop(&mut self) {
        self.0.0.roll_back();
    }
}

/// A part of a transaction.
pub(in crate::store) struct Part<'a> {
    db: &'a Db,
    open: bool,
}

impl Part<'_> {
    /// What was written stays, if the transaction does.
    pub fn keep(mut self) -> Result<(), StoreError> {
        self.db.execute("release savepoint part", &[])?;
        self.open = false;
        Ok(())
    }
}

impl Deref for Part<'_> {
    type Target = Db;

    fn deref(&self) -> &Db {
        self.db
    }
}

impl Drop for Part<'_> {
    fn drop(&mut self) {
        if self.open {
            self.db.0.forget_queue();
            // Where this fails the transaction can't be committed either.
            let back = self.db.execute("rollback to savepoint part", &[]);
            let _ = back.and_then(|_| self.db.execute("release savepoint part", &[]));
        }
    }
}
