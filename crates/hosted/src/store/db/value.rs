//! What goes into a statement, and what comes out of a row.

use super::super::StoreError;

/// One value, in a statement or in a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::store) enum Value<'a> {
    Null,
    Int(i64),
    Text(&'a str),
    Blob(&'a [u8]),
}

/// What can be put into a statement.
pub(in crate::store) trait ToValue {
    fn value(&self) -> Value<'_>;
}

/// The values of a statement, in order.
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::store::db::to_value(&$value)),*] };
}
pub(in crate::store) use values;

pub(in crate::store) fn to_value<T: ToValue + ?Sized>(value: &T) -> Value<'_> {
    value.value()
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl ToValue for $number {
            fn value(&self) -> Value<'_> {
                Value::Int(i64::from(*self))
            }
        }
    )*};
}
numbers!(i64, u32);

impl ToValue for str {
    fn value(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl ToValue for String {
    fn value(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl ToValue for [u8] {
    fn value(&self) -> Value<'_> {
        Value::Blob(self)
    }
}

impl ToValue for Vec<u8> {
    fn value(&self) -> Value<'_> {
        Value::Blob(self)
    }
}

impl<const N: usize> ToValue for [u8; N] {
    fn value(&self) -> Value<'_> {
        Value::Blob(self)
    }
}

impl<T: ToValue + ?Sized> ToValue for &T {
    fn value(&self) -> Value<'_> {
        (**self).value()
    }
}

impl<T: ToValue> ToValue for Option<T> {
    fn value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null, ToValue::value)
    }
}

/// One row, whichever database it comes from.
pub(in crate::store) enum Row<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a tokio_postgres::Row),
}

impl Row<'_> {
    /// The value in `column`.
    ///
    /// # Errors
    /// When there is no such column, or it holds something else.
    pub fn get<'r, T: Read<'r>>(&'r self, column: &str) -> Result<T, StoreError> {
        let value = match self {
            Row::Sqlite(row) => match row.get_ref(column)? {
                rusqlite::types::ValueRef::Null => Value::Null,
                rusqlite::types::ValueRef::Integer(number) => Value::Int(number),
                rusqlite::types::ValueRef::Text(bytes) => {
                    Value::Text(std::str::from_utf8(bytes).map_err(|_| StoreError::Damaged("a text"))?)
                }
                rusqlite::types::ValueRef::Blob(bytes) => Value::Blob(bytes),
                rusqlite::types::ValueRef::Real(_) => return Err(StoreError::Damaged("a number with a fraction")),
            },
            Row::Postgres(row) => row.try_get(column)?,
        };
        T::read(value).ok_or(StoreError::Damaged("a row of another shape"))
    }
}

/// What can be read from a row.
pub(in crate::store) trait Read<'r>: Sized {
    fn read(value: Value<'r>) -> Option<Self>;
}

impl Read<'_> for i64 {
    fn read(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Int(number) => Some(number),
            _ => None,
        }
    }
}

impl Read<'_> for u32 {
    fn read(value: Value<'_>) -> Option<Self> {
        i64::read(value)?.try_into().ok()
    }
}

impl Read<'_> for u8 {
    fn read(value: Value<'_>) -> Option<Self> {
        i64::read(value)?.try_into().ok()
    }
}

impl Read<'_> for bool {
    fn read(value: Value<'_>) -> Option<Self> {
        i64::read(value).map(|number| number != 0)
    }
}

impl<'r> Read<'r> for &'r str {
    fn read(value: Value<'r>) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl Read<'_> for String {
    fn read(value: Value<'_>) -> Option<Self> {
        <&str>::read(value).map(str::to_owned)
    }
}

impl<'r> Read<'r> for &'r [u8] {
    fn read(value: Value<'r>) -> Option<Self> {
        match value {
            Value::Blob(bytes) => Some(bytes),
            _ => None,
        }
    }
}

impl Read<'_> for Vec<u8> {
    fn read(value: Value<'_>) -> Option<Self> {
        <&[u8]>::read(value).map(<[u8]>::to_vec)
    }
}

impl<const N: usize> Read<'_> for [u8; N] {
    fn read(value: Value<'_>) -> Option<Self> {
        <&[u8]>::read(value)?.try_into().ok()
    }
}

impl<'r, T: Read<'r>> Read<'r> for Option<T> {
    fn read(value: Value<'r>) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            value => T::read(value).map(Some),
        }
    }
}
