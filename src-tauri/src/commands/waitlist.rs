//! Who would come sooner.

use workstation::screen::{Changed, Offers, WaitlistChanged, WaitlistLine, WaitlistRequest};

use super::{Answer, Ws};

/// The waitlist.
#[tauri::command]
#[specta::specta]
pub(crate) async fn waitlist(ws: Ws<'_>) -> Answer<Vec<WaitlistLine>> {
    ws.waitlist()
}

/// Puts somebody on it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn join_waitlist(ws: Ws<'_>, request: WaitlistRequest) -> Answer<WaitlistChanged> {
    ws.join_waitlist(request)
}

/// Takes somebody off it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn leave_waitlist(ws: Ws<'_>, id: String, reason: String) -> Answer<WaitlistChanged> {
    ws.leave_waitlist(&id, &reason)
}

/// Books for somebody on it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn book_waiting(ws: Ws<'_>, id: String, start: String, practitioner: String) -> Answer<Changed> {
    ws.book_waiting(&id, &start, &practitioner)
}

/// Whom time that became free would suit.
#[tauri::command]
#[specta::specta]
pub(crate) async fn offers(ws: Ws<'_>, practitioner: String, start: String, end: String) -> Answer<Offers> {
    ws.offers(&practitioner, &start, &end)
}

/// Takes a change of it back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn undo_waitlist(ws: Ws<'_>, change: String) -> Answer<WaitlistChanged> {
    ws.undo_waitlist(&change)
}
