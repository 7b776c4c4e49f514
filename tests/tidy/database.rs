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

/// The vault opens the file: it speaks PRAGMA, reads the schema to know its file, and its own tests write a row.
const AT_HOME: [&str; 6] =
    ["crates/store/", "crates/hosted/", "crates/vault/", "migrations/", "tests/sim/", "tests/tidy/"];

#[test]
fn only_the_stores_speak_sql() {
    hold(|source| {
        // A benchmark's yardstick is the bare statement.
        if AT_HOME.iter().any(|home| source.path.starts_with(home)) || source.is_bench() {
            return vec![];
        }
        source
            .product_lines()
            .filter(|(_, line)| STATEMENTS.iter().any(|statement| line.contains(statement)))
            .map(|(number, line)| format!("{number}: {}", line.trim()))
            .collect()
    });
}
