//! Enrol this computer: a single-use code makes it a workstation of one practice.

use std::sync::{Arc, atomic::Ordering};

use crate::{
    home::Enrolment,
    host::HostLine,
    refused::{Outcome, refuse},
    screen::ShellState,
    session::{Enrolled, Notice, Workstation, vault_of},
};
use practice::{Code, policy::Zone, wire::EnrolRequest};
use vault::{Keychain, KeychainError, KeychainState, VaultError};

/// What is needed to enrol.
pub struct EnrolWish {
    /// `https://name:port`.
    pub host: String,
    /// The practice's certificate authority, PEM.
    pub ca_pem: String,
    /// The single-use code.
    pub code: String,
    /// What to call this computer.
    pub name: String,
    /// Where it stands.
    pub zone: Zone,
}

impl Workstation {
    /// Enrols. The credential goes to the OS keychain before anything is written, so a computer without one is
    /// told before its code is spent.
    ///
    /// # Errors
    /// When it is enrolled already, the keychain is not there, the host can't be reached or trusted, or the code is bad.
    pub async fn enrol(&self, wish: EnrolWish) -> Outcome<ShellState> {
        if self.enrolled().is_ok() {
            return refuse(Code::AlreadyEnrolled, "This computer already belongs to a practice. Wipe it first.");
        }
        let keychain = Arc::clone(&self.keychain);
        crate::blocking(move || ready(&*keychain)).await?;
        let line = HostLine::to(&wish.host, &wish.ca_pem)?;
        let request =
            EnrolRequest { code: wish.code.trim().to_owned(), name: wish.name.trim().to_owned(), zone: wish.zone };
        let reply = line.enrol(&request).await?;
        let enrolment = Enrolment {
            practice: reply.practice,
            workstation: reply.workstation,
            name: request.name,
            zone: wish.zone,
            host: wish.host.trim().trim_end_matches('/').to_owned(),
            ca_pem: wish.ca_pem,
            policy_key: reply.policy_key,
            rescue_key: reply.rescue_key,
        };
        let vault = vault_of(&self.home, &enrolment, &self.keychain)?;
        let token = zeroize::Zeroizing::new(reply.device_token);
        crate::blocking(move || Ok(vault.enrol(&token).map_err(|e| e.refusal())?)).await?;
        self.home.keep_policy(&reply.policy)?;
        let enrolled = Enrolled::from(&self.home, enrolment, &self.keychain)?;
        self.home.keep_enrolment(&enrolled.as_written)?;
        *self.enrolled.write().unwrap_or_else(|e| e.into_inner()) = Some(Arc::new(enrolled));
        self.forgotten.store(false, Ordering::SeqCst);
        self.notify(Notice::Shell);
        Ok(self.state())
    }
}

/// Refuses when secrets could not be kept.
fn ready(keychain: &dyn Keychain) -> Outcome<()> {
    let error = match keychain.state() {
        KeychainState::Ready => return Ok(()),
        KeychainState::Locked => KeychainError::Locked,
        KeychainState::NoService => KeychainError::NoService,
    };
    Err(VaultError::from(error).refusal().into())
}
