//! Looking for resources by what the index knows of them. Values are always bound, never part of the statement.

use std::ops::ControlFlow;

use practice::resource::ResourceType;

pub use super::index::moment::Span;
use super::{
    PracticeStore, Row, StoreError,
    db::{Dialect, Value},
    rows::COLUMNS,
};

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
        let (statement, values) = search.statement(self.db.dialect());
        let values: Vec<Value<'_>> = values.iter().map(Bound::value).collect();
        let (mut seen, mut last, mut on) = (0, 0, None);
        self.db.each(&statement, &values, |row| {
            if seen == search.count {
                on = Some(last);
                return Ok(ControlFlow::Break(()));
            }
            each(&Row::of(row)?)?;
            last = row.get("n")?;
            seen += 1;
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(on)
    }
}

/// A value of a search's statement.
#[derive(Debug)]
enum Bound {
    Number(i64),
    Text(String),
}

impl Bound {
    fn value(&self) -> Value<'_> {
        match self {
            Bound::Number(number) => Value::Int(*number),
            Bound::Text(text) => Value::Text(text),
        }
    }
}

impl Search {
    fn statement(&self, dialect: Dialect) -> (String, Vec<Bound>) {
        // Without statistics SQLite goes through all of a type rather than sort the little that an index would give it.
        let narrow = self.criteria.iter().any(Criterion::narrows);
        let of_patients = self.criteria.iter().any(|criterion| matches!(criterion, Criterion::Patient(_)));
        let (number, index) = match dialect {
            Dialect::Sqlite => {
                (if narrow { "+r.n" } else { "r.n" }, if of_patients { "indexed by resource_patient" } else { "" })
            }
            Dialect::Postgres => ("r.n", ""),
        };
        let mut values = vec![text(self.kind.as_str()), Bound::Number(self.after)];
        let mut found = format!("select r.n, r.seq from resource r {index} where r.kind = ? and {number} > ?");
        for criterion in &self.criteria {
            found.push_str(" and ");
            criterion.write(self.kind, &mut found, &mut values);
        }
        values.push(Bound::Number(i64::from(self.count) + 1));
        let statement = format!(
            "select {COLUMNS}, f.n from ({found} order by {number} limit ?) f join version v on v.seq = f.seq order by f.n"
        );
        (statement, values)
    }
}

fn text(value: &str) -> Bound {
    Bound::Text(value.to_owned())
}

impl Criterion {
    /// Whether an index leads to what it fits.
    fn narrows(&self) -> bool {
        match self {
            // The index begins with `low`.
            Criterion::Date(compare, _) => matches!(compare, Compare::Eq | Compare::Lt | Compare::Le | Compare::Sa),
            Criterion::Status(_) | Criterion::Updated(..) => false,
            _ => true,
        }
    }

    fn write(&self, kind: ResourceType, out: &mut String, values: &mut Vec<Bound>) {
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
                out.push_str(if all.is_empty() { "false)" } else { "))" });
            }
            Criterion::TermRange(param, from, to) => {
                in_terms(kind, param, out, values);
                out.push_str("true");
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

fn in_terms(kind: ResourceType, param: &str, out: &mut String, values: &mut Vec<Bound>) {
    out.push_str("r.n in (select t.resource from term t where t.kind = ? and t.param = ? and ");
    values.extend([text(kind.as_str()), text(param)]);
}

fn one_of(column: &str, all: &[String], out: &mut String, values: &mut Vec<Bound>) {
    if all.is_empty() {
        return out.push_str("false");
    }
    out.push_str(column);
    out.push_str(" in (");
    out.push_str(&vec!["?"; all.len()].join(", "));
    out.push(')');
    values.extend(all.iter().map(|value| text(value)));
}

impl Compare {
    fn write(self, low: &str, high: &str, span: Span, out: &mut String, values: &mut Vec<Bound>) {
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
        values.extend(bounds.iter().map(|bound| Bound::Number(*bound)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::office_in_a_file;

    /// The index that leads to what fits `criteria`.
    fn way(criteria: &[Criterion]) -> String {
        let store = office_in_a_file().store;
        let search = Search { kind: ResourceType::OBSERVATION, criteria: criteria.to_vec(), after: 0, count: 1000 };
        let (statement, values) = search.statement(Dialect::Sqlite);
        let values: Vec<_> = values.iter().map(Bound::value).collect();
        let plan = format!("explain query plan {statement}");
        let steps: Vec<String> = store.db.all(&plan, &values, |row| row.get("detail")).unwrap();
        steps.join("; ")
    }

    #[test]
    fn what_names_patients_ids_or_a_date_does_not_go_through_all_of_a_type() {
        let ids = Criterion::Id(vec!["1".into(), "2".into()]);
        let patients = Criterion::Patient((0..40).map(|n| n.to_string()).collect());
        let [from, to] = [Compare::Ge, Compare::Lt].map(|compare| Criterion::Date(compare, Span { low: 0, high: 1 }));
        for (criteria, index) in [
            (&[patients.clone()][..], "resource_patient (patient=? AND kind=?)"),
            (&[from.clone(), to.clone(), patients], "resource_patient (patient=? AND kind=?)"),
            (&[ids], "(kind=? AND id=?)"),
            (&[from, to], "resource_date (kind=? AND low<?)"),
        ] {
            let way = way(criteria);
            assert!(way.contains(index), "{way}");
        }
    }

    #[test]
    fn a_type_is_gone_through_from_where_the_page_before_ended() {
        let way = way(&[]);
        assert!(way.contains("(kind=? AND rowid>?)") && !way.contains("TEMP B-TREE FOR ORDER BY"), "{way}");
    }
}
