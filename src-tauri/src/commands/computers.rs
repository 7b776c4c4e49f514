//! The practice's computers, for its admin.

use workstation::screen::{Computer, ComputerChange};

use super::{Answer, Ws};

/// Every computer of the practice.
#[tauri::command]
#[specta::specta]
pub(crate) async fn computers(ws: Ws<'_>) -> Answer<Vec<Computer>> {
    ws.computers().await
}

/// Asks the host to stop one, let it work again, or make it forget.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_computer(ws: Ws<'_>, change: ComputerChange) -> Answer<Computer> {
    ws.set_computer(change).await
}
