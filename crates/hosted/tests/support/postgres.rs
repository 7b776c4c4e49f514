//! A database of a test's own in the PostgreSQL that the tests run beside, where they do.

use std::process::Command;

/// Its address, or none where practices are kept in files: `scripts/postgres.sh with cargo nextest run -p hosted` has
/// the tests keep theirs in PostgreSQL.
pub fn database() -> Option<String> {
    let server = std::env::var("SHADOWCHART_TEST_POSTGRES").ok()?;
    let name = format!("t{}", uuid::Uuid::new_v4().simple());
    let made = Command::new("createdb")
        .args(["--host", &server, "--username", "owner", "--template", "practices", &name])
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    Some(format!("host={server} user=host dbname={name}"))
}
