//! The schedule and changes to it.

use tauri::AppHandle;
use workstation::screen::{
    AppointmentDetail, BookRequest, Changed, Day, DayPack, DayRead, FoundOpenings, MoveRequest, OpeningWish,
    OverbookLimit, Room, StatusRequest, StepRequest, VisitChange, VisitType, Week, Whose, WishRead,
};

use super::{Answer, Ws};

/// The schedule of a day, today when none is named; without its visits where they are those that are known.
#[tauri::command]
#[specta::specta]
pub(crate) async fn day(ws: Ws<'_>, date: Option<String>, known: Option<String>) -> Answer<DayRead> {
    ws.day_again(date.as_deref(), known.as_deref())
}

/// The schedule of a day, to be drawn out of sight before it is asked for.
#[tauri::command]
#[specta::specta]
pub(crate) async fn day_ahead(ws: Ws<'_>, date: String) -> Answer<DayRead> {
    ws.day_ahead(&date)
}

/// The schedule of a day, to be printed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn print_day(ws: Ws<'_>, date: String) -> Answer<Day> {
    ws.print_day(&date)
}

/// The schedule of a day on paper, as a PDF among the person's downloads.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_day(app: AppHandle, ws: Ws<'_>, date: String) -> Answer<DayPack> {
    ws.save_day(&date, super::folder(&app).as_deref())
}

/// The schedule of a day that this computer does not keep by itself, with all that the host has of it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn fetch_day(ws: Ws<'_>, date: String) -> Answer<Day> {
    ws.fetch_day(&date).await
}

/// The schedule of a week; this one when no date is named.
#[tauri::command]
#[specta::specta]
pub(crate) async fn week(ws: Ws<'_>, date: Option<String>, whose: Whose) -> Answer<Week> {
    ws.week(date.as_deref(), &whose)
}

/// One appointment with what the desk needs to act on it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn appointment(ws: Ws<'_>, id: String) -> Answer<AppointmentDetail> {
    ws.appointment(&id)
}

/// Notes that the alerts of whoever has arrived were seen.
#[tauri::command]
#[specta::specta]
pub(crate) async fn see_alerts(ws: Ws<'_>, appointment: String) -> Answer<()> {
    ws.see_alerts(&appointment)
}

/// Books.
#[tauri::command]
#[specta::specta]
pub(crate) async fn book(ws: Ws<'_>, wish: BookRequest) -> Answer<Changed> {
    ws.book(wish)
}

/// Moves.
#[tauri::command]
#[specta::specta]
pub(crate) async fn move_appointment(ws: Ws<'_>, wish: MoveRequest) -> Answer<Changed> {
    ws.move_appointment(wish)
}

/// Changes what a visit is, where and what for.
#[tauri::command]
#[specta::specta]
pub(crate) async fn change_visit(ws: Ws<'_>, wish: VisitChange) -> Answer<Changed> {
    ws.change_visit(wish)
}

/// Sets a status.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_status(ws: Ws<'_>, wish: StatusRequest) -> Answer<Changed> {
    ws.set_status(wish)
}

/// Marks a step that is no status.
#[tauri::command]
#[specta::specta]
pub(crate) async fn mark_step(ws: Ws<'_>, wish: StepRequest) -> Answer<Changed> {
    ws.mark_step(wish)
}

/// Takes a change back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn undo(ws: Ws<'_>, change: String) -> Answer<Changed> {
    ws.undo(&change)
}

/// How typed words are understood as a wish for an opening.
#[tauri::command]
#[specta::specta]
pub(crate) async fn read_wish(ws: Ws<'_>, text: String) -> Answer<WishRead> {
    ws.read_wish(&text)
}

/// The openings for a wish.
#[tauri::command]
#[specta::specta]
pub(crate) async fn find_openings(ws: Ws<'_>, wish: OpeningWish) -> Answer<FoundOpenings> {
    ws.find_openings(&wish)
}

/// The rooms to book into.
#[tauri::command]
#[specta::specta]
pub(crate) async fn rooms(ws: Ws<'_>) -> Answer<Vec<Room>> {
    ws.rooms()
}

/// The types of visit that the practice books.
#[tauri::command]
#[specta::specta]
pub(crate) async fn visit_types(ws: Ws<'_>) -> Answer<Vec<VisitType>> {
    ws.visit_types()
}

/// Says what one of them is, or adds it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_visit_type(ws: Ws<'_>, wish: VisitType, comment: Option<String>) -> Answer<()> {
    ws.set_visit_type(wish, comment)
}

/// Keeps a hold for this computer, or gives it up.
#[tauri::command]
#[specta::specta]
pub(crate) async fn keep_hold(ws: Ws<'_>, slot: String, keep: bool) -> Answer<()> {
    ws.keep_hold(&slot, keep)
}

/// How far each provider's schedule may be overbooked.
#[tauri::command]
#[specta::specta]
pub(crate) async fn overbook_limits(ws: Ws<'_>) -> Answer<Vec<OverbookLimit>> {
    ws.overbook_limits()
}

/// Sets how far one may be.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_overbook_limit(ws: Ws<'_>, schedule: String, limit: Option<u32>) -> Answer<()> {
    ws.set_overbook_limit(&schedule, limit)
}
