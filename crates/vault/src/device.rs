//! What enrolment leaves in the keychain: the device secret, and the token this computer is known by to the host.

use zeroize::Zeroizing;

use crate::{
    error::VaultError,
    keychain::{EntryKind, Kept},
    secret::{Key, leaving_no_trace},
    vault::Vault,
};

/// The token this computer shows to its host. No password is in it, and no patient's data comes for it alone.
pub struct DeviceToken(Zeroizing<String>);

impl DeviceToken {
    /// The text, for the `Authorization` header and nothing else.
    pub fn for_header(&self) -> &str {
        &self.0
    }
}

impl Vault {
    /// Makes this computer's device secret and keeps it and the host's token in the keychain.
    ///
    /// Refused when the folder already holds a vault: a new secret would shut it for ever. Cut off between the two
    /// entries it leaves a secret that nothing was made with yet; enrolling again replaces it.
    pub fn enrol(&self, device_token: &str) -> Result<(), VaultError> {
        let _turn = self.turn()?;
        if self.exists() {
            return Err(VaultError::AlreadyMade);
        }
        leaving_no_trace(|| {
            Ok::<_, VaultError>(self.keep(EntryKind::DeviceSecret, Kept::new(Key::random()?.bytes()))?)
        })?;
        self.keep(EntryKind::DeviceToken, Kept::new(device_token.as_bytes()))?;
        Ok(())
    }

    /// The host's token, from the keychain. Works while the vault is locked.
    pub fn device_token(&self) -> Result<DeviceToken, VaultError> {
        let kept = self.keychain.get(&self.entry(EntryKind::DeviceToken))?;
        match std::str::from_utf8(kept.bytes()) {
            Ok(text) => Ok(DeviceToken(Zeroizing::new(text.to_owned()))),
            Err(_) => Err(crate::keychain::KeychainError::Changed.into()),
        }
    }
}
