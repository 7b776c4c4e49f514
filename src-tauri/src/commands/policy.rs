//! The security policy.

use workstation::screen::{PolicyChange, PolicyPage};

use super::{Answer, Ws};

/// What is in force.
#[tauri::command]
#[specta::specta]
pub(crate) async fn policy(ws: Ws<'_>) -> Answer<PolicyPage> {
    ws.policy_page()
}

/// Asks the host to change it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_policy(ws: Ws<'_>, change: PolicyChange) -> Answer<PolicyPage> {
    ws.set_policy(change).await
}
