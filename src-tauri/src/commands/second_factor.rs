//! The member's own second factor.

use workstation::{
    Password, PasswordError,
    screen::{FactorOffer, FactorPage},
};

use super::{Answer, Ws};

/// How it stands.
#[tauri::command]
#[specta::specta]
pub(crate) async fn second_factor(ws: Ws<'_>) -> Answer<FactorPage> {
    ws.second_factor().await
}

/// Begins to set one up; without a password for whoever was refused at the door for the want of one.
#[tauri::command]
#[specta::specta]
pub(crate) async fn offer_second_factor(ws: Ws<'_>, password: Option<String>) -> Answer<FactorOffer> {
    let password = password.map(Password::new).transpose().map_err(PasswordError::refusal)?;
    ws.offer_second_factor(password).await
}

/// Takes the authenticator's first code; gives the recovery codes.
#[tauri::command]
#[specta::specta]
pub(crate) async fn confirm_second_factor(ws: Ws<'_>, code: String) -> Answer<Vec<String>> {
    ws.confirm_second_factor(code).await
}
