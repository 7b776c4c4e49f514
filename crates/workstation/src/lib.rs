//! The workstation's use cases: authorise, audit, act. Two thin shells stand on it, the desktop app and `shadowctl`.
//!
//! [`Workstation`] is one computer's folder with at most one member at work. What needs the open vault is reached
//! only through its desk, so a command on a locked workstation has nothing to call.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod anteroom;
mod begun;
pub mod clock;
mod desk;
mod driver;
mod exports;
mod freshness;
mod home;
mod host;
mod idle_watch;
mod merging;
mod paper;
mod refused;
pub mod screen;
mod session;
mod show;
// The small disk of the vault's tests.
#[cfg(all(test, target_os = "linux"))]
#[path = "../../vault/src/small_disk_tests.rs"]
mod small_disk_tests;
#[cfg(target_os = "linux")]
mod system_idle;
mod system_lock;
mod trusted;
mod turn;
mod unfinished;
mod use_cases;

pub use driver::SyncReport;
pub use home::{Enrolment, Home};
pub use refused::Outcome;
pub use session::{Notice, Workstation};
pub use use_cases::diagnose::{diagnose, diagnose_as};
#[cfg(feature = "test-put")]
pub use use_cases::put::put;
pub use use_cases::{
    audit::{AuditLine, AuditReport},
    diagnose::Diagnosis,
    enrol::EnrolWish,
    sign_in::Credentials,
    status::Status,
};
pub use vault::{Keychain, Password, PasswordError, stay_out_of_dumps};

/// The operating system's keychain.
pub fn os_keychain() -> std::sync::Arc<dyn Keychain> {
    std::sync::Arc::new(vault::OsKeychain)
}

/// Runs `work` off the async threads: key derivation and disk are slow.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Outcome<T> + Send + 'static) -> Outcome<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(outcome) => outcome,
        Err(_) => refused::refuse(practice::Code::Unexpected, "Something unexpected happened. Try again."),
    }
}
