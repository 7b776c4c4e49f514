//! Every row of a practice that shares its database, removed.

use super::{
    StoreError,
    db::{Db, values},
};

/// What refers to others goes first.
const FIRST: [&str; 12] = [
    "refresh_token",
    "token_family",
    "given_back",
    "term",
    "holding",
    "version",
    "resource",
    "access_token",
    "second_factor",
    "recovery_code",
    "mailed_link",
    "deletion",
];

/// Removes every row that the transaction can see: the practice's, and no other one's.
pub(super) fn erase(db: &Db) -> Result<(), StoreError> {
    let rest = "select relname as name from pg_class
        where relkind = 'r' and relnamespace = current_schema()::regnamespace and relrowsecurity";
    let rest: Vec<String> = db.all(rest, values![], |row| row.get("name"))?;
    for table in FIRST.into_iter().chain(rest.iter().map(String::as_str)) {
        db.execute(&format!("delete from {table}"), &[])?;
    }
    Ok(())
}
