//! Who may vouch for the host since enrolment: the keychain's token goes with these bytes as it does with what
//! enrolment settled, so nobody who can only write files takes an authority in, or brings one back.

use std::sync::PoisonError;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::{
    device::DeviceToken,
    error::VaultError,
    keychain::{EntryKind, Kept},
    vault::{Settled, Vault, WorkstationKeyName},
};

/// What the hash of a workstation's trust begins with.
const TRUSTS: &[u8] = b"shadowchart trusts 1\0";

impl WorkstationKeyName {
    /// What the token goes with when `trusted` may vouch for the host; `None` for whom enrolment settled.
    fn trusting(&self, trusted: Option<&[u8]>) -> Settled {
        let Some(trusted) = trusted else { return self.settled.clone() };
        Settled(Sha256::new().chain_update(TRUSTS).chain_update(self.settled.0).chain_update(trusted).finalize().into())
    }
}

impl Vault {
    /// Takes `trusted` for what the token goes with. Whether it does is seen when the token is asked for.
    pub fn trusts(&self, trusted: Option<&[u8]>) {
        *self.reach.write().unwrap_or_else(PoisonError::into_inner) = self.name.trusting(trusted);
    }

    /// Lets the token go with `trusted` from now on and with nothing else. One entry of the keychain is replaced.
    pub fn retrust(&self, trusted: &[u8]) -> Result<(), VaultError> {
        let _turn = self.turn()?;
        let token = self.device_token()?;
        self.keep_token(&self.name.trusting(Some(trusted)), &token)?;
        self.trusts(Some(trusted));
        Ok(())
    }

    pub(crate) fn keep_token(&self, reach: &Settled, token: &DeviceToken) -> Result<(), VaultError> {
        let entry = Zeroizing::new([&reach.0, token.for_header().as_bytes()].concat());
        Ok(self.keep(EntryKind::DeviceToken, Kept::new(&entry))?)
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        damage::Damage,
        desk::{Desk, owner, password},
    };

    #[test]
    fn the_token_goes_with_who_is_trusted_now_and_with_nobody_from_before() {
        let desk = Desk::anns();
        let token = || desk.vault.device_token().map(|token| token.for_header().to_owned());
        let altered = || Err(Damage::EnrolmentAltered.into());
        desk.vault.trusts(Some(b"slipped in"));
        assert_eq!(token(), altered());
        assert_eq!(desk.vault.retrust(b"mine"), altered().map(drop), "and nothing can be built on it");
        desk.vault.trusts(None);
        desk.vault.retrust(b"both").unwrap();
        assert_eq!(token().unwrap(), "token");
        desk.vault.retrust(b"the new one").unwrap();
        for before in [None, Some(&b"both"[..])] {
            desk.vault.trusts(before);
            assert_eq!(token(), altered(), "{before:?}");
        }
        desk.vault.trusts(Some(b"the new one"));
        assert_eq!(token().unwrap(), "token");
        desk.vault.unlock(&owner("ann").id, &password("ann's")).map(drop).unwrap();
    }
}
