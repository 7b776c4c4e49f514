//! The end of a practice's store: its key first, so that nothing that is left anywhere can be read.

use std::fs;

use practice::ids::PracticeId;

use super::{PracticeStore, StoreError, db::Db, erase::erase};
use crate::data_dir::DataDir;

impl PracticeStore {
    /// Destroys what `dir` has of the practice `id`, and says what that was. Once more does no harm.
    ///
    /// # Errors
    /// When a file or the database can't be changed; what was destroyed until then stays so.
    pub fn destroy(dir: &DataDir, id: &PracticeId) -> Result<Vec<String>, StoreError> {
        let mut done = Vec::new();
        // What a drill that was killed has left: the practice, and a key to it.
        match fs::remove_dir_all(dir.drill(id)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        if let Some(cluster) = dir.cluster() {
            let mut db = Db::shared(cluster.clone(), id.clone());
            let part = db.begin()?;
            erase(&part)?;
            part.commit()?;
            if cluster.remove(id)? {
                done.push("The practice's rows in the host's database.".to_owned());
            }
            return Ok(done);
        }
        let key = dir.wrapped_key(id);
        if key.exists() {
            fs::remove_file(&key)?;
            sync(&key)?;
            done.push("The practice's key: nothing that was encrypted with it can be read any more.".to_owned());
        }
        let (mut files, begins) = (0, format!("{id}."));
        let folder = dir.database(id).parent().map(std::path::Path::to_owned).unwrap_or_default();
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            // The dot ends the id: another practice's may begin with this one, and have a dot in it.
            let rest = entry.file_name().to_str().and_then(|name| name.strip_prefix(&begins)).map(str::to_owned);
            if rest.is_some_and(|rest| rest.starts_with("db") || rest.starts_with("draft")) {
                fs::remove_file(entry.path())?;
                files += 1;
            }
        }
        if files > 0 {
            sync(&key)?;
            done.push(format!("{files} files of the practice on this host."));
        }
        Ok(done)
    }
}

/// What was removed beside `file` stays so when the power fails.
fn sync(file: &std::path::Path) -> Result<(), StoreError> {
    let folder = file.parent().ok_or(StoreError::NotADataDir)?;
    Ok(fs::File::open(folder)?.sync_all()?)
}
