//! The host's certificates beside the practices: a host that was put back without them would be a stranger to every
//! workstation.

use std::{
    fs,
    io::{BufRead, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use practice::time::Stamp;
use serde::{Deserialize, Serialize};

use super::repository::Repository;
use crate::{data_dir::DataDir, store::StoreError};

/// No practice's id has such a letter.
pub(super) const TAG: &str = "host_certificates";

#[derive(Serialize, Deserialize)]
struct File {
    name: String,
    bytes: String,
}

/// Keeps the certificates of `dir` in `repository`.
pub(super) fn save(dir: &DataDir, repository: &Repository, at: Stamp) -> Result<(), StoreError> {
    let mut files = Vec::new();
    let folder = match fs::read_dir(dir.tls()) {
        Ok(folder) => folder,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    for entry in folder {
        let entry = entry?;
        if let (true, Ok(name)) = (entry.file_type()?.is_file(), entry.file_name().into_string()) {
            files.push(File { name, bytes: STANDARD.encode(fs::read(entry.path())?) });
        }
    }
    files.sort_by(|one, other| one.name.cmp(&other.name));
    let write = |out: &mut dyn Write| {
        for file in &files {
            let line = serde_json::to_string(file).map_err(|_| StoreError::Damaged("a certificate's file"))?;
            writeln!(out, "{line}")?;
        }
        Ok(())
    };
    repository.save(TAG, at, write).map(drop)
}

/// Puts them back into `dir`, which has none; nothing where the repository has none either.
pub(super) fn put_back(dir: &DataDir, repository: &Repository) -> Result<(), StoreError> {
    let Some(last) = repository.snapshots(TAG)?.pop() else { return Ok(()) };
    let files = repository.read(TAG, &last, |input| {
        let read = |line: std::io::Result<String>| {
            serde_json::from_str::<File>(&line?).map_err(|_| StoreError::Damaged("the backup of the certificates"))
        };
        input.lines().map(read).collect::<Result<Vec<_>, _>>()
    })?;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dir.tls())?;
    for file in files {
        // A name and nothing of a path.
        let name = Path::new(&file.name).file_name().ok_or(StoreError::Damaged("a certificate's name"))?;
        let bytes = STANDARD.decode(&file.bytes).map_err(|_| StoreError::Damaged("a certificate's file"))?;
        let mut out = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(dir.tls().join(name))?;
        out.write_all(&bytes)?;
        out.sync_all()?;
    }
    Ok(())
}
