//! The practice's members, for its admin.

use workstation::screen::{Account, Invite, MemberChange, MembersPage};

use super::{Answer, Ws};

/// Every member of the practice.
#[tauri::command]
#[specta::specta]
pub(crate) async fn members(ws: Ws<'_>) -> Answer<MembersPage> {
    ws.members().await
}

/// Asks the host to add one, and to mail them a link.
#[tauri::command]
#[specta::specta]
pub(crate) async fn invite(ws: Ws<'_>, invite: Invite) -> Answer<Account> {
    ws.invite(invite).await
}

/// Asks the host to change how one stands.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_member(ws: Ws<'_>, change: MemberChange) -> Answer<Account> {
    ws.set_member(change).await
}
