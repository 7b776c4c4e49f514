//! Who may vouch for the host: the authority that enrolment settled, until the practice's signed policy announces others.
//!
//! The keychain's token goes with what is trusted (`vault::trusting`). It is bound anew first and the file written then:
//! cut off between the two, the policy that announced it still says what the token goes with.

use std::sync::Arc;

use practice::policy;
use vault::{Damage, DeviceToken, VaultError};

use crate::{
    host::HostLine,
    refused::Outcome,
    session::{Enrolled, Workstation},
};

impl Workstation {
    /// Trusts whom the policy in force announces, and nobody else. What is no authority changes nothing.
    pub(crate) async fn follow_authorities(&self, enrolled: &Arc<Enrolled>) -> Outcome<()> {
        let announced = self.policy(enrolled).and_then(|policy| policy.authorities);
        let Some(announced) = announced.filter(|announced| *announced != enrolled.line.trusted()) else {
            return Ok(());
        };
        if HostLine::to(&enrolled.as_written.host, &announced).is_err() {
            tracing::error!("the policy announces an authority that can't be used");
            return Ok(());
        }
        let enrolled = Arc::clone(enrolled);
        crate::blocking(move || {
            enrolled.vault.retrust(announced.as_bytes()).map_err(|e| e.refusal())?;
            enrolled.keep_trusted(&announced)
        })
        .await
    }
}

impl Enrolled {
    /// This computer's credential. Waits for the keychain: not for an async thread.
    pub(crate) fn device_token(&self) -> Result<DeviceToken, VaultError> {
        match self.vault.device_token() {
            Err(VaultError::Damaged(Damage::EnrolmentAltered)) => self.finish_trusting(),
            token => token,
        }
    }

    /// The token may go with what the policy announces already, and the file not say so yet.
    fn finish_trusting(&self) -> Result<DeviceToken, VaultError> {
        let altered = VaultError::from(Damage::EnrolmentAltered);
        let practice = &self.as_written.practice.id;
        let held = self.home.policy().and_then(|held| policy::verify(&held, &self.policy_key, practice).ok());
        let Some(announced) = held.and_then(|held| held.authorities) else { return Err(altered) };
        self.vault.trusts(Some(announced.as_bytes()));
        let token = self.vault.device_token();
        if token.is_err() {
            self.vault.trusts(self.home.trusted().ok().flatten().as_deref().map(str::as_bytes));
        } else if self.keep_trusted(&announced).is_err() {
            return Err(altered);
        }
        token
    }

    fn keep_trusted(&self, authorities: &str) -> Outcome<()> {
        self.home.keep_trusted(authorities)?;
        self.line.trust(authorities)
    }
}
