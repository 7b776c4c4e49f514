//! This computer's own signature: Ed25519, by a key that the keychain's device secret gives. Works while the vault is
//! locked.

use ed25519_dalek::{Signer, SigningKey};

use crate::{
    error::VaultError,
    kdf::derive,
    secret::{Key, leaving_no_trace},
    vault::Vault,
};

/// What was signed verifies with this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The public key.
    pub key: [u8; 32],
    /// The signature.
    pub signature: [u8; 64],
}

fn signing(device: &Key) -> SigningKey {
    SigningKey::from_bytes(derive(device, "shadowchart workstation signature 1").bytes())
}

impl Vault {
    /// The key that this computer's signatures verify with.
    pub fn public_key(&self) -> Result<[u8; 32], VaultError> {
        leaving_no_trace(|| Ok(signing(&self.device_secret()?).verifying_key().to_bytes()))
    }

    /// Signs `bytes` as this computer.
    pub fn sign(&self, bytes: &[u8]) -> Result<Signed, VaultError> {
        leaving_no_trace(|| {
            let key = signing(&self.device_secret()?);
            Ok(Signed { key: key.verifying_key().to_bytes(), signature: key.sign(bytes).to_bytes() })
        })
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signature, Verifier, VerifyingKey};

    use crate::desk::Desk;

    #[test]
    fn a_computer_signs_with_one_key_of_its_own() {
        let (desk, other) = (Desk::enrolled(), Desk::enrolled());
        let signed = desk.vault.sign(b"wiped").unwrap();
        assert_eq!(signed.key, desk.vault.public_key().unwrap());
        assert_ne!(signed.key, other.vault.public_key().unwrap());
        let key = VerifyingKey::from_bytes(&signed.key).unwrap();
        let signature = Signature::from_bytes(&signed.signature);
        assert!(key.verify(b"wiped", &signature).is_ok());
        assert!(key.verify(b"not wiped", &signature).is_err());
    }
}
