//! The page and the shell speak the same types.

use std::{env, fs};

/// `UPDATE_BINDINGS=1` (which `make bindings` sets) writes the file instead of comparing it.
#[test]
fn the_committed_bindings_are_what_the_commands_say() {
    let committed = shell::bridge::bindings();
    if env::var_os("UPDATE_BINDINGS").is_some() {
        shell::bridge::export(&committed).expect("the bindings can be written");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder for the comparison");
    let fresh = folder.path().join("bindings.ts");
    shell::bridge::export(&fresh).expect("the commands can be written as TypeScript");
    let read = |path| fs::read_to_string(path).unwrap_or_default();
    assert!(
        read(&fresh) == read(&committed),
        "ui/src/gen/bindings.ts is behind the commands: run `make bindings` and commit it"
    );
}
