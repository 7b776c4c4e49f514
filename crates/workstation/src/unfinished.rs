//! A file for a person, with data of patients in it: for its owner alone, and whole or not there.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use practice::Code;

use crate::{
    home,
    refused::{Outcome, refuse},
};

/// A file that is not whole yet. Dropped before that, it is gone.
pub(crate) struct Unfinished {
    file: fs::File,
    beside: PathBuf,
    path: PathBuf,
}

impl Unfinished {
    /// Makes the file `name` in `folder`, which is made when it is not there.
    ///
    /// # Errors
    /// When it can't be made, or when there is one of that name.
    pub fn make(folder: &Path, name: &str) -> Outcome<Self> {
        let (path, beside) = (folder.join(name), folder.join(format!(".{name}.part")));
        let mut how = fs::OpenOptions::new();
        how.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut how, 0o600);
        let made = fs::create_dir_all(folder).and_then(|()| how.open(&beside)).map_err(|error| said(&error))?;
        let unfinished = Self { file: made, beside, path };
        if unfinished.path.exists() {
            return refuse(Code::NotNow, "There is a file of that name already. Nothing was written.");
        }
        Ok(unfinished)
    }

    /// Writes on.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn write(&mut self, bytes: &[u8]) -> Outcome<()> {
        Ok(self.file.write_all(bytes).map_err(|error| said(&error))?)
    }

    /// Gives it its name: it is whole.
    ///
    /// # Errors
    /// When the disk does not keep it.
    pub fn finish(self) -> Outcome<()> {
        self.file.sync_all().and_then(|()| fs::rename(&self.beside, &self.path)).map_err(|error| said(&error))?;
        Ok(())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // Once it has its name there is nothing here.
        let _ = fs::remove_file(&self.beside);
    }
}

fn said(error: &std::io::Error) -> practice::Refusal {
    match home::refusal(error) {
        full if full.code == Code::DiskFull => full,
        _ => practice::Refusal::new(
            Code::Unexpected,
            "That folder can't be written. Check that it is there, and that it is yours.",
        ),
    }
}
