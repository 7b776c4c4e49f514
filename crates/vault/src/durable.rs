//! Writing so that power may fail after any statement: the file is the old one or the new one, whole.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::power;

/// Replaces `path` by `bytes`: a temporary file beside it, synced, renamed over it, and the folder synced.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    prepare(path, bytes)?.take_its_place()
}

/// The first half of [`replace`]: what needs room on the disk.
pub(crate) fn prepare(path: &Path, bytes: &[u8]) -> io::Result<Prepared> {
    let prepared = Prepared { path: path.to_owned(), temporary: path.with_added_extension("new") };
    write_new(&prepared.temporary, bytes)?;
    Ok(prepared)
}

/// A file's next content, whole and synced under its temporary name. Dropped, it is gone: a full disk must not stay
/// fuller for having been tried.
pub(crate) struct Prepared {
    path: PathBuf,
    temporary: PathBuf,
}

impl Prepared {
    /// The second half of [`replace`].
    pub(crate) fn take_its_place(self) -> io::Result<()> {
        power::may_fail();
        fs::rename(&self.temporary, &self.path)?;
        power::may_fail();
        sync_folder_of(&self.path)
    }
}

impl Drop for Prepared {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.temporary);
    }
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    power::may_fail();
    file.write_all(bytes)?;
    power::may_fail();
    file.sync_all()
}

/// Makes a rename or a removal in the folder of `path` last.
pub(crate) fn sync_folder_of(path: &Path) -> io::Result<()> {
    match path.parent() {
        #[cfg(unix)]
        Some(folder) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

/// Overwrites a small file and removes it. One that is not there is gone already.
pub(crate) fn shred(path: &Path) -> io::Result<()> {
    match OpenOptions::new().write(true).open(path) {
        Ok(mut file) => {
            let zeros = vec![0; usize::try_from(file.metadata()?.len()).unwrap_or(0)];
            power::may_fail();
            file.write_all(&zeros)?;
            power::may_fail();
            file.sync_all()?;
            remove(path)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// Removes a file. One that is not there is gone already.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    power::may_fail();
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => sync_folder_of(path),
    }
}

/// Held while files change, so that the window and the command line on one folder take turns.
pub(crate) struct Turn {
    _lasts_as_long_as_the_handle: File,
}

/// Waits for this folder's turn. The longest anybody holds it is one key derivation and a few keychain calls.
pub(crate) fn turn(path: &Path) -> io::Result<Turn> {
    let file = OpenOptions::new().write(true).create(true).truncate(false).open(path)?;
    file.lock()?;
    Ok(Turn { _lasts_as_long_as_the_handle: file })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replacement_that_fails_leaves_the_old_file_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("slots.json");
        replace(&path, b"old").unwrap();
        // The temporary file's name is taken by a folder, so the write fails.
        fs::create_dir(dir.path().join("slots.json.new")).unwrap();
        replace(&path, b"new").unwrap_err();
        assert_eq!(fs::read(&path).unwrap(), b"old");
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("slots.json");
        replace(&path, b"x").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
