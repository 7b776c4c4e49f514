//! SQL lives beside the rows it fills.

use crate::hold;

const STATEMENTS: [&str; 8] = [
    "SELECT ",
    "INSERT INTO ",
    "INSERT OR ",
    "DELETE FROM ",
    "CREATE TABLE ",
    "CREATE INDEX ",
    "DROP TABLE ",
    "ON CONFLICT",
];

/// The vault opens the file, so it speaks PRAGMA; statements over rows are not its business.
const AT_HOME: [&str; 4] = ["crates/store/", "crates/hosted/", "migrations/", "tests/tidy/"];

#[test]
fn only_the_stores_speak_sql() {
    hold(|source| {
        // A benchmark's yardstick is the bare statement.
        if AT_HOME.iter().any(|home| source.path.starts_with(home))
            || source.is_bench()
            || (source.path.starts_with("crates/vault/") && source.is_test())
        {
            return vec![];
        }
        source
            .product_lines()
            .filter(|(_, line)| STATEMENTS.iter().any(|statement| line.contains(statement)))
            .map(|(number, line)| format!("{number}: {}", line.trim()))
            .collect()
    });
}
