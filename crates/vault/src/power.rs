//! Where power may fail: between any two steps that reach the disk or the keychain. The tests end the process there.

/// Marks a place between two such steps.
#[cfg(not(all(test, target_os = "linux")))]
pub(crate) fn may_fail() {}

/// Marks a place between two such steps; the one whose number [`FAILS_AT`] holds is the process's last.
#[cfg(all(test, target_os = "linux"))]
pub(crate) fn may_fail() {
    use std::sync::{
        LazyLock,
        atomic::{AtomicU32, Ordering},
    };
    static LEFT: LazyLock<AtomicU32> =
        LazyLock::new(|| AtomicU32::new(std::env::var(FAILS_AT).ok().and_then(|text| text.parse().ok()).unwrap_or(0)));
    if LEFT.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)) == Ok(1) {
        let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
    }
}

#[cfg(all(test, target_os = "linux"))]
pub(crate) const FAILS_AT: &str = "VAULT_TEST_POWER_FAILS_AT";
