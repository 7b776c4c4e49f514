//! The host's half of the recovery slot.

use base64::{Engine, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

use crate::secret::Key;

/// 32 bytes that the host keeps for this workstation and hands out only after a fresh online sign-in.
///
/// With the device secret they open the recovery slot; alone they open nothing.
pub struct HostShare(pub(crate) Key);

impl HostShare {
    /// Reads the share of a sign-in reply; `None` unless it is the base64 of 32 bytes.
    ///
    /// ```
    /// use vault::HostShare;
    /// assert!(HostShare::from_base64("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").is_some());
    /// assert!(HostShare::from_base64("AAEC").is_none());
    /// ```
    pub fn from_base64(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(STANDARD.decode(text).ok()?);
        Key::read(&bytes).map(Self)
    }
}
