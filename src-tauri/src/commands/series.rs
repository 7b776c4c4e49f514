//! Visits that repeat.

use workstation::screen::{SeriesBooking, SeriesChange, SeriesChanged, SeriesPlan, SeriesWish};

use super::{Answer, Ws};

/// What a wish comes to.
#[tauri::command]
#[specta::specta]
pub(crate) async fn plan_series(ws: Ws<'_>, wish: SeriesWish) -> Answer<SeriesPlan> {
    ws.plan_series(&wish)
}

/// Books the visits.
#[tauri::command]
#[specta::specta]
pub(crate) async fn book_series(ws: Ws<'_>, booking: SeriesBooking) -> Answer<SeriesChanged> {
    ws.book_series(booking)
}

/// Changes one visit and others of its series.
#[tauri::command]
#[specta::specta]
pub(crate) async fn change_series(ws: Ws<'_>, change: SeriesChange) -> Answer<SeriesChanged> {
    ws.change_series(change)
}

/// Takes changes of a series back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn undo_series(ws: Ws<'_>, changes: Vec<String>) -> Answer<SeriesChanged> {
    ws.undo_series(&changes)
}
