//! The outer face of every error: a stable code and one calm sentence, never a driver's message or a patient's word.

use serde::{Deserialize, Serialize};

/// A refusal that a person or a script can act on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Stable; screens switch on it.
    pub code: Code,
    /// What happened, what it means, what to do.
    pub say: &'static str,
}

impl Refusal {
    /// A refusal with its words.
    pub const fn new(code: Code, say: &'static str) -> Self {
        Self { code, say }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.say)
    }
}

impl std::error::Error for Refusal {}

/// The exit status that scripts rely on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 1: something unexpected.
    Failed = 1,
    /// 3: refused.
    Refused = 3,
    /// 4: the host can't be reached.
    Unreachable = 4,
    /// 5: the vault does not open.
    Vault = 5,
    /// 6: looked, and found something wrong.
    Found = 6,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident $text:literal $exit:ident),+ $(,)?) => {
        /// Every reason to refuse.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, specta::Type)]
        #[serde(rename_all = "snake_case")]
        pub enum Code { $($(#[$doc])* $name),+ }

        impl Code {
            /// Every code.
            pub const ALL: &[Code] = &[$(Code::$name),+];

            /// The word scripts see.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => $text),+ }
            }

            /// The exit status that goes with it.
            pub fn exit(self) -> Exit {
                match self { $(Code::$name => Exit::$exit),+ }
            }

            /// Reads the word.
            pub fn parse(text: &str) -> Option<Code> {
                Code::ALL.iter().copied().find(|code| code.as_str() == text)
            }
        }
    };
}

codes! {
    /// The vault is closed: unlock first.
    Locked "locked" Refused,
    /// Nobody is signed in.
    SignedOut "signed_out" Refused,
    /// This computer belongs to no practice.
    NotEnrolled "not_enrolled" Refused,
    /// This computer already belongs to a practice.
    AlreadyEnrolled "already_enrolled" Refused,
    /// The member's role does not allow it.
    Forbidden "forbidden" Refused,
    /// No such thing in this practice.
    NotFound "not_found" Refused,
    /// The request makes no sense as it is.
    Invalid "invalid" Refused,
    /// The resource changed meanwhile.
    Conflict "conflict" Refused,
    /// The provider's time is taken.
    Overlap "overlap" Refused,
    /// Outside what may follow the present status.
    NotNow "not_now" Refused,
    /// The enrolment code is unknown, used or too old.
    BadCode "bad_code" Refused,
    /// The host's certificate does not hold.
    CertificateRefused "certificate_refused" Refused,
    /// A certificate in the host's chain ends soon.
    CertificateEnds "certificate_ends" Refused,
    /// The host answered with something that is not the protocol.
    HostConfused "host_confused" Refused,
    /// The host no longer speaks this workstation's version of the protocol.
    WorkstationTooOld "workstation_too_old" Refused,
    /// The host does not speak this workstation's version of the protocol yet.
    HostTooOld "host_too_old" Refused,
    /// The audit chain on the host continues elsewhere.
    AuditGap "audit_gap" Refused,
    /// The policy is missing, altered or too old.
    PolicyGone "policy_gone" Refused,
    /// The port is taken or the address is not ours.
    PortTaken "port_taken" Refused,
    /// Needs the host, which can't be reached now.
    HostUnreachable "host_unreachable" Unreachable,
    /// Wrong password.
    WrongPassword "wrong_password" Vault,
    /// Too many wrong passwords; wait.
    TooManyAttempts "too_many_attempts" Vault,
    /// The OS keychain is locked.
    KeychainLocked "keychain_locked" Vault,
    /// There is no OS keychain.
    KeychainMissing "keychain_missing" Vault,
    /// The keychain works but has no entry for this workstation.
    KeychainEntryMissing "keychain_entry_missing" Vault,
    /// The entry does not fit this vault.
    KeychainChanged "keychain_changed" Vault,
    /// The file is damaged.
    VaultDamaged "vault_damaged" Vault,
    /// No space left.
    DiskFull "disk_full" Vault,
    /// Too long without reaching the host.
    LeaseEnded "lease_ended" Vault,
    /// The member was stopped.
    MemberStopped "member_stopped" Vault,
    /// The workstation was stopped.
    WorkstationStopped "workstation_stopped" Vault,
    /// The workstation was told to forget the practice.
    WipeOrdered "wipe_ordered" Vault,
    /// The password is right; the second factor's code is wanted too.
    SecondFactor "second_factor" Refused,
    /// The policy wants a second factor of this role, and the member has none yet.
    SecondFactorMissing "second_factor_missing" Refused,
    /// The second factor's code is wrong or was used before.
    WrongCode "wrong_code" Refused,
    /// The host no longer knows that it is the member who is at work; they say it again, with their password.
    Unproven "unproven" Refused,
    /// The proof that a token is used by the computer that it belongs to does not hold.
    ProofRefused "proof_refused" Refused,
    /// The password is not the repository's.
    BackupPassword "backup_password" Failed,
    /// No space left where the backups are kept.
    BackupFull "backup_full" Failed,
    /// A backup could not be made or read.
    BackupFailed "backup_failed" Failed,
    /// The backups are damaged.
    BackupDamaged "backup_damaged" Found,
    /// Something unexpected.
    Unexpected "unexpected" Failed,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_of_a_code_is_the_same_in_json_and_in_scripts() {
        for code in Code::ALL {
            assert_eq!(serde_json::to_string(code).unwrap(), format!("\"{}\"", code.as_str()));
            assert_eq!(Code::parse(code.as_str()), Some(*code));
        }
    }

    #[test]
    fn what_keeps_the_vault_shut_exits_with_5() {
        for word in [
            "wrong_password",
            "too_many_attempts",
            "keychain_locked",
            "keychain_missing",
            "keychain_entry_missing",
            "keychain_changed",
            "vault_damaged",
            "disk_full",
            "lease_ended",
            "member_stopped",
            "workstation_stopped",
        ] {
            assert_eq!(Code::parse(word).unwrap().exit(), Exit::Vault, "{word}");
        }
    }
}
