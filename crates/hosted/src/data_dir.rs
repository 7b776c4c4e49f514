//! The operator's data folder: which files are where, and whether a folder is one at all.
//!
//! ```text
//! DATA/operator.key          wraps every practice's key, or says where it is kept; none where the environment has it
//! DATA/backup.key            the repositories' password, sealed
//! DATA/tls/…                 the certificate authority and the server's certificate
//! DATA/practices/ID.db       one encrypted file a practice
//! DATA/practices/ID.key      its wrapped key
//! DATA/certificates/ID.json  the host's word that a practice was destroyed
//! DATA/database              address of the PostgreSQL database that holds the practices, where one does
//! DATA/database-ca.pem       who vouches for that database
//! ```

use std::{
    fs,
    io::Write,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::Arc,
};

use practice::ids::PracticeId;

use crate::{
    operator_key::{Keep, OperatorKey},
    store::{Cluster, StoreError},
};

const OPERATOR_KEY: &str = "operator.key";

/// Whether `root` is a data folder: without the file, the environment has to have the key.
fn is_one(root: &Path) -> bool {
    root.join(OPERATOR_KEY).is_file() || (OperatorKey::is_of_environment() && root.join("practices").is_dir())
}

/// A folder that holds a host's data.
pub struct DataDir {
    root: PathBuf,
    key: OperatorKey,
    cluster: Option<Arc<Cluster>>,
}

impl DataDir {
    /// Opens the folder `root`.
    ///
    /// # Errors
    /// [`StoreError::NotADataDir`] when it is none.
    pub fn open(root: &Path) -> Result<Self, StoreError> {
        if !is_one(root) {
            return Err(StoreError::NotADataDir);
        }
        let key = OperatorKey::of_environment_or(|| OperatorKey::read(&root.join(OPERATOR_KEY)))?;
        let mut dir = Self { key, root: root.to_owned(), cluster: None };
        match fs::read_to_string(dir.address()) {
            Ok(url) => dir.cluster = Some(dir.reach(url.trim())?),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
        Ok(dir)
    }

    /// Opens the folder `root`, or makes it when it is missing or empty.
    ///
    /// # Errors
    /// [`StoreError::NotADataDir`] when it holds something else: nothing of anybody's is touched.
    pub fn open_or_create(root: &Path) -> Result<Self, StoreError> {
        if is_one(root) {
            return Self::open(root);
        }
        let empty = match fs::read_dir(root) {
            Ok(mut entries) => entries.next().is_none(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => true,
            Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => false,
            Err(error) => return Err(error.into()),
        };
        if !empty {
            return Err(StoreError::NotADataDir);
        }
        fs::DirBuilder::new().recursive(true).mode(0o700).create(root.join("practices"))?;
        let key = OperatorKey::of_environment_or(|| OperatorKey::create(&root.join(OPERATOR_KEY)))?;
        Ok(Self { key, root: root.to_owned(), cluster: None })
    }

    /// Keeps the operator's key there from now on.
    ///
    /// # Errors
    /// In words, when the keychain can't be asked or the environment has the key; it is then where it was.
    pub fn keep_operator_key(&self, place: Keep) -> Result<(), StoreError> {
        if OperatorKey::is_of_environment() {
            return Err(StoreError::refused(
                practice::Code::Invalid,
                "The operator's key comes from the environment (SHADOWCHART_OPERATOR_KEY). Take it out of there first.",
            ));
        }
        OperatorKey::keep(&self.root.join(OPERATOR_KEY), place)
    }

    /// Keeps the practices in the PostgreSQL database at `url`, from now on.
    ///
    /// # Errors
    /// In words, when it can't be reached or is no good, or the folder holds practices of its own.
    pub fn on(mut self, url: &str) -> Result<Self, StoreError> {
        if self.cluster.is_none() && !self.practices()?.is_empty() {
            return Err(StoreError::refused(
                practice::Code::Invalid,
                "This data folder has practices in files. They can be moved into a database, which is another step.",
            ));
        }
        self.cluster = Some(self.reach(url)?);
        // The address may hold the role's password.
        let mut out =
            fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(self.address())?;
        out.write_all(url.as_bytes())?;
        Ok(self)
    }

    fn reach(&self, url: &str) -> Result<Arc<Cluster>, StoreError> {
        let authority = self.root.join("database-ca.pem");
        Cluster::connect(url, authority.exists().then_some(authority.as_path()))
    }

    fn address(&self) -> PathBuf {
        self.root.join("database")
    }

    pub(crate) fn cluster(&self) -> Option<&Arc<Cluster>> {
        self.cluster.as_ref()
    }

    /// Where the certificates are.
    pub fn tls(&self) -> PathBuf {
        self.root.join("tls")
    }

    /// Where the password of the repositories is kept, sealed with the operator's key.
    pub(crate) fn backup_key(&self) -> PathBuf {
        self.root.join("backup.key")
    }

    /// Where the certificates of deleted practices are.
    pub fn certificates(&self) -> PathBuf {
        self.root.join("certificates")
    }

    /// Where a restore drill of `practice` may make a folder: on the same disk, and as private.
    pub(crate) fn drill(&self, practice: &PracticeId) -> PathBuf {
        self.root.join(format!("drill-{practice}"))
    }

    /// Every practice, in a stable order.
    ///
    /// # Errors
    /// When the folder or the database cannot be read.
    pub fn practices(&self) -> Result<Vec<PracticeId>, StoreError> {
        if let Some(cluster) = &self.cluster {
            return cluster.practices();
        }
        let mut found = Vec::new();
        for entry in fs::read_dir(self.root.join("practices"))? {
            let path = entry?.path();
            if path.extension().is_some_and(|e| e == "key") {
                found.extend(path.file_stem().and_then(|s| s.to_str()).and_then(PracticeId::parse));
            }
        }
        found.sort();
        Ok(found)
    }

    pub(crate) fn operator_key(&self) -> &OperatorKey {
        &self.key
    }

    /// The file that a practice lies in.
    pub fn database(&self, practice: &PracticeId) -> PathBuf {
        self.root.join("practices").join(format!("{practice}.db"))
    }

    pub(crate) fn wrapped_key(&self, practice: &PracticeId) -> PathBuf {
        self.root.join("practices").join(format!("{practice}.key"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_other_peoples_files_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("thesis.txt"), "mine").unwrap();
        assert!(matches!(DataDir::open_or_create(dir.path()), Err(StoreError::NotADataDir)));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_made_folder_opens_again() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("new/data");
        assert!(matches!(DataDir::open(&root), Err(StoreError::NotADataDir)));
        DataDir::open_or_create(&root).unwrap();
        assert!(DataDir::open(&root).unwrap().practices().unwrap().is_empty());
        DataDir::open_or_create(&root).unwrap();
    }
}
