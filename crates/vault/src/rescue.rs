//! Sealing to the practice's rescue key: what has not reached the host is not lost with this computer. Only the host
//! opens it. HPKE (RFC 9180) in base mode, X25519 and AES-256-GCM.

use base64::{Engine, engine::general_purpose::STANDARD};
use hpke::{
    Deserializable, OpModeS, Serializable, aead::AesGcm256, kdf::HkdfSha256, kem::X25519HkdfSha256, single_shot_seal,
};
use practice::{ids::PracticeId, wire::RESCUE};

use crate::secret::leaving_no_trace;

type Kem = X25519HkdfSha256;

/// The practice's public rescue key.
pub struct RescueKey(<Kem as hpke::Kem>::PublicKey);

impl RescueKey {
    /// As enrolment settled it; `None` when it is no such key.
    pub fn from_base64(text: &str) -> Option<Self> {
        <Kem as hpke::Kem>::PublicKey::from_bytes(&STANDARD.decode(text).ok()?).ok().map(Self)
    }

    /// Seals `bytes` for the host of `practice`.
    pub fn seal(&self, practice: &PracticeId, bytes: &[u8]) -> Vec<u8> {
        let info = [RESCUE.as_bytes(), practice.as_str().as_bytes()].concat();
        let (encapsulated, sealed) = leaving_no_trace(|| {
            single_shot_seal::<AesGcm256, HkdfSha256, Kem>(&OpModeS::Base, &self.0, &info, bytes, &[])
        })
        .expect("a change is smaller than what AES-GCM takes");
        [&encapsulated.to_bytes()[..], &sealed].concat()
    }
}
