//! Values on their way to PostgreSQL and back.

use std::error::Error;

use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, private::BytesMut, to_sql_checked};

use crate::store::db::Value;

type Oops = Box<dyn Error + Sync + Send>;

/// A value that the connection's task can hold.
#[derive(Debug)]
pub(super) enum Bound {
    Null,
    Int(i64),
    Text(String),
    Blob(Vec<u8>),
}

impl Bound {
    pub fn all(values: &[Value<'_>]) -> Vec<Self> {
        let bound = |value: &Value<'_>| match value {
            Value::Null => Self::Null,
            Value::Int(number) => Self::Int(*number),
            // PostgreSQL's texts hold no such character. What is stored with another is looked for with it too.
            Value::Text(text) => Self::Text(text.replace('\0', "\u{FFFD}")),
            Value::Blob(bytes) => Self::Blob(bytes.to_vec()),
        };
        values.iter().map(bound).collect()
    }
}

impl ToSql for Bound {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Oops> {
        match self {
            Bound::Null => Ok(IsNull::Yes),
            Bound::Int(number) if *kind == Type::INT4 => i32::try_from(*number)?.to_sql(kind, out),
            Bound::Int(number) if *kind == Type::INT8 => number.to_sql(kind, out),
            Bound::Text(text) if <&str as ToSql>::accepts(kind) => text.as_str().to_sql(kind, out),
            Bound::Blob(bytes) if *kind == Type::BYTEA => bytes.to_sql(kind, out),
            _ => Err("a value of another kind than the statement's".into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value<'a> {
    fn from_sql(kind: &Type, bytes: &'a [u8]) -> Result<Self, Oops> {
        Ok(match *kind {
            Type::BOOL => Value::Int(bool::from_sql(kind, bytes)?.into()),
            Type::INT2 => Value::Int(i16::from_sql(kind, bytes)?.into()),
            Type::INT4 => Value::Int(i32::from_sql(kind, bytes)?.into()),
            Type::INT8 => Value::Int(i64::from_sql(kind, bytes)?),
            Type::BYTEA => Value::Blob(bytes),
            _ => Value::Text(<&str>::from_sql(kind, bytes)?),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Oops> {
        Ok(Value::Null)
    }

    fn accepts(kind: &Type) -> bool {
        matches!(*kind, Type::BOOL | Type::INT2 | Type::INT4 | Type::INT8 | Type::BYTEA)
            || <&str as FromSql>::accepts(kind)
    }
}
