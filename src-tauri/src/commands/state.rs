//! Which screen to show.

use serde::Serialize;
use specta::Type;

/// Where the program stands.
#[derive(Serialize, Type)]
pub(crate) struct Standing {
    /// The screen's name.
    phase: &'static str,
}

/// The whole state of the shell.
#[tauri::command]
#[specta::specta]
pub(crate) async fn state() -> Standing {
    Standing { phase: "unenrolled" }
}
