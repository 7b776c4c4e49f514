//! The login keychain of macOS, through Keychain Services
//! (<https://developer.apple.com/documentation/security/keychain-services>).
//!
//! The keychain file that every program may use, not the data protection keychain, which wants a provisioning profile.
//! Keychain Services asks a person by default, in a window of its own, and waits for the answer. This process tells it
//! never to: what is locked is answered with "locked", at once.

use std::{mem, sync::LazyLock};

use security_framework::{
    base::Error,
    os::macos::keychain::{SecKeychain, SecPreferencesDomain},
};

use super::{Entry, Kept, Keychain, KeychainError, KeychainState, limit::within, sealed::Sealed};

const SERVICE: &str = "shadowchart";

/// The operating system's keychain.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsKeychain;

impl Sealed for OsKeychain {}

impl Keychain for OsKeychain {
    fn state(&self) -> KeychainState {
        match within(|| ready().map(drop)) {
            Ok(()) => KeychainState::Ready,
            Err(KeychainError::Locked) => KeychainState::Locked,
            Err(_) => KeychainState::NoService,
        }
    }

    fn backend(&self) -> Result<String, KeychainError> {
        within(|| asked::path(&ready()?).map_err(said))
    }

    fn get(&self, entry: &Entry) -> Result<Kept, KeychainError> {
        let account = account(entry);
        within(move || {
            let (secret, _) = ready()?.find_generic_password(SERVICE, &account).map_err(said)?;
            Ok(Kept::new(&secret))
        })
    }

    fn set(&self, entry: &Entry, secret: &Kept) -> Result<(), KeychainError> {
        let (account, secret) = (account(entry), Kept::new(secret.bytes()));
        within(move || ready()?.set_generic_password(SERVICE, &account, secret.bytes()).map_err(said))
    }

    fn delete(&self, entry: &Entry) -> Result<(), KeychainError> {
        let account = account(entry);
        within(move || {
            let keychain = ready()?;
            let (_, item) = keychain.find_generic_password(SERVICE, &account).map_err(said)?;
            item.delete();
            // Deleting tells nothing, so it is looked at.
            match keychain.find_generic_password(SERVICE, &account).map_err(said) {
                Err(KeychainError::NoEntry) => Ok(()),
                Err(error) => Err(error),
                Ok(_) => Err(KeychainError::Refused),
            }
        })
    }
}

fn account(entry: &Entry) -> String {
    format!("{}/{}", entry.workstation, entry.kind.as_str())
}

/// The keychain that new entries go to, unlocked.
fn ready() -> Result<SecKeychain, KeychainError> {
    /// Whether nobody is asked anything from here on, until the process ends. For all threads: a guard that one call
    /// dropped would let the other one ask.
    static NOBODY_IS_ASKED: LazyLock<bool> =
        LazyLock::new(|| SecKeychain::disable_user_interaction().map(mem::forget).is_ok());
    if !*NOBODY_IS_ASKED {
        return Err(KeychainError::NoService);
    }
    let keychain = SecKeychain::default_for_domain(SecPreferencesDomain::User).map_err(said)?;
    if asked::is_unlocked(&keychain).map_err(said)? { Ok(keychain) } else { Err(KeychainError::Locked) }
}

/// What the status code means
/// (<https://developer.apple.com/documentation/security/security-framework-result-codes>).
fn said(error: Error) -> KeychainError {
    match error.code() {
        // errSecItemNotFound
        -25300 => KeychainError::NoEntry,
        // errSecInteractionNotAllowed, errSecInteractionRequired: a person would have to be asked.
        -25308 | -25315 => KeychainError::Locked,
        // errSecNotAvailable, errSecNoSuchKeychain, errSecInvalidKeychain, errSecNoDefaultKeychain
        -25291 | -25294 | -25295 | -25307 => KeychainError::NoService,
        _ => KeychainError::Refused,
    }
}

/// What `security-framework` has no word for.
#[allow(unsafe_code, reason = "security-framework wraps neither SecKeychainGetStatus nor SecKeychainGetPath")]
mod asked {
    use std::ffi::c_char;

    use core_foundation::base::{OSStatus, TCFType};
    use security_framework::{
        base::{Error, Result},
        os::macos::keychain::SecKeychain,
    };

    /// kSecUnlockStateStatus of <Security/SecKeychain.h>.
    const UNLOCKED: u32 = 1;
    /// PATH_MAX of <sys/syslimits.h>.
    const LONGEST_PATH: u32 = 1024;

    type KeychainRef = <SecKeychain as TCFType>::Ref;

    // The framework itself is linked by security-framework-sys.
    unsafe extern "C" {
        fn SecKeychainGetStatus(keychain: KeychainRef, status: *mut u32) -> OSStatus;
        fn SecKeychainGetPath(keychain: KeychainRef, length: *mut u32, path: *mut c_char) -> OSStatus;
    }

    /// Whether it can be read without a password.
    pub(super) fn is_unlocked(keychain: &SecKeychain) -> Result<bool> {
        let mut status = 0;
        // SAFETY: the keychain lives as long as its borrow, and `status` is a UInt32 of ours to write to.
        let code = unsafe { SecKeychainGetStatus(keychain.as_concrete_TypeRef(), &raw mut status) };
        if code == 0 { Ok(status & UNLOCKED != 0) } else { Err(Error::from_code(code)) }
    }

    /// Where its file is.
    pub(super) fn path(keychain: &SecKeychain) -> Result<String> {
        let mut path = [0_u8; LONGEST_PATH as usize];
        let mut length = LONGEST_PATH;
        // SAFETY: the keychain lives as long as its borrow, and `path` has the `length` bytes that may be written.
        let code =
            unsafe { SecKeychainGetPath(keychain.as_concrete_TypeRef(), &raw mut length, path.as_mut_ptr().cast()) };
        if code == 0 {
            let length = path.iter().position(|byte| *byte == 0).unwrap_or(path.len());
            Ok(String::from_utf8_lossy(&path[..length]).into_owned())
        } else {
            Err(Error::from_code(code))
        }
    }
}
