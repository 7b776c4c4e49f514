//! What can go wrong with the local file. Only codes are kept: a driver's message may quote a row.

use practice::{Code, Refusal};
use rusqlite::{ErrorCode, ffi};

/// Why the store did not do it. Nothing was half done.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The caller could not connect.
    #[error("the vault did not hand out a connection")]
    Connect(Refusal),
    /// The session locked while this ran, or before.
    #[error("the store is closed")]
    Closed,
    /// Another program holds the file.
    #[error("the file is busy")]
    Busy,
    /// No space is left on the disk.
    #[error("the disk is full")]
    DiskFull,
    /// The file, or a row in it, can't be read.
    #[error("the file is damaged")]
    Damaged,
    /// The resource is not as the editor saw it.
    #[error("the resource has changed meanwhile")]
    Changed,
    /// A later local change builds on this one.
    #[error("a later change builds on this one")]
    LaterChange,
    /// There is no such change in the outbox.
    #[error("no such change waits")]
    NoSuchChange,
    /// A text is not the resource it is said to be.
    #[error("a text is not the resource it is said to be")]
    BadResource,
    /// The host's answer does not fit what was sent.
    #[error("the host's answer does not fit what was sent")]
    BadAnswer,
    /// The page is from another life of the host.
    #[error("the page is from another epoch")]
    OtherEpoch,
    /// The audit chain in this file belongs to another workstation.
    #[error("the audit chain belongs to another workstation")]
    OtherWorkstation,
    /// A newer program wrote this file.
    #[error("the file was written by a newer program")]
    NewerProgram,
    /// Anything else SQLite says.
    #[error("unexpected answer {0} of the database")]
    Database(i32),
}

impl StoreError {
    /// The words for a person.
    pub fn refusal(&self) -> Refusal {
        match self {
            Self::Connect(refusal) => refusal.clone(),
            Self::Closed => Refusal::new(Code::Locked, "This session is locked. Unlock it to go on."),
            Self::Busy => Refusal::new(
                Code::Unexpected,
                "The local file is in use by another program. Close that one and try again.",
            ),
            Self::DiskFull => Refusal::new(
                Code::DiskFull,
                "There is no space left on this computer's disk. Nothing was changed. Free some space and try again.",
            ),
            Self::Damaged => Refusal::new(
                Code::VaultDamaged,
                "A part of the local file can't be read. Nothing was deleted. Run a diagnosis before going on.",
            ),
            Self::Changed => Refusal::new(
                Code::Conflict,
                "This was changed meanwhile. Look at it as it is now, then make your change again.",
            ),
            Self::LaterChange => {
                Refusal::new(Code::NotNow, "A later change builds on this one. Take that one back first.")
            }
            Self::NoSuchChange => Refusal::new(Code::NotFound, "This change no longer waits. It may have been sent."),
            Self::BadResource => {
                Refusal::new(Code::Invalid, "What was to be stored is not a valid record. Nothing was stored.")
            }
            Self::BadAnswer | Self::OtherEpoch => {
                Refusal::new(Code::HostConfused, "The host's answer made no sense. Nothing was changed here.")
            }
            Self::OtherWorkstation => Refusal::new(
                Code::VaultDamaged,
                "The local file belongs to another computer. It was not changed. Enrol this computer anew.",
            ),
            Self::NewerProgram => Refusal::new(
                Code::Unexpected,
                "The local file was written by a newer version of this program. Update this computer.",
            ),
            Self::Database(_) => {
                Refusal::new(Code::Unexpected, "The local file could not be used. Nothing was changed.")
            }
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error() {
            Some(cause) => Self::from_sqlite(cause),
            // A column of a type that no statement here writes.
            None => Self::Damaged,
        }
    }
}

impl StoreError {
    pub(crate) fn from_sqlite(cause: &ffi::Error) -> Self {
        match cause.code {
            ErrorCode::OperationInterrupted => Self::Closed,
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Busy,
            ErrorCode::DiskFull => Self::DiskFull,
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::Damaged,
            _ => Self::Database(cause.extended_code),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_message_of_the_driver_leaves_the_store() {
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        let error: StoreError = connection.execute("INSERT INTO testcase_dmitri VALUES (1)", []).unwrap_err().into();
        let shown = format!("{error} {error:?} {}", error.refusal());
        assert!(!shown.contains("testcase"), "{shown}");
    }

    #[test]
    fn each_cause_has_its_code() {
        for (result, code) in [
            (ffi::SQLITE_FULL, Code::DiskFull),
            (ffi::SQLITE_CORRUPT, Code::VaultDamaged),
            (ffi::SQLITE_NOTADB, Code::VaultDamaged),
            (ffi::SQLITE_INTERRUPT, Code::Locked),
            (ffi::SQLITE_BUSY, Code::Unexpected),
            (ffi::SQLITE_ERROR, Code::Unexpected),
        ] {
            assert_eq!(StoreError::from_sqlite(&ffi::Error::new(result)).refusal().code, code, "{result}");
        }
    }
}
