//! Why the vault does not open, without a password, and what is wrong with a chart that opens, with one: each finding
//! with its way out. Changes nothing of the chart, deletes nothing.

use std::{path::Path, sync::Arc};

use practice::{Code, Refusal};
use serde::Serialize;
use vault::{Keychain, KeychainError, KeychainState, VaultError};

use crate::{
    clock::Clock,
    home::Home,
    refused::Outcome,
    screen::{Finding, Refused},
    session::{Workstation, vault_of},
    use_cases::sign_in::Credentials,
};

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnosis {
    /// Nothing stands in the way.
    pub healthy: bool,
    /// What does.
    pub findings: Vec<Finding>,
}

impl From<Refused> for Finding {
    fn from(refused: Refused) -> Self {
        Self { way_out: way_out(refused.code).to_owned(), code: refused.code, say: refused.say }
    }
}

impl Diagnosis {
    fn of(found: Vec<Refused>) -> Self {
        Self { healthy: found.is_empty(), findings: found.into_iter().map(Finding::from).collect() }
    }
}

/// Looks.
pub async fn diagnose(dir: &Path, keychain: Arc<dyn Keychain>) -> Diagnosis {
    let dir = dir.to_owned();
    let stopped =
        |_| vec![Refused { code: Code::Unexpected, say: "The check itself stopped unexpectedly.".to_owned() }];
    Diagnosis::of(tokio::task::spawn_blocking(move || look(&dir, &keychain)).await.unwrap_or_else(stopped))
}

/// Looks, and when nothing keeps the vault shut, looks into it as `who`.
///
/// # Errors
/// As [`Workstation::open_for`], but for what is wrong with the folder.
pub async fn diagnose_as(
    dir: &Path,
    keychain: Arc<dyn Keychain>,
    clock: Arc<dyn Clock>,
    who: Credentials,
) -> Outcome<Diagnosis> {
    let outside = diagnose(dir, Arc::clone(&keychain)).await;
    if !outside.healthy {
        return Ok(outside);
    }
    let ws = Workstation::open(dir, keychain, clock)?;
    let found = match ws.open_for(who).await {
        Ok(_) => ws.examine().await,
        Err(refused) => Err(refused),
    };
    ws.sign_out();
    match found {
        Ok(found) => Ok(Diagnosis::of(found)),
        Err(refused) if matches!(refused.code, Code::VaultDamaged | Code::DiskFull) => Ok(Diagnosis::of(vec![refused])),
        Err(refused) => Err(refused),
    }
}

fn look(dir: &Path, keychain: &Arc<dyn Keychain>) -> Vec<Refused> {
    // Only looked at: a folder that is not there stays so.
    if !dir.exists() {
        return vec![stranger()];
    }
    match Home::at(dir) {
        Ok(home) => home.probe().err().into_iter().chain(keeps_shut(&home, keychain).err()).collect(),
        Err(refused) => vec![refused],
    }
}

fn stranger() -> Refused {
    Refusal::new(Code::NotEnrolled, "This folder belongs to no practice yet.").into()
}

fn keeps_shut(home: &Home, keychain: &Arc<dyn Keychain>) -> Outcome<()> {
    let Some(enrolment) = home.enrolment()? else { return Err(stranger()) };
    let keychain_error = match keychain.state() {
        KeychainState::Ready => None,
        KeychainState::Locked => Some(KeychainError::Locked),
        KeychainState::NoService => Some(KeychainError::NoService),
    };
    if let Some(error) = keychain_error {
        return Err(VaultError::from(error).refusal().into());
    }
    let vault = vault_of(home, &enrolment, keychain)?;
    vault.device_token().map_err(|e| e.refusal())?;
    vault.self_test().map_err(|e| e.refusal())?;
    Ok(())
}

fn way_out(code: Code) -> &'static str {
    match code {
        Code::NotEnrolled => "Enrol this computer with a code from your admin.",
        Code::KeychainLocked => "Unlock the computer's keyring (sign in to the desktop again), then try once more.",
        Code::KeychainMissing => "Start the computer's keyring service (gnome-keyring, KWallet), then try once more.",
        Code::KeychainEntryMissing => {
            "Restore the keyring from its backup. Without it, enrol in a new folder: what the host has comes back, and what was not sent stays closed in this one."
        }
        Code::KeychainChanged => "Switch the desktop back to the keyring that was in use before, then try once more.",
        Code::VaultDamaged => {
            "Set this folder aside as it is. Restore it from a backup, or enrol in a new folder: what the host has comes back."
        }
        Code::DiskFull => "Free some space on this computer's disk.",
        Code::AuditGap => {
            "Tell your practice's admin, and find out who used the copy. Then enrol in a new folder: what the host has comes back."
        }
        Code::CertificateEnds => {
            "Tell whoever runs the host: a start of it renews its certificate. An authority's end needs a new authority, which computers learn of while they still trust this one."
        }
        _ => "Try again. If it stays, show this to your admin.",
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::fs;

    use vault::keychain::MemoryKeychain;

    use super::*;
    use crate::small_disk_tests::{fill, on_a_small_disk};

    #[tokio::test]
    async fn a_full_disk_is_found_before_it_shuts_the_vault_and_the_probe_leaves_nothing() {
        let name = "a_full_disk_is_found_before_it_shuts_the_vault_and_the_probe_leaves_nothing";
        if !on_a_small_disk(&format!("use_cases::diagnose::tests::{name}")) {
            return;
        }
        let dir = tempfile::tempdir().unwrap();
        let codes = async || -> Vec<Code> {
            let diagnosis = diagnose(dir.path(), Arc::new(MemoryKeychain::default())).await;
            diagnosis.findings.into_iter().map(|finding| finding.code).collect()
        };
        assert_eq!(codes().await, [Code::NotEnrolled], "there is room");
        for pages in [0, 1, 15] {
            fill(dir.path(), pages * 4096);
            assert_eq!(codes().await, [Code::DiskFull, Code::NotEnrolled], "{pages} pages free");
            let left: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
            assert_eq!(left, ["ballast"]);
            fs::remove_file(dir.path().join("ballast")).unwrap();
        }
        assert_eq!(codes().await, [Code::NotEnrolled]);
    }
}
