//! Columns by their names, each looked up once a query and not once a row: a look-up takes longer than a value.

/// A struct of the columns of those names.
macro_rules! columns {
    ($(#[$doc:meta])* $name:ident { $($column:ident),+ $(,)? }) => {
        $(#[$doc])*
        pub struct $name { $($column: usize),+ }

        impl $name {
            /// Where they are among the columns of `statement`.
            pub fn of(statement: &rusqlite::Statement<'_>) -> rusqlite::Result<Self> {
                Ok(Self { $($column: statement.column_index(stringify!($column))?),+ })
            }
        }
    };
}

pub(crate) use columns;
