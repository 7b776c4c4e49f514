//! Key files: readable by the operator alone, and never half written.

use std::{
    fs,
    io::Write,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
};

use crate::store::StoreError;

/// Makes the folder that holds them.
pub(super) fn folder(path: &Path) -> Result<(), StoreError> {
    Ok(fs::DirBuilder::new().recursive(true).mode(0o700).create(path)?)
}

/// Writes `text` to `path`, whole or not at all.
pub(super) fn write(path: &Path, text: &str, mode: u32) -> Result<(), StoreError> {
    let draft = path.with_extension("new");
    // A draft left by a start that broke off may have another mode.
    match fs::remove_file(&draft) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(&draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(fs::rename(draft, path)?)
}
