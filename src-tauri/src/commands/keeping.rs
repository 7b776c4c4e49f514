//! How the host keeps the practice, all of its data in a file, and its end: for its admin.

use tauri::AppHandle;
use workstation::screen::{DeletionChange, DeletionPage, ExportPage, KeepingPage};

use super::{Answer, Ws, folder};

/// Backups, drills and certificates.
#[tauri::command]
#[specta::specta]
pub(crate) async fn keeping(ws: Ws<'_>) -> Answer<KeepingPage> {
    ws.keeping().await
}

/// Where an export goes, and how the last one stands.
#[tauri::command]
#[specta::specta]
pub(crate) fn exporting(app: AppHandle, ws: Ws<'_>) -> Answer<ExportPage> {
    ws.exporting(folder(&app).as_deref())
}

/// Begins to write everything that the practice owns into a file.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_practice(app: AppHandle, ws: Ws<'_>, history: bool) -> Answer<ExportPage> {
    ws.export(history, folder(&app).as_deref()).await
}

/// Breaks that off.
#[tauri::command]
#[specta::specta]
pub(crate) fn cancel_export(ws: Ws<'_>) -> Answer<()> {
    ws.cancel_export()
}

/// Whether the practice is to be deleted.
#[tauri::command]
#[specta::specta]
pub(crate) async fn deletion(ws: Ws<'_>) -> Answer<DeletionPage> {
    ws.deletion().await
}

/// Asks the host to delete it, or to let it stay.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_deletion(ws: Ws<'_>, change: DeletionChange) -> Answer<DeletionPage> {
    ws.set_deletion(change).await
}
