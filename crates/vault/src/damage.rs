//! What can be wrong with the files, each with its own words and way out.

/// A fault of `vault.db` or `slots.json`. Finding one changes nothing on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// What enrolment settled is not what the keychain and the key file go with.
    #[error("the enrolment was altered")]
    EnrolmentAltered,
    /// `vault.db` is there, `slots.json` is not.
    #[error("the key file is missing")]
    KeyFileMissing,
    /// `slots.json` is not what this program writes.
    #[error("the key file can't be read")]
    KeyFileUnreadable,
    /// `slots.json` comes from a later version.
    #[error("the key file is of a later version")]
    KeyFileNewer,
    /// `slots.json` was changed by something else than this program.
    #[error("the key file was altered")]
    KeyFileAltered,
    /// `slots.json` was made for another workstation.
    #[error("the key file belongs to another workstation")]
    KeyFileForeign,
    /// `slots.json` is there, `vault.db` is not.
    #[error("the vault file is missing")]
    FileMissing,
    /// `vault.db` is an unencrypted SQLite file.
    #[error("the vault file is not encrypted")]
    FilePlain,
    /// `vault.db` does not open with its key, or fails its checksums.
    #[error("the vault file can't be read")]
    FileUnreadable,
    /// The host's share does not open the recovery slot.
    #[error("the host's share does not fit")]
    ShareRefused,
}

impl Damage {
    /// What happened, what it means, what to do.
    pub(crate) fn say(self) -> &'static str {
        match self {
            Damage::EnrolmentAltered => {
                "Something other than Shadowchart changed where this computer's host is or who vouches for it, so \
                 nothing is sent and the chart stays closed. Nothing was deleted. Restore workstation.json from a \
                 backup of this computer, or enrol the computer again, and tell your admin."
            }
            Damage::KeyFileMissing => {
                "The key file of this computer's chart is missing, so the chart stays closed. Nothing was deleted. \
                 Restore slots.json from a backup of this computer, or enrol the computer again."
            }
            Damage::KeyFileUnreadable => {
                "The key file of this computer's chart is damaged, so the chart stays closed. Nothing was deleted. \
                 Restore slots.json from a backup of this computer, or enrol the computer again."
            }
            Damage::KeyFileNewer => {
                "A newer Shadowchart wrote this computer's key file, and this version can't read it. Nothing was \
                 changed. Install the newer version again."
            }
            Damage::KeyFileAltered => {
                "Something other than Shadowchart changed this computer's key file, so the chart stays closed. \
                 Nothing was deleted. Sign in while the host can be reached; that mends the file."
            }
            Damage::KeyFileForeign => {
                "The chart in this folder belongs to another computer, so it stays closed. Nothing was deleted. Put \
                 this computer's own folder back, or enrol it again."
            }
            Damage::FileMissing => {
                "The file with this computer's chart is missing. It was not made anew, because unsent work may be \
                 in the old one. Restore vault.db from a backup of this computer, or enrol the computer again."
            }
            Damage::FilePlain => {
                "The file with this computer's chart was replaced by one that is not encrypted. Shadowchart does \
                 not open it. Restore vault.db from a backup of this computer, or enrol the computer again."
            }
            Damage::FileUnreadable => {
                "The file with this computer's chart is damaged and can't be read. It was left as it is, so that \
                 unsent work can be rescued. The host still has everything that was sent."
            }
            Damage::ShareRefused => {
                "The host's part of the key does not fit this computer's chart. Nothing was deleted. Ask whoever \
                 runs the host whether it was replaced; enrolling this computer again always works."
            }
        }
    }
}
