//! Why the vault does not open, without a password: each finding with its way out. Changes nothing, deletes nothing.

use std::{path::Path, sync::Arc};

use practice::Code;
use serde::Serialize;
use vault::{Keychain, KeychainError, KeychainState, VaultError};

use crate::{home::Home, screen::Refused, session::vault_of};

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnosis {
    /// Nothing stands in the way.
    pub healthy: bool,
    /// What does.
    pub findings: Vec<Finding>,
}

/// One thing that stands in the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Stable code.
    pub code: Code,
    /// What it is.
    pub say: String,
    /// What to do.
    pub way_out: &'static str,
}

/// Looks.
pub async fn diagnose(dir: &Path, keychain: Arc<dyn Keychain>) -> Diagnosis {
    let dir = dir.to_owned();
    let found = tokio::task::spawn_blocking(move || look(&dir, &keychain)).await;
    let findings: Vec<Finding> = match found {
        Ok(Ok(())) => Vec::new(),
        Ok(Err(refused)) => vec![Finding { way_out: way_out(refused.code), code: refused.code, say: refused.say }],
        Err(_) => vec![Finding {
            code: Code::Unexpected,
            say: "The check itself stopped unexpectedly.".into(),
            way_out: way_out(Code::Unexpected),
        }],
    };
    Diagnosis { healthy: findings.is_empty(), findings }
}

fn look(dir: &Path, keychain: &Arc<dyn Keychain>) -> Result<(), Refused> {
    let stranger = || crate::refused::refuse(Code::NotEnrolled, "This folder belongs to no practice yet.");
    // Only looked at: a folder that is not there stays so.
    if !dir.exists() {
        return stranger();
    }
    let home = Home::at(dir)?;
    let Some(enrolment) = home.enrolment()? else { return stranger() };
    let keychain_error = match keychain.state() {
        KeychainState::Ready => None,
        KeychainState::Locked => Some(KeychainError::Locked),
        KeychainState::NoService => Some(KeychainError::NoService),
    };
    if let Some(error) = keychain_error {
        return Err(VaultError::from(error).refusal().into());
    }
    let vault = vault_of(&home, &enrolment, keychain);
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
        _ => "Try again. If it stays, show this to your admin.",
    }
}
