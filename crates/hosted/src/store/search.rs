//! Looking for resources by what the index knows of them. Values are always bound, never part of the statement.

use practice::resource::ResourceType;
use rusqlite::types::Value;

pub use super::index::moment::Span;
use super::{PracticeStore, Row, StoreError, rows::COLUMNS};

/// How a date is compared (<https://hl7.org/fhir/R4/search.html#prefix>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// Within.
    Eq,
    /// Not within.
    Ne,
    /// Reaches beyond its end.
    Gt,
    /// Begins before its start.
    Lt,
    /// Reaches to its start or beyond.
    Ge,
    /// Begins before its end.
    Le,
    /// Begins after its end.
    Sa,
    /// Ends before its start.
    Eb,
}

/// One condition; several values are alternatives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Criterion {
    /// Its id.
    Id(Vec<String>),
    /// The patient whose compartment it is in.
    Patient(Vec<String>),
    /// Its status.
    Status(Vec<String>),
    /// When it was.
    Date(Compare, Span),
    /// When the host took it.
    Updated(Compare, Span),
    /// A value of the named parameter.
    Term(&'static str, Vec<String>),
    /// The beginning of a value of the named parameter.
    TermPrefix(&'static str, Vec<String>),
    /// A value of the named parameter in this range of text: from, up to and not including.
    TermRange(&'static str, Option<String>, Option<String>),
}

/// A search for resources of one type; every criterion has to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// Resource type.
    pub kind: ResourceType,
    /// What has to hold.
    pub criteria: Vec<Criterion>,
    /// Go on after this one.
    pub after: i64,
    /// At most so many.
    pub count: u32,
}

impl PracticeStore {
    /// Visits the present versions that fit, with what to go on after; oldest first.
    pub fn search(
        &self,
        search: &Search,
        mut each: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<Option<i64>, StoreError> {
        let mut values: Vec<Value> = vec![text(search.kind.as_str()), search.after.into()];
        let mut statement = format!(
            "select {COLUMNS}, r.n from resource r join version v on v.seq = r.seq where r.kind = ? and r.n > ?"
        );
        for criterion in &search.criteria {
            statement.push_str(" and ");
            criterion.write(search.kind, &mut statement, &mut values);
        }
        statement.push_str(" order by r.n limit ?");
        values.push((i64::from(search.count) + 1).into());
        let mut query = self.db.prepare_cached(&statement)?;
        let mut rows = query.query(rusqlite::params_from_iter(values))?;
        let (mut seen, mut last) = (0, 0);
        while let Some(row) = rows.next()? {
            if seen == search.count {
                return Ok(Some(last));
            }
            each(&Row::of(row)?)?;
            last = row.get("n")?;
            seen += 1;
        }
        Ok(None)
    }
}

fn text(value: &str) -> Value {
    Value::Text(value.to_owned())
}

impl Criterion {
    fn write(&self, kind: ResourceType, out: &mut String, values: &mut Vec<Value>) {
        match self {
            Criterion::Id(ids) => one_of("r.id", ids, out, values),
            Criterion::Patient(ids) => one_of("r.patient", ids, out, values),
            Criterion::Status(all) => one_of("r.status", all, out, values),
            Criterion::Date(compare, span) => compare.write("r.low", "r.high", *span, out, values),
            Criterion::Updated(compare, span) => compare.write("r.updated", "r.updated + 1", *span, out, values),
            Criterion::Term(param, all) => {
                in_terms(kind, param, out, values);
                one_of("t.value", all, out, values);
                out.push(')');
            }
            Criterion::TermPrefix(param, all) => {
                in_terms(kind, param, out, values);
                for (number, prefix) in all.iter().enumerate() {
                    out.push_str(if number == 0 { "(" } else { " or " });
                    out.push_str("t.value >= ? and t.value < ?");
                    values.extend([text(prefix), text(&format!("{prefix}\u{10FFFF}"))]);
                }
                out.push_str(if all.is_empty() { "0)" } else { "))" });
            }
            Criterion::TermRange(param, from, to) => {
                in_terms(kind, param, out, values);
                out.push('1');
                for (compare, bound) in [(" and t.value >= ?", from), (" and t.value < ?", to)] {
                    if let Some(bound) = bound {
                        out.push_str(compare);
                        values.push(text(bound));
                    }
                }
                out.push(')');
            }
        }
    }
}

fn in_terms(kind: ResourceType, param: &str, out: &mut String, values: &mut Vec<Value>) {
    out.push_str("r.n in (select t.resource from term t where t.kind = ? and t.param = ? and ");
    values.extend([text(kind.as_str()), text(param)]);
}

fn one_of(column: &str, all: &[String], out: &mut String, values: &mut Vec<Value>) {
    out.push_str(column);
    out.push_str(" in (");
    out.push_str(&vec!["?"; all.len()].join(", "));
    out.push(')');
    values.extend(all.iter().map(|value| text(value)));
}

impl Compare {
    fn write(self, low: &str, high: &str, span: Span, out: &mut String, values: &mut Vec<Value>) {
        let (condition, bounds): (String, &[i64]) = match self {
            Compare::Eq => (format!("({low} >= ? and {high} <= ?)"), &[span.low, span.high]),
            Compare::Ne => (format!("({low} < ? or {high} > ?)"), &[span.low, span.high]),
            Compare::Gt => (format!("{high} > ?"), &[span.high]),
            Compare::Lt => (format!("{low} < ?"), &[span.low]),
            Compare::Ge => (format!("{high} > ?"), &[span.low]),
            Compare::Le => (format!("{low} < ?"), &[span.high]),
            Compare::Sa => (format!("{low} >= ?"), &[span.high]),
            Compare::Eb => (format!("{high} <= ?"), &[span.low]),
        };
        out.push_str(&condition);
        values.extend(bounds.iter().map(|bound| Value::from(*bound)));
    }
}
