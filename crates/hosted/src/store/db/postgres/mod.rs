//! A practice among others in PostgreSQL.
//!
//! A transaction says first whose rows it is about; row-level security shows it no others. One that writes takes the
//! practice's lock, whichever host it is on: rows are numbered in the order in which they become visible.

mod cluster;
mod news;
mod values;

use std::{cell::RefCell, ops::ControlFlow, pin::pin, sync::Arc};

use deadpool_postgres::Object;
use futures_util::future::{join3, try_join_all};
use practice::ids::PracticeId;
use tokio_postgres::{Client, Statement, types::ToSql};
use tokio_stream::StreamExt;

use super::{Database, Dialect, Each, Intent, Row, Value};
use crate::store::StoreError;
pub(crate) use cluster::Cluster;
use values::Bound;

/// How often a transaction is begun anew where the connection turns out to be gone: nothing was done by then.
const BEGINNINGS: usize = 3;

/// Statements that a connection keeps prepared: a search has as many texts as it has conditions and alternatives.
const STATEMENTS: usize = 200;

/// Statements that go to the server together. Each may have a text of the largest size.
const QUEUE: usize = 200;

const NOT_OPEN: StoreError = StoreError::Damaged("no transaction is open");

/// Rows, and how many were changed.
type Ran = (Vec<tokio_postgres::Row>, u64);

/// Runs a prepared statement.
async fn ran(client: &Client, statement: &Statement, values: &[Bound]) -> Result<Ran, tokio_postgres::Error> {
    let values = values.iter().map(|value| value as &(dyn ToSql + Sync));
    let mut rows = pin!(client.query_raw(statement, values).await?);
    let mut all = Vec::new();
    while let Some(row) = rows.next().await {
        all.push(row?);
    }
    Ok((all, rows.rows_affected().unwrap_or(0)))
}

/// One practice's rows.
pub(super) struct Tenant {
    cluster: Arc<Cluster>,
    practice: PracticeId,
    open: RefCell<Option<Arc<Object>>>,
    /// What the open transaction has still to run, in this order.
    queue: RefCell<Vec<(String, Vec<Bound>)>>,
}

impl Tenant {
    pub fn new(cluster: Arc<Cluster>, practice: PracticeId) -> Self {
        Self { cluster, practice, open: RefCell::default(), queue: RefCell::default() }
    }

