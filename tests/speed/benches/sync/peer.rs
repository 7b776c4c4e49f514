//! The yardstick of replication: PouchDB (`tests/peers/pouchdb`), from LevelDB through its own server to LevelDB.

use std::{
    io::{BufWriter, Write},
    process::{Command, Stdio},
};

use serde_json::Value;
use tests::build::root;

use crate::feed::Row;

/// Documents that it replicates in a second, or why it can't be asked.
pub fn pouchdb(rows: &[Row]) -> Result<f64, &'static str> {
    let folder = root().join("tests/peers/pouchdb");
    if !folder.join("node_modules").is_dir() {
        return Err("its packages are not there; `npm ci` in tests/peers/pouchdb fetches them");
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    let mut lines = BufWriter::new(&file);
    rows.iter().for_each(|row| writeln!(lines, "{}", row.body).unwrap());
    lines.flush().unwrap();
    let mut node = Command::new("node");
    node.arg(folder.join("replicate.mjs")).arg(file.path()).stderr(Stdio::inherit());
    let ran = node.output().map_err(|_| "there is no node here")?;
    assert!(ran.status.success(), "the replication broke off");
    let told: Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!(told["documents"].as_u64(), Some(rows.len() as u64), "it replicates all of them");
    Ok(rows.len() as f64 / told["seconds"].as_f64().unwrap())
}
