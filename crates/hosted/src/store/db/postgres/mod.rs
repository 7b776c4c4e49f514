//! A practice among others in PostgreSQL.
//!
//! A transaction says first whose rows it is about; row-level security shows it no others. One that writes takes the
//! practice's lock, whichever host it is on: rows are numbered in the order in which they become visible.

mod cluster;
mod news;
mod values;

use std::{cell::RefCell, ops::ControlFlow, pin::pin, sync::Arc};

use deadpool_postgres::Object;
use futures_util::future::{FutureExt, OptionFuture, join3, try_join_all};
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

/// A statement and its values.
type Queued = (String, Vec<Bound>);

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

/// Sends all of it at once: the server runs it in this order, and after a failure none of what follows. Gives what the last
/// of `statements` gave, or the first failure.
async fn sent(
    client: &Object,
    beginning: Option<&str>,
    statements: &[Queued],
    end: Option<&str>,
) -> Result<Ran, tokio_postgres::Error> {
    let mut prepared = Vec::with_capacity(statements.len());
    for (statement, _) in statements {
        prepared.push(client.prepare_cached(statement).await?);
    }
    let batch = |statements: Option<_>| OptionFuture::from(statements.map(|text| client.batch_execute(text)));
    let runs = prepared.iter().zip(statements).map(|(statement, (_, values))| ran(client, statement, values));
    let (begun, ran, ended) = join3(batch(beginning), try_join_all(runs), batch(end)).await;
    begun.transpose()?;
    let last = ran?.pop().unwrap_or_default();
    ended.transpose()?;
    Ok(last)
}

/// A transaction that is open.
struct Open {
    client: Object,
    /// The statements that it begins with, until the first of its own takes them along.
    beginning: Option<String>,
}

/// One practice's rows.
pub(super) struct Tenant {
    cluster: Arc<Cluster>,
    practice: PracticeId,
    /// What the rows are called by.
    rows: String,
    open: RefCell<Option<Open>>,
    /// What the open transaction has still to run, in this order.
    queue: RefCell<Vec<Queued>>,
}

impl Tenant {
    pub fn new(cluster: Arc<Cluster>, practice: PracticeId) -> Self {
        let rows = practice.to_string();
        Self { cluster, practice, rows, open: RefCell::default(), queue: RefCell::default() }
    }

    /// No rows yet, beside the practice's own. No practice's id has a '_', so nobody else's transaction is about these.
    pub fn beside(cluster: Arc<Cluster>, practice: PracticeId) -> Self {
        let rows = format!("{practice}_{}", crate::random::uuid());
        Self { rows, ..Self::new(cluster, practice) }
    }

    /// A connection that nobody else has.
    fn client(&self) -> Result<Object, StoreError> {
        let client = self.cluster.client()?;
        if client.statement_cache.size() > STATEMENTS {
            client.statement_cache.clear();
        }
        Ok(client)
    }

    /// Runs `statements` in the open transaction, and `end` after them. Whatever it begins with is sent again on another
    /// connection where this one turns out to be gone.
    fn send(&self, statements: &[Queued], end: Option<&str>) -> Result<Ran, StoreError> {
        let mut open = self.open.borrow_mut();
        let open = open.as_mut().ok_or(NOT_OPEN)?;
        let beginning = open.beginning.take();
        let mut left = BEGINNINGS;
        loop {
            left -= 1;
            match self.cluster.wait(sent(&open.client, beginning.as_deref(), statements, end)) {
                Err(StoreError::Unavailable) if beginning.is_some() && left > 0 => open.client = self.client()?,
                done => return done,
            }
        }
    }

    /// Runs what is queued, and `statement` after it: its rows, and how many it changed.
    fn run(&self, statement: &str, values: &[Value<'_>]) -> Result<Ran, StoreError> {
        let mut statements = self.queue.take();
        statements.push((numbered(statement), Bound::all(values)));
        self.send(&statements, None)
    }

    /// The statements with which a transaction begins.
    fn beginning(&self, intent: Intent) -> String {
        // An id of a practice has letters, digits, '-' and '.' alone.
        let rows = &self.rows;
        let (how, lock) = match intent {
            Intent::Look => ("isolation level repeatable read read only", String::new()),
            // What was acknowledged is on the disk, whatever the server's or the role's own setting says.
            // Read committed, whatever the default is: what was committed before the lock was had has to be seen.
            Intent::Write => (
                "isolation level read committed read write",
                format!(
                    "select set_config('synchronous_commit', 'on', true)
                     where current_setting('synchronous_commit') = 'off';
                     select pg_advisory_xact_lock(hashtextextended('{rows}', 0));"
                ),
            ),
        };
        format!(
            "begin {how}; set local lock_timeout = '20s'; select set_config('shadowchart.practice', '{rows}', true); {lock}"
        )
    }
}

impl Database for Tenant {
    fn each(&self, statement: &str, values: &[Value<'_>], each: Each<'_>) -> Result<(), StoreError> {
        let alone = self.open.borrow().is_none();
        if alone {
            self.begin(Intent::Look)?;
        }
        let ran = self.run(statement, values);
        if alone {
            self.roll_back();
        }
        for row in &ran?.0 {
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
        if self.queue.borrow().len() < QUEUE { Ok(()) } else { self.send(&self.queue.take(), None).map(|_| ()) }
    }

    fn forget_queue(&self) {
        self.queue.borrow_mut().clear();
    }

    fn begin(&self, intent: Intent) -> Result<(), StoreError> {
        let open = Open { client: self.client()?, beginning: Some(self.beginning(intent)) };
        self.open.replace(Some(open));
        Ok(())
    }

    fn commit(&self) -> Result<(), StoreError> {
        // What was sent twice would be done twice: a beginning goes ahead alone.
        let unsent = self.open.borrow().as_ref().is_some_and(|open| open.beginning.is_some());
        let first = if unsent { self.send(&self.queue.take(), None) } else { Ok(Ran::default()) };
        // The select fails where the transaction did; a bare commit would roll back and say that all is well.
        let end = format!("select pg_notify('{}', '{}'); commit", news::CHANNEL, self.practice);
        let done = first.and_then(|_| self.send(&self.queue.take(), Some(&end)));
        if done.is_err() {
            self.roll_back();
        }
        self.open.take();
        done.map(|_| ())
    }

    fn roll_back(&self) {
        self.forget_queue();
        let Some(Open { client, beginning: None }) = self.open.take() else { return };
        // It is sent when it is asked for; whoever has the connection next comes after it.
        if let Some(Err(_)) = client.batch_execute("rollback").now_or_never() {
            drop(Object::take(client));
        }
    }

    fn grown(&self) -> Result<(), StoreError> {
        // What will not stay is as large as what is there; and the tables would be locked to whoever else looks.
        if self.rows == self.practice.as_str() { self.execute("call look_at_sizes()", &[]).map(drop) } else { Ok(()) }
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