    /// Runs `statement` in the open transaction: its rows, and how many it changed.
    fn run(&self, statement: &str, values: &[Value<'_>]) -> Result<Ran, StoreError> {
        self.run_queue()?;
        let client = self.open.borrow().clone().ok_or(NOT_OPEN)?;
        let (statement, values) = (numbered(statement), Bound::all(values));
        self.cluster.wait(async move {
            let statement = client.prepare_cached(&statement).await?;
            ran(&client, &statement, &values).await
        })
    }

    /// Runs `statement`, which looks, in a transaction of its own: one way there and back.
    fn look(&self, statement: &str, values: &[Value<'_>]) -> Result<Ran, StoreError> {
        self.anew(|client| {
            let (beginning, statement, values) =
                (self.beginning(Intent::Look), numbered(statement), Bound::all(values));
            self.cluster.wait(async move {
                let prepared = client.prepare_cached(&statement).await?;
                let (began, seen, ended) = join3(
                    client.batch_execute(&beginning),
                    ran(&client, &prepared, &values),
                    client.batch_execute("rollback"),
                )
                .await;
                if began.is_err() || seen.is_err() || ended.is_err() {
                    drop(Object::take(client));
                }
                began.and(seen)
            })
        })
    }

    /// Does `job`, which is the first on a connection, again on another where the connection turns out to be gone.
    fn anew<T>(&self, job: impl Fn(Object) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut left = BEGINNINGS;
        loop {
            left -= 1;
            let client = self.cluster.client()?;
            if client.statement_cache.size() > STATEMENTS {
                client.statement_cache.clear();
            }
            match job(client) {
                Err(StoreError::Unavailable) if left > 0 => {}
                done => return done,
            }
        }
    }

    /// The statements with which a transaction begins.
    fn beginning(&self, intent: Intent) -> String {
        // An id of a practice has letters, digits, '-' and '.' alone.
        let practice = self.practice.as_str();
        let (how, lock) = match intent {
            Intent::Look => ("isolation level repeatable read read only", String::new()),
            // What was acknowledged is on the disk, whatever the server's or the role's own setting says.
            // Read committed, whatever the default is: what was committed before the lock was had has to be seen.
            Intent::Write => (
                "isolation level read committed read write",
                format!(
                    "select set_config('synchronous_commit', 'on', true)
                     where current_setting('synchronous_commit') = 'off';
                     select pg_advisory_xact_lock(hashtextextended('{practice}', 0));"
                ),
            ),
        };
        format!(
            "begin {how}; set local lock_timeout = '20s'; select set_config('shadowchart.practice', '{practice}', true); {lock}"
        )
    }

    /// Runs what is queued: sent at once, answered in order.
    fn run_queue(&self) -> Result<(), StoreError> {
        let queue = self.queue.take();
        if queue.is_empty() {
            return Ok(());
        }
        let client = self.open.borrow().clone().ok_or(NOT_OPEN)?;
        self.cluster.wait(async move {
            let mut statements = Vec::with_capacity(queue.len());
            for (statement, _) in &queue {
                statements.push(client.prepare_cached(statement).await?);
            }
            let runs = statements.iter().zip(&queue).map(|(statement, (_, values))| {
                client.execute_raw(statement, values.iter().map(|value| value as &(dyn ToSql + Sync)))
            });
            try_join_all(runs).await.map(|_| ())
        })
    }

    /// Runs statements without parameters on the open connection.
    fn batch(&self, statements: String) -> Result<(), StoreError> {
        let client = self.open.borrow().clone().ok_or(NOT_OPEN)?;
        self.cluster.wait(async move { client.batch_execute(&statements).await })
    }

    /// Lets the connection go back to the others, or ends it where its state is not known.
    fn let_go(&self, clean: bool) {
        if let Some(client) = self.open.borrow_mut().take().and_then(Arc::into_inner)
            && !clean
        {
            drop(Object::take(client));
        }
    }
}

impl Database for Tenant {
    fn each(&self, statement: &str, values: &[Value<'_>], each: Each<'_>) -> Result<(), StoreError> {
        let alone = self.open.borrow().is_none();
        let (rows, _) = if alone { self.look(statement, values) } else { self.run(statement, values) }?;
        for row in &rows {
            if let ControlFlow::Break(()) = each(&Row::Postgres(row))? {
                break;
            }
        }
        Ok(())
    }

    fn execute(&self, statement: &str, values: &[Value<'_>]) -> Result<usize, StoreError> {
        let alone = self.open.borrow().is_none();
        if alone {
            self.begin(Intent::Write)?;
        }
        let done = self.run(statement, values);
        if alone {
            if done.is_ok() { self.commit()? } else { self.roll_back() }
        }
        usize::try_from(done?.1).map_err(|_| StoreError::Damaged("a count of rows"))
    }

    fn queue(&self, statement: &str, values: &[Value<'_>]) -> Result<(), StoreError> {
        if self.open.borrow().is_none() {
            return self.execute(statement, values).map(|_| ());
        }
        self.queue.borrow_mut().push((numbered(statement), Bound::all(values)));
        if self.queue.borrow().len() < QUEUE { Ok(()) } else { self.run_queue() }
    }

    fn forget_queue(&self) {
        self.queue.borrow_mut().clear();
    }

    fn begin(&self, intent: Intent) -> Result<(), StoreError> {
        self.anew(|client| {
            self.open.replace(Some(Arc::new(client)));
            let begun = self.batch(self.beginning(intent));
            if begun.is_err() {
                self.let_go(false);
            }
            begun
        })
    }

    fn commit(&self) -> Result<(), StoreError> {
        if let Err(error) = self.run_queue() {
            self.roll_back();
            return Err(error);
        }
        // The select fails where the transaction did; a bare commit would roll back and say that all is well.
        let done = self.batch(format!("select pg_notify('{}', '{}'); commit", news::CHANNEL, self.practice));
        self.let_go(done.is_ok());
        done
    }

    fn roll_back(&self) {
        self.forget_queue();
        let done = self.batch("rollback".to_owned());
        self.let_go(done.is_ok());
    }

    fn version(&self) -> Result<i64, StoreError> {
        Ok(self.cluster.news().of(&self.practice))
    }

    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }
}

/// The statement with its parameters written as PostgreSQL numbers them.
fn numbered(statement: &str) -> String {
    let mut out = String::with_capacity(statement.len() + 16);
    let (mut next, mut quoted) = (0, false);
    let mut letters = statement.chars().peekable();
    while let Some(letter) = letters.next() {
        quoted ^= letter == '\'';
        if letter != '?' || quoted {
            out.push(letter);
            continue;
        }
        out.push('$');
        if !letters.peek().is_some_and(char::is_ascii_digit) {
            next += 1;
            out.push_str(&next.to_string());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_numbered_and_texts_are_left_alone() {
        assert_eq!(numbered("a = ? and b = '?' and c = ?"), "a = $1 and b = '?' and c = $2");
        assert_eq!(numbered("a = ?1 and b > ?1 or c = ?2"), "a = $1 and b > $1 or c = $2");
    }
}
