//! What can go wrong in a practice's store, and how that is said to people.

use std::error::Error;

use practice::{Code, Refusal, text::TextError};
use tokio_postgres::error::SqlState;

/// Why the store did not do what was asked. Its texts stay inside the host; people see [`StoreError::refusal`].
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder holds something else, or nothing.
    #[error("not a data folder")]
    NotADataDir,
    /// The operator's key is missing, damaged or another folder's.
    #[error("the operator's key does not fit")]
    OperatorKey,
    /// No such practice in this folder.
    #[error("no such practice")]
    NoPractice,
    /// No room left on the disk.
    #[error("no space left")]
    DiskFull,
    /// The file was made by a later version of this program.
    #[error("the file is of a later version")]
    TooNew,
    /// A row that must be there is missing or makes no sense.
    #[error("the store is damaged: {0}")]
    Damaged(&'static str),
    /// The request was refused for a reason that a person should hear.
    #[error("{0}")]
    Refused(Refusal),
    /// A resource's text is not acceptable.
    #[error(transparent)]
    Text(#[from] TextError),
    /// SQLite's word.
    #[error(transparent)]
    Sql(rusqlite::Error),
    /// PostgreSQL's word: its SQLSTATE, where it had one.
    #[error("postgresql")]
    Postgres(Option<String>),
    /// The database can't be reached, or ended in the middle.
    #[error("the database is not there")]
    Unavailable,
    /// The file system's word.
    #[error(transparent)]
    Io(std::io::Error),
}

impl StoreError {
    /// A refusal with its words.
    pub const fn refused(code: Code, say: &'static str) -> Self {
        Self::Refused(Refusal::new(code, say))
    }

    /// What to write into the log, for failures that an operator should see: no driver's message, which could quote
    /// what was stored. None for what is only a refusal.
    pub fn class(&self) -> Option<String> {
        match self {
            StoreError::Damaged(what) => Some(format!("damaged: {what}")),
            StoreError::Sql(error) => Some(match error.sqlite_error() {
                Some(code) => format!("sqlite: {:?}, {}", code.code, code.extended_code),
                None => "sqlite: a row of another shape".to_owned(),
            }),
            StoreError::Postgres(state) => {
                Some(format!("postgresql: {}", state.as_deref().unwrap_or("a row of another shape")))
            }
            StoreError::Unavailable => Some("the database is not there".to_owned()),
            StoreError::Io(error) => Some(format!("file: {:?}", error.kind())),
            StoreError::DiskFull => Some("the disk is full".to_owned()),
            StoreError::OperatorKey => Some("the operator's key does not fit".to_owned()),
            StoreError::TooNew => Some("the file is of a later version".to_owned()),
            StoreError::NotADataDir | StoreError::NoPractice | StoreError::Refused(_) | StoreError::Text(_) => None,
        }
    }

    /// What to tell a person. Never a driver's message.
    pub fn refusal(&self) -> Refusal {
        let (code, say) = match self {
            StoreError::Refused(refusal) => return refusal.clone(),
            StoreError::NotADataDir => (
                Code::Invalid,
                "This folder is not a data folder of the host. Name one that `init` or `demo` has made, or an empty one for them.",
            ),
            StoreError::OperatorKey => (
                Code::Invalid,
                "The operator's key does not open this practice. Put back the operator.key that belongs to this data folder.",
            ),
            StoreError::NoPractice => (Code::NotFound, "There is no such practice in this data folder."),
            StoreError::DiskFull => (Code::DiskFull, "The disk is full. Nothing was changed; make room and try again."),
            StoreError::TooNew => {
                (Code::Invalid, "A later version of the host has written this data. Use that version or a later one.")
            }
            StoreError::Text(_) => (Code::Invalid, "The text is not a FHIR R4 resource in JSON."),
            StoreError::Unavailable => (
                Code::Unexpected,
                "The host can't reach its database right now. Nothing was lost; try again in a moment.",
            ),
            StoreError::Damaged(_) | StoreError::Sql(_) | StoreError::Postgres(_) | StoreError::Io(_) => {
                (Code::Unexpected, "The host could not do this. Its log says more; nothing was changed.")
            }
        };
        Refusal::new(code, say)
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => StoreError::DiskFull,
            // A key that does not fit reads as a file that is no database.
            Some(rusqlite::ErrorCode::NotADatabase) => StoreError::OperatorKey,
            _ => StoreError::Sql(error),
        }
    }
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        match error.code() {
            Some(&SqlState::DISK_FULL) => StoreError::DiskFull,
            // Classes 08 and 57P: the connection broke off, the server stops or starts.
            Some(state) if ["08", "57P"].iter().any(|class| state.code().starts_with(class)) => StoreError::Unavailable,
            Some(state) => StoreError::Postgres(Some(state.code().to_owned())),
            None if error.is_closed() || error.source().is_some_and(<dyn std::error::Error>::is::<std::io::Error>) => {
                StoreError::Unavailable
            }
            None => StoreError::Postgres(None),
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::StorageFull { StoreError::DiskFull } else { StoreError::Io(error) }
    }
}

impl From<Refusal> for StoreError {
    fn from(refusal: Refusal) -> Self {
        StoreError::Refused(refusal)
    }
}
