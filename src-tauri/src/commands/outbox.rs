//! What waits for the host.

use workstation::screen::{ByHand, Changed, GivenUpLine, Openings, OutboxLine, SyncState, Take, Told};

use super::{Answer, Ws};

/// Exchanges changes with the host now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sync_now(ws: Ws<'_>) -> Answer<SyncState> {
    ws.sync_once().await?;
    Ok(ws.state().sync)
}

/// Every waiting change.
#[tauri::command]
#[specta::specta]
pub(crate) async fn outbox(ws: Ws<'_>) -> Answer<Vec<OutboxLine>> {
    ws.outbox()
}

/// Sends a refused change again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn retry(ws: Ws<'_>, change: String) -> Answer<()> {
    ws.retry(&change)
}

/// Gives a refused change to a member to look after.
#[tauri::command]
#[specta::specta]
pub(crate) async fn hand_on(ws: Ws<'_>, change: String, member: String) -> Answer<()> {
    ws.hand_on(&change, &member)
}

/// Takes a waiting change back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn withdraw(ws: Ws<'_>, change: String) -> Answer<()> {
    ws.withdraw(&change)
}

/// Settles a change that is in conflict.
#[tauri::command]
#[specta::specta]
pub(crate) async fn settle(ws: Ws<'_>, change: String, take: Take, seen: Option<String>) -> Answer<()> {
    ws.settle(&change, take, seen.as_deref())
}

/// Settles a change that is in conflict with what a person enters.
#[tauri::command]
#[specta::specta]
pub(crate) async fn settle_by_hand(ws: Ws<'_>, change: String, wish: ByHand, seen: Option<String>) -> Answer<Told> {
    ws.settle_by_hand(&change, &wish, seen.as_deref())
}

/// What was given up lately.
#[tauri::command]
#[specta::specta]
pub(crate) async fn given_up(ws: Ws<'_>) -> Answer<Vec<GivenUpLine>> {
    ws.given_up()
}

/// Brings it back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn bring_back(ws: Ws<'_>, change: String) -> Answer<Changed> {
    ws.bring_back(&change)
}

/// Other times for a visit whose own went to somebody else.
#[tauri::command]
#[specta::specta]
pub(crate) async fn openings(ws: Ws<'_>, change: String) -> Answer<Openings> {
    ws.openings(&change)
}

/// Takes one of them.
#[tauri::command]
#[specta::specta]
pub(crate) async fn rebook(ws: Ws<'_>, change: String, start: String, practitioner: Option<String>) -> Answer<Changed> {
    ws.rebook(&change, &start, practitioner.as_deref())
}
