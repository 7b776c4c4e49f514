//! Making again what can be worked out: what search and arbitration know of the present versions.

use jiff::tz::TimeZone;
use practice::{
    ids::PatientId,
    resource::{Envelope, ResourceType},
};

use crate::store::{
    StoreError,
    accept::adding,
    body,
    db::{Db, Transaction, values},
    index,
};

/// Resources that one transaction does.
const ROWS: usize = 2_000;

/// A resource whose index is to be made.
struct Bare {
    n: i64,
    kind: String,
    body: Vec<u8>,
}

/// Fills `term`, `holding` and the columns of `resource` that are made of the text; they are empty.
pub(super) fn rebuild(db: &mut Transaction<'_>, zone: &TimeZone) -> Result<(), StoreError> {
    let mut behind = 0;
    loop {
        let bare = next(db, behind)?;
        let Some(last) = bare.last() else { return Ok(()) };
        behind = last.n;
        let mut terms = Vec::new();
        for one in &bare {
            write(db, one, zone, &mut terms)?;
        }
        // In the order in which they lie: a page is then written once.
        terms.sort_unstable();
        let terms: Vec<_> = terms.iter().map(|(kind, param, value, n)| (*kind, *param, value.as_str(), *n)).collect();
        for (statement, values) in adding(&terms) {
            db.queue(&statement, &values)?;
        }
        db.next_batch()?;
    }
}

fn next(db: &Db, behind: i64) -> Result<Vec<Bare>, StoreError> {
    // Each text by its own number: a database that has looked at nothing of this practice yet might join the two by reading
    // every version for every resource.
    let sql = format!(
        "select r.n, r.kind, (select v.body from version v where v.seq = r.seq) as body from resource r
         where r.n > ? order by r.n limit {ROWS}"
    );
    db.all(&sql, values![behind], |row| Ok(Bare { n: row.get("n")?, kind: row.get("kind")?, body: row.get("body")? }))
}

type Term<'a> = (&'a str, &'static str, String, i64);

fn write<'a>(db: &Db, one: &'a Bare, zone: &TimeZone, terms: &mut Vec<Term<'a>>) -> Result<(), StoreError> {
    let text = body::unpack(&one.body)?;
    let kind = ResourceType::parse(&one.kind).ok_or(StoreError::Damaged("a resource's type"))?;
    let index = index::read(kind, &text, zone)?;
    let patient = Envelope::read(&text)?.patient;
    let (low, high) = index.span.map(|span| (span.low, span.high)).unzip();
    db.queue(
        "update resource set patient = ?, status = ?, low = ?, high = ? where n = ?",
        values![patient.as_ref().map(PatientId::as_str), index.status, low, high, one.n],
    )?;
    terms.extend(index.terms.into_iter().map(|(param, value)| (one.kind.as_str(), param, value, one.n)));
    for (actor, span) in &index.holdings {
        let sql = "insert into holding (actor, low, high, resource) values (?, ?, ?, ?)";
        db.queue(sql, values![actor, span.low, span.high, one.n])?;
    }
    Ok(())
}
