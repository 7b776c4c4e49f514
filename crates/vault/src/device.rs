//! What enrolment leaves in the keychain: the device secret, and the token this computer is known by to the host.

use std::sync::PoisonError;

use zeroize::Zeroizing;

use crate::{
    damage::Damage,
    error::VaultError,
    keychain::{EntryKind, Kept, KeychainError},
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
        self.keep_token(&self.name.settled, &DeviceToken(Zeroizing::new(device_token.to_owned())))
    }

    /// The host's token, from the keychain. Works while the vault is locked. There is none for a host that is not the
    /// one which enrolment settled, or under an authority that does not vouch for it.
    pub fn device_token(&self) -> Result<DeviceToken, VaultError> {
        let kept = self.keychain.get(&self.entry(EntryKind::DeviceToken))?;
        let (settled, token) = kept.bytes().split_first_chunk::<32>().ok_or(KeychainError::Changed)?;
        if *settled != self.reach.read().unwrap_or_else(PoisonError::into_inner).0 {
            return Err(Damage::EnrolmentAltered.into());
        }
        let token = std::str::from_utf8(token).map_err(|_| KeychainError::Changed)?;
        Ok(DeviceToken(Zeroizing::new(token.to_owned())))
    }
}

#[cfg(test)]
mod tests {
    use practice::ids::{PracticeId, WorkstationId};

    use super::*;
    use crate::{
        WorkstationKeyName,
        desk::{Desk, owner, password, share},
    };

    /// The same desk, told of another host.
    fn astray(desk: &Desk) -> Vault {
        let (practice, workstation) =
            (PracticeId::parse("practice-1").unwrap(), WorkstationId::parse("desk-1").unwrap());
        let name = WorkstationKeyName::new(practice, workstation, b"https://elsewhere");
        Vault::at(desk.dir.path(), desk.keychain.clone(), &name)
    }

    #[test]
    fn the_token_goes_to_the_host_that_enrolment_settled_and_to_no_other() {
        let desk = Desk::enrolled();
        assert_eq!(desk.vault.device_token().unwrap().for_header(), "token");
        assert_eq!(astray(&desk).device_token().err(), Some(Damage::EnrolmentAltered.into()));
    }

    #[test]
    fn under_an_altered_enrolment_nothing_opens_and_nothing_is_touched() {
        let desk = Desk::anns();
        let (before, astray) = (desk.files(), astray(&desk));
        let altered = || Some(VaultError::from(Damage::EnrolmentAltered));
        assert_eq!(astray.unlock(&owner("ann").id, &password("ann's")).err(), altered());
        assert_eq!(astray.adopt(owner("ann"), &password("ann's"), &share(1)).err(), altered());
        assert_eq!(astray.seal(b"page").err(), altered());
        assert_eq!(astray.self_test().err(), altered());
        assert_eq!(desk.files(), before);
        desk.unlock("ann", "ann's").map(drop).unwrap();
    }
}
