//! What a member chose for themselves.

use workstation::screen::{Settings, SettingsPage};

use super::{Answer, Ws};

/// What is chosen, and how far it reaches.
#[tauri::command]
#[specta::specta]
pub(crate) async fn settings(ws: Ws<'_>) -> Answer<SettingsPage> {
    ws.settings()
}

/// Takes what is chosen.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_settings(ws: Ws<'_>, chosen: Settings) -> Answer<SettingsPage> {
    ws.set_settings(chosen)
}
