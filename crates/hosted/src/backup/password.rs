//! The password of the repositories: the operator's own, in a file, or one made here and kept under the operator's key.

use std::{
    fs,
    io::{BufRead, BufReader, ErrorKind, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use practice::Code;
use zeroize::Zeroizing;

use crate::{data_dir::DataDir, random, store::StoreError};

/// What the sealing is bound to.
const WHAT: &str = "backup password";

/// The password in the first line of `file`, or the data folder's own.
///
/// # Errors
/// In words, when there is none.
pub fn password(dir: &DataDir, file: Option<&Path>) -> Result<Zeroizing<String>, StoreError> {
    if let Some(file) = file {
        return in_file(file);
    }
    match fs::read_to_string(dir.backup_key()) {
        Ok(sealed) => {
            let bytes = dir.operator_key().unseal(WHAT, &sealed)?;
            let text = std::str::from_utf8(&bytes).map_err(|_| StoreError::OperatorKey)?;
            Ok(Zeroizing::new(text.to_owned()))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Err(StoreError::refused(
            Code::BackupPassword,
            "This data folder has no password for backups. Put its backup.key back, or name a file with --password-file.",
        )),
        Err(error) => Err(error.into()),
    }
}

/// The same, which is made now where there is none yet.
///
/// # Errors
/// When a file cannot be read or written.
pub fn password_or_new(dir: &DataDir, file: Option<&Path>) -> Result<Zeroizing<String>, StoreError> {
    if file.is_none() && !dir.backup_key().exists() {
        let made = Zeroizing::new(random::secret());
        let sealed = dir.operator_key().seal(WHAT, made.as_bytes())?;
        let mut out = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(dir.backup_key())?;
        out.write_all(sealed.as_bytes())?;
        out.sync_all()?;
        return Ok(made);
    }
    password(dir, file)
}

/// The password in the first line of `file`.
///
/// # Errors
/// In words, when there is none.
pub fn in_file(file: &Path) -> Result<Zeroizing<String>, StoreError> {
    let missing = || {
        StoreError::refused(
            Code::BackupPassword,
            "The file with the password can't be read, or its first line is empty. Name another.",
        )
    };
    let mut line = Zeroizing::new(String::new());
    BufReader::new(fs::File::open(file).map_err(|_| missing())?).read_line(&mut line).map_err(|_| missing())?;
    let password = Zeroizing::new(line.trim_end_matches(['\r', '\n']).to_owned());
    if password.is_empty() { Err(missing()) } else { Ok(password) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_made_once_and_opens_with_the_operators_key_alone() {
        let root = tempfile::tempdir().unwrap();
        let [dir, other] = ["a", "b"].map(|name| DataDir::open_or_create(&root.path().join(name)).unwrap());
        assert_eq!(password(&dir, None).unwrap_err().refusal().code, Code::BackupPassword);
        let made = password_or_new(&dir, None).unwrap();
        assert_eq!(*password_or_new(&dir, None).unwrap(), *made);
        assert!(!fs::read_to_string(dir.backup_key()).unwrap().contains(made.as_str()));
        fs::copy(dir.backup_key(), other.backup_key()).unwrap();
        assert!(matches!(password(&other, None), Err(StoreError::OperatorKey)));
    }

    #[test]
    fn the_operators_own_is_the_first_line_of_a_file() {
        let root = tempfile::tempdir().unwrap();
        let (dir, file) = (DataDir::open_or_create(&root.path().join("a")).unwrap(), root.path().join("password"));
        assert_eq!(password(&dir, Some(&file)).unwrap_err().refusal().code, Code::BackupPassword);
        fs::write(&file, "long words \r\nmore").unwrap();
        assert_eq!(*password_or_new(&dir, Some(&file)).unwrap(), "long words ");
        assert!(!dir.backup_key().exists());
    }
}
