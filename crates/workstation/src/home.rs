//! The workstation's folder: who it is, and the last policy it was given. Nothing secret lies here in clear:
//! the credential is in the OS keychain, the chart in the vault.

use std::{
    fs,
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use practice::{
    Code, Refusal,
    ids::WorkstationId,
    policy::{SignedPolicy, Zone},
    wire::{PracticeInfo, SignedReceipt},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::refused::Outcome;

/// Bytes of the largest file read here: a policy, or an enrolment with its certificates, is far smaller.
const LARGEST: u64 = 256 * 1024;
/// As [`LARGEST`], of a receipt with what had not been sent.
const LARGEST_RECEIPT: u64 = 16 * 1024 * 1024;
/// Bytes of a probe: as many pages as the vault wants to see free.
const PROBE: usize = 64 * 1024;

/// What enrolment settled.
#[derive(Clone, Serialize, Deserialize)]
pub struct Enrolment {
    /// The practice.
    pub practice: PracticeInfo,
    /// This computer.
    pub workstation: WorkstationId,
    /// What it is called.
    pub name: String,
    /// Where it stands.
    pub zone: Zone,
    /// `https://name:port`.
    pub host: String,
    /// The only certificate authority that vouches for the host, PEM.
    pub ca_pem: String,
    /// Ed25519 public key that signs policies, base64.
    pub policy_key: String,
    /// X25519 public key to which unsent work is sealed, base64.
    pub rescue_key: String,
}

/// What is left of a workstation that was told to wipe, until its receipt is taken: where to send it, and a credential
/// that the host takes for nothing else.
#[derive(Serialize, Deserialize)]
pub(crate) struct OwedReceipt {
    pub(crate) host: String,
    pub(crate) ca_pem: String,
    pub(crate) device_token: String,
    pub(crate) receipt: SignedReceipt,
}

/// The folder.
#[derive(Clone)]
pub struct Home {
    dir: PathBuf,
}

impl Home {
    /// Opens the folder, making it (for its owner alone) when it is not there.
    ///
    /// # Errors
    /// When it can't be made.
    pub fn at(dir: &Path) -> Outcome<Self> {
        make_private(dir).map_err(|e| refusal(&e))?;
        Ok(Self { dir: dir.to_owned() })
    }

    /// Where the vault's files lie.
    pub fn vault_dir(&self) -> PathBuf {
        self.dir.join("vault")
    }

    /// Where what happens in front of the closed vault is kept, sealed.
    pub fn anteroom(&self) -> PathBuf {
        self.dir.join("anteroom")
    }

    /// Where pages wait that came while the vault was closed, sealed.
    pub(crate) fn sealed_dir(&self) -> PathBuf {
        self.dir.join("sealed")
    }

    /// Where unsent work lies sealed to the practice, for the day that this vault does not open.
    pub(crate) fn rescue_dir(&self) -> PathBuf {
        self.dir.join("rescue")
    }

    /// Who this computer is; `None` before enrolment.
    pub fn enrolment(&self) -> Outcome<Option<Enrolment>> {
        self.read("workstation.json")
    }

    /// Keeps who this computer is.
    pub fn keep_enrolment(&self, enrolment: &Enrolment) -> Outcome<()> {
        self.write("workstation.json", enrolment)
    }

    /// The last policy given; `None` when it is missing or unreadable, which means the strictest.
    pub fn policy(&self) -> Option<SignedPolicy> {
        self.read("policy.json").ok().flatten()
    }

    /// Keeps the policy.
    pub fn keep_policy(&self, policy: &SignedPolicy) -> Outcome<()> {
        self.write("policy.json", policy)
    }

    /// The authorities that may vouch for the host since enrolment, PEM; `None` while it is the one that enrolment settled.
    pub(crate) fn trusted(&self) -> Outcome<Option<String>> {
        self.read("trusted.json")
    }

    /// Keeps them.
    pub(crate) fn keep_trusted(&self, authorities: &str) -> Outcome<()> {
        self.write("trusted.json", &authorities)
    }

    /// Whether the practice stopped this computer when it was last reached.
    pub(crate) fn is_stopped(&self) -> bool {
        self.dir.join("stopped").exists()
    }

    /// Notes whether the practice has stopped this computer.
    pub(crate) fn stop(&self, stopped: bool) {
        let noted = match (stopped, self.is_stopped()) {
            (true, false) => replace(&self.dir.join("stopped"), b""),
            (false, true) => fs::remove_file(self.dir.join("stopped")),
            (true, true) | (false, false) => Ok(()),
        };
        if let Err(error) = noted {
            tracing::warn!(kind = ?error.kind(), "whether this computer was stopped could not be noted");
        }
    }

    /// The receipt that the practice is owed.
    pub(crate) fn owed(&self) -> Option<OwedReceipt> {
        self.read_up_to("receipt.json", LARGEST_RECEIPT).ok().flatten()
    }

    /// Keeps a receipt until it has been sent.
    pub(crate) fn owe(&self, receipt: &OwedReceipt) -> Outcome<()> {
        self.write("receipt.json", receipt)
    }

    /// The receipt was taken.
    pub(crate) fn paid(&self) {
        if let Err(error) = fs::remove_file(self.dir.join("receipt.json")) {
            tracing::warn!(kind = ?error.kind(), "a receipt that was sent could not be removed");
        }
    }

    /// Writes a little and takes it away again: whether there is room on the disk, and whether we may write.
    pub(crate) fn probe(&self) -> Outcome<()> {
        let path = self.dir.join("probe");
        let written = fs::File::create(&path).and_then(|mut file| {
            file.write_all(&[1; PROBE])?;
            file.sync_all()
        });
        written.and(fs::remove_file(&path)).map_err(|e| refusal(&e).into())
    }

    /// Forgets everything, after the vault is gone.
    pub(crate) fn forget(&self) -> Outcome<()> {
        for name in ["anteroom", "policy.json", "stopped", "trusted.json", "workstation.json"] {
            match fs::remove_file(self.dir.join(name)) {
                Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(refusal(&e).into()),
                Ok(()) | Err(_) => {}
            }
        }
        for dir in [self.sealed_dir(), self.rescue_dir()] {
            match fs::remove_dir_all(dir) {
                Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(refusal(&e).into()),
                Ok(()) | Err(_) => {}
            }
        }
        Ok(())
    }

    fn read<T: DeserializeOwned>(&self, name: &str) -> Outcome<Option<T>> {
        self.read_up_to(name, LARGEST)
    }

    fn read_up_to<T: DeserializeOwned>(&self, name: &str, largest: u64) -> Outcome<Option<T>> {
        match read_small(&self.dir.join(name), largest) {
            Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|_| {
                Refusal::new(
                    Code::VaultDamaged,
                    "A file of this workstation is damaged. Ask your admin to restore the folder; nothing was deleted.",
                )
                .into()
            }),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(refusal(&e).into()),
        }
    }

    fn write<T: Serialize>(&self, name: &str, value: &T) -> Outcome<()> {
        let bytes = serde_json::to_vec_pretty(value).unwrap_or_else(|_| unreachable!("plain data"));
        replace(&self.dir.join(name), &bytes).map_err(|e| refusal(&e).into())
    }
}

/// The file's bytes, or as many as show that it is none of ours.
fn read_small(path: &Path, largest: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(largest + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > largest { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(bytes) }
}

pub(crate) fn make_private(dir: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// Replaces a file whole: a crash leaves the old or the new one.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("new");
    let mut file = fs::File::create(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    match path.parent() {
        // Windows opens no folder, and its file system logs a rename by itself.
        #[cfg(unix)]
        Some(dir) => fs::File::open(dir)?.sync_all(),
        _ => Ok(()),
    }
}

pub(crate) fn refusal(error: &io::Error) -> Refusal {
    if matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
        Refusal::new(Code::DiskFull, "The disk is full. Free some space; nothing was lost.")
    } else {
        Refusal::new(Code::Unexpected, "The workstation's folder can't be read or written. Check that it is yours.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_file_is_said_and_never_taken_for_a_new_computer() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::at(dir.path()).unwrap();
        assert!(home.enrolment().unwrap().is_none());
        fs::write(dir.path().join("workstation.json"), b"{").unwrap();
        assert_eq!(home.enrolment().err().unwrap().code, Code::VaultDamaged);
    }
}
