//! Whom to call, and who is due for a visit.

use workstation::screen::{CallRequest, ListChanged, RecallLine, RecallRequest, VisitList};

use super::{Answer, Ws};

/// The visits that nobody has confirmed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn to_confirm(ws: Ws<'_>, days: Option<u32>) -> Answer<VisitList> {
    ws.to_confirm(days)
}

/// The visits that were missed, and nothing booked since.
#[tauri::command]
#[specta::specta]
pub(crate) async fn missed(ws: Ws<'_>, days: u32) -> Answer<VisitList> {
    ws.missed(days)
}

/// Who is due for a visit.
#[tauri::command]
#[specta::specta]
pub(crate) async fn recalls(ws: Ws<'_>, days: u32) -> Answer<Vec<RecallLine>> {
    ws.recalls(days)
}

/// Writes down what came of a call.
#[tauri::command]
#[specta::specta]
pub(crate) async fn note_call(ws: Ws<'_>, request: CallRequest) -> Answer<ListChanged> {
    ws.note_call(request)
}

/// Writes down that somebody is due.
#[tauri::command]
#[specta::specta]
pub(crate) async fn add_recall(ws: Ws<'_>, request: RecallRequest) -> Answer<ListChanged> {
    ws.add_recall(request)
}

/// Ends a recall; with a reason, there is to be no visit.
#[tauri::command]
#[specta::specta]
pub(crate) async fn end_recall(ws: Ws<'_>, id: String, why_not: Option<String>) -> Answer<ListChanged> {
    ws.end_recall(&id, why_not)
}

/// Takes a change of these lists back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn undo_list(ws: Ws<'_>, change: String) -> Answer<ListChanged> {
    ws.undo_list(&change)
}
