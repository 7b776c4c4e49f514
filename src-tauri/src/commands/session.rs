//! Enrol, sign in, lock, unlock, sign out.

use serde::Deserialize;
use specta::Type;
use workstation::{
    Credentials, EnrolWish, Password, PasswordError,
    screen::{Came, LeftOff, LockReason, ShellState, Zone},
};

use super::{Answer, Ws};

/// What is needed to enrol.
#[derive(Deserialize, Type)]
pub(crate) struct EnrolForm {
    host: String,
    ca_pem: String,
    code: String,
    name: String,
    zone: Zone,
}

/// What a member types to sign in. Not kept: the password moves on and is wiped.
#[derive(Deserialize, Type)]
pub(crate) struct SignInForm {
    email: String,
    password: String,
}

/// What a member types to unlock.
#[derive(Deserialize, Type)]
pub(crate) struct UnlockForm {
    member: String,
    password: String,
}

/// Which screen to show, and what every screen shows.
#[tauri::command]
#[specta::specta]
pub(crate) async fn state(ws: Ws<'_>) -> Answer<ShellState> {
    Ok(ws.state())
}

/// Makes this computer a workstation of a practice.
#[tauri::command]
#[specta::specta]
pub(crate) async fn enrol(ws: Ws<'_>, form: EnrolForm) -> Answer<ShellState> {
    let EnrolForm { host, ca_pem, code, name, zone } = form;
    ws.enrol(EnrolWish { host, ca_pem, code, name, zone }).await
}

/// Signs a member in.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sign_in(ws: Ws<'_>, form: SignInForm) -> Answer<ShellState> {
    let password = Password::new(form.password).map_err(PasswordError::refusal)?;
    ws.sign_in(Credentials { email: form.email, password }).await
}

/// Goes on with a sign-in that was refused for the want of a code.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sign_in_code(ws: Ws<'_>, code: String) -> Answer<ShellState> {
    ws.sign_in_code(code).await
}

/// Shows the host anew that it is the member at work; without a password to go on after it asked for a code.
#[tauri::command]
#[specta::specta]
pub(crate) async fn prove(ws: Ws<'_>, password: Option<String>, code: Option<String>) -> Answer<()> {
    let password = password.map(Password::new).transpose().map_err(PasswordError::refusal)?;
    ws.prove(password, code).await
}

/// Asks the host to mail a link to a new password.
#[tauri::command]
#[specta::specta]
pub(crate) async fn forgotten_password(ws: Ws<'_>, email: String) -> Answer<()> {
    ws.forgotten_password(&email).await
}

/// Unlocks for a member who has signed in here before.
#[tauri::command]
#[specta::specta]
pub(crate) async fn unlock(ws: Ws<'_>, form: UnlockForm) -> Answer<ShellState> {
    let password = Password::new(form.password).map_err(PasswordError::refusal)?;
    ws.unlock(&form.member, password).await
}

/// Locks.
#[tauri::command]
#[specta::specta]
pub(crate) async fn lock(ws: Ws<'_>) -> Answer<ShellState> {
    Ok(ws.lock(LockReason::Asked))
}

/// Locks, for another member to come to the desk.
#[tauri::command]
#[specta::specta]
pub(crate) async fn hand_over(ws: Ws<'_>) -> Answer<ShellState> {
    Ok(ws.lock(LockReason::HandedOver))
}

/// Ends the session.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sign_out(ws: Ws<'_>) -> Answer<ShellState> {
    Ok(ws.sign_out())
}

/// Takes where the page stands.
#[tauri::command]
#[specta::specta]
pub(crate) async fn leave_off(ws: Ws<'_>, left: LeftOff) -> Answer<()> {
    ws.leave_off(left)
}

/// Where the member left off.
#[tauri::command]
#[specta::specta]
pub(crate) async fn left_off(ws: Ws<'_>) -> Answer<Came> {
    ws.left_off()
}

/// A key or a pointer moved: a person is here.
#[tauri::command]
#[specta::specta]
pub(crate) async fn activity(ws: Ws<'_>) -> Answer<()> {
    ws.activity();
    Ok(())
}
