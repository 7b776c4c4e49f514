//! One key inside another: AES-256-GCM, bound to what it is for, so that a wrapped key moved elsewhere opens nothing.

use aes_gcm::{
    Aes256Gcm, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{
    error::VaultError,
    secret::{Key, fill_random},
    slots::Bytes,
};

/// A wrapped key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wrapped {
    nonce: Bytes,
    sealed: Bytes,
}

/// Wraps `inner` under `key`, bound to `bound`.
pub(crate) fn wrap(inner: &Key, key: &Key, bound: &[u8]) -> Result<Wrapped, VaultError> {
    let mut nonce = [0; 12];
    fill_random(&mut nonce)?;
    let sealed = Aes256Gcm::new(key.bytes().into())
        .encrypt(&Nonce::from(nonce), Payload { msg: inner.bytes(), aad: bound })
        .expect("32 bytes are fewer than the 64 GiB that AES-GCM takes");
    Ok(Wrapped { nonce: Bytes(nonce.to_vec()), sealed: Bytes(sealed) })
}

/// Unwraps; `None` when the key is another, the bytes were altered, or the purpose is not the one it was wrapped for.
pub(crate) fn unwrap(wrapped: &Wrapped, key: &Key, bound: &[u8]) -> Option<Key> {
    let nonce: [u8; 12] = wrapped.nonce.0.as_slice().try_into().ok()?;
    let opened = Aes256Gcm::new(key.bytes().into())
        .decrypt(&Nonce::from(nonce), Payload { msg: &wrapped.sealed.0, aad: bound })
        .ok()?;
    Key::read(&Zeroizing::new(opened))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrapped_key_opens_with_its_key_for_its_purpose_unaltered_and_not_otherwise() {
        let (inner, key) = (Key::random().unwrap(), Key::random().unwrap());
        let wrapped = wrap(&inner, &key, b"desk 1").unwrap();
        assert_eq!(unwrap(&wrapped, &key, b"desk 1").unwrap().bytes(), inner.bytes());
        assert!(unwrap(&wrapped, &Key::random().unwrap(), b"desk 1").is_none(), "another key");
        assert!(unwrap(&wrapped, &key, b"desk 2").is_none(), "another purpose");
        for at in 0..wrapped.sealed.0.len() {
            let mut altered = wrapped.clone();
            altered.sealed.0[at] ^= 1;
            assert!(unwrap(&altered, &key, b"desk 1").is_none(), "byte {at}");
        }
        let short = Wrapped { nonce: Bytes(vec![0; 3]), ..wrapped };
        assert!(unwrap(&short, &key, b"desk 1").is_none(), "a short nonce");
    }
}
