//! Patients: looking them up, and their charts.

use workstation::screen::{Chart, Found, PatientRow};

use super::{Answer, Ws};

/// Finds patients by what is typed so far.
#[tauri::command]
#[specta::specta]
pub(crate) async fn find(ws: Ws<'_>, text: String) -> Answer<Found> {
    ws.find(&text)
}

/// The patients that the member had to do with lately, by their ids.
#[tauri::command]
#[specta::specta]
pub(crate) async fn recent(ws: Ws<'_>, ids: Vec<String>) -> Answer<Vec<PatientRow>> {
    ws.recent(&ids)
}

/// A patient's shadow chart.
#[tauri::command]
#[specta::specta]
pub(crate) async fn chart(ws: Ws<'_>, patient: String) -> Answer<Chart> {
    ws.chart(&patient)
}

/// A patient's shadow chart, with all that the host has of it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn fetch_chart(ws: Ws<'_>, patient: String) -> Answer<Chart> {
    ws.fetch_chart(&patient).await
}
