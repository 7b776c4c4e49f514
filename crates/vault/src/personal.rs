//! What belongs to one member alone, sealed inside the vault that everybody at this desk opens: AES-256-GCM under a key
//! that the vault key gives for that member. It opens again after their password was changed, and for nobody else.

use aes_gcm::{
    Aes256Gcm, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use practice::ids::MemberId;
use zeroize::Zeroizing;

use crate::{
    error::VaultError,
    kdf::derive,
    secret::{fill_random, leaving_no_trace},
    unlocked::Unlocked,
};

const NONCE: usize = 12;

impl Unlocked {
    /// Seals `bytes` to `member`.
    pub fn seal_to(&self, member: &MemberId, bytes: &[u8]) -> Result<Vec<u8>, VaultError> {
        let mut nonce = [0; NONCE];
        fill_random(&mut nonce)?;
        let sealed = leaving_no_trace(|| {
            self.personal_cipher(member)
                .encrypt(&Nonce::from(nonce), Payload { msg: bytes, aad: member.as_str().as_bytes() })
        });
        Ok([&nonce[..], &sealed.expect("a draft is smaller than the 64 GiB that AES-GCM takes")].concat())
    }

    /// Opens what [`Self::seal_to`] sealed to `member`; `None` when it was altered, or sealed to another.
    pub fn open_of(&self, member: &MemberId, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
        leaving_no_trace(|| {
            self.personal_cipher(member)
                .decrypt(&Nonce::from(*nonce), Payload { msg: sealed, aad: member.as_str().as_bytes() })
        })
        .ok()
        .map(Zeroizing::new)
    }

    fn personal_cipher(&self, member: &MemberId) -> Aes256Gcm {
        Aes256Gcm::new(derive(self.vault_key(), &format!("shadowchart personal 1 {member}")).bytes().into())
    }
}

#[cfg(test)]
mod tests {
    use crate::desk::{Desk, owner, password, share};

    #[test]
    fn what_is_sealed_to_a_member_opens_for_them_after_a_new_password_too_and_for_no_other() {
        let desk = Desk::anns();
        let (ann, bob) = (owner("ann").id, owner("bob").id);
        let sealed = desk.unlock("ann", "ann's").ok().unwrap().seal_to(&ann, b"half a booking").unwrap();
        let after = desk.vault.adopt(owner("ann"), &password("a new one"), &share(1)).ok().unwrap();
        assert_eq!(after.open_of(&ann, &sealed).as_deref().map(Vec::as_slice), Some(&b"half a booking"[..]));
        assert_eq!(after.open_of(&bob, &sealed), None);
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert_eq!(after.open_of(&ann, &altered), None, "byte {at}");
            assert_eq!(after.open_of(&ann, &sealed[..at]), None, "cut at {at}");
        }
        let other = Desk::anns();
        assert_eq!(other.unlock("ann", "ann's").ok().unwrap().open_of(&ann, &sealed), None);
    }
}
