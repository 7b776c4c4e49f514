//! The typed bridge: the list of commands and events, and the TypeScript that is generated from it.

use crate::commands;
use specta_typescript::Typescript;
use std::path::{Path, PathBuf};
use tauri::Wry;
use tauri_specta::{Builder, collect_commands};

/// Every command the page may call.
pub fn builder() -> Builder<Wry> {
    Builder::new().commands(collect_commands![commands::state::state])
}

/// Where the bindings are committed.
pub fn bindings() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/src/gen/bindings.ts")
}

/// Writes the bindings to a file.
///
/// # Errors
/// A type that TypeScript can't express, or a folder that can't be written.
pub fn export(to: &Path) -> Result<(), String> {
    builder().export(Typescript::default(), to).map_err(|error| error.to_string())
}
