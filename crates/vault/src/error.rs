//! Why a vault does not open, with the words a person sees.

use std::{io, time::Duration};

use practice::{Code, Refusal};

use crate::{damage::Damage, keychain::KeychainError};

/// Everything the vault can answer but yes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The password does not open this member's slot.
    #[error("wrong password")]
    WrongPassword,
    /// Too many wrong passwords: the next try is in `wait`.
    #[error("too many wrong passwords")]
    TooManyAttempts {
        /// How long until the next try counts.
        wait: Duration,
    },
    /// The operating system's keychain.
    #[error("keychain: {0}")]
    Keychain(#[from] KeychainError),
    /// The files.
    #[error("damaged: {0}")]
    Damaged(#[from] Damage),
    /// No space left on the disk, or over the quota.
    #[error("disk full")]
    DiskFull,
    /// The folder may not be read or written, or the disk answers with an error.
    #[error("the folder can't be used: {0:?}")]
    Folder(io::ErrorKind),
    /// Another program holds the file.
    #[error("busy")]
    Busy,
    /// This member has no slot here.
    #[error("no slot for this member")]
    NoSlot,
    /// There is a vault already.
    #[error("already made")]
    AlreadyMade,
    /// There is no vault yet.
    #[error("not made yet")]
    NotMade,
    /// A wipe was begun and has to be finished first.
    #[error("being wiped")]
    BeingWiped,
    /// The operating system gives no random bytes.
    #[error("no randomness")]
    NoRandomness,
}

impl VaultError {
    /// The code scripts rely on, and the sentence people read.
    pub fn refusal(&self) -> Refusal {
        let (code, say) = match self {
            VaultError::WrongPassword => (Code::WrongPassword, "The password does not match. Type it again."),
            VaultError::TooManyAttempts { .. } => (
                Code::TooManyAttempts,
                "There were too many wrong passwords. Wait, then try again, or sign in online with the right one.",
            ),
            VaultError::Keychain(error) => error.words(),
            VaultError::Damaged(damage) => (Code::VaultDamaged, damage.say()),
            VaultError::DiskFull => (
                Code::DiskFull,
                "This computer's disk is full, so the chart can't be opened safely. Nothing was lost. Free some \
                 space and try again.",
            ),
            VaultError::Folder(_) => (
                Code::Unexpected,
                "Shadowchart can't read or write its folder on this computer. Check the disk and who owns the folder.",
            ),
            VaultError::Busy => {
                (Code::Unexpected, "Another program is using this computer's chart. Close it and try again.")
            }
            VaultError::NoSlot => (
                Code::NotFound,
                "You have not signed in on this computer yet. Sign in once while the host can be reached.",
            ),
            VaultError::AlreadyMade => (
                Code::AlreadyEnrolled,
                "This folder already holds a practice's chart. Use another folder, or wipe this one first.",
            ),
            VaultError::NotMade => {
                (Code::NotFound, "There is no chart on this computer yet. Sign in once while the host can be reached.")
            }
            VaultError::BeingWiped => (
                Code::NotEnrolled,
                "This computer's chart was being wiped, and the wipe is not finished. Run the wipe again.",
            ),
            VaultError::NoRandomness => (
                Code::Unexpected,
                "This computer gives no random numbers, so no key can be made. Restart it and try again.",
            ),
        };
        Refusal::new(code, say)
    }
}

impl From<io::Error> for VaultError {
    fn from(error: io::Error) -> Self {
        let kind = error.kind();
        if matches!(kind, io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
            VaultError::DiskFull
        } else {
            VaultError::Folder(kind)
        }
    }
}

#[cfg(test)]
mod tests {
    use practice::refusal::Exit;

    use super::*;

    #[test]
    fn the_causes_that_keep_a_vault_shut_exit_with_5_and_each_says_its_own_words() {
        let causes = [
            VaultError::WrongPassword,
            VaultError::TooManyAttempts { wait: Duration::ZERO },
            KeychainError::Locked.into(),
            KeychainError::NoService.into(),
            KeychainError::NoEntry.into(),
            KeychainError::Changed.into(),
            Damage::FileUnreadable.into(),
            Damage::FilePlain.into(),
            Damage::FileMissing.into(),
            Damage::KeyFileMissing.into(),
            Damage::KeyFileUnreadable.into(),
            Damage::KeyFileAltered.into(),
            Damage::KeyFileNewer.into(),
            Damage::KeyFileForeign.into(),
            Damage::ShareRefused.into(),
            VaultError::DiskFull,
        ];
        let mut said = Vec::new();
        for cause in causes {
            let refusal = cause.refusal();
            assert_eq!(refusal.code.exit(), Exit::Vault, "{cause}");
            assert!(!said.contains(&refusal.say), "{cause} has another's words");
            said.push(refusal.say);
        }
    }

    #[test]
    fn a_full_disk_is_told_by_its_kind() {
        assert_eq!(VaultError::from(io::Error::from(io::ErrorKind::StorageFull)), VaultError::DiskFull);
        assert_eq!(VaultError::from(io::Error::from(io::ErrorKind::QuotaExceeded)), VaultError::DiskFull);
    }
}
