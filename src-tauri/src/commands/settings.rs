//! What a member chose for themselves. How large everything is drawn is the window's: each answer sets it.

use tauri::WebviewWindow;
use workstation::screen::{Settings, SettingsPage};

use super::{Answer, Ws};
use crate::window::draw_at;

/// What is chosen, and how far it reaches.
#[tauri::command]
#[specta::specta]
pub(crate) async fn settings(ws: Ws<'_>, window: WebviewWindow) -> Answer<SettingsPage> {
    ws.settings().inspect(|page| draw_at(&window, page.chosen.text_size))
}

/// Takes what is chosen.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_settings(ws: Ws<'_>, window: WebviewWindow, chosen: Settings) -> Answer<SettingsPage> {
    ws.set_settings(chosen).inspect(|page| draw_at(&window, page.chosen.text_size))
}
