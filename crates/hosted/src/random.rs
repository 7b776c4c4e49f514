//! Randomness from the operating system: the only place that asks for it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;

/// `N` unguessable bytes.
///
/// # Panics
/// When the operating system has no randomness to give: nothing here could be done safely without it.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut out = [0; N];
    if let Err(error) = getrandom::fill(&mut out) {
        panic!("the operating system gives no randomness: {error}");
    }
    out
}

/// A random id.
pub fn uuid() -> Uuid {
    uuid::Builder::from_random_bytes(bytes()).into_uuid()
}

/// 256 unguessable bits, as text that fits a header.
pub fn secret() -> String {
    URL_SAFE_NO_PAD.encode(bytes::<32>())
}
