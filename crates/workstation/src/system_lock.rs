//! The operating system's own lock: when it locks, sleeps, or gives the screen to somebody else, so does the desk.
//!
//! On Linux it tells over D-Bus: logind of the session and of sleep, the desktop of its screen saver. Windows tells a
//! window, macOS whoever observes. Whoever does not tell (a bus that is missing, a desktop of another kind) leaves the
//! desk its own timer, which never waits for them.

use std::sync::Arc;

use crate::{screen::LockReason, session::Workstation};

#[cfg(all(test, target_os = "linux"))]
pub(crate) mod bus;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(windows)]
mod windows;

impl Workstation {
    /// Follows the operating system until the program ends. On macOS the main thread must run the program's event loop.
    pub async fn watch_system(self: Arc<Self>) {
        let lock = move || drop(self.lock(LockReason::System));
        #[cfg(target_os = "linux")]
        tokio::join!(linux::logind(&lock), linux::screen_saver(&lock));
        #[cfg(target_os = "macos")]
        macos::follow(lock);
        #[cfg(windows)]
        windows::follow(lock);
    }
}
