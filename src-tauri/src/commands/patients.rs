//! Patients: looking them up, their charts, and writing down who they are.

use workstation::screen::{
    Chart, Found, MergePage, MergeRequest, NoteChanged, NotePage, NoteRequest, PatientChange, PatientCheck,
    PatientForm, PatientPage, PatientRow, PatientSaved, PhotoChange, RegisterRequest,
};

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

/// The form of a patient, or of somebody new who was looked for.
#[tauri::command]
#[specta::specta]
pub(crate) async fn patient_form(ws: Ws<'_>, patient: Option<String>, typed: String) -> Answer<PatientPage> {
    ws.patient_form(patient.as_deref(), &typed)
}

/// What is said of a form while it is filled in.
#[tauri::command]
#[specta::specta]
pub(crate) async fn check_patient(ws: Ws<'_>, form: PatientForm, patient: Option<String>) -> Answer<PatientCheck> {
    ws.check_patient(form, patient.as_deref())
}

/// Registers somebody new.
#[tauri::command]
#[specta::specta]
pub(crate) async fn register(ws: Ws<'_>, request: RegisterRequest) -> Answer<PatientSaved> {
    ws.register(request)
}

/// Changes who a patient is, or who pays.
#[tauri::command]
#[specta::specta]
pub(crate) async fn change_patient(ws: Ws<'_>, change: PatientChange) -> Answer<PatientSaved> {
    ws.change_patient(change)
}

/// Takes such a change back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn undo_patient(ws: Ws<'_>, change: String) -> Answer<PatientSaved> {
    ws.undo_patient(&change)
}

/// Puts a photo to a patient, or takes it away.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_photo(ws: Ws<'_>, change: PhotoChange) -> Answer<PatientSaved> {
    ws.set_photo(change)
}

/// Two records side by side.
#[tauri::command]
#[specta::specta]
pub(crate) async fn merge_page(ws: Ws<'_>, patient: String, other: Option<String>) -> Answer<MergePage> {
    ws.merge_page(&patient, other.as_deref())
}

/// Merges two records of one person.
#[tauri::command]
#[specta::specta]
pub(crate) async fn merge_patients(ws: Ws<'_>, request: MergeRequest) -> Answer<PatientSaved> {
    ws.merge_patients(request)
}

/// Takes a merge apart.
#[tauri::command]
#[specta::specta]
pub(crate) async fn unmerge(ws: Ws<'_>, gone: String, comment: Option<String>) -> Answer<PatientSaved> {
    ws.unmerge(&gone, comment)
}

/// What a note or a document says.
#[tauri::command]
#[specta::specta]
pub(crate) async fn read_note(ws: Ws<'_>, reference: String) -> Answer<NotePage> {
    ws.read_note(&reference)
}

/// Writes a note down.
#[tauri::command]
#[specta::specta]
pub(crate) async fn write_note(ws: Ws<'_>, request: NoteRequest) -> Answer<NoteChanged> {
    ws.write_note(request)
}

/// Takes a note back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn undo_note(ws: Ws<'_>, change: String) -> Answer<NoteChanged> {
    ws.undo_note(&change)
}
