//! The practice's rescue key: what a workstation could not send any more, sealed to it, is opened here.

use base64::{Engine, engine::general_purpose::STANDARD};
use hkdf::Hkdf;
use hpke::{
    Deserializable, Kem as _, OpModeR, Serializable, aead::AesGcm256, kdf::HkdfSha256, kem::X25519HkdfSha256,
    single_shot_open,
};
use practice::{
    ids::{ChangeId, WorkstationId},
    wire::{RESCUE, SignedReceipt},
};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{PracticeStore, StoreError, db::values};

type Kem = X25519HkdfSha256;
const ENCAPSULATED: usize = 32;

impl PracticeStore {
    /// The public half, base64.
    pub fn rescue_key(&self) -> Result<String, StoreError> {
        Ok(STANDARD.encode(Kem::sk_to_pk(&self.rescue_private()?).to_bytes()))
    }

    /// Opens what a workstation of this practice sealed; `None` when it is not that.
    pub fn open_rescued(&self, sealed: &[u8]) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        let private = self.rescue_private()?;
        let info = [RESCUE.as_bytes(), self.practice.as_str().as_bytes()].concat();
        let open = || {
            let (encapsulated, sealed) = sealed.split_at_checked(ENCAPSULATED)?;
            let encapsulated = <Kem as hpke::Kem>::EncappedKey::from_bytes(encapsulated).ok()?;
            let mode = OpModeR::Base;
            single_shot_open::<AesGcm256, HkdfSha256, Kem>(&mode, &private, &encapsulated, &info, sealed, &[]).ok()
        };
        Ok(open().map(Zeroizing::new))
    }

    /// Whether the host has this change.
    pub fn has_change(&self, change: &ChangeId) -> Result<bool, StoreError> {
        self.db.exists("select 1 from change where id = ?", values![change.as_str()])
    }

    /// What a wiped workstation sent with its receipt, sealed.
    pub fn left_unsent(&self, id: &WorkstationId) -> Result<Vec<Vec<u8>>, StoreError> {
        let receipt: Option<Option<String>> =
            self.db
                .one("select receipt from workstation where id = ?", values![id.as_str()], |row| row.get("receipt"))?;
        let receipt = receipt.flatten().and_then(|text| serde_json::from_str::<SignedReceipt>(&text).ok());
        let sealed = receipt.map(|receipt| receipt.unsent).unwrap_or_default();
        Ok(sealed.iter().filter_map(|text| STANDARD.decode(text).ok()).collect())
    }

    /// From the secret that the practice signs policies with: a backup that has the one has the other.
    fn rescue_private(&self) -> Result<<Kem as hpke::Kem>::PrivateKey, StoreError> {
        let seed = Zeroizing::new(self.policy_key()?.to_bytes());
        let mut private = Zeroizing::new([0; 32]);
        Hkdf::<Sha256>::new(None, seed.as_slice())
            .expand(b"shadowchart rescue key 1", private.as_mut_slice())
            .map_err(|_| StoreError::Damaged("the rescue key"))?;
        <Kem as hpke::Kem>::PrivateKey::from_bytes(private.as_slice())
            .map_err(|_| StoreError::Damaged("the rescue key"))
    }
}
